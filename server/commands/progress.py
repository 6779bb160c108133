"""Progress: what adapters report, applied once and in any order."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from server.commands import store
from server.commands.domain import Command, Result
from server.commands.evolution import acknowledged, enter
from server.commands.states import REPORTABLE, Decision, Progress, State, after_report
from server.commands.telling import tell
from server.platform.uow import Tx, UnitOfWork

_log = logging.getLogger(__name__)


class Unheeded(StrEnum):
    """Why a report was not held against the rules at all."""

    REPEATED = "REPEATED"
    UNKNOWN_COMMAND = "UNKNOWN_COMMAND"
    UNKNOWN_ATTEMPT = "UNKNOWN_ATTEMPT"
    NOT_REPORTABLE = "NOT_REPORTABLE"


@dataclass(frozen=True, slots=True)
class Report:
    """One report of an adapter about one command."""

    command_id: UUID
    report_id: str
    """Names the report within the command and the attempt; a repeat bears the same."""
    state: State
    time: datetime
    """When it happened, by the adapter's clock."""
    attempt: int = 0
    """0: the latest."""
    description: str = ""
    link_id: str = ""
    result: Result | None = None
    retriable: bool = False


class ReportProgress:
    """Moves commands by what adapters say."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def report(self, reports: Sequence[Report]) -> list[str]:
        """For each report, why it changed nothing; empty where it did. All in one transaction.

        One bad report does not spoil the others.
        """
        outcomes = [""] * len(reports)
        # Locks are taken in one order, so that batches that share commands cannot block one another.
        order = sorted(range(len(reports)), key=lambda index: reports[index].command_id)
        async with self._uow() as tx:
            for index in order:
                outcomes[index] = await self._one(tx, reports[index])
        return outcomes

    async def _one(self, tx: Tx, report: Report) -> str:
        if report.state not in REPORTABLE:
            return Unheeded.NOT_REPORTABLE
        command = await store.lock(tx, report.command_id)
        if command is None:
            return Unheeded.UNKNOWN_COMMAND
        attempt = report.attempt or command.attempt
        if attempt > command.attempt:
            return Unheeded.UNKNOWN_ATTEMPT
        decision = after_report(command.position, Progress(report.state, attempt, retriable=report.retriable))
        ignored = str(decision.ignored or "")
        if not await store.remember_report(tx, _row(report, attempt, tx.now, ignored)):
            return Unheeded.REPEATED
        await self._apply(tx, command, report, decision)
        if ignored:
            _log.info(
                "report changed nothing: %s",
                ignored,
                extra={"command_id": str(command.command_id), "reported": report.state, "is": command.state},
            )
        return ignored

    async def _apply(self, tx: Tx, command: Command, report: Report, decision: Decision) -> None:
        if command.terminal:
            return
        # The adapter has it: even a report that moves nothing ends the publishing.
        heard = acknowledged(command) if report.attempt in {0, command.attempt} else command
        change = enter(
            heard,
            decision,
            time=report.time,
            now=tx.now,
            description=report.description,
            link_id=report.link_id,
            result=report.result,
        )
        if decision.ignored and _same(change.command, command):
            return
        await store.save(tx, change)
        await tell(tx, change)


def _same(one: Command, other: Command) -> bool:
    """Whether nothing changed but the version."""
    return replace(one, version=other.version, update_time=other.update_time) == other


def _row(report: Report, attempt: int, now: datetime, ignored: str) -> dict[str, object]:
    return {
        "command_id": report.command_id,
        "attempt": attempt,
        "report_id": report.report_id,
        "state": report.state.value,
        "time": report.time,
        "receive_time": now,
        "description": report.description,
        "ignored": ignored,
    }
