"""From what the channel told and how the process ended to one outcome."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from typing import Any

from ...sim.text import clean
from . import frames
from .frames import strict_json
from .launch import Ended
from .protocol import Call, Job, Limits, Outcome, Status
from .results import read_results
from .talk import Ending

_LONGEST = 400
_SHORT = 100  # characters of an exception's type


def outcome_of(work: Sequence[Job | Call], limits: Limits, ending: Ending, ended: Ended | None, seconds: float) -> Outcome:
    """Return how a call ended.

    Args:
        work: What was asked.
        limits: What it might use.
        ending: What the channel told.
        ended: How the process ended, where it did by itself.
        seconds: Wall time of the call.
    """
    results: tuple[Any, ...] = ()
    status, reason = _read(limits, ending, ended)
    if status is Status.OK:
        try:
            results = read_results(ending.body, work)
        except ValueError as error:
            status, reason = Status.INVALID_RESULT, str(error)
    return Outcome(status=status, reason=line(reason), results=results, prompts=ending.prompts, seconds=seconds)


def line(text: str) -> str:
    """Return a text that anybody may have written as one line fit for a terminal."""
    short = " ".join(clean(text)[0].split())
    return short if len(short) <= _LONGEST else short[: _LONGEST - 3] + "..."


def _read(limits: Limits, ending: Ending, ended: Ended | None) -> tuple[Status, str]:
    """Return the status and the reason, before a result is looked at."""
    if not ending.confined:
        said = ending.body.decode("utf-8", "replace") if ending.kind == frames.UNCONFINED else "the child ended at once"
        return Status.SANDBOX_UNAVAILABLE, f"the process could not be confined: {said}"
    if ending.kind == "timeout":
        return Status.TIMEOUT, f"no result within {limits.seconds:g} s"
    if ending.kind == "gone" and ended is not None:
        return _death(limits, ended)
    if ending.kind == "broken":
        return Status.INVALID_RESULT, ending.body.decode("utf-8", "replace")
    if ending.kind == frames.FLOOD:
        return Status.OUTPUT_FLOOD, f"more than {limits.output_kib} KiB of output"
    if ending.kind == frames.RESULT:
        most = int(limits.result_mib * (1 << 20))
        return (Status.OK, "") if len(ending.body) <= most else (Status.INVALID_RESULT, f"a result of more than {limits.result_mib:g} MiB")
    return _told(ending)


def _told(ending: Ending) -> tuple[Status, str]:
    """Read what the child says of itself: a claim, of which nothing depends but the words."""
    try:
        said = strict_json(ending.body, 2)
    except ValueError as error:
        return Status.INVALID_RESULT, str(error)
    if ending.kind == frames.RAISED and isinstance(said, dict):
        where = f" (line {said['line']})" if isinstance(said.get("line"), int) else ""
        text = f"{str(said.get('type', ''))[:_SHORT]}: {said.get('text', '')}{where}"
        return (Status.MEMORY if said.get("memory") is True else Status.ERROR), text
    if ending.kind == frames.UNEQUAL:
        return Status.NONDETERMINISTIC, str(said)
    if ending.kind == frames.INVALID:
        return Status.INVALID_RESULT, str(said)
    return Status.INVALID_RESULT, "a frame of no known kind"


def _death(limits: Limits, ended: Ended) -> tuple[Status, str]:
    """Say why a process ended without a word."""
    if os.WIFEXITED(ended.status):
        return Status.ERROR, f"it ended the process (exit status {os.WEXITSTATUS(ended.status)}) before it returned"
    number = os.WTERMSIG(ended.status)
    if number == signal.SIGXCPU or (number == signal.SIGKILL and ended.cpu >= limits.cpu_seconds):
        return Status.CPU_LIMIT, f"more than {limits.cpu_seconds:g} s of processor time"
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    return Status.CRASHED, f"ended by {name}"
