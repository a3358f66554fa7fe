"""The run directory: where a run keeps its files, and how they are written."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..sim.errors import InputError

DEFAULT_PARENT = Path("runs")


@dataclass(frozen=True, slots=True)
class RunDir:
    """The files of one run. Use :meth:`create` for a new run and :meth:`open` for one that exists.

    Example:
        >>> RunDir(Path("runs/a")).summary.as_posix()
        'runs/a/summary.json'
    """

    path: Path

    @classmethod
    def create(cls, out: str | Path | None, scenario: str, now: datetime | None = None) -> RunDir:
        """Make the directory of a new run.

        Args:
            out: Where; ``runs/<time>-<scenario>`` if None, with a number behind it if that is taken.
            scenario: Name of the scenario.
            now: The time in that name; the present if None.

        Raises:
            InputError: If ``out`` is a file, holds files already, or cannot be made.
        """
        path = Path(out) if out is not None else free_name(scenario, now)
        cls.check_free(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError("out", "a place that can be written", str(path), f"{error.strerror}; choose another --out.") from error
        if not os.access(path, os.W_OK | os.X_OK):
            raise InputError("out", "a place that can be written", str(path), "Permission denied; choose another --out.")
        return cls(path)

    @classmethod
    def check_free(cls, path: Path) -> None:
        """Refuse a place that is taken, before anything is spent on a run that could not be kept there.

        Raises:
            InputError: If it is a file, or a directory that holds files already.
        """
        if path.exists() and not path.is_dir():
            raise InputError("out", "a directory", str(path), "It is a file; choose another --out.")
        if path.is_dir() and any(path.iterdir()):
            begun = cls(path).config.is_file()
            hint = f"Go on with `outskirts resume {path}`, or choose another --out." if begun else "It holds no run; choose another --out."
            raise InputError("out", "a directory that is empty or does not exist yet", str(path), hint)

    @classmethod
    def open(cls, path: str | Path) -> RunDir:
        """Return the directory of a run that exists.

        Raises:
            InputError: If it is no directory, or holds no ``config.yaml``.
        """
        found = cls(Path(path))
        if not found.path.is_dir():
            raise InputError("DIR", "a run directory", str(path), "There is no such directory.")
        if not found.config.is_file():
            raise InputError("DIR", "a run directory", str(path), "There is no config.yaml in it.")
        return found

    def sweep(self) -> None:
        """Remove what processes that were killed left half written. Call it while holding the run's lock."""
        for passing in self.path.glob(".*.tmp"):
            passing.unlink(missing_ok=True)

    @property
    def config(self) -> Path:
        """The resolved configuration, with versions."""
        return self.path / "config.yaml"

    @property
    def personas(self) -> Path:
        """The people, one a line; never changes after the start."""
        return self.path / "personas.jsonl"

    def personas_of(self, arm: str) -> Path:
        """The people of an arm that is sent others than the run's own, one a line."""
        return self.path / f"personas-{arm}.jsonl"

    def files_of_people(self) -> list[Path]:
        """Every file of people that is there, the run's own first."""
        return [path for path in (self.personas, *sorted(self.path.glob("personas-*.jsonl"))) if path.is_file()]

    @property
    def results(self) -> Path:
        """Results, one persona a line."""
        return self.path / "results.jsonl"

    @property
    def summary(self) -> Path:
        """The summary."""
        return self.path / "summary.json"

    @property
    def report(self) -> Path:
        """The report, self-contained."""
        return self.path / "report.html"


def free_name(scenario: str, now: datetime | None = None) -> Path:
    """Return a path ``runs/<time>-<word>`` that is not taken, with a number behind it if need be."""
    now = now or datetime.now().astimezone()
    word = re.sub(r"[^A-Za-z0-9_]+", "-", scenario).strip("-")[-40:] or "run"
    base = DEFAULT_PARENT / f"{now:%Y%m%d-%H%M%S}-{word}"
    path, number = base, 2
    while path.exists():
        path, number = base.with_name(f"{base.name}-{number}"), number + 1
    return path
