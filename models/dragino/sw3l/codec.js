// Dragino SW3L: flow sensor for water.
//
// Port 2 is a value, port 3 the data log (entries of eleven bytes), port 4 the settings, port 5 the device.

// Pulses a litre by the flag that says which probe is fitted: DN15, DN20, DN25.
const PULSES_PER_LITRE = { 0: 450, 1: 360, 2: 60 };
const BANDS = [
  "EU868", "US915", "IN865", "AU915", "KZ865", "RU864", "AS923", "AS923_1", "AS923_2", "AS923_3",
  "CN470", "EU433", "KR920", "MA869",
];
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

function litres(pulses, flag) {
  return (pulses / (PULSES_PER_LITRE[flag] || PULSES_PER_LITRE[0])).toFixed(1);
}

function value(bytes) {
  const flag = bytes[0] >> 2;
  const pulses = uint(bytes, 1, 4);
  const data = {
    MOD: bytes[5],
    Calculate_flag: flag,
    Alarm: bytes[0] & 2 ? "TRUE" : "FALSE",
    Water_flow_value: parseFloat(litres(pulses, flag)),
    Data_time: stamp(uint(bytes, 7, 4)),
  };
  // In mode 1 the counter holds the pulses since the last uplink.
  data[bytes[5] === 1 ? "Last_pulse" : "Total_pulse"] = pulses;
  return data;
}

function log(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
    const flag = bytes[at] >> 2;
    const pulses = uint(bytes, at + 3, 4);
    const alarm = bytes[at] & 2 ? "TRUE" : "FALSE";
    text += `[${alarm},${flag},${bytes[at + 1]},${pulses},${litres(pulses, flag)},${stamp(uint(bytes, at + 7, 4))}],`;
  }
  return { DATALOG: text };
}

function settings(bytes) {
  return { TDC: uint(bytes, 0, 3), Stop_Timer: bytes[4], Alarm_Timer: uint(bytes, 5, 2) };
}

function device(bytes) {
  const data = {
    SUB_BAND: bytes[4] === 0xff ? "NULL" : bytes[4],
    FIRMWARE_VERSION: `${bytes[1] & 15}.${bytes[2] >> 4}.${bytes[2] & 15}`,
    BAT: uint(bytes, 5, 2) / 1000,
  };
  if (bytes[0] === 0x11) data.SENSOR_MODEL = "SW3L";
  if (BANDS[bytes[3] - 1]) data.FREQUENCY_BAND = BANDS[bytes[3] - 1];
  return data;
}

const PORTS = { 2: [value, 11], 3: [log, ENTRY_BYTES], 4: [settings, 7], 5: [device, 7] };

function decodeUplink({ bytes, fPort }) {
  const known = PORTS[fPort];
  if (!known) return refuse("unknown FPort");
  const [read, least] = known;
  if (bytes.length < least) return refuse(`a frame of port ${fPort} has ${least} bytes, this one has ${bytes.length}`);
  if (read === log && bytes.length % ENTRY_BYTES) return refuse("the last entry of the log is cut off");
  return { data: read(bytes) };
}
