// `Buffer` as payload codecs use it: the part of Node's interface that reads and builds frames.
// A Buffer is a Uint8Array; slices share their memory, as Node's do.
(function (root) {
  "use strict";

  const HEX = /^[0-9a-fA-F]{2}$/;
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const SEXTET = {};
  for (let i = 0; i < 64; i++) SEXTET[ALPHABET[i]] = i;
  SEXTET["-"] = 62;
  SEXTET["_"] = 63;

  function fromHex(text) {
    const out = [];
    for (let i = 0; i + 1 < text.length; i += 2) {
      const pair = text.slice(i, i + 2);
      if (!HEX.test(pair)) break;
      out.push(parseInt(pair, 16));
    }
    return out;
  }

  function fromBase64(text) {
    const out = [];
    let bits = 0;
    let held = 0;
    for (const letter of text) {
      const value = SEXTET[letter];
      if (value === undefined) continue;
      held = ((held << 6) | value) & 0xffffff;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        out.push((held >> bits) & 0xff);
      }
    }
    return out;
  }

  function toBase64(bytes) {
    let out = "";
    for (let i = 0; i < bytes.length; i += 3) {
      const left = bytes.length - i;
      const word = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
      out += ALPHABET[(word >> 18) & 63] + ALPHABET[(word >> 12) & 63];
      out += left > 1 ? ALPHABET[(word >> 6) & 63] : "=";
      out += left > 2 ? ALPHABET[word & 63] : "=";
    }
    return out;
  }

  function fromUtf8(text) {
    const out = [];
    for (const letter of text) {
      const point = letter.codePointAt(0);
      if (point < 0x80) out.push(point);
      else if (point < 0x800) out.push(0xc0 | (point >> 6), 0x80 | (point & 63));
      else if (point < 0x10000) out.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
      else {
        out.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63));
        out.push(0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
      }
    }
    return out;
  }

  function toUtf8(bytes) {
    let out = "";
    for (let i = 0; i < bytes.length; ) {
      const first = bytes[i];
      const size = first < 0x80 ? 1 : first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
      let point = size === 1 ? first : first & (0xff >> (size + 1));
      let good = size > 0 && first < 0xf5 && i + size <= bytes.length;
      for (let k = 1; good && k < size; k++) {
        if ((bytes[i + k] & 0xc0) !== 0x80) good = false;
        point = (point << 6) | (bytes[i + k] & 63);
      }
      out += good && point < 0x110000 ? String.fromCodePoint(point) : "\ufffd";
      i += good ? size : 1;
    }
    return out;
  }

  const ENCODERS = {
    hex: fromHex,
    base64: fromBase64,
    base64url: fromBase64,
    utf8: fromUtf8,
    ascii: (text) => Array.from(text, (letter) => letter.charCodeAt(0) & 0xff),
    utf16le: (text) => {
      const out = [];
      for (let i = 0; i < text.length; i++) out.push(text.charCodeAt(i) & 0xff, text.charCodeAt(i) >> 8);
      return out;
    },
  };
  ENCODERS["utf-8"] = ENCODERS.utf8;
  ENCODERS.binary = ENCODERS.latin1 = ENCODERS.ascii;
  ENCODERS["ucs2"] = ENCODERS["utf16le"];

  function single(mask) {
    return (bytes) => {
      let out = "";
      for (const byte of bytes) out += String.fromCharCode(byte & mask);
      return out;
    };
  }

  const DECODERS = {
    hex: (bytes) => {
      let out = "";
      for (const byte of bytes) out += (byte < 16 ? "0" : "") + byte.toString(16);
      return out;
    },
    base64: toBase64,
    base64url: (bytes) => toBase64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, ""),
    utf8: toUtf8,
    ascii: single(0x7f),
    latin1: single(0xff),
    utf16le: (bytes) => {
      let out = "";
      for (let i = 0; i + 1 < bytes.length; i += 2) out += String.fromCharCode(bytes[i] | (bytes[i + 1] << 8));
      return out;
    },
  };
  DECODERS["utf-8"] = DECODERS.utf8;
  DECODERS.binary = DECODERS.latin1;
  DECODERS["ucs2"] = DECODERS["utf16le"];

  function coder(table, encoding) {
    const found = table[String(encoding === undefined ? "utf8" : encoding).toLowerCase()];
    if (!found) throw new TypeError("Unknown encoding: " + encoding);
    return found;
  }

  function adopt(array) {
    return Object.setPrototypeOf(array, Buffer.prototype);
  }

  function Buffer(value, encodingOrOffset, length) {
    if (typeof value === "number") return adopt(new Uint8Array(value));
    return Buffer.from(value, encodingOrOffset, length);
  }

  Buffer.prototype = Object.create(Uint8Array.prototype, {
    constructor: { value: Buffer, writable: true, configurable: true },
  });
  Object.setPrototypeOf(Buffer, Uint8Array);
  Object.defineProperty(Buffer, Symbol.species, { value: Uint8Array });

  Buffer.from = function (value, encodingOrOffset, length) {
    if (typeof value === "string") return adopt(new Uint8Array(coder(ENCODERS, encodingOrOffset)(value)));
    if (value instanceof ArrayBuffer) return adopt(new Uint8Array(value, encodingOrOffset, length));
    if (value && value.type === "Buffer" && Array.isArray(value.data)) return adopt(new Uint8Array(value.data));
    if (value === null || typeof value !== "object") {
      throw new TypeError("Buffer.from takes a string, an array or a buffer, not " + String(value));
    }
    return adopt(Uint8Array.from(value));
  };
  Buffer.alloc = function (size, fill, encoding) {
    const made = adopt(new Uint8Array(size));
    return fill === undefined ? made : made.fill(fill, 0, size, encoding);
  };
  Buffer.allocUnsafe = Buffer.allocUnsafeSlow = (size) => Buffer.alloc(size);
  Buffer.isBuffer = (value) => value instanceof Buffer;
  Buffer.isEncoding = (encoding) => Object.hasOwn(ENCODERS, String(encoding).toLowerCase());
  Buffer.byteLength = (value, encoding) =>
    typeof value === "string" ? coder(ENCODERS, encoding)(value).length : value.byteLength;
  Buffer.compare = function (a, b) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
    return Math.sign(a.length - b.length);
  };
  Buffer.concat = function (list, total) {
    const size = total === undefined ? list.reduce((sum, each) => sum + each.length, 0) : total;
    const made = Buffer.alloc(size);
    let at = 0;
    for (const each of list) {
      const room = each.subarray(0, Math.max(0, size - at));
      made.set(room, at);
      at += room.length;
    }
    return made;
  };

  const methods = {
    toString(encoding, start = 0, end = this.length) {
      return coder(DECODERS, encoding)(Uint8Array.prototype.subarray.call(this, start, end));
    },
    slice(start, end) {
      return adopt(new Uint8Array(this.buffer, this.byteOffset, this.length).subarray(start, end));
    },
    equals(other) {
      return Buffer.compare(this, other) === 0;
    },
    compare(other) {
      return Buffer.compare(this, other);
    },
    copy(target, targetStart = 0, start = 0, end = this.length) {
      const part = this.slice(start, Math.min(end, start + Math.max(0, target.length - targetStart)));
      target.set(part, targetStart);
      return part.length;
    },
    write(text, offset, length, encoding) {
      if (typeof offset === "string") [offset, length, encoding] = [0, undefined, offset];
      else if (typeof length === "string") [length, encoding] = [undefined, length];
      const at = offset === undefined ? 0 : offset;
      const room = Math.min(length === undefined ? Infinity : length, this.length - at);
      const bytes = coder(ENCODERS, encoding)(String(text)).slice(0, room);
      this.set(bytes, at);
      return bytes.length;
    },
    fill(value, start = 0, end = this.length, encoding = undefined) {
      if (typeof value !== "string") return Uint8Array.prototype.fill.call(this, value, start, end);
      const bytes = coder(ENCODERS, encoding)(value);
      for (let i = start; i < end; i++) this[i] = bytes.length ? bytes[(i - start) % bytes.length] : 0;
      return this;
    },
    indexOf(value, from = 0, encoding = undefined) {
      if (typeof value === "number") return Uint8Array.prototype.indexOf.call(this, value & 0xff, from);
      const wanted = typeof value === "string" ? coder(ENCODERS, encoding)(value) : value;
      for (let i = from; i + wanted.length <= this.length; i++) {
        let k = 0;
        while (k < wanted.length && this[i + k] === wanted[k]) k++;
        if (k === wanted.length) return i;
      }
      return -1;
    },
    includes(value, from, encoding) {
      return this.indexOf(value, from, encoding) !== -1;
    },
    toJSON() {
      return Array.from(this);
    },
    inspect() {
      return "<Buffer " + this.toString("hex").replace(/(..)(?=.)/g, "$1 ") + ">";
    },
  };
  methods.subarray = methods.slice;

  function within(buffer, offset, size) {
    if (!Number.isInteger(offset) || offset < 0 || offset + size > buffer.length) {
      throw new RangeError("offset " + offset + " with " + size + " bytes is outside of " + buffer.length + " bytes");
    }
  }

  function view(buffer) {
    return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  // Fixed widths: read and write of each type that DataView knows, in both byte orders.
  const TYPES = [
    ["UInt8", "Uint8", 1], ["Int8", "Int8", 1], ["UInt16", "Uint16", 2], ["Int16", "Int16", 2],
    ["UInt32", "Uint32", 4], ["Int32", "Int32", 4], ["Float", "Float32", 4], ["Double", "Float64", 8],
    ["BigInt64", "BigInt64", 8], ["BigUInt64", "BigUint64", 8],
  ];
  for (const [name, kind, size] of TYPES) {
    for (const [suffix, little] of size === 1 ? [["", true]] : [["LE", true], ["BE", false]]) {
      methods["read" + name + suffix] = function (offset = 0) {
        within(this, offset, size);
        return view(this)["get" + kind](offset, little);
      };
      methods["write" + name + suffix] = function (value, offset = 0) {
        within(this, offset, size);
        view(this)["set" + kind](offset, value, little);
        return offset + size;
      };
    }
  }

  // Any width up to six bytes.
  function readWide(buffer, offset, size, little, signed) {
    within(buffer, offset, size);
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + buffer[offset + (little ? size - 1 - i : i)];
    return signed && value >= 2 ** (8 * size - 1) ? value - 2 ** (8 * size) : value;
  }
  function writeWide(buffer, value, offset, size, little) {
    within(buffer, offset, size);
    let rest = value < 0 ? value + 2 ** (8 * size) : value;
    for (let i = 0; i < size; i++) {
      buffer[offset + (little ? i : size - 1 - i)] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return offset + size;
  }
  for (const [suffix, little] of [["LE", true], ["BE", false]]) {
    for (const [name, signed] of [["UInt", false], ["Int", true]]) {
      methods["read" + name + suffix] = function (offset, size) {
        return readWide(this, offset, size, little, signed);
      };
      methods["write" + name + suffix] = function (value, offset, size) {
        return writeWide(this, value, offset, size, little);
      };
    }
  }

  for (const name of Object.keys(methods)) {
    const spelled = [name, name.replace("UInt", "Uint")];
    for (const each of new Set(spelled)) {
      Object.defineProperty(Buffer.prototype, each, { value: methods[name], writable: true, configurable: true });
    }
  }
  Object.defineProperty(root, "Buffer", { value: Buffer, writable: true, configurable: true, enumerable: false });
})(globalThis);
