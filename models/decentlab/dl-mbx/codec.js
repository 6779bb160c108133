// Decentlab DL-MBX: distance by ultrasound: the level of a tank.
//
// Protocol 2: version, device, then a bit for each sensor whose values follow as words of 16 bits.

const PROTOCOL = 2;
const HEAD_BYTES = 5;

const SENSORS = [
  {
    words: 2,
    read: ([millimetres, samples]) => ({
      distance: { displayName: "Distance", value: millimetres, unit: "mm" },
      number_of_valid_samples: { displayName: "Number of valid samples", value: samples },
    }),
  },
  {
    words: 1,
    read: ([millivolts]) => ({
      battery_voltage: { displayName: "Battery voltage", value: millivolts / 1000, unit: "V" },
    }),
  },
];

function refuse(reason) {
  return { errors: [reason] };
}

function decodeUplink({ bytes }) {
  const frame = Buffer.from(bytes);
  if (frame.length < HEAD_BYTES) return refuse(`a frame has at least ${HEAD_BYTES} bytes, this one has ${frame.length}`);
  if (frame[0] !== PROTOCOL) return refuse(`protocol ${frame[0]} is not ${PROTOCOL}`);
  const data = { protocol_version: frame[0], device_id: frame.readUInt16BE(1) };
  let flags = frame.readUInt16BE(3);
  let at = HEAD_BYTES;
  for (const sensor of SENSORS) {
    if (flags & 1) {
      const end = at + 2 * sensor.words;
      if (end > frame.length) return refuse(`the values at byte ${at} are cut off`);
      const words = Array.from({ length: sensor.words }, (_, place) => frame.readUInt16BE(at + 2 * place));
      Object.assign(data, sensor.read(words));
      at = end;
    }
    flags >>= 1;
  }
  return { data };
}
