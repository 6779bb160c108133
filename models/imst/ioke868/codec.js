// IMST iOKE868 (iO881A): optical reading head for electricity meters (SML, IEC 62056-21).
//
// Port 5 carries fields of type, length and content; port 3 the state of the head. With 0x40 added to the
// port the upload is one segment of a longer one: its first byte counts segments.

var SEGMENTED = 0x40;
var STATUS_PORT = 3;
var METER_PORT = 5;

var INPUT_STATES = [
  "ok", "no input", "input file error", "input file incomplete", "pairing error, meter ID doesn't match",
];
var PROTOCOLS = ["unknown protocol", "SML", "IEC"];
var METER_TYPES = ["unknown", "import", "export", "import + export"];

// DLMS units (IEC 62056-6-2, table of units) that meters for electricity, gas, heat and water give.
var UNITS = {
  5: "h", 6: "min.", 7: "s", 9: "°C", 13: "m³", 14: "m³", 15: "m³/h", 16: "m³/h", 19: "l", 20: "kg",
  23: "Pa", 24: "bar", 25: "J", 26: "J/h", 27: "W", 28: "VA", 29: "var", 30: "Wh", 31: "VAh", 32: "varh",
  33: "A", 35: "V", 44: "Hz", 52: "K", 56: "%", 57: "Ah", 253: "", 254: "", 255: "",
};

// Bits of the head's state: name, when set, when not.
var STATE_BITS = [
  [0x01, "LoRaWAN_Activation_State", "not activated", "activated"],
  [0x02, "Network_Time_State", "not synchronized", "synchronized"],
  [0x04, "System_Time_State", "not synchronized", "synchronized"],
  [0x10, "LoRaWAN_Configuration_State", "not available", "available"],
  [0x40, "Calendar_Event_List_State", "is empty", "contains at least one item"],
  [0x80, "OBIS_ID_Filter_List_State", "is empty", "contains at least one item"],
];

function refuse(reason) {
  return { errors: [reason] };
}

function uint32(bytes, at) {
  return bytes[at] + bytes[at + 1] * 0x100 + bytes[at + 2] * 0x10000 + bytes[at + 3] * 0x1000000;
}

function utc(seconds) {
  return new Date(seconds * 1000).toUTCString();
}

function hex(bytes) {
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("-");
}

// Printable text, or nothing if there is a control character or a space in it.
function ascii(bytes) {
  return bytes.some((byte) => byte < 0x21) ? "" : String.fromCharCode.apply(null, bytes);
}

// The OBIS code: one value for each of its groups A to F that the mask announces, from the highest bit.
function obis(mask, bytes) {
  var count = 0;
  for (var bit = 0x80; bit >= 0x04; bit >>= 1) if (mask & bit) count += 1;
  return { size: count, text: bytes.slice(0, count).join("_") };
}

// A big-endian two's complement number of any length.
function mantissa(bytes) {
  var value = 0n;
  for (var byte of bytes) value = value * 256n + BigInt(byte);
  if (bytes.length && bytes[0] & 0x80) value -= 1n << BigInt(8 * bytes.length);
  return value;
}

// raw × 10^scaler, through its decimal text: the double nearest to the exact value.
function scaled(raw, scaler) {
  return Number(raw.toString() + "e" + scaler);
}

function numericObject(content, withUnit) {
  var code = obis(content[0], content.slice(1));
  var at = 1 + code.size;
  var told = { GroupMask: content[0], OBIS_ID: code.text };
  if (withUnit) {
    var unit = content[at++];
    told.unit = UNITS[unit] === undefined ? String(unit) : UNITS[unit];
  }
  var scaler = (content[at] << 24) >> 24;
  var raw = mantissa(content.slice(at + 1));
  told.Scaler = scaler;
  told.rawValue = Number(raw);
  told.value = scaled(raw, scaler);
  return told;
}

function textObject(content) {
  var code = obis(content[0], content.slice(1));
  var bytes = content.slice(1 + code.size);
  var told = { GroupMask: content[0], OBIS_ID: code.text, rawValue: hex(bytes) };
  var text = ascii(bytes);
  if (!text) return told;
  told.stringValue = text;
  // "000055.2815" or "000055.2815*kWh"; dates and the like stay text.
  var number = /^([+-]?[0-9]*\.?[0-9]*)(?:\*([^*&]*))?$/.exec(text);
  if (number && /[0-9]/.test(number[1])) {
    told.value = parseFloat(number[1]);
    if (number[2] !== undefined) told.unit = number[2];
  } else {
    told.value = text;
  }
  return told;
}

function meterData(bytes) {
  var data = { OBIS_IDs: [], general_info: {} };
  var info = data.general_info;
  for (var at = 0; at + 1 < bytes.length; ) {
    var type = bytes[at];
    var content = bytes.slice(at + 2, at + 2 + bytes[at + 1]);
    if (content.length < bytes[at + 1]) {
      return refuse("the field at byte " + at + " is cut off: " + content.length + " of " + bytes[at + 1] + " bytes");
    }
    if (type === 0x00 && content.length >= 2) {
      info.InfoByte = content[0];
      info.StatusByte = content[1];
      info.MeterType = METER_TYPES[content[0] & 3];
      info.InputType = PROTOCOLS[(content[0] >> 2) & 3] || PROTOCOLS[0];
      info.InfraredInputStatus = INPUT_STATES[content[1]] || "unknown";
    } else if (type === 0x01 && content.length >= 4) {
      info.Time = utc(uint32(content.slice(0, 4).reverse(), 0));
      info.Time_Origin = "device time";
    } else if ((type & 0xf0) === 0x10) {
      var id = ascii(content);
      info.MeterID = hex(content) + (id ? " ( " + id + " )" : "");
    } else if (type === 0x40 || type === 0x41) {
      data.OBIS_IDs.push(numericObject(content, type === 0x40));
    } else if (type === 0x42) {
      data.OBIS_IDs.push(textObject(content));
    }
    at += 2 + bytes[at + 1];
  }
  return { data: data };
}

function headState(bytes) {
  if (bytes.length < 28) return refuse("a status has 28 bytes, this one has " + bytes.length);
  var data = {
    Status_Time: utc(uint32(bytes, 0)),
    Status_Firmware_Version: bytes[5] + "." + bytes[4],
    Status_Last_Sync_Time: utc(uint32(bytes, 6)),
    Status_Reset_Counter: uint32(bytes, 10),
    Status_Correct_Received_Meter_Files_Counter: uint32(bytes, 16),
    Status_Incorrect_Received_Meter_Files_Counter: uint32(bytes, 20),
    Status_Uploaded_Meter_Data_Messages_Counter: uint32(bytes, 24),
  };
  var bits = bytes[14] | (bytes[15] << 8);
  for (var [mask, name, set, unset] of STATE_BITS) data["Status_" + name] = bits & mask ? set : unset;
  return { data: data };
}

function decodeUplink(input) {
  var segmented = (input.fPort & SEGMENTED) !== 0;
  var port = input.fPort & ~SEGMENTED;
  var bytes = segmented ? input.bytes.slice(1) : input.bytes;
  if (port !== METER_PORT && port !== STATUS_PORT) return refuse("unknown FPort");
  var output = port === METER_PORT ? meterData(bytes) : headState(bytes);
  if (segmented) {
    output.warnings = ["WARNING: decoding of segmented payload - values can be incorrect or incomplete"];
  }
  return output;
}
