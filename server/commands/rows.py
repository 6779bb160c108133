"""Commands as rows, and back."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from server.commands import tables
from server.commands.actions import Action
from server.commands.domain import Attempt, Command, ReadingResult, Result, Transition
from server.commands.states import State

_PLAIN = (
    "command_id",
    "meter_id",
    "usage_point_id",
    "adapter",
    "dev_eui",
    "version",
    "transition_count",
    "attempt",
    "max_attempts",
    "reached_sent",
    "priority",
    "reason",
    "issuer_id",
    "issuer_tracking_id",
    "request_id",
    "created_by",
    "accept_time",
    "update_time",
    "not_before",
    "expires_at",
    "publish_count",
    "publish_due",
    "cancel_requested",
    "error",
)
CHANGING = (
    "state",
    "active",
    "version",
    "transition_count",
    "attempt",
    "reached_sent",
    "update_time",
    "publish_count",
    "publish_due",
    "wake_time",
    "cancel_requested",
    "error",
    "result",
)
"""Columns that change after the submit."""

_t = tables.command.c
LOADED = [_t[name] for name in (*_PLAIN, "action", "state", "result", "trace")]
"""Columns that :func:`command_of` wants."""


def command_values(command: Command) -> dict[str, Any]:
    """The row of a command, without tenant and trace."""
    return {
        **{name: getattr(command, name) for name in _PLAIN},
        "action": command.action.value,
        "state": command.state.value,
        "active": not command.terminal,
        "wake_time": command.wake_time,
        "result": result_json(command.result),
    }


def command_of(
    row: sa.RowMapping, attempts: Sequence[Attempt] = (), transitions: Sequence[Transition] = ()
) -> Command:
    """The command of a row."""
    return Command(
        **{name: row[name] for name in _PLAIN},
        action=Action(row["action"]),
        state=State(row["state"]),
        result=result_of(row["result"]),
        attempts=tuple(attempts),
        transitions=tuple(transitions),
    )


def transition_of(row: sa.RowMapping) -> Transition:
    """The transition of a row."""
    names = ("sequence", "attempt", "time", "record_time", "description")
    return Transition(state=State(row["state"]), **{name: row[name] for name in names})


def attempt_of(row: sa.RowMapping) -> Attempt:
    """The attempt of a row."""
    return Attempt(**{name: row[name] for name in ("number", "start_time", "link_id", "outcome")})


def result_json(result: Result) -> dict[str, Any]:
    """A result as JSON; values as decimal text, so that nothing is rounded."""
    if result.empty:
        return {}
    return {
        "switch_state": result.switch_state,
        "answer_json": result.answer_json,
        "readings": [
            {
                "channel": one.channel,
                "time": one.time.isoformat(),
                "value": str(one.value),
                "unit": one.unit,
                "channel_code": one.channel_code,
            }
            for one in result.readings
        ],
    }


def result_of(stored: dict[str, Any]) -> Result:
    """The result that :func:`result_json` wrote."""
    if not stored:
        return Result()
    return Result(
        switch_state=stored["switch_state"],
        answer_json=stored["answer_json"],
        readings=tuple(
            ReadingResult(
                channel=one["channel"],
                time=datetime.fromisoformat(one["time"]),
                value=Decimal(one["value"]),
                unit=one["unit"],
                channel_code=one["channel_code"],
            )
            for one in stored["readings"]
        ),
    )
