"""What the network server is to know of gateways."""

from collections.abc import Sequence

from server.devices.domain import Concentrator, Gateway
from server.devices.life import Life
from server.devices.provisioning import want_many
from server.devices.provisioning_rules import Managed
from server.platform.uow import Tx


async def follow(tx: Tx, devices: Sequence[Gateway | Concentrator]) -> None:
    """Writes down what the network server is to know of devices that were made or changed.

    It keeps managed gateways that are neither archived nor returned. Concentrators come by themselves.
    """
    gateways = [one for one in devices if isinstance(one, Gateway) and one.managed]
    for present in (True, False):
        await want_many(tx, [_managed(one) for one in gateways if _is_kept(one) == present], present=present)


def _is_kept(gateway: Gateway) -> bool:
    return not gateway.stored.archived and gateway.life != Life.RETURNED


def _managed(gateway: Gateway) -> Managed:
    return Managed(
        device_id=gateway.gateway_id,
        kind="GATEWAY",
        address=gateway.gateway_eui,
        display_name=gateway.display_name,
        latitude=gateway.latitude,
        longitude=gateway.longitude,
        stats_interval_seconds=gateway.stats_interval_seconds,
        suspended=gateway.life == Life.SUSPENDED,
    )
