"""What goes wrong with devices."""

from collections.abc import Callable
from uuid import UUID

from server.platform.errors import FailedPrecondition, InvalidArgument, NotFound


def _missing(name: str, reason_: str, noun: str) -> Callable[[UUID], NotFound]:
    class Missing(NotFound):
        reason = reason_

        def __init__(self, resource_id: UUID) -> None:
            super().__init__(f"{noun} {resource_id} does not exist")
            self.metadata[name] = str(resource_id)

    return Missing


DeviceModelNotFound = _missing("device_model_id", "DEVICE_MODEL_NOT_FOUND", "device model")
GatewayNotFound = _missing("gateway_id", "GATEWAY_NOT_FOUND", "gateway")
ConcentratorNotFound = _missing("concentrator_id", "CONCENTRATOR_NOT_FOUND", "concentrator")
ConfigProfileNotFound = _missing("config_profile_id", "CONFIG_PROFILE_NOT_FOUND", "configuration profile")
ProvisioningTaskNotFound = _missing(
    "provisioning_task_id", "PROVISIONING_TASK_NOT_FOUND", "provisioning task"
)
ReconciliationNotFound = _missing("reconciliation_id", "RECONCILIATION_NOT_FOUND", "reconciliation")
DeviceNotFound = _missing("device_id", "DEVICE_NOT_FOUND", "device")
PulseModuleNotFound = _missing("pulse_module_id", "PULSE_MODULE_NOT_FOUND", "pulse module")
MeterNotFound = _missing("meter_id", "METER_NOT_FOUND", "meter")
UsagePointNotFound = _missing("usage_point_id", "USAGE_POINT_NOT_FOUND", "usage point")
NodeNotFound = _missing("node_id", "NODE_NOT_FOUND", "node")
InventoryImportNotFound = _missing("inventory_import_id", "INVENTORY_IMPORT_NOT_FOUND", "inventory import")
InventoryExportNotFound = _missing("inventory_export_id", "INVENTORY_EXPORT_NOT_FOUND", "inventory export")


MeterExchangeNotFound = _missing("meter_exchange_id", "METER_EXCHANGE_NOT_FOUND", "meter exchange")


class ChannelMapIncomplete(FailedPrecondition):
    """A series of the usage point would neither go on nor end with the new meter."""

    reason = "CHANNEL_MAP_INCOMPLETE"


class ExchangeReadingMissing(FailedPrecondition):
    """A final or an initial reading of an exchange is missing, and all of them were required."""

    reason = "EXCHANGE_READING_MISSING"


class AttachmentOverlap(FailedPrecondition):
    """The input or the register is taken at that time."""

    reason = "ATTACHMENT_OVERLAP"


class NotAttached(FailedPrecondition):
    """The input is not attached at that time."""

    reason = "NOT_ATTACHED"


class UnknownDevice(NotFound):
    """No meter of the tenant has this DevEUI."""

    reason = "UNKNOWN_DEVICE"

    def __init__(self, dev_eui: str) -> None:
        super().__init__(f"no meter has the DevEUI {dev_eui}", dev_eui=dev_eui)


class NotInstalled(FailedPrecondition):
    """No meter is installed at the usage point then."""

    reason = "NOT_INSTALLED"


class InstallationOverlap(FailedPrecondition):
    """The meter, or the usage point, is taken then."""

    reason = "INSTALLATION_OVERLAP"


class HierarchyCycle(FailedPrecondition):
    """The node would become its own ancestor."""

    reason = "HIERARCHY_CYCLE"


class InUse(FailedPrecondition):
    """Others still refer to it."""

    reason = "RESOURCE_IN_USE"


class StateTransitionInvalid(FailedPrecondition):
    """What a device is now does not allow that."""

    reason = "STATE_TRANSITION_INVALID"

    def __init__(self, kind: str, device_id: UUID, life: str, wanted: str) -> None:
        now = life or "neither suspended nor returned"
        super().__init__(
            f"{kind} {device_id} is {now}: it cannot become {wanted}", device_id=device_id, state=life or None
        )


class UnitMismatch(InvalidArgument):
    """The unit is not the one that is needed."""

    reason = "UNIT_MISMATCH"


class CodecFailed(InvalidArgument):
    """The codec threw, or is not a script."""

    reason = "CODEC_FAILED"


class CodecTimeout(InvalidArgument):
    """The codec used more time than it may."""

    reason = "CODEC_TIMEOUT"


class CodecOutOfMemory(InvalidArgument):
    """The codec used more memory than it may."""

    reason = "CODEC_OUT_OF_MEMORY"
