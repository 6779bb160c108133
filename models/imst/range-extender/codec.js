// IMST Range Extender (iO881A): passes telegrams of wireless M-Bus meters on.
//
// Port 3 is the extender's own state, port 4 telegrams: time, length, then the telegram from its C field on
// (EN 13757-4). With 0x40 added to the port the upload is one segment of a longer one: its first byte counts.

const SEGMENTED = 0x40;
const STATUS_PORT = 3;
const TELEGRAM_PORT = 4;
const STATUS_BYTES = 28;
// Later firmware adds the supply voltage and the kind of firmware.
const LONG_STATUS_BYTES = 31;
const SHORTEST_TELEGRAM = 10;

// Bits of the state: name, when set, when not. The maker's decoder reads two of them from one bit.
const STATE_BITS = [
  [0x01, "LoRaWAN", "not activated", "activated"],
  [0x02, "NetworkTime", "not synchronized", "synchronized"],
  [0x04, "SystemTimeBit", "not synchronized", "synchronized"],
  [0x04, "LoRaWANConfiguration", "not available", "available"],
  [0x20, "WMBusFilterList", "is empty", "contains at least one item"],
  [0x40, "CalendarEventList", "is empty", "contains at least one item"],
  [0x80, "FlashMemoryFullState", "A flash memory full condition has been detected during capture phase", "no error"],
  [0x100, "FlashMemoryCRCErrorState", "A file CRC error has been detected during read & upload operation", "no error"],
];
const FIRMWARE_TYPES = ["Release"];

function refuse(reason) {
  return { errors: [reason] };
}

const utc = (seconds) => new Date(seconds * 1000).toUTCString();
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("-");

function state(frame) {
  if (frame.length < STATUS_BYTES) return refuse(`a state has ${STATUS_BYTES} bytes, this one has ${frame.length}`);
  const data = {
    Time: utc(frame.readUInt32LE(0)),
    FirmwareVersion: `${frame[5]}.${frame[4]}`,
    LastSyncTime: utc(frame.readUInt32LE(6)),
    ResetCounter: frame.readUInt32LE(10),
    WMBusPackagesReceived: frame.readUInt32LE(16),
    WMBusPackagesSaved: frame.readUInt32LE(20),
    WMBusPackagesSent: frame.readUInt32LE(24),
  };
  const bits = frame.readUInt16LE(14);
  for (const [mask, name, set, unset] of STATE_BITS) data[name] = bits & mask ? set : unset;
  if (frame.length >= LONG_STATUS_BYTES) {
    data.SystemVoltage = frame.readUInt16LE(28);
    data.FirmwareType = FIRMWARE_TYPES[frame[30]] || String(frame[30]);
  }
  return { data };
}

function telegrams(frame) {
  const values = [];
  for (let at = 0; at < frame.length; ) {
    const size = frame[at + 4];
    const end = at + 5 + size;
    if (!(size >= SHORTEST_TELEGRAM) || end > frame.length) return refuse(`the telegram at byte ${at} is cut off`);
    const one = frame.slice(at + 5, end);
    values.push({
      Time: utc(frame.readUInt32LE(at)),
      CTRLField: `0x${hex(one.slice(0, 1))}`,
      ManID: hex(one.slice(1, 3)),
      DeviceID: hex(one.slice(3, 7)),
      Version: `0x${hex(one.slice(7, 8))}`,
      Type: `0x${hex(one.slice(8, 9))}`,
      Data: hex(one.slice(9)),
    });
    at = end;
  }
  return { data: { values } };
}

function decodeUplink({ bytes, fPort }) {
  const segmented = (fPort & SEGMENTED) !== 0;
  const frame = Buffer.from(segmented ? bytes.slice(1) : bytes);
  const port = fPort & ~SEGMENTED;
  if (port !== STATUS_PORT && port !== TELEGRAM_PORT) return refuse("unknown FPort");
  const output = port === STATUS_PORT ? state(frame) : telegrams(frame);
  if (segmented) {
    output.warnings = ["WARNING: decoding of segmented payload - values can be incorrect or incomplete"];
  }
  return output;
}
