"""Submit: accepted or refused at once, and what leaves the server with it."""

import asyncio
from uuid import uuid4

import grpc
import pytest

from simba.commands.v1 import command_pb2, device_command_pb2
from simba.commands.v1 import command_service_pb2 as pb
from tests.support.platform import error_of, eventually
from tests.support.stage import Client, Stage, entries, soon, state_name

CODE = grpc.StatusCode
READ = command_pb2.COMMAND_ACTION_ON_DEMAND_READ
CONNECT = command_pb2.COMMAND_ACTION_CONNECT


async def refused(call) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


@pytest.mark.usefixtures("at_work")
async def test_a_submit_reaches_the_stream_exactly_once(stage: Stage, client: Client):
    meter = client.meter(usage_point_id=uuid4())
    command = await client.submit(meter, priority=7, reason="impayé - 非支付 🔌", issuer_tracking_id="CIS-№1")
    assert state_name(command) == "ACCEPTED"
    assert [state_name(step) for step in command.transitions] == ["ACCEPTED"]
    assert command.etag
    assert command.usage_point_id == str(meter.usage_point_id)

    await eventually(lambda: entries(stage, meter))
    await asyncio.sleep(1.2)
    (message,) = await entries(stage, meter)
    told = message.decode(device_command_pb2.DeviceCommand)
    assert (told.command_id, told.meter_id) == (command.command_id, str(meter.meter_id))
    assert (told.tenant_id, told.dev_eui) == (str(client.tenant_id), meter.dev_eui)
    assert (told.action, told.attempt, told.priority, told.cancel) == (
        command_pb2.COMMAND_ACTION_DISCONNECT,
        1,
        7,
        False,
    )
    assert told.expire_time == command.expire_time
    assert message.tenant_id == str(client.tenant_id)

    stored = await client.get(command.command_id)
    assert (stored.reason, stored.issuer_tracking_id) == ("impayé - 非支付 🔌", "CIS-№1")
    assert stored == command


@pytest.mark.usefixtures("at_work")
async def test_the_same_request_gives_the_same_command(stage: Stage, client: Client):
    meter, request_id = client.meter(), str(uuid4())
    first = await client.submit(meter, request_id=request_id)
    again = await client.submit(meter, request_id=request_id)
    assert again.command_id == first.command_id
    await eventually(lambda: entries(stage, meter))
    await asyncio.sleep(0.7)
    assert len(await entries(stage, meter)) == 1

    error = await refused(client.submit(meter, CONNECT, request_id=request_id))
    assert error.code() is CODE.INVALID_ARGUMENT
    assert error_of(error)[0] == "REQUEST_ID_REUSED"


async def test_an_action_that_is_under_way_is_refused_and_named(client: Client):
    meter = client.meter()
    first = await client.submit(meter)
    error = await refused(client.submit(meter))
    assert error.code() is CODE.ABORTED
    reason, metadata, _ = error_of(error)
    assert (reason, metadata["command_id"]) == ("COMMAND_CONFLICT", first.command_id)

    same = await client.submit(meter, conflict_policy=pb.CONFLICT_POLICY_COALESCE)
    assert same.command_id == first.command_id
    other_action = await client.submit(meter, CONNECT)
    assert other_action.command_id != first.command_id
    await client.report(first, "FAILED")
    assert (await client.submit(meter)).command_id != first.command_id


async def test_of_many_submits_at_once_one_wins(client: Client):
    meter = client.meter()
    answers = await asyncio.gather(*(client.submit(meter) for _ in range(12)), return_exceptions=True)
    accepted = [one for one in answers if isinstance(one, command_pb2.Command)]
    errors = [one for one in answers if not isinstance(one, command_pb2.Command)]
    assert len(accepted) == 1
    assert {error_of(error)[1]["command_id"] for error in errors} == {accepted[0].command_id}


async def test_validate_only_checks_and_keeps_nothing(client: Client):
    meter = client.meter()
    checked = await client.submit(meter, validate_only=True)
    assert checked.command_id == ""
    assert state_name(checked) == "ACCEPTED"
    listed = await client.commands.ListCommands(pb.ListCommandsRequest(meter_id=str(meter.meter_id)))
    assert not listed.commands
    kept = await client.submit(meter)
    error = await refused(client.submit(meter, validate_only=True))
    assert error_of(error)[1]["command_id"] == kept.command_id


@pytest.mark.parametrize(
    ("meter", "asked", "code", "reason", "field"),
    [
        ({"state": "ARCHIVED"}, {}, CODE.FAILED_PRECONDITION, "RESOURCE_ARCHIVED", None),
        ({"actions": {"ping"}}, {}, CODE.FAILED_PRECONDITION, "CAPABILITY_UNSUPPORTED", "command.action"),
        ({"adapter": ""}, {}, CODE.FAILED_PRECONDITION, "DEVICE_UNREACHABLE", None),
        ({}, {"action": 0}, CODE.INVALID_ARGUMENT, "INVALID_FIELD", "command.action"),
        ({}, {"action": 99}, CODE.INVALID_ARGUMENT, "INVALID_FIELD", "command.action"),
        ({}, {"expire_time": soon(-1)}, CODE.FAILED_PRECONDITION, "COMMAND_EXPIRED", "command.expire_time"),
        ({}, {"expire_time": soon(4e6)}, CODE.INVALID_ARGUMENT, "INVALID_FIELD", "command.expire_time"),
        (
            {},
            {"not_before": soon(6000), "expire_time": soon(3000)},
            CODE.INVALID_ARGUMENT,
            "INVALID_FIELD",
            "command.expire_time",
        ),
        ({}, {"priority": 101}, CODE.INVALID_ARGUMENT, "INVALID_FIELD", "command.priority"),
        ({}, {"reason": "x" * 501}, CODE.INVALID_ARGUMENT, "INVALID_FIELD", "command.reason"),
    ],
)
async def test_what_cannot_be_is_refused_at_once(client: Client, meter, asked, code, reason, field):
    error = await refused(client.submit(client.meter(**meter), **asked))
    assert error.code() is code
    told, _, violations = error_of(error)
    assert told == reason
    if field:
        assert field in [name for name, _ in violations]


async def test_unknown_and_foreign_meters_are_not_found(client: Client, stranger: Client):
    foreign = stranger.meter()
    for meter in (foreign, type(foreign)(meter_id=uuid4(), adapter="none")):
        error = await refused(client.submit(meter))
        assert error.code() is CODE.NOT_FOUND
        assert error_of(error)[0] == "METER_NOT_FOUND"


async def test_commands_of_others_do_not_exist(client: Client, stranger: Client):
    command = await client.submit(client.meter())
    named = {"command_id": command.command_id}
    calls = [
        stranger.commands.GetCommand(pb.GetCommandRequest(**named)),
        stranger.commands.CancelCommand(pb.CancelCommandRequest(**named)),
        stranger.commands.WaitCommand(pb.WaitCommandRequest(**named)),
        stranger.commands.WatchCommand(pb.WatchCommandRequest(**named)).read(),
    ]
    for call in calls:
        error = await refused(call)
        assert error.code() is CODE.NOT_FOUND
        assert error_of(error)[0] == "COMMAND_NOT_FOUND"
    assert not (await stranger.commands.ListCommands(pb.ListCommandsRequest())).commands
    answer = await stranger.report(command, "SENT")
    assert list(answer.ignored) == ["UNKNOWN_COMMAND"]
    assert state_name(await client.get(command.command_id)) == "ACCEPTED"


async def test_lists_are_paged_and_filtered(client: Client):
    meters = [client.meter() for _ in range(3)]
    sent = [
        await client.submit(meter, action, issuer_tracking_id=f"T{index}")
        for index, meter in enumerate(meters)
        for action in (READ, CONNECT)
    ]
    await client.report(sent[0], "SENT")

    async def listed(**asked) -> pb.ListCommandsResponse:
        return await client.commands.ListCommands(pb.ListCommandsRequest(**asked))

    pages, token = [], ""
    while True:
        page = await listed(page_size=2, page_token=token)
        pages.append([command.command_id for command in page.commands])
        token = page.next_page_token
        if not token:
            break
    newest_first = [command.command_id for command in reversed(sent)]
    assert pages == [newest_first[0:2], newest_first[2:4], newest_first[4:6]]

    assert len((await listed(meter_id=str(meters[1].meter_id))).commands) == 2
    assert len((await listed(issuer_tracking_id="T2")).commands) == 2
    (only,) = (await listed(state=command_pb2.COMMAND_STATE_SENT)).commands
    assert only.command_id == sent[0].command_id
    assert not only.transitions

    first = await listed(page_size=2)
    error = await refused(listed(meter_id=str(meters[0].meter_id), page_token=first.next_page_token))
    assert error_of(error)[0] == "PAGE_TOKEN_MISMATCH"


@pytest.mark.usefixtures("at_work")
async def test_an_aborted_transaction_leaves_nothing(stage: Stage, client: Client):
    """The command, its event and its bus message stand or fall together: the call's deadline was over."""
    meter = client.meter()
    request = pb.SubmitCommandRequest(
        command=command_pb2.Command(meter_id=str(meter.meter_id), action=READ), request_id=str(uuid4())
    )
    with pytest.raises(grpc.aio.AioRpcError):
        await client.commands.SubmitCommand(request, timeout=0.001)
    await asyncio.sleep(0.7)
    listed = await client.commands.ListCommands(pb.ListCommandsRequest())
    assert len(listed.commands) == len(await entries(stage, meter)) == 0
