"""Use cases of device models."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa

from server.devices import channels, provisioning, tables
from server.devices.checks import change_violations, model_violations
from server.devices.domain import ChannelTemplate, Codec, CodecVersion, DeviceModel
from server.devices.errors import InUse
from server.devices.reading_types import derived, parse
from server.devices.stores import device_models
from server.platform.errors import refuse
from server.platform.resource_store import Key
from server.platform.uow import Tx, UnitOfWork


class CheckCodec(Protocol):
    """Whether a script can be run at all; raises CodecFailed."""

    async def __call__(self, codec: Codec, *, encodes: bool) -> None:
        """``encodes``: whether it must be able to encode downlinks."""


class DeviceModels:
    """Create, read, change, archive, bring back."""

    def __init__(self, uow: UnitOfWork, check_codec: CheckCodec) -> None:
        self._uow = uow
        self._check_codec = check_codec

    async def create(self, model: DeviceModel) -> DeviceModel:
        """Stores a new model.

        Raises InvalidArgument with every violation, CodecFailed, Taken for its name.
        """
        refuse(model_violations(model))
        model = replace(completed(model), codec=_numbered(model.codec, None, 0))
        if model.codec is not None:
            await self._check_codec(model.codec, encodes=_encodes(model))
        async with self._uow() as tx:
            stored = await device_models.insert(tx, model)
            await _keep_codec(tx, stored)
        return stored

    async def get(self, device_model_id: UUID) -> DeviceModel:
        """One. Raises DeviceModelNotFound."""
        async with self._uow() as tx:
            return await device_models.get(tx, device_model_id)

    async def page(
        self,
        *,
        commodity: str = "",
        manufacturer: str = "",
        adapter: str = "",
        archived: bool,
        after: Key | None,
        limit: int,
    ) -> Sequence[DeviceModel]:
        """Many, oldest first; empty filters take all."""
        wanted = {"commodity": commodity, "manufacturer": manufacturer, "adapter": adapter}
        where = [tables.device_model.c[name] == value for name, value in wanted.items() if value]
        async with self._uow() as tx:
            return await device_models.page(tx, where=where, after=after, limit=limit, archived=archived)

    async def update(
        self, device_model_id: UUID, etag: str, change: Callable[[DeviceModel], DeviceModel]
    ) -> DeviceModel:
        """Changes one: a new script is the next version of the codec, new templates give its meters channels.

        Raises InvalidArgument when a channel that readings refer to would change its meaning, CodecFailed.
        """
        async with self._uow() as tx:
            before = await device_models.changing(tx, device_model_id, etag)
            after = change(before)
            refuse([*model_violations(after), *change_violations(before, after)])
            newest = await _newest_version(tx, device_model_id)
            after = replace(completed(after), codec=_numbered(after.codec, before.codec, newest))
            # A script was looked at when it came; what it must be able to do may be more now.
            if after.codec is not None and (
                after.codec != before.codec or _encodes(after) > _encodes(before)
            ):
                await self._check_codec(after.codec, encodes=_encodes(after))
            stored = await device_models.save(tx, after)
            if after.codec != before.codec:
                await _keep_codec(tx, stored)
            if after.channel_templates != before.channel_templates:
                await channels.follow_model(tx, device_model_id, after.channel_templates)
            if after.lorawan != before.lorawan:
                await provisioning.model_changed(tx, device_model_id)
        return stored

    async def codec_versions(
        self, device_model_id: UUID, *, after: Key | None, limit: int
    ) -> Sequence[CodecVersion]:
        """The scripts that a model has had, newest first. Raises DeviceModelNotFound."""
        table = tables.codec_version.c
        query = (
            sa.select(table.codec_version, table.script, table.sha256, table.create_time)
            .where(table.device_model_id == device_model_id)
            .order_by(table.codec_version.desc())
            .limit(limit)
        )
        if after is not None:
            query = query.where(table.codec_version < after[0])
        async with self._uow() as tx:
            await device_models.get(tx, device_model_id)
            rows = await tx.conn.execute(query.where(table.tenant_id == tx.tenant_id))
            return [CodecVersion(Codec(row[1], row[0], row[2]), row[3]) for row in rows]

    async def undelete(self, device_model_id: UUID, etag: str) -> DeviceModel:
        """Brings an archived one back. Raises NotArchived."""
        async with self._uow() as tx:
            return await device_models.undelete(tx, device_model_id, etag)

    async def archive(self, device_model_id: UUID, etag: str) -> DeviceModel:
        """Archives one. Raises InUse while a meter that is not archived is of it."""
        async with self._uow() as tx:
            used = await tx.conn.scalar(
                sa.select(tables.meter.c.meter_id)
                .where(
                    tables.meter.c.tenant_id == tx.tenant_id,
                    tables.meter.c.device_model_id == device_model_id,
                    sa.not_(tables.meter.c.archived),
                )
                .limit(1)
            )
            if used is not None:
                raise InUse(f"meter {used} is of this model", meter_id=used)
            return await device_models.archive(tx, device_model_id, etag)


def _encodes(model: DeviceModel) -> bool:
    return any(command.downlink for command in model.command_templates)


def completed(model: DeviceModel) -> DeviceModel:
    """The model with a reading type, in its one spelling, in each template that the standard has one for."""
    return replace(
        model, channel_templates=tuple(_typed(one, model.commodity) for one in model.channel_templates)
    )


def _typed(template: ChannelTemplate, commodity: str) -> ChannelTemplate:
    given = template.reading_type
    return replace(template, reading_type=str(parse(given)) if given else derived(template, commodity))


def _numbered(codec: Codec | None, before: Codec | None, newest: int) -> Codec | None:
    """The codec with its hash and its number: a script that is not the one before gets the next number.

    ``newest`` is the highest number that the model has given; one whose codec was taken away in between
    must not give a number twice.
    """
    if codec is None or not codec.script:
        return None
    sha256 = hashlib.sha256(codec.script.encode()).hexdigest()
    if before is not None and before.sha256 == sha256:
        return before
    return Codec(codec.script, newest + 1, sha256)


async def _newest_version(tx: Tx, device_model_id: UUID) -> int:
    newest: int | None = await tx.conn.scalar(
        sa.select(sa.func.max(tables.codec_version.c.codec_version)).where(
            tables.codec_version.c.tenant_id == tx.tenant_id,
            tables.codec_version.c.device_model_id == device_model_id,
        )
    )
    return newest or 0


async def _keep_codec(tx: Tx, model: DeviceModel) -> None:
    if model.codec is None:
        return
    await tx.conn.execute(
        sa.insert(tables.codec_version).values(
            tenant_id=tx.tenant_id,
            device_model_id=model.device_model_id,
            codec_version=model.codec.version,
            script=model.codec.script,
            sha256=model.codec.sha256,
            create_time=tx.now,
        )
    )
