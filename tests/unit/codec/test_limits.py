"""Codecs that do not end, that allocate without bound, that bring their engine down."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from kernel.codec import CodecError, CodecOutOfMemory, CodecSandbox, CodecTimeout, Decoded, Frame, Limits
from kernel.codec.records import BREACHES_TO_SUSPEND, SUSPENDED_SECONDS, Records, ScriptRecord
from tests.unit.codec.conftest import NOW, decode, uplink

GOOD = uplink("return {data: {v: input.bytes[0]}};")

ENDLESS = {
    "loop": "while (true) {}",
    "catches": "while (true) { try { while (true) {} } catch (e) {} }",
    "finally": "try { while (true) {} } finally { while (true) {} }",
    "regular expression": "/^(a+)+$/.test('a'.repeat(40) + 'b');",
    "built-in": "Array.prototype.indexOf.call({length: 2 ** 53 - 1}, 5);",
    "getter": "return {data: {get v() { while (true) {} }}};",
    "toJSON": "return {data: {toJSON() { while (true) {} }}};",
    "thrown": "throw {toString() { while (true) {} }};",
}

GREEDY = {
    "objects": "let a = []; while (true) a.push({x: 1, y: [1, 2, 3]});",
    "numbers": "let a = []; while (true) a.push(1.5);",
    "buffers": "let a = []; while (true) a.push(new Uint8Array(1 << 20).fill(1));",
    "empty buffers": "let a = []; while (true) a.push(new ArrayBuffer(1 << 28));",
    "one array": "new Array(1e9).fill(7).join();",
    "one text": "let s = 'x'; while (true) s += s;",
    "texts": "let a = []; while (true) a.push('abcdefgh'.repeat(1 << 20) + a.length);",
    "map": "let m = new Map(), i = 0; while (true) m.set(i++, i);",
    "copies": "let a = [1, 2, 3]; while (true) a = a.concat(a);",
}


@pytest.mark.parametrize("kind", ENDLESS)
async def test_an_endless_codec_is_ended(sandbox, kind):
    begun = time.monotonic()
    with pytest.raises(CodecTimeout, match="more than 100 ms of processor time"):
        await decode(sandbox, uplink(ENDLESS[kind]))
    assert time.monotonic() - begun < 10
    assert (await decode(sandbox, GOOD, b"\x05")).data == {"v": 5}


async def test_an_endless_top_level_is_ended(sandbox):
    with pytest.raises(CodecTimeout):
        await decode(sandbox, "while (true) {}" + GOOD)
    with pytest.raises(CodecTimeout):
        await sandbox.functions("test", "while (true) {};" + GOOD)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def patient() -> AsyncIterator[CodecSandbox]:
    """With time enough to reach the limit of memory on any machine."""
    async with CodecSandbox(limits=Limits(cpu_seconds=3.0)) as made:
        yield made


@pytest.mark.parametrize("kind", GREEDY)
async def test_a_codec_that_allocates_without_bound_is_ended(patient, kind):
    with pytest.raises(CodecOutOfMemory):
        await decode(patient, uplink(GREEDY[kind]))
    assert (await decode(patient, GOOD, b"\x06")).data == {"v": 6}


async def test_a_small_object_that_is_large_as_json_is_ended(sandbox):
    script = uplink("let a = []; for (let i = 0; i < 30; i++) a = [a, a]; return {data: {a: a}};")
    with pytest.raises((CodecOutOfMemory, CodecTimeout)):
        await decode(sandbox, script)


async def test_the_frames_beside_an_endless_one_are_read(sandbox):
    script = uplink("if (input.bytes[0] === 42) while (true) {} return {data: {v: input.bytes[0]}};")
    made = await sandbox.decode_many("test", script, [Frame(bytes([n]), 1, NOW) for n in range(100)])
    assert [n for n, one in enumerate(made) if isinstance(one, CodecTimeout)] == [42]
    assert [one.data["v"] for one in made if isinstance(one, Decoded)] == [n for n in range(100) if n != 42]


async def test_a_codec_that_never_ends_is_given_up_for_a_while(sandbox):
    script = uplink("while (true) {}") + "// of its own"
    begun = time.monotonic()
    made = await sandbox.decode_many("test", script, [Frame(b"", 1, NOW)] * 1000)
    assert time.monotonic() - begun < 20
    assert all(isinstance(one, CodecTimeout) for one in made)
    assert "not tried" in str(made[-1])
    # Another version of it, and others, are not concerned.
    assert isinstance((await sandbox.decode_many("test", GOOD, [Frame(b"\x01", 1, NOW)]))[0], Decoded)


def test_a_suspended_codec_is_tried_again_later():
    record = ScriptRecord()
    for _ in range(BREACHES_TO_SUSPEND - 1):
        record.broke_a_limit(100.0)
        assert record.refusal(100.0) is None
    record.broke_a_limit(100.0)
    assert record.refusal(100.0 + SUSPENDED_SECONDS - 1) is not None
    assert record.refusal(100.0 + SUSPENDED_SECONDS) is None
    record.broke_a_limit(200.0)
    assert record.refusal(201.0) is not None
    record.went_well(0.1)
    record.broke_a_limit(300.0)
    assert record.refusal(300.0) is None


def test_records_do_not_grow_for_ever():
    records = Records()
    first = records.of("first")
    for number in range(10_000):
        records.of(str(number))
    assert records.of("first") is not first


async def test_slow_but_within_the_limit_is_no_failure(sandbox):
    script = uplink("let x = 0; for (let i = 0; i < 2e6; i++) x += i % 7; return {data: {x: x > 0}};")
    made = await sandbox.decode_many("test", script, [Frame(b"", 1, NOW)] * 40)
    assert all(isinstance(one, Decoded) for one in made)


async def test_limits_are_settings():
    script = uplink("let x = 0; while (x < 3e8) x += 1; return {data: {}};")
    async with CodecSandbox(limits=Limits(cpu_seconds=0.02)) as strict:
        with pytest.raises(CodecTimeout, match="more than 20 ms"):
            await decode(strict, script)
    async with CodecSandbox(limits=Limits(cpu_seconds=5.0)) as lax:
        assert (await decode(lax, script)).data == {}


async def test_killed_from_outside_it_comes_back():
    async with CodecSandbox() as sandbox:
        await sandbox.start()
        async with sandbox._pool.lend("any") as process:
            pid = process._process.pid
        os.kill(pid, signal.SIGKILL)
        # Killed between two calls, and in the middle of one: the codec is not to blame.
        assert (await decode(sandbox, GOOD, b"\x01")).data == {"v": 1}
        slow = uplink("let x = 0; while (x < 2e7) x += 1; return {data: {v: 1}};")
        running = asyncio.create_task(decode(sandbox, slow))
        await asyncio.sleep(0)
        assert (await running).data == {"v": 1}


async def test_a_cancelled_caller_leaves_the_sandbox_usable(sandbox):
    running = asyncio.create_task(sandbox.decode_many("test", GOOD, [Frame(b"\x01", 1, NOW)] * 50_000))
    await asyncio.sleep(0.05)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await decode(sandbox, GOOD, b"\x02")).data == {"v": 2}


async def test_many_scripts_in_few_engines():
    async with CodecSandbox(scripts=3) as sandbox:
        scripts = [uplink(f"return {{data: {{n: {number}}}}};") for number in range(8)]
        for _ in range(2):
            made = await asyncio.gather(*(decode(sandbox, script) for script in scripts))
            assert [one.data["n"] for one in made] == list(range(8))


async def test_processes_work_side_by_side():
    async with CodecSandbox(processes=2) as sandbox:
        await sandbox.start()
        spin = uplink("let x = 0; for (let i = 0; i < 1e6; i++) x += i; return {data: {v: 1}};")
        made = await asyncio.gather(*(decode(sandbox, spin) for _ in range(8)))
        assert [one.data for one in made] == [{"v": 1}] * 8


async def test_closed_it_says_so():
    sandbox = CodecSandbox()
    await sandbox.close()
    with pytest.raises(Exception, match="closed"):
        await decode(sandbox, GOOD)


async def test_a_script_that_does_not_compile_is_compiled_once(sandbox):
    broken = "function decodeUplink( {" + "// own"
    made = await sandbox.decode_many("test", broken, [Frame(b"", 1, NOW)] * 500)
    assert all(isinstance(one, CodecError) and "SyntaxError" in str(one) for one in made)
