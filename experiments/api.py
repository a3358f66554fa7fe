"""The face: ``outskirts.run`` from a script or a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from .console import make_console
    from .study import run_study

    held = None if isinstance(target, str | Mapping) else target
    config = load_config(None, {"scenario": scenario, "target": target if held is None else name_of(held), "quiet": quiet, **settings})
    return run_study(config, make_console(quiet=quiet), target=held)


def name_of(thing: object) -> str:
    """Return the SPEC under which an object held in Python stands in the settings of its run."""
    name = getattr(thing, "__qualname__", None) or type(thing).__qualname__
    module = getattr(thing, "__module__", None) or type(thing).__module__
    return f"python:{module}:{name}"
