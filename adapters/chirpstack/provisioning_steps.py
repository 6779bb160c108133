"""The steps of provisioning in ChirpStack. Each may be repeated whenever, and finds again what it did before.

Names of applications and profiles hold our ids, because ChirpStack makes its own: what was made and whose
answer was lost is found by its name. Should there be two (a slow call that was given up and done all the
same), the older one counts. Nothing without our mark is changed or deleted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from chirpstack_api import api

from adapters.chirpstack import provisioning_forms as forms
from adapters.chirpstack.provisioning_api import (
    ChirpStackApi,
    DeniedError,
    ExistsError,
    NotThereError,
    RefusedError,
)
from adapters.chirpstack.provisioning_forms import DEVICE_TAG, TENANT_TAG
from simba.devices.v1.device_model_pb2 import DeviceModel
from simba.devices.v1.provisioning_service_pb2 import ProvisioningTask

_PAGE: Final = 500
_REMEMBERED_SECONDS: Final = 60.0


class ForeignError(RefusedError):
    """The address is taken in ChirpStack by something that SiMBA did not make."""


class Steps:
    """What can be done in one tenant of ChirpStack for one tenant of SiMBA."""

    def __init__(self, chirpstack: ChirpStackApi, *, tenant_id: str, network_tenant: str) -> None:
        self._api = chirpstack
        self._tenant_id = tenant_id
        self._network_tenant = network_tenant
        self._known: dict[str, tuple[float, str]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    def forget(self) -> None:
        """Forgets ids of ChirpStack's: something may be gone there."""
        self._known.clear()

    async def application(self) -> str:
        """Id of the application that holds our devices; made if it is not there."""
        return await self._once("application", self._application)

    async def profile(self, model: DeviceModel) -> str:
        """Id of the device profile of a model; made or set right. Raises Unfit."""
        key = f"{model.device_model_id} {model.etag}"
        return await self._once(key, lambda: self._profile(model))

    async def device(self, task: ProvisioningTask, application_id: str, profile_id: str) -> None:
        """The device itself, made or set right. Raises ForeignError."""

        def form(before: Any) -> Any:
            return self.device_form(before, application_id, profile_id, task)

        before = await self.find_device(task.address)
        if before is None:
            try:
                request = api.CreateDeviceRequest(device=form(api.Device()))
                await self._api.call(self._api.devices.Create, request)
            except ExistsError as error:
                before = await self.find_device(task.address)
                if before is None:
                    # It is another tenant's: we may not even see it.
                    raise ForeignError(f"DevEUI {task.address} is taken there ({error})") from None
            else:
                return
        self._check_mark("DevEUI", task.address, before)
        if form(before) != before:
            await self._api.call(self._api.devices.Update, api.UpdateDeviceRequest(device=form(before)))

    async def keys(self, task: ProvisioningTask) -> None:
        """The device's root keys, made or set right; a device without keys is left as it is."""
        wanted = forms.keys(task)
        if wanted is None:
            return
        found = await self.find_keys(task.address)
        if found is None:
            try:
                request = api.CreateDeviceKeysRequest(device_keys=wanted)
                await self._api.call(self._api.devices.CreateKeys, request)
            except ExistsError:
                found = await self.find_keys(task.address)
            else:
                return
        if found is None or not forms.same_keys(found, wanted):
            request = api.UpdateDeviceKeysRequest(device_keys=wanted)
            await self._api.call(self._api.devices.UpdateKeys, request)

    async def gateway(self, task: ProvisioningTask) -> None:
        """The gateway, made or set right. Raises ForeignError."""

        def form(before: Any) -> Any:
            return self.gateway_form(before, task)

        before = await self.find_gateway(task.address)
        if before is None:
            try:
                request = api.CreateGatewayRequest(gateway=form(api.Gateway()))
                await self._api.call(self._api.gateways.Create, request)
            except ExistsError as error:
                before = await self.find_gateway(task.address)
                if before is None:
                    raise ForeignError(f"gateway {task.address} is taken there ({error})") from None
            else:
                return
        self._check_mark("gateway", task.address, before)
        if form(before) != before:
            await self._api.call(self._api.gateways.Update, api.UpdateGatewayRequest(gateway=form(before)))

    async def remove_device(self, address: str, device_id: str) -> bool:
        """Takes a device out if it is the one of ours; whether it was there."""
        found = await self.find_device(address)
        if found is None or not self.is_ours(found, device_id):
            return False
        return await self._gone(self._api.devices.Delete, api.DeleteDeviceRequest(dev_eui=address))

    async def remove_gateway(self, address: str, device_id: str) -> bool:
        """Takes a gateway out if it is the one of ours; whether it was there."""
        found = await self.find_gateway(address)
        if found is None or not self.is_ours(found, device_id):
            return False
        return await self._gone(self._api.gateways.Delete, api.DeleteGatewayRequest(gateway_id=address))

    def is_ours(self, found: Any, device_id: str = "") -> bool:
        """Whether something bears our mark, and that of the device if one is given."""
        tags = found.tags
        return tags.get(TENANT_TAG, "") == self._tenant_id and (
            not device_id or tags.get(DEVICE_TAG, "") == device_id
        )

    async def find_device(self, address: str) -> Any | None:
        """A device as it is there; None: there is none, or none that we may see."""
        answer = await self._found(self._api.devices.Get, api.GetDeviceRequest(dev_eui=address))
        return None if answer is None else answer.device

    async def find_keys(self, address: str) -> Any | None:
        """The keys of a device as they are there."""
        answer = await self._found(self._api.devices.GetKeys, api.GetDeviceKeysRequest(dev_eui=address))
        return None if answer is None else answer.device_keys

    async def find_gateway(self, address: str) -> Any | None:
        """A gateway as it is there."""
        answer = await self._found(self._api.gateways.Get, api.GetGatewayRequest(gateway_id=address))
        return None if answer is None else answer.gateway

    def device_form(self, before: Any, application_id: str, profile_id: str, task: ProvisioningTask) -> Any:
        """What a device is to be there; `before` is what it is."""
        return forms.device(before, self._tenant_id, application_id, profile_id, task)

    def gateway_form(self, before: Any, task: ProvisioningTask) -> Any:
        """What a gateway is to be there."""
        return forms.gateway(before, self._tenant_id, self._network_tenant, task)

    def profile_form(self, before: Any, model: DeviceModel) -> Any:
        """What the profile of a model is to be there. Raises Unfit."""
        return forms.profile(before, self._tenant_id, self._network_tenant, model)

    async def remove_spare_application(self, application_id: str) -> bool:
        """Takes an empty application of ours out: ChirpStack deletes devices along with theirs."""
        request = api.ListDevicesRequest(limit=1, application_id=application_id)
        if (await self._api.call(self._api.devices.List, request)).total_count:
            return False
        return await self._gone(
            self._api.applications.Delete, api.DeleteApplicationRequest(id=application_id)
        )

    async def remove_spare_profile(self, profile_id: str) -> bool:
        """Takes a profile of ours out that no device uses: ChirpStack deletes devices along with theirs."""
        applications = self.pages(
            self._api.applications.List,
            lambda offset: api.ListApplicationsRequest(
                limit=_PAGE, offset=offset, tenant_id=self._network_tenant
            ),
        )
        async for one in applications:
            request = api.ListDevicesRequest(limit=1, application_id=one.id, device_profile_id=profile_id)
            if (await self._api.call(self._api.devices.List, request)).total_count:
                return False
        return await self._gone(self._api.profiles.Delete, api.DeleteDeviceProfileRequest(id=profile_id))

    async def applications(self) -> list[Any]:
        """Applications with our name and mark, the one that counts first."""
        name = forms.application_name(self._tenant_id)
        listed = [
            one
            async for one in self.pages(
                self._api.applications.List,
                lambda offset: api.ListApplicationsRequest(
                    limit=_PAGE, offset=offset, tenant_id=self._network_tenant, search=name
                ),
            )
            if one.name == name
        ]
        found = []
        for one in sorted(listed, key=_age):
            answer = await self._found(self._api.applications.Get, api.GetApplicationRequest(id=one.id))
            if answer is not None and self.is_ours(answer.application):
                found.append(answer.application)
        return found

    async def profiles(self, device_model_id: str) -> list[Any]:
        """Profiles of a model that bear our mark, the one that counts first."""
        suffix = forms.profile_suffix(device_model_id)
        listed = [
            one
            async for one in self.pages(
                self._api.profiles.List,
                lambda offset: api.ListDeviceProfilesRequest(
                    limit=_PAGE, offset=offset, tenant_id=self._network_tenant, search=device_model_id
                ),
            )
            if one.name.endswith(suffix)
        ]
        found = []
        for one in sorted(listed, key=_age):
            answer = await self._found(self._api.profiles.Get, api.GetDeviceProfileRequest(id=one.id))
            if answer is not None and self.is_ours(answer.device_profile):
                found.append(answer.device_profile)
        return found

    async def pages(self, method: Any, request: Callable[[int], Any]) -> AsyncIterator[Any]:
        """All items of a list of ChirpStack's; `request` makes the request of an offset."""
        offset = 0
        while True:
            answer = await self._api.call(method, request(offset))
            for one in answer.result:
                yield one
            offset += len(answer.result)
            if not answer.result or offset >= answer.total_count:
                return

    async def _application(self) -> str:
        found = await self.applications()
        if found:
            return str(found[0].id)
        request = api.CreateApplicationRequest(
            application=forms.application(self._tenant_id, self._network_tenant)
        )
        return str((await self._api.call(self._api.applications.Create, request)).id)

    async def _profile(self, model: DeviceModel) -> str:
        wanted = self.profile_form(api.DeviceProfile(), model)
        found = await self.profiles(model.device_model_id)
        if not found:
            request = api.CreateDeviceProfileRequest(device_profile=wanted)
            return str((await self._api.call(self._api.profiles.Create, request)).id)
        right = self.profile_form(found[0], model)
        if right != found[0]:
            request = api.UpdateDeviceProfileRequest(device_profile=right)
            await self._api.call(self._api.profiles.Update, request)
        return str(found[0].id)

    async def _once(self, key: str, make: Callable[[], Awaitable[str]]) -> str:
        """What `make` gives, for a minute; nobody else makes it at the same time in this process."""
        async with self._locks.setdefault(key, asyncio.Lock()):
            since, known = self._known.get(key, (0.0, ""))
            if known and time.monotonic() < since + _REMEMBERED_SECONDS:
                return known
            made = await make()
            self._known[key] = (time.monotonic(), made)
            return made

    async def _found(self, method: Any, request: Any) -> Any | None:
        try:
            return await self._api.call(method, request)
        except NotThereError:
            return None
        except DeniedError:
            # To the key of a tenant, ChirpStack denies what does not exist, as it denies a bad key.
            await self.check_key()
            return None

    async def check_key(self) -> None:
        """Returns if ChirpStack takes our key for its tenant. Raises DeniedError."""
        request = api.ListApplicationsRequest(limit=1, tenant_id=self._network_tenant)
        await self._api.call(self._api.applications.List, request)

    async def _gone(self, method: Any, request: Any) -> bool:
        try:
            await self._api.call(method, request)
        except NotThereError:
            return False
        return True

    def _check_mark(self, what: str, address: str, found: Any) -> None:
        if not self.is_ours(found):
            raise ForeignError(f"ChirpStack has the {what} {address} already, and SiMBA did not make it")


def _age(item: Any) -> tuple[int, int, str]:
    return item.created_at.seconds, item.created_at.nanos, item.id
