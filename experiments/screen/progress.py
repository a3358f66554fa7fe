"""Progress on the terminal: one bar an arm, plain silence where nobody watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ...sim.types import Verdict

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID


class Steps:
    """Shows how far a run is; use it in a ``with`` block.

    Args:
        console: Where to show it; nothing is shown if that is no terminal.
        quiet: Show nothing.
    """

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", style="bold"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}", style="dim"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
        )
        self._arms: dict[str, TaskID] = {}
        self._verdicts: dict[str, Counter[Verdict]] = {}

    def __enter__(self) -> Steps:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def episodes(self, arm: str, name: str, total: int, done: int) -> None:
        """Announce the episodes of an arm."""
        self._arms[arm] = self._progress.add_task(name, total=total, completed=done, note="")
        self._verdicts[arm] = Counter()

    def more(self, arm: str, count: int) -> None:
        """Announce so many more episodes of an arm."""
        task = self._arms[arm]
        self._progress.update(task, total=(self._progress.tasks[task].total or 0) + count)

    def played(self, arm: str, verdict: Verdict) -> None:
        """Take note of a finished episode."""
        self._verdicts[arm][verdict] += 1
        self._progress.update(self._arms[arm], advance=1, note=_note(self._verdicts[arm]))

    def generation(self, arm: str, best: Mapping[str, float | None]) -> None:
        """Take note of a generation of an arm, with the best value of every metric so far."""
        note = "  ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in best.items() if value is not None)
        self._progress.update(self._arms[arm], advance=1, note=note)

    def count(self, name: str, total: int) -> None:
        """Announce a piece of work of so many parts."""
        self._counted = self._progress.add_task(name, total=total, note="")

    def counted(self) -> None:
        """Take note of a finished part."""
        self._progress.update(self._counted, advance=1)

    def step(self, name: str) -> None:
        """Announce a piece of work that has no count."""
        self._progress.add_task(name, total=None, note="")


def _note(verdicts: Counter[Verdict]) -> str:
    """Return what stands behind a bar: how many episodes failed, and how many say nothing of the target."""
    failed = verdicts[Verdict.FAILED]
    unresolved = verdicts.total() - failed - verdicts[Verdict.PASSED]
    return ", ".join(f"{n:,} {name}" for n, name in ((failed, "failed"), (unresolved, "unresolved")) if n)
