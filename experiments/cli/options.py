"""What the options of all commands have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...sim.errors import InputError
from .. import exits
from .completion import names_of, questionnaires

if TYPE_CHECKING:
    from ..naming.spec import Role

SPEC = "SPEC"
PRICES = "YAML file: for each model input and output (a million tokens) or call."
"""Help of the option that tells what models cost."""
Directory = Annotated[Path, typer.Argument(help="A run directory.", show_default=False)]
Questionnaire = Annotated[
    str | None,
    typer.Option(
        help="In place of a scenario: a YAML file of your own, ipip-50, dass-21, or a context of the suite.",
        show_default=False,
        metavar="NAME|FILE",
        autocompletion=questionnaires,
    ),
]


def _whole(text: str) -> int | str:
    """Read a whole number; what is none goes on as it is, for the settings to refuse by name."""
    try:
        return int(text)
    except ValueError:
        return text


def _real(text: str) -> float | str:
    """Read a number; what is none goes on as it is."""
    try:
        return float(text)
    except ValueError:
        return text


def option(
    help: str, default: object, panel: str | None, metavar: str | None = None, name: str | None = None, role: Role | None = None
) -> Any:
    """Declare an option whose default is decided by the settings; help shows it.

    Args:
        help: What it is for.
        default: What help shows as its default; None: nothing.
        panel: Under which heading help shows it.
        metavar: ``N`` and ``X`` are read as numbers.
        name: Its name where that is not the parameter's.
        role: Whose names the shell completes it to.
    """
    parser = {"N": _whole, "X": _real}.get(metavar or "")
    shown = "" if default is None else f" [dim](default {default})[/dim]"
    complete = None if role is None else names_of(role)
    declared: dict[str, Any] = {"rich_help_panel": panel, "metavar": metavar, "parser": parser, "autocompletion": complete}
    return typer.Option(*([name] if name else []), help=help + shown, show_default=False, **declared)


Unsafe = Annotated[
    bool | None,
    typer.Option(
        "--unsafe", help="Run a generator's .py program although this machine cannot hold it (outskirts doctor).", show_default=False
    ),
]


def run_directory(directory: Path) -> None:
    """Check that the directory of a run is there and remember it for the log.

    Raises:
        InputError: If there is no such folder, or it holds an evolution.
    """
    existing(directory)
    if holds_evolution(directory):
        hint = f"It holds an evolution: look at {directory / 'evolution.html'}, or go on with it: outskirts resume {directory}."
        raise InputError("DIR", "the directory of a run", str(directory), hint)


def existing(directory: Path) -> None:
    """Check that a directory is there and remember it for the log.

    Raises:
        InputError: If there is no such folder.
    """
    if not directory.is_dir():
        raise InputError("DIR", "a run directory", str(directory), "There is no such folder.")
    exits.note_directory(directory)


def holds_evolution(directory: Path) -> bool:
    """Tell whether a directory's settings are those of an evolution."""
    try:
        with (directory / "config.yaml").open(encoding="utf-8") as file:
            return file.readline().strip() == "kind: evolution"
    except (OSError, UnicodeDecodeError):
        return False
