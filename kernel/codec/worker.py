"""A sandbox process: one V8 isolate for each codec script, and nothing else.

Started by :mod:`kernel.codec.process` with an empty environment; reads requests from its standard input and
ends with it. A call that exceeds a limit costs the process its life, after it has said which; the other side
starts a new one.

The fences, from the inside out: V8 has no input or output of its own; every script has an isolate and a heap
limit of its own; the process may not grow beyond its budget; it may write no file and open none beyond what
its engine needs, dump no core and gain no privileges (:mod:`kernel.codec.fences`).
"""

import json
import os
import signal
import sys
from collections import OrderedDict
from importlib.resources import files
from typing import Any, BinaryIO

from py_mini_racer import JSEvalException, MiniRacer

from kernel.codec.fences import Answers, Budget, Watchdog, give_up_rights
from kernel.codec.wire_format import HEAD, header_of, lengths

_WRAPPER = "(function () {"


class DoesNotCompile(Exception):
    """The script is not JavaScript; the argument is the failure as JSON text."""


class Codecs:
    """The scripts that this process holds, each in its isolate; the one used longest ago goes first."""

    def __init__(self, capacity: int, heap_bytes: int) -> None:
        self._capacity = capacity
        self._heap_bytes = heap_bytes
        self._held: OrderedDict[str, tuple[MiniRacer, Any]] = OrderedDict()
        js = files("kernel.codec") / "js"
        self._prelude = (js / "buffer.js").read_text()
        self._harness = (js / "harness.js").read_text()

    def held(self, key: str) -> Any | None:
        """The harness that holds a script, if it is here."""
        if key not in self._held:
            return None
        self._held.move_to_end(key)
        return self._held[key][1]

    def load(self, key: str, script: str) -> None:
        """Takes a script in. Raises DoesNotCompile."""
        while len(self._held) >= self._capacity:
            self.drop(next(iter(self._held)))
        engine = MiniRacer()
        engine.set_hard_memory_limit(self._heap_bytes)
        engine.eval(self._prelude)
        call: Any = engine.eval(self._harness)
        failed: str = call("load", script)
        if failed:
            raise DoesNotCompile(_located(engine, script, failed))
        self._held[key] = (engine, call)

    def drop(self, key: str) -> None:
        """Gives a script's isolate up."""
        engine, _ = self._held.pop(key)
        engine.close()


def _located(engine: MiniRacer, script: str, failed: str) -> str:
    """A compile failure with its line, which V8 tells only when it compiles a whole script."""
    try:
        # A script that does parse this way closes the wrapper early; it is not run, only defined.
        engine.eval("void " + _WRAPPER + script + "\n})")
    except JSEvalException as error:
        first, _, rest = str(error).partition("\n")
        line = first.partition(": ")[0].rpartition(":")[2]
        if not line.isdigit():
            return failed
        caret = next(
            (text.find("^") for text in rest.split("\n") if text.strip(" ^") == "" and "^" in text), -1
        )
        shift = len("void " + _WRAPPER) if line == "1" else 0
        told = {**json.loads(failed), "line": int(line), "column": max(0, caret + 1 - shift)}
        return json.dumps(told)
    return failed


class Worker:
    """Serves requests, one after another."""

    def __init__(self, requests: BinaryIO, answers: Answers, codecs: Codecs) -> None:
        self._requests = requests
        self._answers = answers
        self._codecs = codecs
        self._watchdog = Watchdog(answers)
        self._watchdog.start()

    def serve(self) -> None:
        """Until the other side closes the pipe."""
        while len(raw := self._requests.read(HEAD.size)) == HEAD.size:
            head, body = lengths(raw)
            header = header_of(self._requests.read(head))
            self._answers.send(*self._answer(header, self._requests.read(body).decode()))

    def _answer(self, header: dict[str, Any], body: str) -> tuple[dict[str, Any], bytes]:
        budget = Budget(header["cpu"], header["heap"])
        if header["op"] == "load":
            return self._load(budget, header["key"], body)
        return self._call(budget, header["key"], header["op"], body)

    def _load(self, budget: Budget, key: str, script: str) -> tuple[dict[str, Any], bytes]:
        self._watchdog.arm(budget)
        try:
            self._codecs.load(key, script)
        except DoesNotCompile as error:
            return {"failed": True}, str(error).encode()
        finally:
            cpu = self._watchdog.disarm()
        return {"cpu": cpu}, b""

    def _call(self, budget: Budget, key: str, operation: str, body: str) -> tuple[dict[str, Any], bytes]:
        call = self._codecs.held(key)
        if call is None:
            return {"unknown": True}, b""
        self._watchdog.arm(budget)
        try:
            told: str = call(operation, body)
        except JSEvalException:
            # The harness catches all that can be thrown: what comes through is the end of the heap.
            self._answers.last_words("memory")
            raise
        cpu = self._watchdog.disarm()
        changed = told[0] != "="
        if changed:
            # What is built in is not as it was: the next frame must not meet that.
            self._codecs.drop(key)
        return {"cpu": cpu, "dropped": changed}, told[1:].encode()


def main() -> None:
    """Runs a sandbox process; its arguments are how many scripts it may hold, and their heap in bytes."""
    capacity, heap_bytes = int(sys.argv[1]), int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # V8 prints its last moments to standard output: that must not reach the answers.
    answers = Answers(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)
    codecs = Codecs(capacity, heap_bytes)
    # The first isolate initialises the engine: once, before the fences are closed.
    MiniRacer().close()
    give_up_rights(capacity)
    answers.send({"ready": True})
    Worker(sys.stdin.buffer, answers, codecs).serve()
    # The engine need not be taken apart in order.
    os._exit(0)
