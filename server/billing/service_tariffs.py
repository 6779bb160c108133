"""``simba.billing.v1.TariffService``."""

from typing import Any

from server.billing.convert import id_of
from server.billing.convert_tariff import tariff_change, tariff_of, wire_tariff
from server.billing.tariffs import Tariffs
from server.platform.wire import enum_name
from simba.billing.v1 import tariff_service_pb2 as pb
from simba.billing.v1 import tariff_service_pb2_grpc as rpc
from simba.common.v1 import types_pb2


class TariffService(rpc.TariffServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, tariffs: Tariffs) -> None:
        self._tariffs = tariffs

    async def CreateTariff(self, request: pb.CreateTariffRequest, context: Any) -> pb.CreateTariffResponse:
        """A new tariff."""
        tariff = await self._tariffs.create(tariff_of(request.tariff))
        return pb.CreateTariffResponse(tariff=wire_tariff(tariff))

    async def GetTariff(self, request: pb.GetTariffRequest, context: Any) -> pb.GetTariffResponse:
        """One tariff."""
        tariff = await self._tariffs.get(id_of("tariff_id", request.tariff_id))
        return pb.GetTariffResponse(tariff=wire_tariff(tariff))

    async def ListTariffs(self, request: pb.ListTariffsRequest, context: Any) -> pb.ListTariffsResponse:
        """A page of tariffs."""
        rows, following = await self._tariffs.page(
            enum_name(types_pb2.Commodity, request.commodity),
            request.code,
            archived=request.show_archived,
            size=request.page_size,
            token=request.page_token,
            bound_to=request,
        )
        return pb.ListTariffsResponse(tariffs=map(wire_tariff, rows), next_page_token=following)

    async def UpdateTariff(self, request: pb.UpdateTariffRequest, context: Any) -> pb.UpdateTariffResponse:
        """A changed tariff."""
        tariff_id = id_of("tariff.tariff_id", request.tariff.tariff_id)
        change = tariff_change(request.tariff, request.update_mask)
        tariff = await self._tariffs.update(tariff_id, request.tariff.etag, change)
        return pb.UpdateTariffResponse(tariff=wire_tariff(tariff))

    async def ArchiveTariff(self, request: pb.ArchiveTariffRequest, context: Any) -> pb.ArchiveTariffResponse:
        """An archived tariff."""
        tariff = await self._tariffs.archive(id_of("tariff_id", request.tariff_id), request.etag)
        return pb.ArchiveTariffResponse(tariff=wire_tariff(tariff))
