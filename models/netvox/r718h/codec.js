// Netvox R718H: pulse counter with one input.
//
// Reports come on port 6: version, device type, report type, eight bytes. Answers to settings come on port 7:
// command, device type, nine bytes.

const DEVICE = 0x1f;
const NAME = "R718H";
const FRAME_BYTES = 11;
const LOW_BATTERY = 0x80;

function refuse(reason) {
  return { errors: [reason] };
}

function uint16(bytes, at) {
  return bytes[at] * 256 + bytes[at + 1];
}

function status(byte) {
  return byte ? "Failure" : "Success";
}

function version(bytes) {
  const datecode = bytes.slice(5, 9).map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { SWver: bytes[3] / 10, HWver: bytes[4], Datecode: datecode };
}

function volts(byte) {
  const value = (byte & ~LOW_BATTERY) / 10;
  // A low battery is told as the maker's own decoder does: by a text.
  return byte & LOW_BATTERY ? value + "(low battery)" : value;
}

const REPORTS = {
  0x00: version,
  0x01: (bytes) => ({ Volt: volts(bytes[3]), PulseCount: uint16(bytes, 4) }),
};

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

function decodeUplink({ bytes, fPort }) {
  if (fPort !== 6 && fPort !== 7) return refuse("unknown FPort");
  if (bytes.length < FRAME_BYTES) return refuse(`a frame has ${FRAME_BYTES} bytes, this one has ${bytes.length}`);
  if (bytes[1] !== DEVICE) return refuse(`device type ${bytes[1]} is not that of an ${NAME}`);
  if (fPort === 6) {
    const report = REPORTS[bytes[2]];
    return report ? { data: { Device: NAME, ...report(bytes) } } : refuse(`unknown report type ${bytes[2]}`);
  }
  const known = ANSWERS[bytes[0]];
  if (!known) return refuse(`unknown command ${bytes[0]}`);
  const [name, read] = known;
  return { data: { Cmd: name, Device: NAME, ...read(bytes) } };
}
