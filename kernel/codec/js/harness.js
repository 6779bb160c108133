// Runs one codec script in one context. The value of this file is a function object `call`.
//
// The script is compiled once into a factory and instantiated anew for every frame, so that what it keeps
// in its own variables cannot reach the next frame. Globals that it makes are removed after each frame;
// the answer to `run` begins with whether all that is built in is as it was: if not, the context is discarded.
(function () {
  "use strict";

  for (const name of ["WebAssembly", "SharedArrayBuffer", "Atomics"]) delete globalThis[name];
  // The engine's own, which cannot be deleted.
  for (const name of ["setTimeout", "clearTimeout", "__timer_manager"]) globalThis[name] = undefined;

  // Values that JSON has no word for: exact integers instead of BigInt, arrays instead of typed arrays.
  const exact = (value) => {
    const digits = String(value);
    return digits.length > 40 ? digits : JSON.rawJSON(digits);
  };
  const asList = function () { return Array.from(this); };
  const TypedArray = Object.getPrototypeOf(Uint8Array.prototype);
  for (const [prototype, toJSON] of [
    [BigInt.prototype, function () { return exact(this); }],
    [TypedArray, asList],
    [Set.prototype, asList],
    [Map.prototype, function () { return Object.fromEntries(this); }],
  ]) {
    Object.defineProperty(prototype, "toJSON", { value: toJSON, writable: true, configurable: true });
  }

  // What the harness itself uses is taken before any codec can change it.
  const { parse, stringify } = JSON;
  const { ownKeys, getOwnPropertyDescriptor, apply } = Reflect;
  const { isArray } = Array;
  const CodecDate = Date;
  const CodecFunction = Function;
  const CodecPromise = Promise;
  const toText = String;
  const compileGlobally = globalThis.eval;
  const { match, slice, charCodeAt } = String.prototype;
  const { push, join } = Array.prototype;
  const root = globalThis;

  const PREFIX = "(function () {";
  const SUFFIX =
    "\n;return {" +
    ["decodeUplink", "encodeDownlink", "decodeDownlink"]
      .map((name) => name + ": typeof " + name + " === 'function' ? " + name + " : undefined")
      .join(", ") +
    "};\n})\n//# sourceURL=codec.js";

  // What is built in, as it was: each object with its properties' names and plain values.
  const intrinsics = [];
  (function remember(object, depth) {
    if (object === null || (typeof object !== "object" && typeof object !== "function")) return;
    if (intrinsics.some(([known]) => known === object)) return;
    const names = ownKeys(object);
    const plain = names.filter((name) => "value" in getOwnPropertyDescriptor(object, name));
    const watched = plain.filter((name) => object[name] === object[name]);
    intrinsics.push([object, names.length, watched, watched.map((name) => object[name])]);
    if (depth === 0) return;
    for (const name of plain) if (name !== "Temporal" && name !== "Intl") remember(object[name], depth - 1);
    remember(Object.getPrototypeOf(object), depth - 1);
  })(root, 2);
  const globalNames = new Set(ownKeys(root));
  const hasGlobal = globalNames.has.bind(globalNames);

  function intact() {
    for (let i = 0; i < intrinsics.length; i++) {
      const [object, count, names, values] = intrinsics[i];
      if (ownKeys(object).length !== count) return false;
      for (let k = 0; k < names.length; k++) if (object[names[k]] !== values[k]) return false;
    }
    return true;
  }

  const mark = () => (intact() ? "=" : "!");

  function sweep() {
    const names = ownKeys(root);
    if (names.length === globalNames.size) return;
    for (let i = 0; i < names.length; i++) if (!hasGlobal(names[i])) delete root[names[i]];
  }

  function failure(thrown) {
    const told = { kind: "error", message: "", line: 0, column: 0 };
    try {
      const isError = thrown instanceof Error;
      told.message = isError ? toText(thrown.name) + ": " + toText(thrown.message) : toText(thrown);
      const found = isError ? apply(match, toText(thrown.stack), [/codec\.js:(\d+):(\d+)/]) : null;
      if (found) {
        told.line = +found[1];
        told.column = told.line === 1 ? +found[2] - PREFIX.length : +found[2];
      }
    } catch (again) {
      told.message = "the codec threw something that cannot be shown";
    }
    told.message = apply(slice, told.message, [0, 2000]);
    return stringify(told);
  }

  function refuse(message) {
    return stringify({ kind: "error", message: message, line: 0, column: 0 });
  }

  function bytesOf(hex) {
    const bytes = new Array(hex.length >> 1);
    for (let i = 0; i < bytes.length; i++) {
      const high = apply(charCodeAt, hex, [2 * i]);
      const low = apply(charCodeAt, hex, [2 * i + 1]);
      bytes[i] = ((high > 57 ? high - 87 : high - 48) << 4) | (low > 57 ? low - 87 : low - 48);
    }
    return bytes;
  }

  function inputOf(name, frame) {
    if (name === "encodeDownlink") return { data: frame.data, fPort: frame.port, variables: frame.variables || {} };
    return {
      bytes: bytesOf(frame.hex),
      fPort: frame.port,
      recvTime: new CodecDate(frame.time),
      variables: frame.variables || {},
    };
  }

  let factory = null;

  // One frame: `[0, output]` or `[1, failure]` as JSON text.
  function runOne(name, frame, limit) {
    try {
      const codec = apply(factory, root, []);
      const call = codec[name];
      if (call === undefined) return "[1," + refuse("the script has no function " + name) + "]";
      const output = call(inputOf(name, frame));
      if (output instanceof CodecPromise) return "[1," + refuse(name + " is asynchronous; it must return an object") + "]";
      if (output === null || typeof output !== "object" || isArray(output)) {
        const what = output === null ? "null" : isArray(output) ? "a list" : typeof output;
        return "[1," + refuse(name + " returned " + what + "; it must return an object") + "]";
      }
      const told = stringify(output);
      if (typeof told !== "string") return "[1," + refuse(name + " returned something that JSON cannot hold") + "]";
      if (told.length > limit) return "[1," + refuse("the output has " + told.length + " characters, more than " + limit) + "]";
      return "[0," + told + "]";
    } catch (thrown) {
      return "[1," + failure(thrown) + "]";
    } finally {
      sweep();
    }
  }

  const operations = {
    // Compiles the script; its own top level runs only with each frame.
    load(script) {
      try {
        // A body of its own must parse by itself: nothing closes the wrapper early.
        new CodecFunction(script);
        factory = compileGlobally(PREFIX + script + SUFFIX);
        return "";
      } catch (thrown) {
        return failure(thrown);
      }
    },
    // Which functions the script offers.
    offers() {
      try {
        const codec = apply(factory, root, []);
        const names = [];
        for (const name of ["decodeUplink", "encodeDownlink", "decodeDownlink"]) {
          if (codec[name] !== undefined) apply(push, names, [name]);
        }
        return mark() + "[0," + stringify(names) + "]";
      } catch (thrown) {
        return mark() + "[1," + failure(thrown) + "]";
      } finally {
        sweep();
      }
    },
    // Frames in one go: `{name, limit, frames: [{hex, port, time, variables}]}`.
    run(body) {
      const { name, limit, frames } = parse(body);
      const told = new Array(frames.length);
      for (let i = 0; i < frames.length; i++) told[i] = runOne(name, frames[i], limit);
      return mark() + "[" + apply(join, told, [","]) + "]";
    },
  };

  return function (operation, argument) {
    return operations[operation](argument);
  };
})();
