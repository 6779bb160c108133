// Netvox R816B: plug with energy meter and relay.
//
// Reports come on port 6: version, device type, report type, eight bytes. Commands and their answers go on
// port 7: command, device type, nine bytes.

const DEVICE = 0x73;
const NAME = "R816B";
const REPORT_PORT = 6;
const COMMAND_PORT = 7;
const FRAME_BYTES = 11;

const COMMANDS = {
  ConfigReportReq: 0x01,
  ReadConfigReportReq: 0x02,
  Off: 0x90,
  On: 0x91,
  Toggle: 0x92,
  ClearEnergy: 0x93,
  ReadCurrentStatus: 0x94,
};
const ANSWERS = { 0x81: "ConfigReportRsp", 0x82: "ReadConfigReportRsp" };

function refuse(reason) {
  return { errors: [reason] };
}

function uint(bytes, at, size) {
  return bytes.slice(at, at + size).reduce((value, byte) => value * 256 + byte, 0);
}

const alarm = (byte) => (byte ? "Alarm" : "No alarm");

const REPORTS = {
  0x00: (bytes) => ({
    Device: NAME,
    SWver: bytes[3] / 10,
    HWver: bytes[4],
    Datecode: bytes.slice(5, 9).map((byte) => byte.toString(16).padStart(2, "0")).join(""),
  }),
  0x01: (bytes) => ({
    Device: NAME,
    OnOff: bytes[3] ? "ON" : "OFF",
    Energy: uint(bytes, 4, 4),
    OverCurrentAlarm: alarm(bytes[8]),
    DashCurrentAlarm: alarm(bytes[9]),
    PowerOffAlarm: alarm(bytes[10]),
  }),
  0x02: (bytes) => ({
    Device: NAME,
    Vol: uint(bytes, 3, 2),
    Current: uint(bytes, 5, 2),
    Power: uint(bytes, 7, 2),
  }),
};

function settings(bytes) {
  return {
    MinTime: uint(bytes, 2, 2),
    MaxTime: uint(bytes, 4, 2),
    CurrentChange: uint(bytes, 6, 2),
    PowerChange: uint(bytes, 8, 2),
  };
}

function answer(bytes) {
  const data = { Cmd: ANSWERS[bytes[0]], Device: NAME };
  if (bytes[0] === 0x81) return { ...data, Status: bytes[2] ? "Failure" : "Success" };
  return { ...data, ...settings(bytes) };
}

function decodeUplink({ bytes, fPort }) {
  if (fPort !== REPORT_PORT && fPort !== COMMAND_PORT) return refuse("unknown FPort");
  if (bytes.length < FRAME_BYTES) return refuse(`a frame has ${FRAME_BYTES} bytes, this one has ${bytes.length}`);
  if (bytes[1] !== DEVICE) return refuse(`device type ${bytes[1]} is not that of an ${NAME}`);
  if (fPort === REPORT_PORT) {
    const report = REPORTS[bytes[2]];
    return report ? { data: report(bytes) } : refuse(`unknown report type ${bytes[2]}`);
  }
  return ANSWERS[bytes[0]] ? { data: answer(bytes) } : refuse(`unknown command ${bytes[0]}`);
}

// {Cmd: "Off" | "On" | "Toggle" | "ClearEnergy" | "ReadCurrentStatus" | "ReadConfigReportReq"} or
// {Cmd: "ConfigReportReq", MinTime, MaxTime (s), CurrentChange (mA), PowerChange (W)}.
function encodeDownlink({ data }) {
  const command = COMMANDS[data.Cmd];
  if (command === undefined) return refuse(`unknown Cmd ${JSON.stringify(data.Cmd)}`);
  const bytes = new Array(FRAME_BYTES).fill(0);
  bytes[0] = command;
  bytes[1] = DEVICE;
  if (data.Cmd === "ConfigReportReq") {
    const names = ["MinTime", "MaxTime", "CurrentChange", "PowerChange"];
    for (const [place, name] of names.entries()) {
      const value = data[name];
      if (!Number.isInteger(value) || value < 0 || value > 0xffff) return refuse(`${name} must be within 0 to 65535`);
      bytes[2 + 2 * place] = value >> 8;
      bytes[3 + 2 * place] = value & 0xff;
    }
  }
  return { fPort: COMMAND_PORT, bytes };
}

function decodeDownlink({ bytes, fPort }) {
  if (fPort !== COMMAND_PORT) return refuse("invalid FPort");
  const found = Object.entries(COMMANDS).find(([, command]) => command === bytes[0]);
  if (!found || bytes[1] !== DEVICE) return refuse(`not a command of an ${NAME}`);
  const data = { Cmd: found[0], Device: NAME };
  return { data: found[0] === "ConfigReportReq" ? { ...data, ...settings(bytes) } : data };
}
