"""The part of Node's Buffer that payload codecs use."""

import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.codec.conftest import decode, uplink

FRAME = bytes(range(0x7C, 0x8C))
NUMBERS = bytes(range(0xB9, 0xC9))


def built(size: int, call: str) -> str:
    """An expression: a Buffer on which a method was called."""
    return f"(() => {{ const o = Buffer.alloc({size}); o.{call}; return o; }})()"


async def evaluate(sandbox, expression: str, payload: bytes = FRAME):
    script = uplink("const b = Buffer.from(input.bytes); return {data: {v: " + expression + "}};")
    return (await decode(sandbox, script, payload)).data["v"]


@pytest.mark.parametrize(
    ("method", "form"),
    [
        ("UInt8", ">B"), ("Int8", ">b"), ("UInt16LE", "<H"), ("UInt16BE", ">H"), ("Int16LE", "<h"),
        ("Int16BE", ">h"), ("UInt32LE", "<I"), ("UInt32BE", ">I"), ("Int32LE", "<i"), ("Int32BE", ">i"),
        ("FloatLE", "<f"), ("FloatBE", ">f"), ("DoubleLE", "<d"), ("DoubleBE", ">d"),
        ("BigInt64LE", "<q"), ("BigInt64BE", ">q"), ("BigUInt64LE", "<Q"), ("BigUInt64BE", ">Q"),
        ("Uint16LE", "<H"), ("Uint32BE", ">I"),
    ],
)  # fmt: skip
async def test_reads_and_writes(sandbox, method, form):
    size = struct.calcsize(form)
    [expected] = struct.unpack_from(form, NUMBERS, 3)
    told = await evaluate(sandbox, f"b.read{method}(3)", NUMBERS)
    # A large double is written as digits: as many as it takes to tell it from its neighbours.
    assert (float(told) if isinstance(expected, float) else told) == expected
    written = built(size + 1, f"write{method}(b.read{method}(3), 1)")
    assert bytes(await evaluate(sandbox, written, NUMBERS)) == b"\0" + NUMBERS[3 : 3 + size]
    with pytest.raises(Exception, match="outside of 16 bytes"):
        await evaluate(sandbox, f"b.read{method}({17 - size})")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(min_size=1, max_size=6), st.booleans(), st.booleans())
async def test_any_width(sandbox, payload, little, signed):
    name = ("Int" if signed else "UInt") + ("LE" if little else "BE")
    expected = int.from_bytes(payload, "little" if little else "big", signed=signed)
    assert await evaluate(sandbox, f"b.read{name}(0, {len(payload)})", payload) == expected
    written = built(len(payload), f"write{name}({expected}, 0, {len(payload)})")
    assert bytes(await evaluate(sandbox, written, payload)) == payload


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=40))
async def test_texts_there_and_back(sandbox, payload):
    texts = await evaluate(
        sandbox, "['hex', 'base64', 'base64url', 'latin1'].map((e) => b.toString(e))", payload
    )
    import base64

    url = base64.urlsafe_b64encode(payload).decode().rstrip("=")
    assert texts == [payload.hex(), base64.b64encode(payload).decode(), url, payload.decode("latin1")]
    for encoding in ("hex", "base64", "latin1"):
        again = await evaluate(sandbox, f"Buffer.from(b.toString('{encoding}'), '{encoding}')", payload)
        assert bytes(again) == payload


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
async def test_utf8(sandbox, text):
    assert await evaluate(sandbox, "b.toString()", text.encode()) == text
    assert (
        bytes(await evaluate(sandbox, "Buffer.from(b.toString('utf8'), 'utf-8')", text.encode()))
        == text.encode()
    )


async def test_broken_utf8_is_marked(sandbox):
    assert await evaluate(sandbox, "b.toString()", b"a\xff\xc3(\xe2\x82") == "a\ufffd\ufffd(\ufffd\ufffd"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("new Buffer([1, 2]).toString('hex')", "0102"),
        ("Buffer('6162', 'hex').toString()", "ab"),
        ("Buffer.concat([b.slice(0, 2), Buffer.from('ff', 'hex')]).toString('hex')", "7c7dff"),
        ("b.slice(-2).toString('hex')", "8a8b"),
        ("(() => { b.slice(1, 2)[0] = 9; return b[1]; })()", 9),
        ("b.subarray(1, 3).readUInt16BE(0)", 0x7D7E),
        ("Buffer.isBuffer(b) && b instanceof Uint8Array", True),
        ("Array.isArray(Array.from(b))", True),
        ("Array.from(new Uint8Array(Buffer.from([1, 2]).buffer))", [1, 2]),
        ("b.equals(Buffer.from(b)) && !b.equals(Buffer.alloc(16))", True),
        ("b.indexOf(0x80)", 4),
        ("b.indexOf(Buffer.from('8081', 'hex'))", 4),
        ("b.includes('~')", True),
        ("Buffer.alloc(3, 'ab').toString()", "aba"),
        ("Buffer.byteLength('m³')", 3),
        ("Buffer.from('abc').toString('utf8', 1, 2)", "b"),
        ("(() => { const o = Buffer.alloc(4); return b.copy(o, 1, 0, 2) + o[1]; })()", 126),
        ("(() => { const o = Buffer.alloc(4); return o.write('ff01', 2, 'hex') + o[3]; })()", 3),
        ("Buffer.from(b.buffer, 2, 2).toString('hex')", "7e7f"),
        ("b.map((x) => x + 1) instanceof Uint8Array", True),
        ("b.reverse()[0]", 0x8B),
        ("Buffer.compare(Buffer.from([1]), Buffer.from([1, 0]))", -1),
        ("Buffer.from({type: 'Buffer', data: [5]})[0]", 5),
        ("b.length === 16 && b.byteLength === 16", True),
    ],
)  # fmt: skip
async def test_the_rest(sandbox, expression, expected):
    assert await evaluate(sandbox, expression) == expected


@pytest.mark.parametrize("expression", ["Buffer.from(5)", "Buffer.from(null)", "b.toString('rot13')"])
async def test_refusals(sandbox, expression):
    with pytest.raises(Exception, match="TypeError"):
        await evaluate(sandbox, expression)
