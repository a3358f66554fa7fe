"""Where in the user's own code an exception was raised."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path
from typing import Final, NamedTuple

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_INSTALLED: Final = frozenset({"site-packages", "dist-packages"})
_PYTHON: Final = Path(sysconfig.get_path("stdlib"))


class Place(NamedTuple):
    """A line of a file."""

    file: str  # its name, without folders, which differ between machines
    line: int


def place_of(error: BaseException) -> Place | None:
    """Return the innermost line of the user's own code that an exception passed through, or that its cause did.

    Code of this package, of the standard library and of installed packages is nobody's own; None if there is no other.
    """
    for raised in (error, error.__cause__):
        frames = list(traceback.walk_tb(raised.__traceback__)) if raised is not None else []
        for frame, line in reversed(frames):
            if _is_own(path := Path(frame.f_code.co_filename)):
                return Place(path.name, line)
    return None


def said_where(error: BaseException) -> str:
    """Return ``, in line 3 of bot.py`` for the end of what an exception says; nothing if nobody can tell."""
    place = place_of(error)
    return "" if place is None else f", in line {place.line} of {place.file}"


def _is_own(path: Path) -> bool:
    if not path.is_file() or not _INSTALLED.isdisjoint(path.parts) or path.is_relative_to(_PYTHON):
        return False
    return _PACKAGE not in path.resolve().parents
