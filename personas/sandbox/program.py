"""The child's part of a call: run the program on the work and write down what it returned. Nothing here is trusted by the parent."""

from __future__ import annotations

import json
import os
import random
import sys
import traceback
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, NoReturn

from . import frames

NAME = "program"
_FILE = "<program>"

Batch = Callable[[list[str]], list[str]]


class _Invalid(Exception):
    """Raised for a result that cannot be one."""


class _Sink:
    """Where a program's output goes: nowhere, up to so many bytes."""

    encoding = "utf-8"
    errors = "replace"
    closed = False

    def __init__(self, most: int, overflow: Callable[[], NoReturn]) -> None:
        self._left = most
        self._overflow = overflow

    def write(self, text: str) -> int:
        """Take a text, and end the process once there is too much of it."""
        self._left -= len(text)
        if self._left < 0:
            self._overflow()
        return len(text)

    def flush(self) -> None:
        """Do nothing."""

    def isatty(self) -> bool:
        """Return False."""
        return False


class Child:
    """One call in a child that is confined already.

    Args:
        descriptor: Where the parent is.
        job: Eight bytes that name the job.
    """

    def __init__(self, descriptor: int, job: bytes) -> None:
        self._to = descriptor
        self._job = job

    def say(self, kind: bytes, content: object) -> None:
        """Send one frame of JSON."""
        frames.send(self._to, self._job, kind, json.dumps(content, allow_nan=False, ensure_ascii=False).encode("utf-8"))

    def serve(self) -> None:
        """Read the work, do it, and send how it ended. Whatever the program raises ends here."""
        frames.send(self._to, self._job, frames.READY, b"")
        _, body = frames.receive(self._to, self._job)
        order = json.loads(body)
        sink: Any = _Sink(order["output"], self._flood)
        for name in ("stdout", "stderr", "__stdout__", "__stderr__"):
            setattr(sys, name, sink)
        try:
            self._finish(order)
        except _Invalid as error:
            self.say(frames.INVALID, str(error)[:500])
        except BaseException as error:
            self.say(frames.RAISED, _told(error))

    def _finish(self, order: Mapping[str, Any]) -> None:
        llm = self._ask if order["llm"] else None
        results = _results(order["source"], order["work"], llm, 0)
        body = _encoded(results)
        if order["check"] and llm is None and order["work"]:
            again = _results(order["source"], order["work"][:1], llm, 1)
            if _encoded(again) != _encoded(results[:1]):
                self.say(frames.UNEQUAL, "the same arguments gave other people the second time")
                return
        frames.send(self._to, self._job, frames.RESULT, body)

    def _ask(self, prompts: list[str]) -> list[str]:
        """Hand a batch of prompts to the parent's language model."""
        asked = list(prompts)
        if not all(type(prompt) is str for prompt in asked):
            raise TypeError("llm takes a list of texts")
        self.say(frames.ASK, asked)
        kind, body = frames.receive(self._to, self._job)
        answer = json.loads(body)
        if kind == frames.REFUSAL:
            raise RuntimeError(answer)
        return [str(text) for text in answer]

    def _flood(self) -> NoReturn:
        frames.send(self._to, self._job, frames.FLOOD, b"")
        os._exit(0)


def _results(source: str, work: list[dict[str, Any]], llm: Batch | None, seed: int) -> list[Any]:
    """Load the program and run it; global random numbers begin alike in every call, and unlike in a check."""
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed)
    module = ModuleType(NAME)
    sys.modules[NAME] = module
    exec(compile(source, _FILE, "exec", dont_inherit=True), module.__dict__)  # noqa: S102  what this process is for
    return [_population(module, item, llm) if "n" in item else _called(module, item, llm) for item in work]


def _population(module: ModuleType, job: Mapping[str, Any], llm: Batch | None) -> dict[str, Any]:
    """Place and portray; each is given copies."""
    context, axes, n, seed = job["context"], job["axes"], job["n"], job["seed"]
    placed = _plain(module.place(context, _copy(axes), n, seed, llm))
    if not isinstance(placed, list) or len(placed) != n:
        raise _Invalid(f"place() returned {_what(placed)}, expected a list of {n} positions")
    people = [{"id": f"p{i:04d}", "position": position} for i, position in enumerate(placed)]
    return {"positions": placed, "portraits": module.portray(context, _copy(axes), _copy(people), seed, llm)}


def _called(module: ModuleType, call: Mapping[str, Any], llm: Batch | None) -> Any:
    """Call one function; those that take a language model are given it."""
    function = getattr(module, call["function"], None)
    if not callable(function):
        raise _Invalid(f"there is no function {call['function']}")
    given = {"llm": llm} if call["function"] in ("place", "portray") else {}
    arguments = dict(call["arguments"])
    ordered = [arguments.pop(name) for name in ("context", "axes", "points", "people", "n", "seed") if name in arguments]
    return function(*ordered, *given.values(), **arguments)


def _copy(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _plain(value: Any) -> Any:
    """Return a value as its JSON reads, so that portray is given what the parent will see."""
    return json.loads(_encoded(value))


def _what(value: Any) -> str:
    return f"a list of {len(value)}" if isinstance(value, list) else type(value).__name__


def _encoded(value: Any) -> bytes:
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False, default=_number).encode("utf-8")
    except RecursionError:
        raise _Invalid("the result is nested too deeply") from None
    except (ValueError, TypeError) as error:
        raise _Invalid(f"the result is no plain JSON: {error}") from None


def _number(value: Any) -> Any:
    """Return a number or an array of numpy as Python's own."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} in it")


def _told(error: BaseException) -> dict[str, Any]:
    """Return what an exception says; its text can be anything, or raise."""
    try:
        text = str(error)[:500].encode("utf-8", "replace").decode("utf-8")
    except BaseException:
        text = "(its message cannot be read)"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _FILE]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    return {"type": type(error).__name__[:80], "text": text, "line": line, "memory": isinstance(error, MemoryError)}
