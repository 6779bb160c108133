// SiMBA reference meter: an electricity meter with a relay and half-hourly history, for demonstrations and
// tests. The frames are described in README.md beside this file. All numbers are big-endian.

const UPLINK_PORT = 10;
const DOWNLINK_PORT = 10;
const MISSING = 0xffff;
const SWITCH_STATES = ["DISCONNECTED", "CONNECTED", "ARMED"];
const COMMANDS = { disconnect: 0x81, connect: 0x82, arm: 0x83, read: 0x84, set_time: 0x85 };

function refuse(reason) {
  return { errors: [reason] };
}

function time(frame, at) {
  return new Date(frame.readUInt32BE(at) * 1000).toISOString();
}

function registers(frame) {
  if (frame.length !== 20) return refuse(`a register frame has 20 bytes, this one has ${frame.length}`);
  return {
    data: {
      register: { time: time(frame, 1), import_wh: frame.readUInt32BE(5), export_wh: frame.readUInt32BE(9) },
      voltage: frame.readUInt16BE(13) / 10,
      power: frame.readInt32BE(15),
      switch_state: SWITCH_STATES[frame[19]] || null,
    },
  };
}

function history(frame) {
  const count = frame.length > 10 ? frame[6] : 0;
  if (count === 0 || frame.length !== 11 + 2 * count) {
    return refuse(`a history frame of ${count} intervals has ${11 + 2 * count} bytes, this one has ${frame.length}`);
  }
  const start = frame.readUInt32BE(1);
  const seconds = frame[5] * 60;
  const intervals = [];
  for (let i = 0; i < count; i++) {
    const used = frame.readUInt16BE(11 + 2 * i);
    const begun = new Date((start + i * seconds) * 1000).toISOString();
    // What the meter could not measure is missing, not zero.
    intervals.push({ start: begun, import_wh: used === MISSING ? null : used });
  }
  return { data: { register: { time: time(frame, 1), import_wh: frame.readUInt32BE(7) }, intervals } };
}

function switched(frame) {
  if (frame.length !== 7) return refuse(`a switch frame has 7 bytes, this one has ${frame.length}`);
  const state = SWITCH_STATES[frame[5]];
  if (!state) return refuse(`unknown switch state ${frame[5]}`);
  return { data: { switch_time: time(frame, 1), switch_state: state, answers_command: frame[6] } };
}

const FRAMES = { 1: registers, 2: history, 3: switched };

function decodeUplink({ bytes, fPort }) {
  if (fPort !== UPLINK_PORT) return refuse("unknown FPort");
  const read = FRAMES[bytes[0]];
  return read ? read(Buffer.from(bytes)) : refuse(`unknown frame type ${bytes[0]}`);
}

// {command: "disconnect" | "connect" | "arm" | "read"} or {command: "set_time", time: seconds since 1970}.
function encodeDownlink({ data }) {
  const command = COMMANDS[data.command];
  if (command === undefined) return refuse(`unknown command ${JSON.stringify(data.command)}`);
  if (data.command !== "set_time") return { fPort: DOWNLINK_PORT, bytes: [command] };
  if (!Number.isInteger(data.time) || data.time < 0 || data.time > 0xffffffff) {
    return refuse("time must be whole seconds since 1970");
  }
  const frame = Buffer.alloc(5);
  frame[0] = command;
  frame.writeUInt32BE(data.time, 1);
  return { fPort: DOWNLINK_PORT, bytes: Array.from(frame) };
}

function decodeDownlink({ bytes, fPort }) {
  const found = Object.entries(COMMANDS).find(([, command]) => command === bytes[0]);
  if (fPort !== DOWNLINK_PORT || !found) return refuse("not a command of this meter");
  const data = { command: found[0] };
  if (found[0] === "set_time") data.time = Buffer.from(bytes).readUInt32BE(1);
  return { data };
}
