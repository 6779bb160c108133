"""Calls of `simba.access.v1`. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations

import datetime
from collections.abc import Sequence

from simba_metering._pages import AsyncPages, Pages
from simba_metering._transport import AsyncTransport, Metadata, Transport
from simba_metering._requests import field_mask, new_request_id, present

from .. import methods
from ..simba.access import v1 as access_v1


class AuditService:
    """Who changed what, when and why. Every change of every resource is one link of its tenant's
    chain: each holds the hash of the one before, so that none can be altered, taken out or put
    in between without a trace.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_changes(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        resource_kind: str = "",
        resource_id: str = "",
        principal_id: str = "",
        correlation_id: str = "",
        action: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[access_v1.Change]:
        """Changes, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            resource_kind: Only those of resources of this kind, for example `meter`.
            resource_id: Only those of this resource.
            principal_id: Only those by this principal.
            correlation_id: Only those that belong together.
            action: Only what was done so.
            start_time: Only from then on.
            end_time: Only before then.
        """
        return Pages(
            self._transport,
            methods.AUDIT_SERVICE_LIST_CHANGES,
            access_v1.ListChangesRequest(
                page_size=page_size,
                page_token=page_token,
                resource_kind=resource_kind,
                resource_id=resource_id,
                principal_id=principal_id,
                correlation_id=correlation_id,
                action=action,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.changes,
            rpc_timeout,
            rpc_metadata,
        )

    def get_change(
        self,
        change_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Change:
        """One change.

        Args:
            change_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.AUDIT_SERVICE_GET_CHANGE,
                    access_v1.GetChangeRequest(change_id=change_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).change,
            "change",
        )

    def verify_chain(
        self,
        *,
        start_sequence: int = 0,
        end_sequence: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.VerifyChainResponse:
        """Computes the chain again and says whether it is whole.

        Args:
            start_sequence: The first link; 0: the very first.
            end_sequence: The last link; 0: the newest.
        """
        return self._transport.unary(
            methods.AUDIT_SERVICE_VERIFY_CHAIN,
            access_v1.VerifyChainRequest(start_sequence=start_sequence, end_sequence=end_sequence),
            rpc_timeout,
            rpc_metadata,
        )


class AsyncAuditService:
    """Who changed what, when and why. Every change of every resource is one link of its tenant's
    chain: each holds the hash of the one before, so that none can be altered, taken out or put
    in between without a trace.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list_changes(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        resource_kind: str = "",
        resource_id: str = "",
        principal_id: str = "",
        correlation_id: str = "",
        action: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[access_v1.Change]:
        """Changes, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            resource_kind: Only those of resources of this kind, for example `meter`.
            resource_id: Only those of this resource.
            principal_id: Only those by this principal.
            correlation_id: Only those that belong together.
            action: Only what was done so.
            start_time: Only from then on.
            end_time: Only before then.
        """
        return AsyncPages(
            self._transport,
            methods.AUDIT_SERVICE_LIST_CHANGES,
            access_v1.ListChangesRequest(
                page_size=page_size,
                page_token=page_token,
                resource_kind=resource_kind,
                resource_id=resource_id,
                principal_id=principal_id,
                correlation_id=correlation_id,
                action=action,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.changes,
            rpc_timeout,
            rpc_metadata,
        )

    async def get_change(
        self,
        change_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Change:
        """One change.

        Args:
            change_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.AUDIT_SERVICE_GET_CHANGE,
                    access_v1.GetChangeRequest(change_id=change_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).change,
            "change",
        )

    async def verify_chain(
        self,
        *,
        start_sequence: int = 0,
        end_sequence: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.VerifyChainResponse:
        """Computes the chain again and says whether it is whole.

        Args:
            start_sequence: The first link; 0: the very first.
            end_sequence: The last link; 0: the newest.
        """
        return await self._transport.unary(
            methods.AUDIT_SERVICE_VERIFY_CHAIN,
            access_v1.VerifyChainRequest(start_sequence=start_sequence, end_sequence=end_sequence),
            rpc_timeout,
            rpc_metadata,
        )


class PrincipalService:
    """Who may call, and with which credential.

    1. Make a principal for each person and each program, with roles (`RoleService`) and, where
       rights end somewhere, a scope.

    2. Persons come with tokens of the identity provider; give programs API keys or client
       certificates.

    3. Rotate keys without an outage: the old secret works for as long as `overlap` says.

    4. Suspend a principal, or revoke a key: calls are refused and streams end within seconds.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_principal(
        self,
        principal: access_v1.Principal,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Principal:
        """Makes a principal. Nobody can give rights that they do not have.

        Args:
            principal: The principal to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PRINCIPAL_SERVICE_CREATE_PRINCIPAL,
                    access_v1.CreatePrincipalRequest(principal=principal, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).principal,
            "principal",
        )

    def get_principal(
        self,
        principal_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Principal:
        """One principal.

        Args:
            principal_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.PRINCIPAL_SERVICE_GET_PRINCIPAL,
                    access_v1.GetPrincipalRequest(principal_id=principal_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).principal,
            "principal",
        )

    def list_principals(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        kind: access_v1.PrincipalKind = access_v1.PrincipalKind(0),
        role: str = "",
        subject: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[access_v1.Principal]:
        """All principals of the tenant, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            kind: Only those of this kind.
            role: Only those with this role.
            subject: Only the one with this subject.
            show_archived: Whether archived ones are listed too.
        """
        return Pages(
            self._transport,
            methods.PRINCIPAL_SERVICE_LIST_PRINCIPALS,
            access_v1.ListPrincipalsRequest(
                page_size=page_size,
                page_token=page_token,
                kind=kind,
                role=role,
                subject=subject,
                show_archived=show_archived,
            ),
            lambda page: page.principals,
            rpc_timeout,
            rpc_metadata,
        )

    def update_principal(
        self,
        principal: access_v1.Principal,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Principal:
        """Changes a principal.

        Args:
            principal: The new values; `principal_id` says which one, `etag` (if given) what it
                must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PRINCIPAL_SERVICE_UPDATE_PRINCIPAL,
                    access_v1.UpdatePrincipalRequest(
                        principal=principal, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).principal,
            "principal",
        )

    def archive_principal(
        self,
        principal_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Principal:
        """Ends a principal for good: its credentials are refused, what it did stays under its
        name.

        Args:
            principal_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PRINCIPAL_SERVICE_ARCHIVE_PRINCIPAL,
                    access_v1.ArchivePrincipalRequest(
                        principal_id=principal_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).principal,
            "principal",
        )

    def suspend_principal(
        self,
        principal_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Principal:
        """Refuses all credentials of a principal until it is resumed.

        Args:
            principal_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PRINCIPAL_SERVICE_SUSPEND_PRINCIPAL,
                    access_v1.SuspendPrincipalRequest(
                        principal_id=principal_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).principal,
            "principal",
        )

    def resume_principal(
        self,
        principal_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Principal:
        """Lets a suspended principal call again.

        Args:
            principal_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PRINCIPAL_SERVICE_RESUME_PRINCIPAL,
                    access_v1.ResumePrincipalRequest(
                        principal_id=principal_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).principal,
            "principal",
        )

    def create_api_key(
        self,
        api_key: access_v1.ApiKey,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.CreateApiKeyResponse:
        """Makes an API key and shows its secret, this once. Nobody can give a key more than they
        have.

        Args:
            api_key: The key to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller. The
                secret is not repeated.
        """
        if not request_id:
            request_id = new_request_id()
        return self._transport.unary(
            methods.PRINCIPAL_SERVICE_CREATE_API_KEY,
            access_v1.CreateApiKeyRequest(api_key=api_key, request_id=request_id),
            rpc_timeout,
            rpc_metadata,
        )

    def get_api_key(
        self,
        api_key_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.ApiKey:
        """One API key, without its secret.

        Args:
            api_key_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.PRINCIPAL_SERVICE_GET_API_KEY,
                    access_v1.GetApiKeyRequest(api_key_id=api_key_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).api_key,
            "api_key",
        )

    def list_api_keys(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_revoked: bool = False,
        principal_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[access_v1.ApiKey]:
        """All API keys of the tenant, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_revoked: Whether revoked keys are listed too.
            principal_id: Only those of this principal.
        """
        return Pages(
            self._transport,
            methods.PRINCIPAL_SERVICE_LIST_API_KEYS,
            access_v1.ListApiKeysRequest(
                page_size=page_size,
                page_token=page_token,
                show_revoked=show_revoked,
                principal_id=principal_id,
            ),
            lambda page: page.api_keys,
            rpc_timeout,
            rpc_metadata,
        )

    def update_api_key(
        self,
        api_key: access_v1.ApiKey,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.ApiKey:
        """Changes an API key.

        Args:
            api_key: The new values; `api_key_id` says which one, `etag` (if given) what it must
                be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PRINCIPAL_SERVICE_UPDATE_API_KEY,
                    access_v1.UpdateApiKeyRequest(
                        api_key=api_key, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).api_key,
            "api_key",
        )

    def rotate_api_key(
        self,
        api_key_id: str,
        *,
        overlap: datetime.timedelta | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.RotateApiKeyResponse:
        """Gives an API key a new secret, shown this once; the old one goes on working for a while.

        Args:
            api_key_id: Which one.
            overlap: How long the old secret goes on working; absent: not at all. At most 30
                days.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller. The
                secret is not repeated.
        """
        if not request_id:
            request_id = new_request_id()
        return self._transport.unary(
            methods.PRINCIPAL_SERVICE_ROTATE_API_KEY,
            access_v1.RotateApiKeyRequest(api_key_id=api_key_id, overlap=overlap, request_id=request_id),
            rpc_timeout,
            rpc_metadata,
        )

    def revoke_api_key(
        self,
        api_key_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.ApiKey:
        """Ends an API key. Calls with it are refused from within seconds on; a repeat changes
        nothing.

        Args:
            api_key_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.PRINCIPAL_SERVICE_REVOKE_API_KEY,
                    access_v1.RevokeApiKeyRequest(api_key_id=api_key_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).api_key,
            "api_key",
        )

    def who_am_i(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.WhoAmIResponse:
        """Tells whom the server takes the caller for."""
        return self._transport.unary(
            methods.PRINCIPAL_SERVICE_WHO_AM_I, access_v1.WhoAmIRequest(), rpc_timeout, rpc_metadata
        )

    def test_permissions(
        self,
        *,
        permissions: Sequence[str] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[str]:
        """Which of some permissions the caller holds.

        Args:
            permissions: The permissions to try.
        """
        return (
            self._transport.unary(
                methods.PRINCIPAL_SERVICE_TEST_PERMISSIONS,
                access_v1.TestPermissionsRequest(permissions=list(permissions)),
                rpc_timeout,
                rpc_metadata,
            )
        ).permissions


class AsyncPrincipalService:
    """Who may call, and with which credential.

    1. Make a principal for each person and each program, with roles (`RoleService`) and, where
       rights end somewhere, a scope.

    2. Persons come with tokens of the identity provider; give programs API keys or client
       certificates.

    3. Rotate keys without an outage: the old secret works for as long as `overlap` says.

    4. Suspend a principal, or revoke a key: calls are refused and streams end within seconds.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_principal(
        self,
        principal: access_v1.Principal,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Principal:
        """Makes a principal. Nobody can give rights that they do not have.

        Args:
            principal: The principal to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PRINCIPAL_SERVICE_CREATE_PRINCIPAL,
                    access_v1.CreatePrincipalRequest(principal=principal, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).principal,
            "principal",
        )

    async def get_principal(
        self,
        principal_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Principal:
        """One principal.

        Args:
            principal_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.PRINCIPAL_SERVICE_GET_PRINCIPAL,
                    access_v1.GetPrincipalRequest(principal_id=principal_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).principal,
            "principal",
        )

    def list_principals(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        kind: access_v1.PrincipalKind = access_v1.PrincipalKind(0),
        role: str = "",
        subject: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[access_v1.Principal]:
        """All principals of the tenant, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            kind: Only those of this kind.
            role: Only those with this role.
            subject: Only the one with this subject.
            show_archived: Whether archived ones are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.PRINCIPAL_SERVICE_LIST_PRINCIPALS,
            access_v1.ListPrincipalsRequest(
                page_size=page_size,
                page_token=page_token,
                kind=kind,
                role=role,
                subject=subject,
                show_archived=show_archived,
            ),
            lambda page: page.principals,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_principal(
        self,
        principal: access_v1.Principal,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Principal:
        """Changes a principal.

        Args:
            principal: The new values; `principal_id` says which one, `etag` (if given) what it
                must be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PRINCIPAL_SERVICE_UPDATE_PRINCIPAL,
                    access_v1.UpdatePrincipalRequest(
                        principal=principal, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).principal,
            "principal",
        )

    async def archive_principal(
        self,
        principal_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Principal:
        """Ends a principal for good: its credentials are refused, what it did stays under its
        name.

        Args:
            principal_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PRINCIPAL_SERVICE_ARCHIVE_PRINCIPAL,
                    access_v1.ArchivePrincipalRequest(
                        principal_id=principal_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).principal,
            "principal",
        )

    async def suspend_principal(
        self,
        principal_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Principal:
        """Refuses all credentials of a principal until it is resumed.

        Args:
            principal_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PRINCIPAL_SERVICE_SUSPEND_PRINCIPAL,
                    access_v1.SuspendPrincipalRequest(
                        principal_id=principal_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).principal,
            "principal",
        )

    async def resume_principal(
        self,
        principal_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Principal:
        """Lets a suspended principal call again.

        Args:
            principal_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PRINCIPAL_SERVICE_RESUME_PRINCIPAL,
                    access_v1.ResumePrincipalRequest(
                        principal_id=principal_id, etag=etag, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).principal,
            "principal",
        )

    async def create_api_key(
        self,
        api_key: access_v1.ApiKey,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.CreateApiKeyResponse:
        """Makes an API key and shows its secret, this once. Nobody can give a key more than they
        have.

        Args:
            api_key: The key to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller. The
                secret is not repeated.
        """
        if not request_id:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.PRINCIPAL_SERVICE_CREATE_API_KEY,
            access_v1.CreateApiKeyRequest(api_key=api_key, request_id=request_id),
            rpc_timeout,
            rpc_metadata,
        )

    async def get_api_key(
        self,
        api_key_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.ApiKey:
        """One API key, without its secret.

        Args:
            api_key_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.PRINCIPAL_SERVICE_GET_API_KEY,
                    access_v1.GetApiKeyRequest(api_key_id=api_key_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).api_key,
            "api_key",
        )

    def list_api_keys(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_revoked: bool = False,
        principal_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[access_v1.ApiKey]:
        """All API keys of the tenant, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_revoked: Whether revoked keys are listed too.
            principal_id: Only those of this principal.
        """
        return AsyncPages(
            self._transport,
            methods.PRINCIPAL_SERVICE_LIST_API_KEYS,
            access_v1.ListApiKeysRequest(
                page_size=page_size,
                page_token=page_token,
                show_revoked=show_revoked,
                principal_id=principal_id,
            ),
            lambda page: page.api_keys,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_api_key(
        self,
        api_key: access_v1.ApiKey,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.ApiKey:
        """Changes an API key.

        Args:
            api_key: The new values; `api_key_id` says which one, `etag` (if given) what it must
                be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PRINCIPAL_SERVICE_UPDATE_API_KEY,
                    access_v1.UpdateApiKeyRequest(
                        api_key=api_key, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).api_key,
            "api_key",
        )

    async def rotate_api_key(
        self,
        api_key_id: str,
        *,
        overlap: datetime.timedelta | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.RotateApiKeyResponse:
        """Gives an API key a new secret, shown this once; the old one goes on working for a while.

        Args:
            api_key_id: Which one.
            overlap: How long the old secret goes on working; absent: not at all. At most 30
                days.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller. The
                secret is not repeated.
        """
        if not request_id:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.PRINCIPAL_SERVICE_ROTATE_API_KEY,
            access_v1.RotateApiKeyRequest(api_key_id=api_key_id, overlap=overlap, request_id=request_id),
            rpc_timeout,
            rpc_metadata,
        )

    async def revoke_api_key(
        self,
        api_key_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.ApiKey:
        """Ends an API key. Calls with it are refused from within seconds on; a repeat changes
        nothing.

        Args:
            api_key_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.PRINCIPAL_SERVICE_REVOKE_API_KEY,
                    access_v1.RevokeApiKeyRequest(api_key_id=api_key_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).api_key,
            "api_key",
        )

    async def who_am_i(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.WhoAmIResponse:
        """Tells whom the server takes the caller for."""
        return await self._transport.unary(
            methods.PRINCIPAL_SERVICE_WHO_AM_I, access_v1.WhoAmIRequest(), rpc_timeout, rpc_metadata
        )

    async def test_permissions(
        self,
        *,
        permissions: Sequence[str] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[str]:
        """Which of some permissions the caller holds.

        Args:
            permissions: The permissions to try.
        """
        return (
            await self._transport.unary(
                methods.PRINCIPAL_SERVICE_TEST_PERMISSIONS,
                access_v1.TestPermissionsRequest(permissions=list(permissions)),
                rpc_timeout,
                rpc_metadata,
            )
        ).permissions


class RoleService:
    """Roles: which permissions go together. Denied is what no role allows."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_role(
        self,
        role: access_v1.Role,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Role:
        """Makes a role of the tenant's own. Nobody can put into it what they do not have.

        Args:
            role: The role to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.ROLE_SERVICE_CREATE_ROLE,
                    access_v1.CreateRoleRequest(role=role, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).role,
            "role",
        )

    def get_role(
        self,
        role_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Role:
        """One role.

        Args:
            role_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.ROLE_SERVICE_GET_ROLE,
                    access_v1.GetRoleRequest(role_id=role_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).role,
            "role",
        )

    def list_roles(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[access_v1.Role]:
        """The built-in roles, then the tenant's own, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
        """
        return Pages(
            self._transport,
            methods.ROLE_SERVICE_LIST_ROLES,
            access_v1.ListRolesRequest(
                page_size=page_size, page_token=page_token, show_archived=show_archived
            ),
            lambda page: page.roles,
            rpc_timeout,
            rpc_metadata,
        )

    def update_role(
        self,
        role: access_v1.Role,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Role:
        """Changes a role of the tenant's own; whoever has it is bound by it within seconds, open
        streams included.

        Args:
            role: The new values; `role_id` says which one, `etag` (if given) what it must be
                based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.ROLE_SERVICE_UPDATE_ROLE,
                    access_v1.UpdateRoleRequest(
                        role=role, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).role,
            "role",
        )

    def archive_role(
        self,
        role_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Role:
        """Archives a role of the tenant's own that nobody has.

        Args:
            role_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.ROLE_SERVICE_ARCHIVE_ROLE,
                    access_v1.ArchiveRoleRequest(role_id=role_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).role,
            "role",
        )

    def list_permissions(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[access_v1.Permission]:
        """Every permission there is, and what it allows."""
        return (
            self._transport.unary(
                methods.ROLE_SERVICE_LIST_PERMISSIONS,
                access_v1.ListPermissionsRequest(),
                rpc_timeout,
                rpc_metadata,
            )
        ).permissions


class AsyncRoleService:
    """Roles: which permissions go together. Denied is what no role allows."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_role(
        self,
        role: access_v1.Role,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Role:
        """Makes a role of the tenant's own. Nobody can put into it what they do not have.

        Args:
            role: The role to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.ROLE_SERVICE_CREATE_ROLE,
                    access_v1.CreateRoleRequest(role=role, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).role,
            "role",
        )

    async def get_role(
        self,
        role_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Role:
        """One role.

        Args:
            role_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.ROLE_SERVICE_GET_ROLE,
                    access_v1.GetRoleRequest(role_id=role_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).role,
            "role",
        )

    def list_roles(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        show_archived: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[access_v1.Role]:
        """The built-in roles, then the tenant's own, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_archived: Whether archived ones are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.ROLE_SERVICE_LIST_ROLES,
            access_v1.ListRolesRequest(
                page_size=page_size, page_token=page_token, show_archived=show_archived
            ),
            lambda page: page.roles,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_role(
        self,
        role: access_v1.Role,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Role:
        """Changes a role of the tenant's own; whoever has it is bound by it within seconds, open
        streams included.

        Args:
            role: The new values; `role_id` says which one, `etag` (if given) what it must be
                based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.ROLE_SERVICE_UPDATE_ROLE,
                    access_v1.UpdateRoleRequest(
                        role=role, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).role,
            "role",
        )

    async def archive_role(
        self,
        role_id: str,
        *,
        etag: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Role:
        """Archives a role of the tenant's own that nobody has.

        Args:
            role_id: Which one.
            etag: If given, what the stored resource must still have.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.ROLE_SERVICE_ARCHIVE_ROLE,
                    access_v1.ArchiveRoleRequest(role_id=role_id, etag=etag, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).role,
            "role",
        )

    async def list_permissions(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[access_v1.Permission]:
        """Every permission there is, and what it allows."""
        return (
            await self._transport.unary(
                methods.ROLE_SERVICE_LIST_PERMISSIONS,
                access_v1.ListPermissionsRequest(),
                rpc_timeout,
                rpc_metadata,
            )
        ).permissions


class TenantService:
    """Tenants of one installation. Only the platform's own administrators may call it, but for
    `GetQuotaUsage`; an on-premises installation has one tenant, made at the first start.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_tenant(
        self,
        tenant: access_v1.Tenant,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.CreateTenantResponse:
        """Makes a tenant and its first administrator key, which is shown this once.

        Args:
            tenant: The tenant to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return self._transport.unary(
            methods.TENANT_SERVICE_CREATE_TENANT,
            access_v1.CreateTenantRequest(tenant=tenant, request_id=request_id),
            rpc_timeout,
            rpc_metadata,
        )

    def get_tenant(
        self,
        tenant_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Tenant:
        """One tenant.

        Args:
            tenant_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.TENANT_SERVICE_GET_TENANT,
                    access_v1.GetTenantRequest(tenant_id=tenant_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tenant,
            "tenant",
        )

    def list_tenants(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[access_v1.Tenant]:
        """All tenants, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.TENANT_SERVICE_LIST_TENANTS,
            access_v1.ListTenantsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.tenants,
            rpc_timeout,
            rpc_metadata,
        )

    def update_tenant(
        self,
        tenant: access_v1.Tenant,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Tenant:
        """Changes a tenant's name, zone or quota.

        Args:
            tenant: The new values; `tenant_id` says which one, `etag` (if given) what it must
                be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.TENANT_SERVICE_UPDATE_TENANT,
                    access_v1.UpdateTenantRequest(
                        tenant=tenant, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tenant,
            "tenant",
        )

    def suspend_tenant(
        self,
        tenant_id: str,
        *,
        reason: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Tenant:
        """Refuses all credentials of a tenant; its data stays, its devices are still read.

        Args:
            tenant_id: Which one.
            reason: Why, for people.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.TENANT_SERVICE_SUSPEND_TENANT,
                    access_v1.SuspendTenantRequest(tenant_id=tenant_id, reason=reason, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tenant,
            "tenant",
        )

    def resume_tenant(
        self,
        tenant_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Tenant:
        """Lets a suspended tenant work again.

        Args:
            tenant_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.TENANT_SERVICE_RESUME_TENANT,
                    access_v1.ResumeTenantRequest(tenant_id=tenant_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tenant,
            "tenant",
        )

    def get_quota_usage(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.GetQuotaUsageResponse:
        """What the caller's own tenant may have and do, and what it has."""
        return self._transport.unary(
            methods.TENANT_SERVICE_GET_QUOTA_USAGE,
            access_v1.GetQuotaUsageRequest(),
            rpc_timeout,
            rpc_metadata,
        )


class AsyncTenantService:
    """Tenants of one installation. Only the platform's own administrators may call it, but for
    `GetQuotaUsage`; an on-premises installation has one tenant, made at the first start.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_tenant(
        self,
        tenant: access_v1.Tenant,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.CreateTenantResponse:
        """Makes a tenant and its first administrator key, which is shown this once.

        Args:
            tenant: The tenant to make.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.TENANT_SERVICE_CREATE_TENANT,
            access_v1.CreateTenantRequest(tenant=tenant, request_id=request_id),
            rpc_timeout,
            rpc_metadata,
        )

    async def get_tenant(
        self,
        tenant_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Tenant:
        """One tenant.

        Args:
            tenant_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.TENANT_SERVICE_GET_TENANT,
                    access_v1.GetTenantRequest(tenant_id=tenant_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tenant,
            "tenant",
        )

    def list_tenants(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[access_v1.Tenant]:
        """All tenants, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.TENANT_SERVICE_LIST_TENANTS,
            access_v1.ListTenantsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.tenants,
            rpc_timeout,
            rpc_metadata,
        )

    async def update_tenant(
        self,
        tenant: access_v1.Tenant,
        *,
        update_mask: Sequence[str] | None = None,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Tenant:
        """Changes a tenant's name, zone or quota.

        Args:
            tenant: The new values; `tenant_id` says which one, `etag` (if given) what it must
                be based on.
            update_mask: What to change: absent means the fields that are set, `*` all that can
                be changed.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.TENANT_SERVICE_UPDATE_TENANT,
                    access_v1.UpdateTenantRequest(
                        tenant=tenant, update_mask=field_mask(update_mask), request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tenant,
            "tenant",
        )

    async def suspend_tenant(
        self,
        tenant_id: str,
        *,
        reason: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Tenant:
        """Refuses all credentials of a tenant; its data stays, its devices are still read.

        Args:
            tenant_id: Which one.
            reason: Why, for people.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.TENANT_SERVICE_SUSPEND_TENANT,
                    access_v1.SuspendTenantRequest(tenant_id=tenant_id, reason=reason, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tenant,
            "tenant",
        )

    async def resume_tenant(
        self,
        tenant_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.Tenant:
        """Lets a suspended tenant work again.

        Args:
            tenant_id: Which one.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.TENANT_SERVICE_RESUME_TENANT,
                    access_v1.ResumeTenantRequest(tenant_id=tenant_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).tenant,
            "tenant",
        )

    async def get_quota_usage(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> access_v1.GetQuotaUsageResponse:
        """What the caller's own tenant may have and do, and what it has."""
        return await self._transport.unary(
            methods.TENANT_SERVICE_GET_QUOTA_USAGE,
            access_v1.GetQuotaUsageRequest(),
            rpc_timeout,
            rpc_metadata,
        )
