"""What the network server is to know of gateways, meters and pulse modules."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from server.devices.checks import LORAWAN_ADAPTER
from server.devices.domain import Gateway, Meter
from server.devices.life import Life
from server.devices.provisioning import want_many
from server.devices.provisioning_rules import Managed
from server.platform.uow import Tx


async def follow_gateways(tx: Tx, gateways: Sequence[Gateway]) -> None:
    """Writes down what the network server is to know of gateways that were made or changed.

    It keeps the managed ones that are neither archived nor returned.
    """
    managed = [one for one in gateways if one.managed]
    for present in (True, False):
        await want_many(tx, [_gateway(one) for one in managed if _is_kept(one) == present], present=present)


async def follow_meters(
    tx: Tx, meters: Sequence[Meter], adapters: Mapping[UUID, str], with_keys: Collection[UUID]
) -> None:
    """The same for meters and modules: it keeps those of LoRaWAN that have an address, and keys here.

    ``adapters`` are those of the models by id, ``with_keys`` the devices of which keys are kept.
    """
    managed = [
        one
        for one in meters
        if one.meter_id in with_keys and one.dev_eui and adapters[one.device_model_id] == LORAWAN_ADAPTER
    ]
    kept = [one for one in managed if _is_kept(one)]
    ids = {one.meter_id for one in kept}
    for rekeyed in (False, True):
        await want_many(
            tx,
            [_meter(one) for one in kept if bool(one.keys.named) == rekeyed],
            present=True,
            rekeyed=rekeyed,
        )
    await want_many(tx, [_meter(one) for one in meters if one.meter_id not in ids], present=False)


def _is_kept(device: Gateway | Meter) -> bool:
    return not device.stored.archived and device.life != Life.RETURNED


def _gateway(gateway: Gateway) -> Managed:
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


def _meter(meter: Meter) -> Managed:
    return Managed(
        device_id=meter.meter_id,
        kind=meter.device_kind,
        address=meter.dev_eui,
        device_model_id=meter.device_model_id,
        display_name=meter.display_name,
        join_eui=meter.join_eui,
        suspended=meter.life == Life.SUSPENDED,
    )
