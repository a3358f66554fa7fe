"""The face: ``outskirts.run``, ``resume`` and ``compare`` from a script or a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .comparison import Comparison
    from .study import RunResult


def run(scenario: str = "support", target: object = "eliza", *, quiet: bool = True, **settings: Any) -> RunResult:
    """Meet a target with synthetic people and return what came of it.

    Works from scripts and from notebooks, whether or not an event loop runs.

    Args:
        scenario: SPEC of a scenario.
        target: A SPEC, a function of messages (synchronous or not), a LangChain Runnable, or a ``Target``.
        quiet: Print nothing.
        settings: Any other setting of a run, named as its command-line option with underscores
            (``personas=64``, ``replicates=4``, ``seed=0``, ``out="runs/mine"``, ``mlflow=False``).

    Returns:
        The result: ``summary``, ``personas`` as a DataFrame, ``episodes()``, ``dir``.

    Raises:
        InputError: If a setting is wrong.
        UnreachableError: If the target does not answer the dry call.

    Example:
        >>> import outskirts, tempfile
        >>> def assistant(messages):
        ...     return "Are you safe right now?"
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     result = outskirts.run(target=assistant, personas=4, replicates=1, controls="none", mlflow=False, out=folder + "/run")
        ...     result.summary.run.personas
        4
    """
    from .config import load_config
    from .screen.console import make_console
    from .study import run_study

    held = None if isinstance(target, str | Mapping) else target
    config = load_config(None, {"scenario": scenario, "target": target if held is None else name_of(held), "quiet": quiet, **settings})
    return run_study(config, make_console(quiet=quiet), target=held)


def resume(directory: str | Path, *, target: object | None = None, quiet: bool = True, **ceilings: Any) -> RunResult:
    """Go on with a run that was stopped; only what is missing is played, what was spent is kept.

    Args:
        directory: The run directory.
        target: The system under test itself, where the run was begun with an object held in Python.
        quiet: Print nothing.
        ceilings: New ones in place of the old: ``max_calls``, ``max_tokens``, ``max_cost``, ``max_seconds``, ``max_episode_calls``, ...; ``prices``.

    Raises:
        InputError: If there is no run, or a ceiling is wrong.
        UnreachableError: If no episode was ever finished.
        StoreError: If another process holds the directory.
    """
    from .screen.console import make_console
    from .study import resume_study

    return resume_study(Path(directory), ceilings, make_console(quiet=quiet), target=target)


def compare(directory_a: str | Path, directory_b: str | Path, margin: float | None = None) -> Comparison:
    """Compare two runs over the same people and seeds: B minus A, pair by pair.

    Args:
        directory_a: Run directory of the version that stands.
        directory_b: Run directory of the version that is to replace it.
        margin: Largest rise of the failure rate that is accepted, in [0, 1); None: no verdict is asked for.

    Raises:
        InputError: If the runs differ in people, scenario, seeds, player or judges; it says in what.
    """
    from .comparison import compare_runs

    return compare_runs(Path(directory_a), Path(directory_b), margin)


def name_of(thing: object) -> str:
    """Return the SPEC under which an object held in Python stands in the settings of its run."""
    name = getattr(thing, "__qualname__", None) or type(thing).__qualname__
    module = getattr(thing, "__module__", None) or type(thing).__module__
    return f"python:{module}:{name}"
