"""``simba.readings.v1.ReadingExportService``."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from google.api.httpbody_pb2 import HttpBody

from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.readings.exports.app import Exports
from server.readings.exports.convert import wire_export, wish_of
from simba.readings.v1 import reading_export_service_pb2 as pb
from simba.readings.v1 import reading_export_service_pb2_grpc as rpc

_PIECE = 1 << 20
"""Bytes of a message: what any client takes."""


class ReadingExportServicer(rpc.ReadingExportServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, exports: Exports, pages: Pages) -> None:
        self._exports = exports
        self._pages = pages

    async def CreateReadingExport(
        self, request: pb.CreateReadingExportRequest, context: Any
    ) -> pb.CreateReadingExportResponse:
        """Begins one."""
        export = await self._exports.create(wish_of(request.reading_export))
        return pb.CreateReadingExportResponse(reading_export=wire_export(export))

    async def GetReadingExport(
        self, request: pb.GetReadingExportRequest, context: Any
    ) -> pb.GetReadingExportResponse:
        """One."""
        export = await self._exports.get(parse_id("reading_export_id", request.reading_export_id))
        return pb.GetReadingExportResponse(reading_export=wire_export(export))

    async def ListReadingExports(
        self, request: pb.ListReadingExportsRequest, context: Any
    ) -> pb.ListReadingExportsResponse:
        """Many, newest first."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._exports.page(before=page.after_value, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.export_id,))
        return pb.ListReadingExportsResponse(
            reading_exports=[wire_export(row) for row in rows], next_page_token=following
        )

    async def WatchReadingExport(
        self, request: pb.WatchReadingExportRequest, context: Any
    ) -> AsyncIterator[pb.WatchReadingExportResponse]:
        """Each step of one."""
        export_id = parse_id("reading_export_id", request.reading_export_id)
        async with aclosing(self._exports.watch(export_id)) as steps:
            async for export in steps:
                yield pb.WatchReadingExportResponse(reading_export=wire_export(export))

    async def CancelReadingExport(
        self, request: pb.CancelReadingExportRequest, context: Any
    ) -> pb.CancelReadingExportResponse:
        """Ends one."""
        export = await self._exports.cancel(parse_id("reading_export_id", request.reading_export_id))
        return pb.CancelReadingExportResponse(reading_export=wire_export(export))

    async def DownloadReadingExport(
        self, request: pb.DownloadReadingExportRequest, context: Any
    ) -> AsyncIterator[pb.DownloadReadingExportResponse]:
        """The file, piece by piece."""
        export_id = parse_id("reading_export_id", request.reading_export_id)
        async with aclosing(self._exports.content(export_id, request.offset)) as parts:
            async for part in parts:
                for start in range(0, len(part), _PIECE):
                    yield pb.DownloadReadingExportResponse(chunk=part[start : start + _PIECE])

    async def GetReadingExportFile(
        self, request: pb.GetReadingExportFileRequest, context: Any
    ) -> pb.GetReadingExportFileResponse:
        """The file in one piece, with its media type."""
        export_id = parse_id("reading_export_id", request.reading_export_id)
        export, content = await self._exports.whole(export_id)
        document = HttpBody(content_type=export.content_type, data=content)
        return pb.GetReadingExportFileResponse(document=document)
