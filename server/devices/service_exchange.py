"""The methods of ``simba.devices.v1.MeterService`` about exchanges."""

from decimal import Decimal
from typing import Any

from server.devices.convert_installation import stated_of, wire_exchange
from server.devices.convert_meter import wire_meter
from server.devices.exchanges import ExchangeFilter, Exchanges, Replacement
from server.devices.meters import Meters
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.platform.wire import enum_name, instant, maybe_id, maybe_instant
from simba.devices.v1 import meter_exchange_pb2
from simba.devices.v1 import meter_service_pb2 as pb

_COMPLETE = {"": None, "PROVISIONAL": False, "COMPLETE": True}


class ExchangeMethods:
    """Converts, calls, converts."""

    def __init__(self, exchanges: Exchanges, meters: Meters, pages: Pages) -> None:
        self._exchanges = exchanges
        self._meters = meters
        self._pages = pages

    async def ReplaceMeter(self, request: pb.ReplaceMeterRequest, context: Any) -> pb.ReplaceMeterResponse:
        """Puts another meter in its place."""
        wanted = _replacement(request)
        made = await self._exchanges.replace(wanted, validate_only=request.validate_only)
        meter = await self._meters.get(wanted.new_meter_id)
        return pb.ReplaceMeterResponse(meter_exchange=wire_exchange(made), meter=wire_meter(meter))

    async def CompleteMeterExchange(
        self, request: pb.CompleteMeterExchangeRequest, context: Any
    ) -> pb.CompleteMeterExchangeResponse:
        """Brings what was missing."""
        stored = await self._exchanges.complete(
            parse_id("meter_exchange_id", request.meter_exchange_id),
            request.etag,
            stated_of(request.final_readings),
            stated_of(request.initial_readings),
        )
        return pb.CompleteMeterExchangeResponse(meter_exchange=wire_exchange(stored))

    async def GetMeterExchange(
        self, request: pb.GetMeterExchangeRequest, context: Any
    ) -> pb.GetMeterExchangeResponse:
        """One."""
        found = await self._exchanges.get(parse_id("meter_exchange_id", request.meter_exchange_id))
        return pb.GetMeterExchangeResponse(meter_exchange=wire_exchange(found))

    async def ListMeterExchanges(
        self, request: pb.ListMeterExchangesRequest, context: Any
    ) -> pb.ListMeterExchangesResponse:
        """Many."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        which = ExchangeFilter(
            maybe_id("usage_point_id", request.usage_point_id),
            maybe_id("meter_id", request.meter_id),
            _COMPLETE[enum_name(meter_exchange_pb2.MeterExchangeState, request.state)],
        )
        rows = await self._exchanges.page(which, before=page.after_value, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.meter_exchange_id,))
        return pb.ListMeterExchangesResponse(
            meter_exchanges=map(wire_exchange, rows), next_page_token=following
        )


def _replacement(request: pb.ReplaceMeterRequest) -> Replacement:
    removed = instant("remove_time", request.remove_time)
    return Replacement(
        meter_id=parse_id("meter_id", request.meter_id),
        new_meter_id=parse_id("new_meter_id", request.new_meter_id),
        remove_time=removed,
        install_time=maybe_instant("install_time", request) or removed,
        final_readings=stated_of(request.final_readings),
        initial_readings=stated_of(request.initial_readings),
        channel_map=[(one.old_code, one.new_code) for one in request.channel_map],
        multiplier=Decimal(request.multiplier) if request.multiplier else None,
        reason=request.reason,
        require_readings=request.require_readings,
    )
