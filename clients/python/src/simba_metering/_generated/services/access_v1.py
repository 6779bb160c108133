"""Calls of `simba.access.v1`. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations


from simba_metering._pages import AsyncPages, Pages
from simba_metering._transport import AsyncTransport, Metadata, Transport
from simba_metering._requests import new_request_id, present

from .. import methods
from ..simba.access import v1 as access_v1


class PrincipalService:
    """Who may call, and with which credential."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

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
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[access_v1.ApiKey]:
        """All API keys of the tenant, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_revoked: Whether revoked keys are listed too.
        """
        return Pages(
            self._transport,
            methods.PRINCIPAL_SERVICE_LIST_API_KEYS,
            access_v1.ListApiKeysRequest(
                page_size=page_size, page_token=page_token, show_revoked=show_revoked
            ),
            lambda page: page.api_keys,
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


class AsyncPrincipalService:
    """Who may call, and with which credential."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

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
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[access_v1.ApiKey]:
        """All API keys of the tenant, oldest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            show_revoked: Whether revoked keys are listed too.
        """
        return AsyncPages(
            self._transport,
            methods.PRINCIPAL_SERVICE_LIST_API_KEYS,
            access_v1.ListApiKeysRequest(
                page_size=page_size, page_token=page_token, show_revoked=show_revoked
            ),
            lambda page: page.api_keys,
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


class TenantService:
    """Tenants of one installation. Only the platform's own administrators may call it; an on-
    premises installation has one tenant, made at the first start.
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


class AsyncTenantService:
    """Tenants of one installation. Only the platform's own administrators may call it; an on-
    premises installation has one tenant, made at the first start.
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
