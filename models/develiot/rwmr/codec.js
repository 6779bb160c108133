// DevelIoT RWMR: pulse reader for water meters, two inputs, temperature.
//
// Port 12, eleven bytes: services and firmware, two counters (little-endian), battery, temperature.

const SERVICES = [
  "LORASENSE_REPORT_SERVICE_PULSE_COUNTER1",
  "LORASENSE_REPORT_SERVICE_PULSE_COUNTER2",
  "LORASENSE_REPORT_SERVICE_TEMPERATURE",
];
const FRAME_BYTES = 11;

// A byte spread over a range, to two places.
function spread(byte, from, to) {
  return parseFloat((byte * (to - from) / 255 + from).toFixed(2));
}

function decodeUplink({ bytes, fPort }) {
  if (fPort !== 12) return { errors: ["Unknown port"] };
  if (bytes.length < FRAME_BYTES) {
    return { errors: [`a frame has ${FRAME_BYTES} bytes, this one has ${bytes.length}`] };
  }
  const frame = Buffer.from(bytes);
  return {
    data: {
      type: "status",
      hardwareVersion: 8,
      firmwareVersion: frame[0] >> 4,
      activatedServices: SERVICES.filter((_, bit) => (frame[0] >> bit) & 1),
      pulseCounter1: frame.readUInt32LE(1),
      pulseCounter2: frame.readUInt32LE(5),
      batteryLevel: spread(frame[9], 0, 3.3),
      temperature: spread(frame[10], -30, 60),
    },
  };
}
