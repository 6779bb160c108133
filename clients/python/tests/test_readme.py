"""Every snippet of the README, in order."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest

from simba_metering.commands import CommandTransition, SubmitCommandResponse, WatchCommandResponse
from simba_metering.devices import Channel, CreateMeterResponse
from simba_metering.events import Event, SubscribeResponse
from simba_metering.testing import FakeServer

README = Path(__file__).parent.parent / "README.md"


async def test_the_readme_does_what_it_says(
    fake: FakeServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SIMBA_TARGET", fake.target)
    monkeypatch.setenv("SIMBA_API_KEY", "key")

    def with_channels(request):
        made = fake.put(request.meter)
        made.channels = [Channel(channel=17, code="energy", unit="kWh")]
        return CreateMeterResponse(meter=made)

    fake.reply("MeterService/CreateMeter", with_channels)
    fake.reply("CommandService/SubmitCommand", lambda request: SubmitCommandResponse(command=request.command))
    fake.reply(
        "CommandService/WatchCommand",
        [WatchCommandResponse(transition=CommandTransition(description="done"))],
    )
    issued = Event(type="invoice.issued", subject="invoices/1", resume_token="7")
    fake.reply("EventService/Subscribe", lambda _: [SubscribeResponse(events=[issued], resume_token="7")])
    names = {"model_id": str(uuid.uuid4())}
    snippets = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    for snippet in snippets:
        exec(compile(snippet, README.name, "exec"), names)  # noqa: S102
        if "overview" in snippet:
            await names["overview"]()
    assert len(snippets) == 8
    said = capsys.readouterr().out
    assert "METER_NOT_FOUND" in said
    assert "invoice.issued invoices/1" in said
    assert "description='done'" in said
    assert "2 []" in said
