"""Models that come as files: each is made, changed or left as it is, by manufacturer and model name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from server.devices import tables
from server.devices.checks import model_violations
from server.devices.device_models import DeviceModels, completed
from server.devices.domain import DeviceModel
from server.devices.outcomes import trying
from server.devices.stores import device_models
from server.platform.errors import InvalidField, SimbaError, refuse
from server.platform.resource_store import Archived
from server.platform.uow import UnitOfWork


class ImportAction(StrEnum):
    """What became of a model."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Imported:
    """One model of an import."""

    action: ImportAction
    model: DeviceModel | None = None
    """As stored, or as it would be; None where it was refused."""
    error: SimbaError | None = None


class ModelImport:
    """Brings models; each stands for itself."""

    def __init__(self, uow: UnitOfWork, models: DeviceModels) -> None:
        self._uow = uow
        self._models = models

    async def run(self, models: Sequence[DeviceModel | SimbaError], *, validate_only: bool) -> list[Imported]:
        """What became, or with ``validate_only`` would become, of each; a repeat changes nothing.

        In the place of a model that cannot be read stands why.
        """
        twice = Counter((one.manufacturer, one.model) for one in models if isinstance(one, DeviceModel))
        async with trying(self._uow, validate_only=validate_only):
            imported = [await self._one(model, twice) for model in models]
        return imported  # noqa: RET504 - a return inside would be one that mypy cannot follow

    async def _one(self, model: DeviceModel | SimbaError, twice: Counter[tuple[str, str]]) -> Imported:
        try:
            if isinstance(model, SimbaError):
                raise model
            if twice[model.manufacturer, model.model] > 1:
                said = f"{model.manufacturer} {model.model} is in the import more than once"
                raise InvalidField("device_model.model", said, "unique")
            # A unit of work within another one is undone alone when it raises.
            return await self._bring(model)
        except SimbaError as error:
            return Imported(ImportAction.REFUSED, error=error)

    async def _bring(self, model: DeviceModel) -> Imported:
        # Before anything is compared: what breaks a rule is no model, whatever is stored.
        refuse(model_violations(model))
        async with self._uow() as tx:
            known = await tx.conn.scalar(
                sa.select(tables.device_model.c.device_model_id).where(
                    tables.device_model.c.tenant_id == tx.tenant_id,
                    tables.device_model.c.manufacturer == model.manufacturer,
                    tables.device_model.c.model == model.model,
                )
            )
            if known is None:
                return Imported(ImportAction.CREATED, await self._models.create(model))
            stored = await device_models.get(tx, known, lock=True)
            if stored.stored.archived:
                raise Archived("device_model", known)
            if _content(stored, known) == _content(completed(model), known):
                return Imported(ImportAction.UNCHANGED, stored)
        changed = await self._models.update(known, "", lambda before: _onto(before, model))
        return Imported(ImportAction.UPDATED, changed)


def _onto(before: DeviceModel, model: DeviceModel) -> DeviceModel:
    """What a file says, as a change of the stored model."""
    return replace(
        model,
        device_model_id=before.device_model_id,
        external_ids=before.external_ids,
        stored=before.stored,
    )


def _content(model: DeviceModel, device_model_id: UUID) -> tuple[DeviceModel, str]:
    """What two models are compared by: everything but ids, times, and the number of the codec."""
    script = model.codec.script if model.codec else ""
    plain = DeviceModel(
        device_model_id=device_model_id,
        manufacturer=model.manufacturer,
        model=model.model,
        commodity=model.commodity,
        adapter=model.adapter,
        channel_templates=model.channel_templates,
        command_templates=model.command_templates,
        clock_behaviour=model.clock_behaviour,
        lorawan=model.lorawan,
    )
    return plain, script
