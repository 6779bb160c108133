"""Use cases of device models."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from server.devices import channels, tables
from server.devices.checks import change_violations, model_violations
from server.devices.domain import Codec, DeviceModel
from server.devices.errors import InUse
from server.devices.stores import device_models
from server.platform.errors import refuse
from server.platform.resource_store import Key
from server.platform.uow import Tx, UnitOfWork


class DeviceModels:
    """Create, read, change, archive."""

    def __init__(self, uow: UnitOfWork, check_codec: Callable[[Codec], Awaitable[None]]) -> None:
        self._uow = uow
        self._check_codec = check_codec

    async def create(self, model: DeviceModel) -> DeviceModel:
        """Stores a new model.

        Raises InvalidArgument with every violation, CodecFailed, Taken for its name.
        """
        refuse(model_violations(model))
        model = replace(model, codec=_numbered(model.codec, None))
        if model.codec is not None:
            await self._check_codec(model.codec)
        async with self._uow() as tx:
            stored = await device_models.insert(tx, model)
            await _keep_codec(tx, stored)
        return stored

    async def get(self, device_model_id: UUID) -> DeviceModel:
        """One. Raises DeviceModelNotFound."""
        async with self._uow() as tx:
            return await device_models.get(tx, device_model_id)

    async def page(
        self, *, commodity: str, archived: bool, after: Key | None, limit: int
    ) -> Sequence[DeviceModel]:
        """Many, oldest first."""
        where = [tables.device_model.c.commodity == commodity] if commodity else []
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
            after = replace(after, codec=_numbered(after.codec, before.codec))
            refuse([*model_violations(after), *change_violations(before, after)])
            if after.codec is not None and after.codec != before.codec:
                await self._check_codec(after.codec)
            stored = await device_models.save(tx, after)
            if after.codec != before.codec:
                await _keep_codec(tx, stored)
            if after.channel_templates != before.channel_templates:
                await channels.follow_model(tx, device_model_id, after.channel_templates)
        return stored

    async def archive(self, device_model_id: UUID, etag: str) -> DeviceModel:
        """Archives one. Raises InUse while a meter that is not archived is of it."""
        async with self._uow() as tx:
            used = await tx.conn.scalar(
                sa.select(tables.meter.c.meter_id)
                .where(
                    tables.meter.c.tenant_id == tx.tenant_id,
                    tables.meter.c.device_model_id == device_model_id,
                    tables.meter.c.archived.is_(False),
                )
                .limit(1)
            )
            if used is not None:
                raise InUse(f"meter {used} is of this model", meter_id=used)
            return await device_models.archive(tx, device_model_id, etag)


def _numbered(codec: Codec | None, before: Codec | None) -> Codec | None:
    """The codec with its hash and its number: the number grows when the script is another one."""
    if codec is None or not codec.script:
        return None
    sha256 = hashlib.sha256(codec.script.encode()).hexdigest()
    if before is not None and before.sha256 == sha256:
        return before
    return Codec(codec.script, (before.version if before else 0) + 1, sha256)


async def _keep_codec(tx: Tx, model: DeviceModel) -> None:
    if model.codec is None:
        return
    # A model whose codec was taken away and set again must not give a number twice.
    newest = await tx.conn.scalar(
        sa.select(sa.func.max(tables.codec_version.c.codec_version)).where(
            tables.codec_version.c.tenant_id == tx.tenant_id,
            tables.codec_version.c.device_model_id == model.device_model_id,
        )
    )
    await tx.conn.execute(
        sa.insert(tables.codec_version).values(
            tenant_id=tx.tenant_id,
            device_model_id=model.device_model_id,
            codec_version=max(model.codec.version, (newest or 0) + 1),
            script=model.codec.script,
            sha256=model.codec.sha256,
            create_time=tx.now,
        )
    )
