"""Calls of `simba.readings.v1`. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Iterator, Sequence

from simba_metering._pages import AsyncPages, Pages
from simba_metering._streams import AsyncStream, Stream
from simba_metering._transport import AsyncTransport, Metadata, Transport
from simba_metering._requests import new_request_id, present

from .. import methods
from ..simba.common import v1 as common_v1
from ..simba.readings import v1 as readings_v1


class ExchangeService:
    """Files in and out.

    1. Send a file: small ones with `CreateImport`, others as a stream with `UploadImport`.

    2. Watch it with `WatchImport`, or poll `GetImport`.

    3. Get the refused rows with `ListImportErrors`. Mend and send again: what is stored stays
       once.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_import(
        self,
        import_job: readings_v1.ImportJob,
        *,
        content: bytes = b"",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ImportJob:
        """Takes a file in one message.

        Args:
            import_job: How to read it.
            content: The file, at most 16 MiB.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.EXCHANGE_SERVICE_CREATE_IMPORT,
                    readings_v1.CreateImportRequest(
                        import_job=import_job, content=content, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).import_job,
            "import_job",
        )

    def upload_import(
        self,
        requests: Iterator[readings_v1.UploadImportRequest],
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.UploadImportResponse:
        """Takes a file of any size: first the job, then the bytes."""
        return self._transport.stream_unary(
            methods.EXCHANGE_SERVICE_UPLOAD_IMPORT, requests, rpc_timeout, rpc_metadata
        )

    def get_import(
        self,
        import_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ImportJob:
        """One import.

        Args:
            import_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.EXCHANGE_SERVICE_GET_IMPORT,
                    readings_v1.GetImportRequest(import_id=import_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).import_job,
            "import_job",
        )

    def list_imports(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.ImportJob]:
        """The tenant's imports, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.EXCHANGE_SERVICE_LIST_IMPORTS,
            readings_v1.ListImportsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.import_jobs,
            rpc_timeout,
            rpc_metadata,
        )

    def list_import_errors(
        self,
        import_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.ImportError]:
        """Rows that an import refused, in order of line.

        Args:
            import_id: Of which import.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.EXCHANGE_SERVICE_LIST_IMPORT_ERRORS,
            readings_v1.ListImportErrorsRequest(
                import_id=import_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.errors,
            rpc_timeout,
            rpc_metadata,
        )

    def watch_import(
        self,
        import_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[readings_v1.ImportJob]:
        """The import now, and again at each step until it is over.

        Args:
            import_id: Which one.
        """
        return Stream(
            self._transport,
            methods.EXCHANGE_SERVICE_WATCH_IMPORT,
            readings_v1.WatchImportRequest(import_id=import_id),
            lambda said: [present(said.import_job, "import_job")],
            rpc_timeout,
            rpc_metadata,
        )


class AsyncExchangeService:
    """Files in and out.

    1. Send a file: small ones with `CreateImport`, others as a stream with `UploadImport`.

    2. Watch it with `WatchImport`, or poll `GetImport`.

    3. Get the refused rows with `ListImportErrors`. Mend and send again: what is stored stays
       once.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_import(
        self,
        import_job: readings_v1.ImportJob,
        *,
        content: bytes = b"",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ImportJob:
        """Takes a file in one message.

        Args:
            import_job: How to read it.
            content: The file, at most 16 MiB.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.EXCHANGE_SERVICE_CREATE_IMPORT,
                    readings_v1.CreateImportRequest(
                        import_job=import_job, content=content, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).import_job,
            "import_job",
        )

    async def upload_import(
        self,
        requests: AsyncIterator[readings_v1.UploadImportRequest],
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.UploadImportResponse:
        """Takes a file of any size: first the job, then the bytes."""
        return await self._transport.stream_unary(
            methods.EXCHANGE_SERVICE_UPLOAD_IMPORT, requests, rpc_timeout, rpc_metadata
        )

    async def get_import(
        self,
        import_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ImportJob:
        """One import.

        Args:
            import_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.EXCHANGE_SERVICE_GET_IMPORT,
                    readings_v1.GetImportRequest(import_id=import_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).import_job,
            "import_job",
        )

    def list_imports(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.ImportJob]:
        """The tenant's imports, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.EXCHANGE_SERVICE_LIST_IMPORTS,
            readings_v1.ListImportsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.import_jobs,
            rpc_timeout,
            rpc_metadata,
        )

    def list_import_errors(
        self,
        import_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.ImportError]:
        """Rows that an import refused, in order of line.

        Args:
            import_id: Of which import.
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.EXCHANGE_SERVICE_LIST_IMPORT_ERRORS,
            readings_v1.ListImportErrorsRequest(
                import_id=import_id, page_size=page_size, page_token=page_token
            ),
            lambda page: page.errors,
            rpc_timeout,
            rpc_metadata,
        )

    def watch_import(
        self,
        import_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[readings_v1.ImportJob]:
        """The import now, and again at each step until it is over.

        Args:
            import_id: Which one.
        """
        return AsyncStream(
            self._transport,
            methods.EXCHANGE_SERVICE_WATCH_IMPORT,
            readings_v1.WatchImportRequest(import_id=import_id),
            lambda said: [present(said.import_job, "import_job")],
            rpc_timeout,
            rpc_metadata,
        )


class FrameService:
    """Frames that no codec could read. Mend the codec, then replay them: their readings come in
    with the time of the frame.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def store_frames(
        self,
        *,
        frames: Sequence[readings_v1.Frame] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Keeps frames, or updates those with the same key. For adapters.

        Args:
            frames: The frames.
        """
        return (
            self._transport.unary(
                methods.FRAME_SERVICE_STORE_FRAMES,
                readings_v1.StoreFramesRequest(frames=list(frames)),
                rpc_timeout,
                rpc_metadata,
            )
        ).created

    def report_replay(
        self,
        *,
        outcomes: Sequence[readings_v1.ReplayOutcome] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> None:
        """Tells what became of replayed frames. For adapters.

        Args:
            outcomes: One for each frame.
        """
        self._transport.unary(
            methods.FRAME_SERVICE_REPORT_REPLAY,
            readings_v1.ReportReplayRequest(outcomes=list(outcomes)),
            rpc_timeout,
            rpc_metadata,
        )

    def get_frame(
        self,
        frame_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.Frame:
        """One frame.

        Args:
            frame_id: Which one.
        """
        return present(
            (
                self._transport.unary(
                    methods.FRAME_SERVICE_GET_FRAME,
                    readings_v1.GetFrameRequest(frame_id=frame_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).frame,
            "frame",
        )

    def list_frames(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        dev_eui: str = "",
        state: readings_v1.FrameState = readings_v1.FrameState(0),
        reason: common_v1.ErrorReason = common_v1.ErrorReason(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.Frame]:
        """Kept frames, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            dev_eui: Only those of this device.
            state: Only those in this state.
            reason: Only those with this reason.
        """
        return Pages(
            self._transport,
            methods.FRAME_SERVICE_LIST_FRAMES,
            readings_v1.ListFramesRequest(
                page_size=page_size, page_token=page_token, dev_eui=dev_eui, state=state, reason=reason
            ),
            lambda page: page.frames,
            rpc_timeout,
            rpc_metadata,
        )

    def replay_frames(
        self,
        *,
        frame_ids: Sequence[str] = (),
        dev_eui: str = "",
        device_model_id: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Sends frames through their adapter again, at most 10,000 in a call, oldest first; repeat
        the call for more. Without ids it takes what is unreadable, and what was being replayed
        for five minutes.

        Args:
            frame_ids: These frames.
            dev_eui: All unreadable frames of this device.
            device_model_id: All unreadable frames of meters of this model.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            self._transport.unary(
                methods.FRAME_SERVICE_REPLAY_FRAMES,
                readings_v1.ReplayFramesRequest(
                    frame_ids=list(frame_ids),
                    dev_eui=dev_eui,
                    device_model_id=device_model_id,
                    request_id=request_id,
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).frames


class AsyncFrameService:
    """Frames that no codec could read. Mend the codec, then replay them: their readings come in
    with the time of the frame.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def store_frames(
        self,
        *,
        frames: Sequence[readings_v1.Frame] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Keeps frames, or updates those with the same key. For adapters.

        Args:
            frames: The frames.
        """
        return (
            await self._transport.unary(
                methods.FRAME_SERVICE_STORE_FRAMES,
                readings_v1.StoreFramesRequest(frames=list(frames)),
                rpc_timeout,
                rpc_metadata,
            )
        ).created

    async def report_replay(
        self,
        *,
        outcomes: Sequence[readings_v1.ReplayOutcome] = (),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> None:
        """Tells what became of replayed frames. For adapters.

        Args:
            outcomes: One for each frame.
        """
        await self._transport.unary(
            methods.FRAME_SERVICE_REPORT_REPLAY,
            readings_v1.ReportReplayRequest(outcomes=list(outcomes)),
            rpc_timeout,
            rpc_metadata,
        )

    async def get_frame(
        self,
        frame_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.Frame:
        """One frame.

        Args:
            frame_id: Which one.
        """
        return present(
            (
                await self._transport.unary(
                    methods.FRAME_SERVICE_GET_FRAME,
                    readings_v1.GetFrameRequest(frame_id=frame_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).frame,
            "frame",
        )

    def list_frames(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        dev_eui: str = "",
        state: readings_v1.FrameState = readings_v1.FrameState(0),
        reason: common_v1.ErrorReason = common_v1.ErrorReason(0),
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.Frame]:
        """Kept frames, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            dev_eui: Only those of this device.
            state: Only those in this state.
            reason: Only those with this reason.
        """
        return AsyncPages(
            self._transport,
            methods.FRAME_SERVICE_LIST_FRAMES,
            readings_v1.ListFramesRequest(
                page_size=page_size, page_token=page_token, dev_eui=dev_eui, state=state, reason=reason
            ),
            lambda page: page.frames,
            rpc_timeout,
            rpc_metadata,
        )

    async def replay_frames(
        self,
        *,
        frame_ids: Sequence[str] = (),
        dev_eui: str = "",
        device_model_id: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> int:
        """Sends frames through their adapter again, at most 10,000 in a call, oldest first; repeat
        the call for more. Without ids it takes what is unreadable, and what was being replayed
        for five minutes.

        Args:
            frame_ids: These frames.
            dev_eui: All unreadable frames of this device.
            device_model_id: All unreadable frames of meters of this model.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return (
            await self._transport.unary(
                methods.FRAME_SERVICE_REPLAY_FRAMES,
                readings_v1.ReplayFramesRequest(
                    frame_ids=list(frame_ids),
                    dev_eui=dev_eui,
                    device_model_id=device_model_id,
                    request_id=request_id,
                ),
                rpc_timeout,
                rpc_metadata,
            )
        ).frames


class IngestService:
    """Takes readings in bulk, from adapters and from other systems.

    1. Open one stream and send blocks, some hundreds to some ten thousand rows each.

    2. The server answers every block with one acknowledgement, after its rows are stored, not
       necessarily in the order sent. Until then keep the block.

    3. After a broken stream open another and send again what was not acknowledged: what had
       been stored is recognised by (source, sequence) and not stored again.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def ingest_readings(
        self,
        requests: Iterator[readings_v1.IngestReadingsRequest],
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Iterator[readings_v1.IngestReadingsResponse]:
        """Takes blocks of readings and acknowledges each after it is stored. Flow control is the
        stream's own.
        """
        return self._transport.stream_stream(
            methods.INGEST_SERVICE_INGEST_READINGS, requests, rpc_timeout, rpc_metadata
        )


class AsyncIngestService:
    """Takes readings in bulk, from adapters and from other systems.

    1. Open one stream and send blocks, some hundreds to some ten thousand rows each.

    2. The server answers every block with one acknowledgement, after its rows are stored, not
       necessarily in the order sent. Until then keep the block.

    3. After a broken stream open another and send again what was not acknowledged: what had
       been stored is recognised by (source, sequence) and not stored again.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def ingest_readings(
        self,
        requests: AsyncIterator[readings_v1.IngestReadingsRequest],
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncIterator[readings_v1.IngestReadingsResponse]:
        """Takes blocks of readings and acknowledges each after it is stored. Flow control is the
        stream's own.
        """
        return self._transport.stream_stream(
            methods.INGEST_SERVICE_INGEST_READINGS, requests, rpc_timeout, rpc_metadata
        )


class ReadingService:
    """Reads what meters gave and what validation made of it, and takes readings of those who have
    few.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_readings(
        self,
        *,
        readings: Sequence[readings_v1.NewReading] = (),
        source: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.CreateReadingsResponse:
        """Stores some readings, for callers without a stream. All good rows are stored, even
        beside bad ones.

        Args:
            readings: The rows.
            source: Who sends, as in `ReadingBlock`; empty: the caller's principal.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return self._transport.unary(
            methods.READING_SERVICE_CREATE_READINGS,
            readings_v1.CreateReadingsRequest(readings=list(readings), source=source, request_id=request_id),
            rpc_timeout,
            rpc_metadata,
        )

    def query_readings(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        channels: Sequence[int] = (),
        meter_id: str = "",
        usage_point_id: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.Reading]:
        """Values as meters gave them, in order of channel and time.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            channels: Channel numbers.
            meter_id: All channels of this meter.
            usage_point_id: All channels of the meters that this usage point has had.
            start_time: From when on.
            end_time: Until before when.
        """
        return Pages(
            self._transport,
            methods.READING_SERVICE_QUERY_READINGS,
            readings_v1.QueryReadingsRequest(
                page_size=page_size,
                page_token=page_token,
                channels=list(channels),
                meter_id=meter_id,
                usage_point_id=usage_point_id,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.readings,
            rpc_timeout,
            rpc_metadata,
        )

    def query_intervals(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        series: Sequence[int] = (),
        usage_point_id: str = "",
        quantity: common_v1.Quantity = common_v1.Quantity(0),
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        resolution: readings_v1.Resolution = readings_v1.Resolution(0),
        time_zone: str = "",
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.IntervalReading]:
        """Values of usage points after validation and estimation, in order of series and time.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            series: Series numbers.
            usage_point_id: All series of this usage point.
            quantity: Only series of this quantity.
            start_time: From when on.
            end_time: Until before when.
            resolution: Span of one value.
            time_zone: Zone of days and months, an IANA name; empty: the usage point's.
            as_of: As it was known then; absent: as it is known now.
        """
        return Pages(
            self._transport,
            methods.READING_SERVICE_QUERY_INTERVALS,
            readings_v1.QueryIntervalsRequest(
                page_size=page_size,
                page_token=page_token,
                series=list(series),
                usage_point_id=usage_point_id,
                quantity=quantity,
                start_time=start_time,
                end_time=end_time,
                resolution=resolution,
                time_zone=time_zone,
                as_of=as_of,
            ),
            lambda page: page.intervals,
            rpc_timeout,
            rpc_metadata,
        )

    def get_latest_readings(
        self,
        *,
        meter_id: str | None = None,
        usage_point_id: str | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.Reading]:
        """The newest value of each channel of a meter or of a usage point's present meter.

        Args:
            meter_id: A meter's.
            usage_point_id: A usage point's.
        """
        return (
            self._transport.unary(
                methods.READING_SERVICE_GET_LATEST_READINGS,
                readings_v1.GetLatestReadingsRequest(meter_id=meter_id, usage_point_id=usage_point_id),
                rpc_timeout,
                rpc_metadata,
            )
        ).readings

    def list_reading_versions(
        self,
        time: datetime.datetime,
        *,
        series: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.IntervalReading]:
        """Every version that one interval has had, oldest first.

        Args:
            series: Series.
            time: Start of the interval.
        """
        return (
            self._transport.unary(
                methods.READING_SERVICE_LIST_READING_VERSIONS,
                readings_v1.ListReadingVersionsRequest(series=series, time=time),
                rpc_timeout,
                rpc_metadata,
            )
        ).versions


class AsyncReadingService:
    """Reads what meters gave and what validation made of it, and takes readings of those who have
    few.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_readings(
        self,
        *,
        readings: Sequence[readings_v1.NewReading] = (),
        source: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.CreateReadingsResponse:
        """Stores some readings, for callers without a stream. All good rows are stored, even
        beside bad ones.

        Args:
            readings: The rows.
            source: Who sends, as in `ReadingBlock`; empty: the caller's principal.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.READING_SERVICE_CREATE_READINGS,
            readings_v1.CreateReadingsRequest(readings=list(readings), source=source, request_id=request_id),
            rpc_timeout,
            rpc_metadata,
        )

    def query_readings(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        channels: Sequence[int] = (),
        meter_id: str = "",
        usage_point_id: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.Reading]:
        """Values as meters gave them, in order of channel and time.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            channels: Channel numbers.
            meter_id: All channels of this meter.
            usage_point_id: All channels of the meters that this usage point has had.
            start_time: From when on.
            end_time: Until before when.
        """
        return AsyncPages(
            self._transport,
            methods.READING_SERVICE_QUERY_READINGS,
            readings_v1.QueryReadingsRequest(
                page_size=page_size,
                page_token=page_token,
                channels=list(channels),
                meter_id=meter_id,
                usage_point_id=usage_point_id,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.readings,
            rpc_timeout,
            rpc_metadata,
        )

    def query_intervals(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        series: Sequence[int] = (),
        usage_point_id: str = "",
        quantity: common_v1.Quantity = common_v1.Quantity(0),
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        resolution: readings_v1.Resolution = readings_v1.Resolution(0),
        time_zone: str = "",
        as_of: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.IntervalReading]:
        """Values of usage points after validation and estimation, in order of series and time.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            series: Series numbers.
            usage_point_id: All series of this usage point.
            quantity: Only series of this quantity.
            start_time: From when on.
            end_time: Until before when.
            resolution: Span of one value.
            time_zone: Zone of days and months, an IANA name; empty: the usage point's.
            as_of: As it was known then; absent: as it is known now.
        """
        return AsyncPages(
            self._transport,
            methods.READING_SERVICE_QUERY_INTERVALS,
            readings_v1.QueryIntervalsRequest(
                page_size=page_size,
                page_token=page_token,
                series=list(series),
                usage_point_id=usage_point_id,
                quantity=quantity,
                start_time=start_time,
                end_time=end_time,
                resolution=resolution,
                time_zone=time_zone,
                as_of=as_of,
            ),
            lambda page: page.intervals,
            rpc_timeout,
            rpc_metadata,
        )

    async def get_latest_readings(
        self,
        *,
        meter_id: str | None = None,
        usage_point_id: str | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.Reading]:
        """The newest value of each channel of a meter or of a usage point's present meter.

        Args:
            meter_id: A meter's.
            usage_point_id: A usage point's.
        """
        return (
            await self._transport.unary(
                methods.READING_SERVICE_GET_LATEST_READINGS,
                readings_v1.GetLatestReadingsRequest(meter_id=meter_id, usage_point_id=usage_point_id),
                rpc_timeout,
                rpc_metadata,
            )
        ).readings

    async def list_reading_versions(
        self,
        time: datetime.datetime,
        *,
        series: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.IntervalReading]:
        """Every version that one interval has had, oldest first.

        Args:
            series: Series.
            time: Start of the interval.
        """
        return (
            await self._transport.unary(
                methods.READING_SERVICE_LIST_READING_VERSIONS,
                readings_v1.ListReadingVersionsRequest(series=series, time=time),
                rpc_timeout,
                rpc_metadata,
            )
        ).versions


class RetentionService:
    """How long readings are kept, and what must not be deleted. A worker enforces the policies
    once a day; everything that it deletes is in the history of the tenant.

    1. `SetRetentionPolicy` says for how long; `PreviewRetention` says what would go.

    2. A run deletes it, by the schedule or by `StartRetentionRun`.

    3. `CreateLegalHold` keeps what is needed for longer: from its answer on, no row under it is
       deleted.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def set_retention_policy(
        self,
        retention_policy: readings_v1.RetentionPolicy,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionPolicy:
        """Sets how long data of one class and commodity are kept.

        Args:
            retention_policy: The policy.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_SET_RETENTION_POLICY,
                    readings_v1.SetRetentionPolicyRequest(
                        retention_policy=retention_policy, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_policy,
            "retention_policy",
        )

    def list_retention_policies(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.RetentionPolicy]:
        """All policies of the tenant."""
        return (
            self._transport.unary(
                methods.RETENTION_SERVICE_LIST_RETENTION_POLICIES,
                readings_v1.ListRetentionPoliciesRequest(),
                rpc_timeout,
                rpc_metadata,
            )
        ).retention_policies

    def delete_retention_policy(
        self,
        *,
        data_class: readings_v1.DataClass = readings_v1.DataClass(0),
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> None:
        """Takes a policy away: what it was about falls to the one of all commodities, or is kept
        for ever.

        Args:
            data_class: Its class.
            commodity: Its commodity; unspecified: the one of all others.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        self._transport.unary(
            methods.RETENTION_SERVICE_DELETE_RETENTION_POLICY,
            readings_v1.DeleteRetentionPolicyRequest(
                data_class=data_class, commodity=commodity, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def create_legal_hold(
        self,
        legal_hold: readings_v1.LegalHold,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.LegalHold:
        """Orders that something is kept. Waits for the deletion that is under way, if any.

        Args:
            legal_hold: The hold.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_CREATE_LEGAL_HOLD,
                    readings_v1.CreateLegalHoldRequest(legal_hold=legal_hold, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).legal_hold,
            "legal_hold",
        )

    def get_legal_hold(
        self,
        legal_hold_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.LegalHold:
        """One legal hold.

        Args:
            legal_hold_id: Its id.
        """
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_GET_LEGAL_HOLD,
                    readings_v1.GetLegalHoldRequest(legal_hold_id=legal_hold_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).legal_hold,
            "legal_hold",
        )

    def list_legal_holds(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        active_only: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.LegalHold]:
        """Legal holds, newest first, released ones too.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            active_only: Only those that hold now.
        """
        return Pages(
            self._transport,
            methods.RETENTION_SERVICE_LIST_LEGAL_HOLDS,
            readings_v1.ListLegalHoldsRequest(
                page_size=page_size, page_token=page_token, active_only=active_only
            ),
            lambda page: page.legal_holds,
            rpc_timeout,
            rpc_metadata,
        )

    def release_legal_hold(
        self,
        legal_hold_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.LegalHold:
        """Ends a legal hold; what it kept falls to the policies again. A second time changes
        nothing.

        Args:
            legal_hold_id: Its id.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_RELEASE_LEGAL_HOLD,
                    readings_v1.ReleaseLegalHoldRequest(legal_hold_id=legal_hold_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).legal_hold,
            "legal_hold",
        )

    def preview_retention(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.RetentionRows]:
        """What the next run would delete, and what legal holds keep of it; nothing is deleted."""
        return (
            self._transport.unary(
                methods.RETENTION_SERVICE_PREVIEW_RETENTION,
                readings_v1.PreviewRetentionRequest(),
                rpc_timeout,
                rpc_metadata,
            )
        ).tables

    def get_retention_status(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetRetentionStatusResponse:
        """Where retention stands: the last run, the next one, and whether there is a cold volume."""
        return self._transport.unary(
            methods.RETENTION_SERVICE_GET_RETENTION_STATUS,
            readings_v1.GetRetentionStatusRequest(),
            rpc_timeout,
            rpc_metadata,
        )

    def start_retention_run(
        self,
        *,
        reason: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionRun:
        """Asks for a run now; one that has not ended is answered instead of a new one.

        Args:
            reason: Why now, for the history.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_START_RETENTION_RUN,
                    readings_v1.StartRetentionRunRequest(reason=reason, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_run,
            "retention_run",
        )

    def get_retention_run(
        self,
        retention_run_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionRun:
        """One run with its steps.

        Args:
            retention_run_id: Its id.
        """
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_GET_RETENTION_RUN,
                    readings_v1.GetRetentionRunRequest(retention_run_id=retention_run_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_run,
            "retention_run",
        )

    def list_retention_runs(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.RetentionRun]:
        """Runs, newest first, without their steps.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return Pages(
            self._transport,
            methods.RETENTION_SERVICE_LIST_RETENTION_RUNS,
            readings_v1.ListRetentionRunsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.retention_runs,
            rpc_timeout,
            rpc_metadata,
        )

    def cancel_retention_run(
        self,
        retention_run_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionRun:
        """Ends a run after the step that is under way. What is deleted stays deleted.

        Args:
            retention_run_id: Its id.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                self._transport.unary(
                    methods.RETENTION_SERVICE_CANCEL_RETENTION_RUN,
                    readings_v1.CancelRetentionRunRequest(
                        retention_run_id=retention_run_id, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_run,
            "retention_run",
        )

    def watch_retention_run(
        self,
        retention_run_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Stream[readings_v1.RetentionRun]:
        """The run now, and again whenever it moved on, until it is over.

        Args:
            retention_run_id: Its id.
        """
        return Stream(
            self._transport,
            methods.RETENTION_SERVICE_WATCH_RETENTION_RUN,
            readings_v1.WatchRetentionRunRequest(retention_run_id=retention_run_id),
            lambda said: [present(said.retention_run, "retention_run")],
            rpc_timeout,
            rpc_metadata,
        )


class AsyncRetentionService:
    """How long readings are kept, and what must not be deleted. A worker enforces the policies
    once a day; everything that it deletes is in the history of the tenant.

    1. `SetRetentionPolicy` says for how long; `PreviewRetention` says what would go.

    2. A run deletes it, by the schedule or by `StartRetentionRun`.

    3. `CreateLegalHold` keeps what is needed for longer: from its answer on, no row under it is
       deleted.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def set_retention_policy(
        self,
        retention_policy: readings_v1.RetentionPolicy,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionPolicy:
        """Sets how long data of one class and commodity are kept.

        Args:
            retention_policy: The policy.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_SET_RETENTION_POLICY,
                    readings_v1.SetRetentionPolicyRequest(
                        retention_policy=retention_policy, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_policy,
            "retention_policy",
        )

    async def list_retention_policies(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.RetentionPolicy]:
        """All policies of the tenant."""
        return (
            await self._transport.unary(
                methods.RETENTION_SERVICE_LIST_RETENTION_POLICIES,
                readings_v1.ListRetentionPoliciesRequest(),
                rpc_timeout,
                rpc_metadata,
            )
        ).retention_policies

    async def delete_retention_policy(
        self,
        *,
        data_class: readings_v1.DataClass = readings_v1.DataClass(0),
        commodity: common_v1.Commodity = common_v1.Commodity(0),
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> None:
        """Takes a policy away: what it was about falls to the one of all commodities, or is kept
        for ever.

        Args:
            data_class: Its class.
            commodity: Its commodity; unspecified: the one of all others.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        await self._transport.unary(
            methods.RETENTION_SERVICE_DELETE_RETENTION_POLICY,
            readings_v1.DeleteRetentionPolicyRequest(
                data_class=data_class, commodity=commodity, request_id=request_id
            ),
            rpc_timeout,
            rpc_metadata,
        )

    async def create_legal_hold(
        self,
        legal_hold: readings_v1.LegalHold,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.LegalHold:
        """Orders that something is kept. Waits for the deletion that is under way, if any.

        Args:
            legal_hold: The hold.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_CREATE_LEGAL_HOLD,
                    readings_v1.CreateLegalHoldRequest(legal_hold=legal_hold, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).legal_hold,
            "legal_hold",
        )

    async def get_legal_hold(
        self,
        legal_hold_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.LegalHold:
        """One legal hold.

        Args:
            legal_hold_id: Its id.
        """
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_GET_LEGAL_HOLD,
                    readings_v1.GetLegalHoldRequest(legal_hold_id=legal_hold_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).legal_hold,
            "legal_hold",
        )

    def list_legal_holds(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        active_only: bool = False,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.LegalHold]:
        """Legal holds, newest first, released ones too.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            active_only: Only those that hold now.
        """
        return AsyncPages(
            self._transport,
            methods.RETENTION_SERVICE_LIST_LEGAL_HOLDS,
            readings_v1.ListLegalHoldsRequest(
                page_size=page_size, page_token=page_token, active_only=active_only
            ),
            lambda page: page.legal_holds,
            rpc_timeout,
            rpc_metadata,
        )

    async def release_legal_hold(
        self,
        legal_hold_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.LegalHold:
        """Ends a legal hold; what it kept falls to the policies again. A second time changes
        nothing.

        Args:
            legal_hold_id: Its id.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_RELEASE_LEGAL_HOLD,
                    readings_v1.ReleaseLegalHoldRequest(legal_hold_id=legal_hold_id, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).legal_hold,
            "legal_hold",
        )

    async def preview_retention(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> list[readings_v1.RetentionRows]:
        """What the next run would delete, and what legal holds keep of it; nothing is deleted."""
        return (
            await self._transport.unary(
                methods.RETENTION_SERVICE_PREVIEW_RETENTION,
                readings_v1.PreviewRetentionRequest(),
                rpc_timeout,
                rpc_metadata,
            )
        ).tables

    async def get_retention_status(
        self,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetRetentionStatusResponse:
        """Where retention stands: the last run, the next one, and whether there is a cold volume."""
        return await self._transport.unary(
            methods.RETENTION_SERVICE_GET_RETENTION_STATUS,
            readings_v1.GetRetentionStatusRequest(),
            rpc_timeout,
            rpc_metadata,
        )

    async def start_retention_run(
        self,
        *,
        reason: str = "",
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionRun:
        """Asks for a run now; one that has not ended is answered instead of a new one.

        Args:
            reason: Why now, for the history.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_START_RETENTION_RUN,
                    readings_v1.StartRetentionRunRequest(reason=reason, request_id=request_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_run,
            "retention_run",
        )

    async def get_retention_run(
        self,
        retention_run_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionRun:
        """One run with its steps.

        Args:
            retention_run_id: Its id.
        """
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_GET_RETENTION_RUN,
                    readings_v1.GetRetentionRunRequest(retention_run_id=retention_run_id),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_run,
            "retention_run",
        )

    def list_retention_runs(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.RetentionRun]:
        """Runs, newest first, without their steps.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
        """
        return AsyncPages(
            self._transport,
            methods.RETENTION_SERVICE_LIST_RETENTION_RUNS,
            readings_v1.ListRetentionRunsRequest(page_size=page_size, page_token=page_token),
            lambda page: page.retention_runs,
            rpc_timeout,
            rpc_metadata,
        )

    async def cancel_retention_run(
        self,
        retention_run_id: str,
        *,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RetentionRun:
        """Ends a run after the step that is under way. What is deleted stays deleted.

        Args:
            retention_run_id: Its id.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id:
            request_id = new_request_id()
        return present(
            (
                await self._transport.unary(
                    methods.RETENTION_SERVICE_CANCEL_RETENTION_RUN,
                    readings_v1.CancelRetentionRunRequest(
                        retention_run_id=retention_run_id, request_id=request_id
                    ),
                    rpc_timeout,
                    rpc_metadata,
                )
            ).retention_run,
            "retention_run",
        )

    def watch_retention_run(
        self,
        retention_run_id: str,
        *,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncStream[readings_v1.RetentionRun]:
        """The run now, and again whenever it moved on, until it is over.

        Args:
            retention_run_id: Its id.
        """
        return AsyncStream(
            self._transport,
            methods.RETENTION_SERVICE_WATCH_RETENTION_RUN,
            readings_v1.WatchRetentionRunRequest(retention_run_id=retention_run_id),
            lambda said: [present(said.retention_run, "retention_run")],
            rpc_timeout,
            rpc_metadata,
        )


class SupplyQualityService:
    """Quality of supply: what the momentary values of meters say of voltage, frequency,
    distortion, pressure, temperature and flow. Values are taken as meters gave them; of two of
    one time the later one counts.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_supply_quality(
        self,
        period: common_v1.TimeInterval,
        *,
        usage_point_id: str | None = None,
        meter_id: str | None = None,
        quantities: Sequence[common_v1.Quantity] = (),
        limits: readings_v1.SupplyLimits | None = None,
        time_zone: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetSupplyQualityResponse:
        """Statistics of a usage point's or a meter's supply, by local day and in all, and which
        promises were kept.

        Args:
            usage_point_id: Of the meters that this usage point has had, each while it was
                there.
            meter_id: Of this meter, wherever it was.
            period: From when to when; at most 400 days.
            quantities: Only these quantities; none: all that tell of the supply.
            limits: What is promised.
            time_zone: Zone of days, an IANA name; empty: the usage point's.
        """
        return self._transport.unary(
            methods.SUPPLY_QUALITY_SERVICE_GET_SUPPLY_QUALITY,
            readings_v1.GetSupplyQualityRequest(
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                period=period,
                quantities=list(quantities),
                limits=limits,
                time_zone=time_zone,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def query_supply_quality(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        meter_id: str = "",
        quantities: Sequence[common_v1.Quantity] = (),
        resolution: readings_v1.SupplyResolution = readings_v1.SupplyResolution(0),
        time_zone: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.SupplyPoint]:
        """The supply through time, in order of channel and time: means with the least and the
        greatest value.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Of the meters that this usage point has had, each while it was
                there.
            meter_id: Of this meter, wherever it was.
            start_time: From when on.
            end_time: Until before when; at most 400 days later.
            quantities: Only these quantities; none: all that tell of the supply.
            resolution: Span of one point.
            time_zone: Zone of days, an IANA name; empty: the usage point's.
        """
        return Pages(
            self._transport,
            methods.SUPPLY_QUALITY_SERVICE_QUERY_SUPPLY_QUALITY,
            readings_v1.QuerySupplyQualityRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                start_time=start_time,
                end_time=end_time,
                quantities=list(quantities),
                resolution=resolution,
                time_zone=time_zone,
            ),
            lambda page: page.points,
            rpc_timeout,
            rpc_metadata,
        )

    def list_worst_supply_quality(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_ids: Sequence[str] = (),
        quantity: common_v1.Quantity = common_v1.Quantity(0),
        limits: readings_v1.SupplyLimits | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.SupplyRank]:
        """Those of some usage points whose supply is the worst, the worst first: by the share of
        means outside of what is promised.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_ids: Which; unknown ones are passed over.
            start_time: From when on.
            end_time: Until before when; at most 400 days later.
            quantity: By which quantity.
            limits: What is promised; a quantity that EN 50160 says nothing of needs a band.
        """
        return Pages(
            self._transport,
            methods.SUPPLY_QUALITY_SERVICE_LIST_WORST_SUPPLY_QUALITY,
            readings_v1.ListWorstSupplyQualityRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_ids=list(usage_point_ids),
                start_time=start_time,
                end_time=end_time,
                quantity=quantity,
                limits=limits,
            ),
            lambda page: page.ranks,
            rpc_timeout,
            rpc_metadata,
        )


class AsyncSupplyQualityService:
    """Quality of supply: what the momentary values of meters say of voltage, frequency,
    distortion, pressure, temperature and flow. Values are taken as meters gave them; of two of
    one time the later one counts.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_supply_quality(
        self,
        period: common_v1.TimeInterval,
        *,
        usage_point_id: str | None = None,
        meter_id: str | None = None,
        quantities: Sequence[common_v1.Quantity] = (),
        limits: readings_v1.SupplyLimits | None = None,
        time_zone: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.GetSupplyQualityResponse:
        """Statistics of a usage point's or a meter's supply, by local day and in all, and which
        promises were kept.

        Args:
            usage_point_id: Of the meters that this usage point has had, each while it was
                there.
            meter_id: Of this meter, wherever it was.
            period: From when to when; at most 400 days.
            quantities: Only these quantities; none: all that tell of the supply.
            limits: What is promised.
            time_zone: Zone of days, an IANA name; empty: the usage point's.
        """
        return await self._transport.unary(
            methods.SUPPLY_QUALITY_SERVICE_GET_SUPPLY_QUALITY,
            readings_v1.GetSupplyQualityRequest(
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                period=period,
                quantities=list(quantities),
                limits=limits,
                time_zone=time_zone,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def query_supply_quality(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        meter_id: str = "",
        quantities: Sequence[common_v1.Quantity] = (),
        resolution: readings_v1.SupplyResolution = readings_v1.SupplyResolution(0),
        time_zone: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.SupplyPoint]:
        """The supply through time, in order of channel and time: means with the least and the
        greatest value.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Of the meters that this usage point has had, each while it was
                there.
            meter_id: Of this meter, wherever it was.
            start_time: From when on.
            end_time: Until before when; at most 400 days later.
            quantities: Only these quantities; none: all that tell of the supply.
            resolution: Span of one point.
            time_zone: Zone of days, an IANA name; empty: the usage point's.
        """
        return AsyncPages(
            self._transport,
            methods.SUPPLY_QUALITY_SERVICE_QUERY_SUPPLY_QUALITY,
            readings_v1.QuerySupplyQualityRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                meter_id=meter_id,
                start_time=start_time,
                end_time=end_time,
                quantities=list(quantities),
                resolution=resolution,
                time_zone=time_zone,
            ),
            lambda page: page.points,
            rpc_timeout,
            rpc_metadata,
        )

    def list_worst_supply_quality(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_ids: Sequence[str] = (),
        quantity: common_v1.Quantity = common_v1.Quantity(0),
        limits: readings_v1.SupplyLimits | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.SupplyRank]:
        """Those of some usage points whose supply is the worst, the worst first: by the share of
        means outside of what is promised.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_ids: Which; unknown ones are passed over.
            start_time: From when on.
            end_time: Until before when; at most 400 days later.
            quantity: By which quantity.
            limits: What is promised; a quantity that EN 50160 says nothing of needs a band.
        """
        return AsyncPages(
            self._transport,
            methods.SUPPLY_QUALITY_SERVICE_LIST_WORST_SUPPLY_QUALITY,
            readings_v1.ListWorstSupplyQualityRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_ids=list(usage_point_ids),
                start_time=start_time,
                end_time=end_time,
                quantity=quantity,
                limits=limits,
            ),
            lambda page: page.ranks,
            rpc_timeout,
            rpc_metadata,
        )


class VeeService:
    """Validation, estimation and editing. It runs by itself on every day of every series that was
    touched; these methods look into it and start it at once.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def run_vee(
        self,
        period: common_v1.TimeInterval,
        *,
        series: Sequence[int] = (),
        usage_point_id: str = "",
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RunVeeResponse:
        """Runs validation and estimation at once and says what they changed. With `validate_only`
        nothing is stored.

        Args:
            series: Series numbers.
            usage_point_id: All series of this usage point.
            period: Local days that have an instant in here are run.
            validate_only: Whether to say what would change and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return self._transport.unary(
            methods.VEE_SERVICE_RUN_VEE,
            readings_v1.RunVeeRequest(
                series=list(series),
                usage_point_id=usage_point_id,
                period=period,
                validate_only=validate_only,
                request_id=request_id,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def list_vee_exceptions(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        series: Sequence[int] = (),
        rule: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> Pages[readings_v1.VeeException]:
        """What the rules found, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Only those of this usage point.
            series: Only those of these series.
            rule: Only those of this rule.
            start_time: Only those about intervals from here on.
            end_time: Only those about intervals before this.
        """
        return Pages(
            self._transport,
            methods.VEE_SERVICE_LIST_VEE_EXCEPTIONS,
            readings_v1.ListVeeExceptionsRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                series=list(series),
                rule=rule,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.exceptions,
            rpc_timeout,
            rpc_metadata,
        )

    def explain_reading(
        self,
        time: datetime.datetime,
        *,
        series: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ExplainReadingResponse:
        """How one interval came to its value: every rule with its inputs, its threshold and its
        outcome.

        Args:
            series: Series.
            time: Start of the interval.
        """
        return self._transport.unary(
            methods.VEE_SERVICE_EXPLAIN_READING,
            readings_v1.ExplainReadingRequest(series=series, time=time),
            rpc_timeout,
            rpc_metadata,
        )


class AsyncVeeService:
    """Validation, estimation and editing. It runs by itself on every day of every series that was
    touched; these methods look into it and start it at once.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def run_vee(
        self,
        period: common_v1.TimeInterval,
        *,
        series: Sequence[int] = (),
        usage_point_id: str = "",
        validate_only: bool = False,
        request_id: str = "",
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.RunVeeResponse:
        """Runs validation and estimation at once and says what they changed. With `validate_only`
        nothing is stored.

        Args:
            series: Series numbers.
            usage_point_id: All series of this usage point.
            period: Local days that have an instant in here are run.
            validate_only: Whether to say what would change and store nothing.
            request_id: Makes a repeat of this call safe; a UUID chosen by the caller.
        """
        if not request_id and not validate_only:
            request_id = new_request_id()
        return await self._transport.unary(
            methods.VEE_SERVICE_RUN_VEE,
            readings_v1.RunVeeRequest(
                series=list(series),
                usage_point_id=usage_point_id,
                period=period,
                validate_only=validate_only,
                request_id=request_id,
            ),
            rpc_timeout,
            rpc_metadata,
        )

    def list_vee_exceptions(
        self,
        *,
        page_size: int = 0,
        page_token: str = "",
        usage_point_id: str = "",
        series: Sequence[int] = (),
        rule: str = "",
        start_time: datetime.datetime | None = None,
        end_time: datetime.datetime | None = None,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> AsyncPages[readings_v1.VeeException]:
        """What the rules found, newest first.

        Args:
            page_size: Rows a page; 0 means 50, more than 1000 is taken as 1000.
            page_token: From the page before.
            usage_point_id: Only those of this usage point.
            series: Only those of these series.
            rule: Only those of this rule.
            start_time: Only those about intervals from here on.
            end_time: Only those about intervals before this.
        """
        return AsyncPages(
            self._transport,
            methods.VEE_SERVICE_LIST_VEE_EXCEPTIONS,
            readings_v1.ListVeeExceptionsRequest(
                page_size=page_size,
                page_token=page_token,
                usage_point_id=usage_point_id,
                series=list(series),
                rule=rule,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.exceptions,
            rpc_timeout,
            rpc_metadata,
        )

    async def explain_reading(
        self,
        time: datetime.datetime,
        *,
        series: int = 0,
        rpc_timeout: float | None = None,
        rpc_metadata: Metadata = (),
    ) -> readings_v1.ExplainReadingResponse:
        """How one interval came to its value: every rule with its inputs, its threshold and its
        outcome.

        Args:
            series: Series.
            time: Start of the interval.
        """
        return await self._transport.unary(
            methods.VEE_SERVICE_EXPLAIN_READING,
            readings_v1.ExplainReadingRequest(series=series, time=time),
            rpc_timeout,
            rpc_metadata,
        )
