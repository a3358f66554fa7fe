"""Run by a peer's own interpreter: plays the null conversation through one adapter, as often as it is told.

``python -P worker.py ADAPTER.py DISTRIBUTION [OPTION ...]``; needs the standard library alone. The first line on standard output tells the peer's
version and how long its import took. Then orders come on standard input, one JSON object a line,
``{"conversations": 40, "at_once": 1, "wait": 0.0}``, and each is answered by ``{"seconds", "processor", "answered"}`` or ``{"error"}``. What
the peer prints goes to standard error.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from types import ModuleType

Play = Callable[[int, int, float], None]
"""Plays conversations: how many, how many of them at once, and the seconds that the target takes for each answer."""


class Null:
    """The conversation that says nothing: the user's line, the target's, and how often the target answered."""

    turns = 8
    said = "Hello, it is me again."
    reply = "I see. Go on."

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.answered = 0

    def answer(self) -> str:
        """Count an answer of the target, so that a conversation cut short is not taken for a fast one, and return it."""
        with self._lock:
            self.answered += 1
        return self.reply


def adapter(path: Path) -> ModuleType:
    """Import an adapter from its file, which may have the peer's own name."""
    spec = importlib.util.spec_from_file_location("null_adapter", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["null_adapter"] = module
    spec.loader.exec_module(module)
    return module


def carry_out(order: dict[str, float], play: Play, null: Null) -> dict[str, object]:
    """Play what is ordered; seconds by the wall clock and of this process's own work, and the answers of the target."""
    gc.collect()
    before, started, worked = null.answered, time.perf_counter(), time.process_time()
    try:
        play(int(order["conversations"]), int(order["at_once"]), order["wait"])
    except Exception as error:
        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}"[:300]}
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    return {"seconds": seconds, "processor": processor, "answered": null.answered - before}


def main(path: str, distribution: str, options: Sequence[str]) -> None:
    """Answer orders until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    null = Null()
    started = time.perf_counter()
    try:
        play = adapter(Path(path)).load(null, options)
    except Exception as error:
        traceback.print_exc()
        print(json.dumps({"error": f"{type(error).__name__}: {error}"[:300]}), file=answers)
        return
    seconds = round(time.perf_counter() - started, 2)
    print(json.dumps({"version": metadata.version(distribution), "import_seconds": seconds}), file=answers)
    for line in sys.stdin:
        print(json.dumps(carry_out(json.loads(line), play, null)), file=answers)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
