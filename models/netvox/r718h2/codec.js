// Netvox R718H2: pulse counter with two inputs.
//
// Reports come on port 6: version, device type, report type, eight bytes. Answers to settings come on port 7.
// Counters have 16 bits; by the clear mode they roll over at 65536 or begin again with every report.

const DEVICE = 0x3f;
const NAME = "R718H2";
const FRAME_BYTES = 11;
const LOW_BATTERY = 0x80;

const ANSWERS = {
  0x81: ["ConfigReportRsp", (bytes) => ({ Status: status(bytes[2]) })],
  0x82: ["ReadConfigReportRsp", (bytes) => ({
    MinTime: uint16(bytes, 2),
    MaxTime: uint16(bytes, 4),
    BatteryChange: bytes[6] / 10,
  })],
  0x83: ["SetFiltertimeRsp", (bytes) => ({ Status: status(bytes[2]) })],
  0x84: ["GetFiltertimeRsp", (bytes) => ({ FilterTime: bytes[2] * 5 })],
  0x85: ["SetPulseCounterClearModeRsp", (bytes) => ({ Status: status(bytes[2]) })],
  0x86: ["GetPulseCounterClearModeRsp", (bytes) => ({
    PulseCounterClearMode: bytes[2] ? "Clear when Roll-Over" : "Clear when send",
  })],
};

function refuse(reason) {
  return { errors: [reason] };
}

function uint16(bytes, at) {
  return bytes[at] * 256 + bytes[at + 1];
}

function status(byte) {
  return byte ? "Failure" : "Success";
}

function report(bytes) {
  if (bytes[2] === 0) {
    const datecode = bytes.slice(5, 9).map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return { Device: NAME, SWver: bytes[3] / 10, HWver: bytes[4], Datecode: datecode };
  }
  const volts = (bytes[3] & ~LOW_BATTERY) / 10;
  return {
    Device: NAME,
    // The highest bit says that the battery is low; the maker's own decoder gives a text then.
    Volt: bytes[3] & LOW_BATTERY ? volts + "(low battery)" : volts,
    PulseCount1: uint16(bytes, 4),
    PulseCount2: uint16(bytes, 6),
  };
}

function decodeUplink({ bytes, fPort }) {
  if (fPort !== 6 && fPort !== 7) return refuse("unknown FPort");
  if (bytes.length < FRAME_BYTES) return refuse(`a frame has ${FRAME_BYTES} bytes, this one has ${bytes.length}`);
  if (bytes[1] !== DEVICE) return refuse(`device type ${bytes[1]} is not that of an ${NAME}`);
  if (fPort === 6) return bytes[2] > 1 ? refuse(`unknown report type ${bytes[2]}`) : { data: report(bytes) };
  const known = ANSWERS[bytes[0]];
  if (!known) return refuse(`unknown command ${bytes[0]}`);
  const [name, read] = known;
  return { data: { Cmd: name, Device: NAME, ...read(bytes) } };
}
