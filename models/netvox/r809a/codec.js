// Netvox R809A: plug with energy meter and relay.
//
// Reports come on port 6: version, device type, report type, eight bytes. Answers to settings come on port 7:
// command, device type, nine bytes.

const DEVICE = 0x0e;
const NAME = "R809A";
const FRAME_BYTES = 11;

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

function alarm(byte) {
  return byte ? "Alarm" : "No alarm";
}

const REPORTS = {
  0x00: version,
  0x01: (bytes) => ({
    OnOff: bytes[3] ? "ON" : "OFF",
    Energy: uint16(bytes, 4) * 0x10000 + uint16(bytes, 6),
    OverCurrentAlarm: alarm(bytes[8]),
    DashCurrentAlarm: alarm(bytes[9]),
    PowerOffAlarm: alarm(bytes[10]),
  }),
  0x02: (bytes) => ({ Vol: uint16(bytes, 3), Current: uint16(bytes, 5), Power: uint16(bytes, 7) }),
};

const ANSWERS = {
  0x81: ["ConfigReportRsp", (bytes) => ({ Status: status(bytes[2]) })],
  0x82: ["ReadConfigReportRsp", (bytes) => ({
    MinTime: uint16(bytes, 2),
    MaxTime: uint16(bytes, 4),
    CurrentChange: uint16(bytes, 6),
    PowerChange: uint16(bytes, 8),
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
