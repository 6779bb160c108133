"""``simba.readings.v1.ExchangeService``."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from server.platform.errors import InvalidField
from server.platform.ids import parse_id
from server.platform.paging import Pages
from server.readings.exchange.app import Imports
from server.readings.exchange.convert import job_of, wire_error, wire_import
from simba.readings.v1 import exchange_service_pb2 as pb
from simba.readings.v1 import exchange_service_pb2_grpc as rpc


class ExchangeServicer(rpc.ExchangeServiceServicer):
    """Converts, calls, converts."""

    def __init__(self, imports: Imports, pages: Pages) -> None:
        self._imports = imports
        self._pages = pages

    async def CreateImport(self, request: pb.CreateImportRequest, context: Any) -> pb.CreateImportResponse:
        """Takes a file in one message."""
        job = await self._imports.create(job_of(request.import_job), request.content)
        return pb.CreateImportResponse(import_job=wire_import(job))

    async def UploadImport(
        self, request_iterator: AsyncIterator[pb.UploadImportRequest], context: Any
    ) -> pb.UploadImportResponse:
        """Takes a file as a stream."""
        first = await anext(request_iterator, None)
        if first is None or first.WhichOneof("part") != "import_job":
            raise InvalidField("import_job", "the first message must say how to read the file", "first")
        job = await self._imports.upload(job_of(first.import_job), _chunks(request_iterator))
        return pb.UploadImportResponse(import_job=wire_import(job))

    async def GetImport(self, request: pb.GetImportRequest, context: Any) -> pb.GetImportResponse:
        """One."""
        job = await self._imports.get(parse_id("import_id", request.import_id))
        return pb.GetImportResponse(import_job=wire_import(job))

    async def ListImports(self, request: pb.ListImportsRequest, context: Any) -> pb.ListImportsResponse:
        """Many, newest first."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        rows = await self._imports.page(before=page.after_value, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.import_id,))
        return pb.ListImportsResponse(
            import_jobs=[wire_import(row) for row in rows], next_page_token=following
        )

    async def ListImportErrors(
        self, request: pb.ListImportErrorsRequest, context: Any
    ) -> pb.ListImportErrorsResponse:
        """Refused rows."""
        page = self._pages.page(request.page_size, request.page_token, bound_to=request)
        import_id = parse_id("import_id", request.import_id)
        rows = await self._imports.errors(import_id, line=page.after_value or 0, limit=page.limit)
        rows, following = page.cut(rows, lambda row: (row.line,))
        return pb.ListImportErrorsResponse(
            errors=[wire_error(row) for row in rows], next_page_token=following
        )

    async def WatchImport(
        self, request: pb.WatchImportRequest, context: Any
    ) -> AsyncIterator[pb.WatchImportResponse]:
        """Each step of one."""
        async with aclosing(self._imports.watch(parse_id("import_id", request.import_id))) as steps:
            async for job in steps:
                yield pb.WatchImportResponse(import_job=wire_import(job))


async def _chunks(requests: AsyncIterator[pb.UploadImportRequest]) -> AsyncGenerator[bytes]:
    async for request in requests:
        if request.WhichOneof("part") != "chunk":
            raise InvalidField("import_job", "only the first message says how to read the file", "first")
        yield request.chunk
