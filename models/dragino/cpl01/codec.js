// Dragino CPL01: counter of the openings of a dry contact.
//
// Port 2 is a value, port 3 the data log (entries of eleven bytes), port 4 the settings, port 5 the device.

const BANDS = [
  "EU868", "US915", "IN865", "AU915", "KZ865", "RU864", "AS923", "AS923_1", "AS923_2", "AS923_3",
  "CN470", "EU433", "KR920", "MA869",
];
const SIZES = { 2: 11, 4: 8, 5: 7 };
const LOG_PORT = 3;
const ENTRY_BYTES = 11;

function refuse(reason) {
  return { errors: [reason] };
}

function uint(bytes, at, size) {
  return bytes.slice(at, at + size).reduce((value, byte) => value * 256 + byte, 0);
}

// Local time of the device, which is UTC: 2024-03-31 01:00:00.
function stamp(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}

const flag = (bit) => (bit ? "TRUE" : "FALSE");

function value(bytes) {
  return {
    ALARM: flag(bytes[0] & 2),
    PIN_STATUS: bytes[0] & 1 ? "DISCONNECT" : "CONNECT",
    CALCULATE_FLAG: bytes[0] >> 2,
    TOTAL_PULSE: uint(bytes, 1, 3),
    DISCONNECT_DURATION: uint(bytes, 4, 3),
    TIME: stamp(uint(bytes, 7, 4)),
  };
}

function log(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
    const one = value(bytes.slice(at, at + ENTRY_BYTES));
    const pin = bytes[at] & 1 ? "OPEN" : "CLOSE";
    text += `[${one.ALARM},${pin},${one.TOTAL_PULSE},${one.CALCULATE_FLAG},${one.DISCONNECT_DURATION},${one.TIME}],`;
  }
  return { DATALOG: text };
}

function settings(bytes) {
  return {
    TDC: uint(bytes, 0, 3),
    DISALARM: bytes[3] & 1,
    KEEP_STATUS: bytes[4] & 1,
    KEEP_TIME: uint(bytes, 5, 2),
    TRIGGER_MODE: bytes[7] & 1,
  };
}

function device(bytes) {
  return {
    SENSOR_MODEL: bytes[0] === 0x0e ? "CPL01" : undefined,
    SUB_BAND: bytes[4] === 0xff ? "NULL" : bytes[4],
    FREQUENCY_BAND: BANDS[bytes[3] - 1],
    FIRMWARE_VERSION: `${bytes[1] & 0x0f}.${bytes[2] >> 4}.${bytes[2] & 0x0f}`,
    BAT: uint(bytes, 5, 2) / 1000,
  };
}

const PORTS = { 2: value, 3: log, 4: settings, 5: device };

function decodeUplink({ bytes, fPort }) {
  const read = PORTS[fPort];
  if (!read) return refuse("unknown FPort");
  if (fPort === LOG_PORT && (!bytes.length || bytes.length % ENTRY_BYTES)) {
    return refuse(`entries of the log have ${ENTRY_BYTES} bytes, these are ${bytes.length}`);
  }
  if (bytes.length < SIZES[fPort]) {
    return refuse(`a frame of port ${fPort} has ${SIZES[fPort]} bytes, this one has ${bytes.length}`);
  }
  return { data: read(bytes) };
}
