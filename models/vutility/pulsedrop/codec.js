// Vutility PulseDrop: pulse counter that lives on the meter's own energy.
//
// Eleven bytes, the first 28: capacitor voltage, temperature, counter (big-endian), reserved, fault flags.

const PACKET = 28;
const FRAME_BYTES = 11;
const DOWNLINK_PORT = 3;
const SET_INTERVAL = 0x0054;
const FACTORY_RESET = 0x0046;

function decodeUplink({ bytes }) {
  const errors = [];
  const warnings = [];
  if (bytes.length !== FRAME_BYTES) errors.push(`Payload length must be ${FRAME_BYTES} bytes`);
  else if (bytes[0] !== PACKET) errors.push(`Payload packet ID is not equal to ${PACKET}`);
  if (errors.length) return { errors, warnings };

  const frame = Buffer.from(bytes);
  // The factors first: the maker's values are rounded in this order.
  const data = {
    pulseCount: frame.readUInt32BE(3),
    capacitorVoltage: (5.0 / 255.0) * frame[1],
    temperatureCelsius: (120.0 / 255.0) * frame[2] - 40,
  };
  if (data.capacitorVoltage < 2.5) {
    warnings.push("Low capacitor voltage indicates depleted battery. System may cease operation soon.");
  }
  if (frame[10] & 1) errors.push("No response from meter");
  if (frame[10] & 2) errors.push("Invalid response from meter");
  return { data, errors, warnings };
}

// {transmitIntervalSeconds: 60 to 1800} or {factoryReset: true}.
function encodeDownlink({ data }) {
  const { transmitIntervalSeconds: seconds, factoryReset } = data;
  const frame = Buffer.alloc(10);
  if ((seconds === undefined) === (factoryReset === undefined)) {
    return { errors: ["one of transmitIntervalSeconds and factoryReset is needed"], warnings: [] };
  }
  if (factoryReset !== undefined) {
    if (factoryReset !== true) return { errors: ["factoryReset must be true"], warnings: [] };
    frame.writeUInt16LE(FACTORY_RESET, 0);
  } else {
    if (!(seconds >= 60 && seconds <= 1800)) {
      return { errors: ["transmitIntervalSeconds must be within 60 to 1800"], warnings: [] };
    }
    frame.writeUInt16LE(SET_INTERVAL, 0);
    frame.writeFloatLE(seconds, 2);
  }
  return { bytes: Array.from(frame), fPort: DOWNLINK_PORT, errors: [], warnings: [] };
}
