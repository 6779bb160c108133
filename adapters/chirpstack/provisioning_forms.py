"""What ChirpStack is to know, made from what SiMBA knows: pure.

What SiMBA made bears its mark: tags with the tenant and the device. What operators set besides is kept.
"""

from __future__ import annotations

from typing import Any, Final

from chirpstack_api import api, common

from simba.devices.v1.device_model_pb2 import DeviceModel
from simba.devices.v1.provisioning_service_pb2 import ProvisioningTask

TENANT_TAG: Final = "simba_tenant"
DEVICE_TAG: Final = "simba_device"
MODEL_TAG: Final = "simba_model"

_LONGEST_NAME: Final = 100
_NO_KEY: Final = "0" * 32
_NO_EUI: Final = "0" * 16
_DAY: Final = 86_400
_CLASS_C_SECONDS: Final = 5
_STATS_SECONDS: Final = 30


class Unfit(ValueError):
    """A device cannot be provisioned as it is described here; the text says what is missing."""


def application_name(tenant_id: str) -> str:
    """Name of the application that holds a tenant's devices; ChirpStack makes the id."""
    return f"SiMBA {tenant_id}"


def application(tenant_id: str, network_tenant: str) -> Any:
    """The application that holds a tenant's devices."""
    return api.Application(
        name=application_name(tenant_id),
        description="Devices that SiMBA keeps here. Change them in SiMBA.",
        tenant_id=network_tenant,
        tags={TENANT_TAG: tenant_id},
    )


def profile_suffix(device_model_id: str) -> str:
    """What the names of profiles of a model end with, whatever the model is called."""
    return f"[{device_model_id}]"


def profile(before: Any, tenant_id: str, network_tenant: str, model: DeviceModel) -> Any:
    """The device profile of a model; `before` is the one that is there, or an empty one.

    Raises Unfit when the model says nothing about LoRaWAN.
    """
    if not model.HasField("lorawan"):
        raise Unfit(f"the model {model.manufacturer} {model.model} has no LoRaWAN profile")
    lorawan = model.lorawan
    made = api.DeviceProfile()
    made.CopyFrom(before)
    suffix = profile_suffix(model.device_model_id)
    title = f"{model.manufacturer} {model.model}"[: _LONGEST_NAME - len(suffix) - 1]
    made.name = f"{title} {suffix}"
    made.tenant_id = network_tenant
    made.region = _enum(common.Region, lorawan.region, "region")
    made.mac_version = _enum(common.MacVersion, _mac(lorawan.mac_version), "MAC version")
    made.reg_params_revision = _enum(
        common.RegParamsRevision, lorawan.reg_params_revision.replace("-", "_").replace(".", "_"), "revision"
    )
    made.adr_algorithm_id = before.adr_algorithm_id or "default"
    # SiMBA decodes by itself, so that a codec's mistakes can be mended afterwards.
    made.payload_codec_runtime = api.CodecRuntime.NONE
    made.supports_otaa = True
    made.supports_class_b = lorawan.supports_class_b
    made.supports_class_c = lorawan.supports_class_c
    if lorawan.supports_class_c:
        made.class_c_timeout = lorawan.class_c_timeout.seconds or _CLASS_C_SECONDS
    made.uplink_interval = lorawan.uplink_interval.seconds or _DAY
    made.flush_queue_on_activate = lorawan.flush_queue_on_activate
    made.tags[TENANT_TAG] = tenant_id
    made.tags[MODEL_TAG] = model.device_model_id
    return made


def device(before: Any, tenant_id: str, application_id: str, profile_id: str, task: ProvisioningTask) -> Any:
    """The device of a task; `before` is the one that is there, or an empty one."""
    made = api.Device()
    made.CopyFrom(before)
    made.dev_eui = task.address
    made.name = (task.display_name or task.address)[:_LONGEST_NAME]
    made.application_id = application_id
    made.device_profile_id = profile_id
    made.join_eui = task.join_eui or _NO_EUI
    made.tags[TENANT_TAG] = tenant_id
    made.tags[DEVICE_TAG] = task.device_id
    return made


def keys(task: ProvisioningTask) -> Any:
    """The keys of a task. ChirpStack wants the AppKey of LoRaWAN 1.0.x as `nwk_key`. None: it has none."""
    given = task.keys
    network, application_key = (given.nwk_key, given.app_key) if given.nwk_key else (given.app_key, "")
    if not network:
        return None
    return api.DeviceKeys(
        dev_eui=task.address,
        nwk_key=network.lower(),
        app_key=(application_key or _NO_KEY).lower(),
        gen_app_key=(given.gen_app_key or _NO_KEY).lower(),
    )


def same_keys(one: Any, other: Any) -> bool:
    """Whether keys are the same; ChirpStack gives a key that is not set as zeros."""
    return all(
        (getattr(one, name) or _NO_KEY).lower() == (getattr(other, name) or _NO_KEY).lower()
        for name in ("nwk_key", "app_key", "gen_app_key")
    )


def gateway(before: Any, tenant_id: str, network_tenant: str, task: ProvisioningTask) -> Any:
    """The gateway of a task; `before` is the one that is there, or an empty one."""
    made = api.Gateway()
    made.CopyFrom(before)
    made.gateway_id = task.address
    made.name = (task.display_name or task.address)[:_LONGEST_NAME]
    made.tenant_id = network_tenant
    made.stats_interval = task.stats_interval_seconds or before.stats_interval or _STATS_SECONDS
    if task.HasField("latitude") and task.HasField("longitude"):
        made.location.latitude = task.latitude
        made.location.longitude = task.longitude
    made.tags[TENANT_TAG] = tenant_id
    made.tags[DEVICE_TAG] = task.device_id
    return made


def _enum(kind: Any, name: str, what: str) -> int:
    try:
        return int(kind.Value(name))
    except ValueError:
        raise Unfit(f"ChirpStack knows no {what} {name!r}") from None


def _mac(version: str) -> str:
    return "LORAWAN_" + version.replace(".", "_")
