"""How the command line ends: exit status, one line for what the user can put right, a log for what they cannot."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..sim.errors import BudgetExceeded, InputError, StoreError, UnreachableError
from ..sim.secrets import redacted

if TYPE_CHECKING:
    from rich.console import Console

DONE = 0
WRONG_INPUT = 2
BUDGET = 3
UNREACHABLE = 4
INTERNAL = 70
INTERRUPTED = 130

LOG = "outskirts.log"
"""Name of the traceback's file in a run directory."""

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (InputError, WRONG_INPUT),
    (StoreError, WRONG_INPUT),
    (BudgetExceeded, BUDGET),
    (UnreachableError, UNREACHABLE),
)
_directory: Path | None = None


class Interrupted(Exception):
    """Raised in place of ``KeyboardInterrupt``, which typer would turn into a silent ending."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Let a Ctrl-C inside the block end the command with a line that says how to go on.

    Raises:
        Interrupted: For a ``KeyboardInterrupt``.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted from None


def note_directory(directory: str | Path) -> None:
    """Remember the run directory, so that the traceback of an internal error goes there."""
    global _directory
    _directory = Path(directory)


def console() -> Console:
    """Return the console for results: plain text where standard output is no terminal, no colours with NO_COLOR."""
    from rich.console import Console

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich would leave with status 1

    wide = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Screen(highlight=False, width=None if wide else 120)


def call(command: Callable[[], object]) -> int:
    """Run a command and return the exit status; nothing but the status leaves here.

    Args:
        command: The typer application in non-standalone mode. It raises, or returns an exit status or None.
    """
    global _directory
    _directory = None
    try:
        status = command()
        sys.stdout.flush()
        return status if isinstance(status, int) else DONE
    except (KeyboardInterrupt, Interrupted):
        begun = _directory is not None and (_directory / "config.yaml").is_file()
        _say(f"interrupted; go on with: outskirts resume {_directory}" if begun else "interrupted")
        return INTERRUPTED
    except (BrokenPipeError, SystemExit) as ending:
        if isinstance(ending, SystemExit) and not isinstance(ending.__context__, BrokenPipeError):
            raise  # else typer's answer to a reader that has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())  # type: ignore[union-attr]
        return DONE
    except Exception as error:
        for kind, status in _STATUS:
            if isinstance(error, kind):
                _say(f"error: {error}")
                return status
        usage = getattr(error, "format_message", None)
        if usage is not None:  # typer's own: an unknown option, a value of the wrong type
            if usage():
                _say(f"error: {usage()}")
            return WRONG_INPUT
        return _internal(error)


def warn(line: str) -> None:
    """Print a line to standard error."""
    _say(line)


def _say(line: str) -> None:
    sys.stderr.write(_quiet(" ".join(line.split())) + "\n")


def _quiet(text: str) -> str:
    """Return a text without the secrets of the environment and what else was hidden."""
    from .naming.secrets import hide_environment

    hide_environment()
    return redacted(text)


def _internal(error: Exception) -> int:
    said = _quiet(" ".join(f"{type(error).__name__}: {error}".split()))[:200]
    trace = _quiet("".join(traceback.format_exception(error)))
    try:
        where = f"the traceback is in {_write_log(trace)}"
    except OSError as unwritable:
        where = f"the traceback could not be written ({unwritable})"
    _say(f"internal error: {said}; {where}")
    return INTERNAL


def _write_log(trace: str) -> Path:
    if _directory is not None and _directory.is_dir() and os.access(_directory, os.W_OK):
        path = _directory / LOG
        with path.open("a", encoding="utf-8") as log:
            log.write(trace + "\n")
        return path
    handle, name = tempfile.mkstemp(prefix="outskirts-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(trace)
    return Path(name)
