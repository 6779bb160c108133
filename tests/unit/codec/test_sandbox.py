"""What codecs are given, what becomes of what they return, and what they cannot do."""

import pytest
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct

from kernel.codec import CodecError, CodecSandbox, Frame
from tests.unit.codec.conftest import NOW, decode, uplink


async def test_input_is_that_of_ts013(sandbox):
    script = uplink("""
        return {data: {
            list: Array.isArray(input.bytes), bytes: input.bytes, port: input.fPort,
            time: input.recvTime.toISOString(), date: input.recvTime instanceof Date,
            offset: input.recvTime.getTimezoneOffset(), variables: input.variables
        }};
    """)
    decoded = await sandbox.decode("test", script, bytes([0, 127, 128, 255]), 42, NOW, {"weight": "0.01"})
    assert decoded.data == {
        "list": True,
        "bytes": [0, 127, 128, 255],
        "port": 42,
        "time": "2024-03-31T01:00:00.123Z",
        "date": True,
        "offset": 0,
        "variables": {"weight": "0.01"},
    }


async def test_output_becomes_json_in_one_way(sandbox):
    script = uplink("""
        return {data: {
            nan: NaN, inf: -Infinity, gone: undefined, nothing: null, holes: [1, undefined, , 2],
            big: 2n ** 64n, huge: 10n ** 5000n, date: input.recvTime, never: new Date(NaN),
            typed: new Uint16Array([1, 65535]), buffer: Buffer.from([1, 255]),
            set: new Set([1, 2]), map: new Map([['a', 1]]), tenth: 0.1, text: 'm³ \\ud800', minus: -0
        }};
    """)
    data = (await decode(sandbox, script)).data
    assert len(data.pop("huge")) == 5001
    assert data == {
        "nan": None,
        "inf": None,
        "nothing": None,
        "holes": [1, None, None, 2],
        "big": 2**64,
        "date": "2024-03-31T01:00:00.123Z",
        "never": None,
        "typed": [1, 65535],
        "buffer": [1, 255],
        "set": [1, 2],
        "map": {"a": 1},
        "tenth": 0.1,
        "text": "m³ \ufffd",
        "minus": 0,
    }


async def test_errors_and_warnings_are_told(sandbox):
    decoded = await decode(sandbox, uplink("return {errors: ['bad crc', 7], warnings: 'low battery'};"))
    assert decoded.errors == ("bad crc", "7")
    assert decoded.warnings == ("low battery",)
    assert decoded.data == {}
    assert decoded.output == {"errors": ["bad crc", 7], "warnings": "low battery"}


async def test_data_beside_errors_is_not_taken(sandbox):
    decoded = await decode(sandbox, uplink("return {data: {v: 1}, errors: ['no response from meter']};"))
    assert decoded.data == {}
    assert decoded.output["data"] == {"v": 1}


async def test_modern_and_old_javascript(sandbox):
    script = """
        'use strict';
        class Reader {
            #at = 0;
            constructor(bytes) { this.bytes = bytes; }
            next() { return this.bytes[this.#at++]; }
        }
        const read = (bytes) => { const r = new Reader(bytes); return r.next() * 256 + r.next(); };
        let decodeUplink = ({bytes, fPort = 1, ...rest}) => ({data: {v: read(bytes), port: fPort ?? 0}});
    """
    assert (await decode(sandbox, script, b"\x01\x02")).data == {"v": 258, "port": 1}
    sloppy = (
        "function decodeUplink(input) { pos = 0; v = input.bytes[pos++]; return {data: {v: v, pos: pos}}; }"
    )
    assert (await decode(sandbox, sloppy, b"\x07")).data == {"v": 7, "pos": 1}


async def test_nothing_stays_from_one_frame_to_the_next(sandbox):
    script = """
        var seen = [];
        let count = 0;
        function decodeUplink(input) {
            seen.push(input.bytes[0]); count += 1;
            leaked = (typeof leaked === 'undefined' ? 0 : leaked) + 1;
            globalThis.kept = (globalThis.kept || 0) + 1;
            return {data: {seen: seen, count: count, leaked: leaked, kept: globalThis.kept}};
        }
    """
    frames = [Frame(bytes([number]), 1, NOW) for number in range(50)]
    made = await sandbox.decode_many("test", script, frames)
    assert [one.data for one in made] == [
        {"seen": [number], "count": 1, "leaked": 1, "kept": 1} for number in range(50)
    ]


async def test_what_is_built_in_is_whole_again_for_the_next_frame(sandbox):
    script = """
        const before = [[].extra, Math.round(1.2), JSON.stringify({a: 1}), typeof Map.prototype.get];
        Array.prototype.extra = 1; Math.round = () => 7; JSON.stringify = () => 'x'; delete Map.prototype.get;
        function decodeUplink(input) { return {data: {before: before}}; }
    """
    for _ in range(3):
        assert (await decode(sandbox, script)).data == {"before": [None, 1, '{"a":1}', "function"]}


async def test_also_within_a_batch(sandbox):
    script = """
        function decodeUplink(input) {
            if (input.bytes[0] % 2) Array.prototype.extra = input.bytes[0];
            return {data: {extra: [].extra}};
        }
    """
    made = await sandbox.decode_many("test", script, [Frame(bytes([number]), 1, NOW) for number in range(20)])
    assert [one.data for one in made] == [{"extra": number} if number % 2 else {} for number in range(20)]


async def test_codecs_do_not_see_one_another(sandbox):
    writer = uplink("globalThis.secret = 1; Object.prototype.secret = 2; return {data: {}};")
    reader = uplink("return {data: {seen: typeof secret}};")
    await decode(sandbox, writer)
    assert (await decode(sandbox, reader)).data == {"seen": "undefined"}
    assert (await sandbox.decode("another tenant's", reader, b"", 1, NOW)).data == {"seen": "undefined"}


async def test_there_is_no_way_out(sandbox):
    names = [
        "require",
        "process",
        "fetch",
        "XMLHttpRequest",
        "WebAssembly",
        "SharedArrayBuffer",
        "setTimeout",
        "Deno",
    ]
    script = uplink("return {data: {" + ", ".join(f"{name}: typeof {name}" for name in names) + "}};")
    assert (await decode(sandbox, script)).data == dict.fromkeys(names, "undefined")
    with pytest.raises(CodecError, match="import"):
        await decode(sandbox, "import fs from 'fs'; " + uplink("return {data: {}};"))


async def test_the_processes_see_nothing_of_ours(monkeypatch):
    monkeypatch.setenv("SIMBA_POSTGRES_DSN", "postgresql://secret")
    async with CodecSandbox() as made, made._pool.lend("any") as process:
        with open(f"/proc/{process._process.pid}/environ", "rb") as environment:  # noqa: ASYNC230, PTH123
            assert b"SIMBA" not in environment.read()


@pytest.mark.parametrize(
    ("script", "message", "place"),
    [
        ("function decodeUplink(input) {\n  let b = ;\n}", "SyntaxError: Unexpected token ';'", (2, 11)),
        ("function f(x) {\n  return x.y.z;\n}\n" + uplink("f({});"), "TypeError: Cannot read", (2, 14)),
        ("noSuchThing();" + uplink("return {data: {}};"), "ReferenceError: noSuchThing", (1, 1)),
        (uplink("throw 'unknown port';"), "unknown port", (0, 0)),
        (uplink("throw null;"), "null", (0, 0)),
        (uplink("throw {toString() { throw 1; }};"), "cannot be shown", (0, 0)),
        ("var x = 1;", "no function decodeUplink", (0, 0)),
        ("const decodeUplink = 5;", "no function decodeUplink", (0, 0)),
        ("}); (function () {" + uplink("return {data: {}};"), "SyntaxError", (0, 0)),
        (uplink("return 5;"), "returned number; it must return an object", (0, 0)),
        (uplink("return null;"), "returned null", (0, 0)),
        (uplink("return [1];"), "returned a list", (0, 0)),
        (uplink(""), "returned undefined", (0, 0)),
        (uplink("return {};"), "returned no data", (0, 0)),
        (uplink("return {data: [1]};"), "data that is a list", (0, 0)),
        (uplink("return {data: {}, errors: 5};"), "errors that are a number", (0, 0)),
        (uplink("let a = {}; a.a = a; return {data: a};"), "TypeError: Converting circular", (0, 0)),
        (uplink("return {data: {v: 'x'.repeat(2 ** 21)}};"), "more than 1048576", (0, 0)),
        (
            uplink("let a = []; for (let i = 0; i < 3000; i++) a = [a]; return {data: {a}};"),
            "nested too",
            (0, 0),
        ),
        (uplink("return decodeUplink(input);"), "RangeError: Maximum call stack", (1, 33)),
        ("async " + uplink("return {data: {}};"), "is asynchronous", (0, 0)),
        ("import x from 'y'", "SyntaxError", (1, 1)),
    ],
)
async def test_failures_say_what_and_where(sandbox, script, message, place):
    with pytest.raises(CodecError) as caught:
        await decode(sandbox, script)
    assert message in str(caught.value)
    assert type(caught.value) is CodecError
    line, column = place
    assert caught.value.line == line
    assert not line or abs(caught.value.column - column) <= 1


async def test_one_bad_frame_costs_only_itself(sandbox):
    script = uplink("if (input.bytes[0] === 3) throw new Error('bad'); return {data: {v: input.bytes[0]}};")
    made = await sandbox.decode_many("test", script, [Frame(bytes([n]), 1, NOW) for n in range(6)])
    assert isinstance(made[3], CodecError)
    assert [one.data["v"] for one in made[:3] + made[4:]] == [0, 1, 2, 4, 5]


async def test_deep_outputs_fit_into_a_struct(sandbox):
    made = await decode(sandbox, uplink("let a = 1; for (let i = 0; i < 28; i++) a = {a}; return {data: a};"))
    struct = json_format.ParseDict(made.data, Struct())
    assert Struct.FromString(struct.SerializeToString()) == struct


async def test_no_frames_need_no_process(sandbox):
    assert await sandbox.decode_many("test", uplink("return {data: {}};"), []) == []


async def test_downlinks(sandbox):
    script = """
        function encodeDownlink({data}) { return {bytes: [1, data.limit], fPort: 7, warnings: ['slow']}; }
        function decodeDownlink(input) { return {data: {limit: input.bytes[1], port: input.fPort}}; }
    """
    encoded = await sandbox.encode_downlink("test", script, {"limit": 40})
    assert (encoded.payload, encoded.f_port, encoded.warnings) == (b"\x01\x28", 7, ("slow",))
    assert (await sandbox.decode_downlink("test", script, b"\x01\x28", 7)).data == {"limit": 40, "port": 7}
    assert await sandbox.functions("test", script) == {"encodeDownlink", "decodeDownlink"}


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ("{bytes: [256]}", r"bytes\[0\] = 256"),
        ("{bytes: [1.5]}", r"bytes\[0\] = 1.5"),
        ("{bytes: ['1']}", r"bytes\[0\]"),
        ("{bytes: 'ff'}", "bytes that are a text"),
        ("{}", "bytes that are null"),
        ("{bytes: [], fPort: 0}", "fPort 0"),
        ("{bytes: [], fPort: 256}", "fPort 256"),
    ],
)
async def test_what_is_no_downlink_is_refused(sandbox, returned, message):
    with pytest.raises(CodecError, match=message):
        await sandbox.encode_downlink("test", f"function encodeDownlink(i) {{ return {returned}; }}", {})


async def test_an_encoder_may_refuse(sandbox):
    script = "function encodeDownlink(i) { return {errors: ['unknown command']}; }"
    encoded = await sandbox.encode_downlink("test", script, {})
    assert (encoded.payload, encoded.errors) == (b"", ("unknown command",))
