"""``simba.devices.v1.InventoryService``."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, Final

from google.api import httpbody_pb2

from server.devices.files.app import InventoryExports, InventoryImports
from server.devices.files.convert import export_of, import_of, wire_error, wire_export, wire_import
from server.platform.errors import InvalidField
from server.platform.ids import parse_id
from server.platform.paging import Pages
from simba.devices.v1 import inventory_service_pb2 as pb
from simba.devices.v1 import inventory_service_pb2_grpc as rpc

_TYPES: Final = {
    "CSV": "text/csv; charset=utf-8",
    "JSON": "application/x-ndjson",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class InventoryServicer(rpc.InventoryServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, imports: InventoryImports, exports: InventoryExports, pages: Pages) -> None:
        self._imports = imports
        self._exports = exports
        self._pages = pages

    async def CreateInventoryImport(
        self, request: pb.CreateInventoryImportRequest, context: Any
    ) -> pb.CreateInventoryImportResponse:
        """Takes a file in one message."""
        job = await self._imports.create(import_of(request.inventory_import), request.content)
        return pb.CreateInventoryImportResponse(inventory_import=wire_import(job))

    async def UploadInventoryImport(
        self, request_iterator: AsyncIterator[pb.UploadInventoryImportRequest], context: Any
    ) -> pb.UploadInventoryImportResponse:
        """Takes a file as a stream."""
        first = await anext(request_iterator, None)
        if first is None or first.WhichOneof("part") != "inventory_import":
            raise InvalidField("inventory_import", "the first message must say what the file is", "first")
        job = await self._imports.upload(import_of(first.inventory_import), _chunks(request_iterator))
        return pb.UploadInventoryImportResponse(inventory_import=wire_import(job))

    async def GetInventoryImport(
        self, request: pb.GetInventoryImportRequest, context: Any
    ) -> pb.GetInventoryImportResponse:
        """One."""
        job = await self._imports.get(parse_id("inventory_import_id", request.inventory_import_id))
        return pb.GetInventoryImportResponse(inventory_import=wire_import(job))

    async def ListInventoryImports(
        self, request: pb.ListInventoryImportsRequest, context: Any
    ) -> pb.ListInventoryImportsResponse:
        """Many, newest first."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._imports.page(before=page.after_value, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.import_id,))
        return pb.ListInventoryImportsResponse(
            inventory_imports=[wire_import(row) for row in rows], next_page_token=following
        )

    async def ListInventoryImportErrors(
        self, request: pb.ListInventoryImportErrorsRequest, context: Any
    ) -> pb.ListInventoryImportErrorsResponse:
        """What is wrong with refused rows."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        import_id = parse_id("inventory_import_id", request.inventory_import_id)
        after = None if page.after is None else (page.after[0], page.after[1])
        rows = await self._imports.errors(import_id, after=after, limit=page.limit)
        rows, following = page.cut(rows, lambda row: row.place)
        return pb.ListInventoryImportErrorsResponse(
            errors=[wire_error(row) for row in rows], next_page_token=following
        )

    async def WatchInventoryImport(
        self, request: pb.WatchInventoryImportRequest, context: Any
    ) -> AsyncIterator[pb.WatchInventoryImportResponse]:
        """Each step of one."""
        import_id = parse_id("inventory_import_id", request.inventory_import_id)
        async with aclosing(self._imports.watch(import_id)) as steps:
            async for job in steps:
                yield pb.WatchInventoryImportResponse(inventory_import=wire_import(job))

    async def CreateInventoryExport(
        self, request: pb.CreateInventoryExportRequest, context: Any
    ) -> pb.CreateInventoryExportResponse:
        """Begins one."""
        job = await self._exports.create(export_of(request.inventory_export))
        return pb.CreateInventoryExportResponse(inventory_export=wire_export(job))

    async def GetInventoryExport(
        self, request: pb.GetInventoryExportRequest, context: Any
    ) -> pb.GetInventoryExportResponse:
        """One."""
        job = await self._exports.get(parse_id("inventory_export_id", request.inventory_export_id))
        return pb.GetInventoryExportResponse(inventory_export=wire_export(job))

    async def DownloadInventoryExport(
        self, request: pb.DownloadInventoryExportRequest, context: Any
    ) -> AsyncIterator[pb.DownloadInventoryExportResponse]:
        """The file, piece by piece."""
        export_id = parse_id("inventory_export_id", request.inventory_export_id)
        async with aclosing(self._exports.content(export_id)) as pieces:
            async for piece in pieces:
                yield pb.DownloadInventoryExportResponse(chunk=piece)

    async def GetInventoryExportFile(
        self, request: pb.GetInventoryExportFileRequest, context: Any
    ) -> pb.GetInventoryExportFileResponse:
        """The file in one piece."""
        job, content = await self._exports.whole(parse_id("inventory_export_id", request.inventory_export_id))
        return pb.GetInventoryExportFileResponse(
            document=httpbody_pb2.HttpBody(content_type=_TYPES[job.format], data=content)
        )


async def _chunks(requests: AsyncIterator[pb.UploadInventoryImportRequest]) -> AsyncGenerator[bytes]:
    async for request in requests:
        if request.WhichOneof("part") != "chunk":
            raise InvalidField("inventory_import", "only the first message says what the file is", "first")
        yield request.chunk
