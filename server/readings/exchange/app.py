"""Use cases of imports: take a file, look how far it is, and what was refused."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO
from uuid import UUID

import numpy as np

from kernel.codec.units import dimension_of, factor
from server.platform.caller import current_caller
from server.platform.errors import FieldViolation, InvalidArgument, refuse
from server.platform.hints import Hints
from server.platform.history import CREATED
from server.platform.ids import new_id
from server.platform.uow import UnitOfWork
from server.platform.zones import is_zone
from server.readings.exchange import store
from server.readings.exchange.csv_file import ChannelKind
from server.readings.exchange.domain import Counts, CsvFormat, ImportJob, RowError
from server.readings.exchange.translators import OWN_NAMES
from server.readings.ports import ChannelDirectory

JOB = "readings.run_import"
PART_BYTES = 4 << 20
_IN_MEMORY = 8 << 20
_LOOK_SECONDS = 1.0


def topic(import_id: UUID) -> str:
    """Name of the hint that an import moved on."""
    return str(import_id)


class Imports:
    """Create, upload, get, list, errors, watch."""

    def __init__(self, uow: UnitOfWork, directory: ChannelDirectory, hints: Hints) -> None:
        self._uow = uow
        self._directory = directory
        self._hints = hints

    async def create(self, wanted: ImportJob, content: bytes) -> ImportJob:
        """Takes a small file. Raises InvalidArgument for a format that does not hold together."""

        async def whole() -> AsyncGenerator[bytes]:
            yield content

        return await self.upload(wanted, whole())

    async def upload(self, wanted: ImportJob, chunks: AsyncIterable[bytes]) -> ImportJob:
        """Takes a file of any size: on disk until it is whole, then in one transaction with its job."""
        await self._check(wanted.csv)
        digest = hashlib.sha256()
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            async for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
            if not file.tell():
                raise InvalidArgument(
                    "the file is empty",
                    violations=[FieldViolation("content", "the file is empty", "min_len")],
                )
            file.seek(0)
            return await self._keep(replace(wanted, sha256=digest.hexdigest()), file)

    async def _keep(self, wanted: ImportJob, file: IO[bytes]) -> ImportJob:
        async with self._uow() as tx:
            job = replace(wanted, import_id=new_id(), state="PENDING", create_time=tx.now)
            await store.insert(tx, job)
            part = 0
            while content := file.read(PART_BYTES):
                await store.add_part(tx, job.import_id, part, content)
                part += 1
            await tx.defer(JOB, queue="imports", import_id=str(job.import_id))
            told = {"file_name": job.file_name, "sha256": job.sha256, "validate_only": job.validate_only}
            await tx.changed(kind="import", resource_id=job.import_id, action=CREATED, after=told)
        return job

    async def _check(self, csv: CsvFormat) -> None:
        found = format_violations(csv)
        if not found:
            kinds = await channel_kinds(self._directory, current_caller().tenant_id, csv)
            found = list(_channel_violations(csv, kinds))
        refuse(found)

    async def get(self, import_id: UUID) -> ImportJob:
        """One. Raises ImportNotFound."""
        async with self._uow() as tx:
            return await store.get(tx, import_id)

    async def page(self, *, before: UUID | None, limit: int) -> Sequence[ImportJob]:
        """Many, newest first."""
        async with self._uow() as tx:
            return await store.page(tx, before=before, limit=limit)

    async def errors(self, import_id: UUID, *, line: int, limit: int) -> Sequence[RowError]:
        """Refused rows after a line."""
        async with self._uow() as tx:
            await store.get(tx, import_id)
            return await store.errors_after(tx, import_id, line=line, limit=limit)

    async def watch(self, import_id: UUID) -> AsyncGenerator[ImportJob]:
        """The import now, and again whenever it moved on, until it is over."""
        told: ImportJob | None = None
        with self._hints.on(topic(import_id)) as hinted:
            while told is None or not told.over:
                hinted.clear()
                now = await self.get(import_id)
                if now != told:
                    told = now
                    yield now
                if not now.over:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(hinted.wait(), _LOOK_SECONDS)


def new_job(file_name: str, csv: CsvFormat, *, validate_only: bool) -> ImportJob:
    """An import before it is taken."""
    return ImportJob(
        import_id=UUID(int=0),
        file_name=file_name,
        csv=csv,
        sha256="",
        validate_only=validate_only,
        state="",
        counts=Counts(),
        error="",
        create_time=datetime(1970, 1, 1, tzinfo=UTC),
    )


def format_violations(csv: CsvFormat) -> list[FieldViolation]:
    """What is wrong with a format by itself."""
    found = []
    where = "import_job.csv"
    if csv.format in OWN_NAMES:
        if not csv.channel_map:
            said = "say what the names of the file mean"
            found.append(FieldViolation("import_job.channel_map", said, "channel_map.set"))
        return found
    if not csv.time_column or not csv.value_column:
        said = "say which columns have the time and the value"
        return [FieldViolation(where, said, "csv.set")]
    if not is_zone(csv.time_zone):
        found.append(
            FieldViolation(f"{where}.time_zone", f"{csv.time_zone!r} is not an IANA zone", "time_zone.iana")
        )
    if csv.unit and dimension_of(csv.unit) is None:
        found.append(FieldViolation(f"{where}.unit", f"{csv.unit!r} is not a known unit", "unit.known"))
    if not csv.channel_column and not csv.channel:
        found.append(
            FieldViolation(f"{where}.channel", "set the channel, or the column that names it", "channel.set")
        )
    if csv.decimal_comma and csv.delimiter == ",":
        found.append(
            FieldViolation(f"{where}.delimiter", "a comma cannot be both separator and decimal", "delimiter")
        )
    return found


async def channel_kinds(
    directory: ChannelDirectory, tenant_id: UUID, csv: CsvFormat
) -> dict[int, ChannelKind]:
    """What is known of the channels that a format names."""
    named = set(csv.channel_map.values()) | ({csv.channel} if csv.channel else set())
    numbers = np.array(sorted(named), dtype=np.uint64)
    return {
        one.channel: ChannelKind(
            one.unit, (one.interval_seconds or 0) * 1000 if one.kind == "INTERVAL" else 0
        )
        for one in await directory.channels(tenant_id, numbers)
    }


def _channel_violations(csv: CsvFormat, kinds: dict[int, ChannelKind]) -> list[FieldViolation]:
    found = []
    named = {"channel": csv.channel} if csv.channel and not csv.channel_column else {}
    named |= {f"channel_map[{text!r}]": number for text, number in csv.channel_map.items()}
    where = "import_job" if csv.format in OWN_NAMES else "import_job.csv"
    for field, number in named.items():
        kind = kinds.get(number)
        if kind is None:
            found.append(
                FieldViolation(f"{where}.{field}", f"channel {number} does not exist", "channel.known")
            )
        elif csv.unit and factor(csv.unit, kind.unit) is None:
            found.append(
                FieldViolation(
                    "import_job.csv.unit",
                    f"{csv.unit!r} does not convert to {kind.unit!r}, the unit of channel {number}",
                    "unit.converts",
                )
            )
    return found
