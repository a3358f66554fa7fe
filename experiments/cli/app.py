"""The application that commands register with."""

from __future__ import annotations

from typing import Annotated

import typer

from ... import __version__

app = typer.Typer(
    name="outskirts",
    help="Stress-test AI systems that talk to people, with synthetic people chosen to cover the whole space of possible users.",
    epilog="Exit status: 0 done; 1 worse and 5 undecided with --fail-if-worse; 2 the input was wrong; 3 stopped by a budget; 4 target unreachable; 70 internal error; 130 interrupted, resumable.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"outskirts {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")] = False,
) -> None:
    return
