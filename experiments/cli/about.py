"""Commands about this installation: what can be named, what the machine offers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from .. import exits
from .app import app


@app.command("list", epilog="Example: [bold]outskirts list targets[/bold]")
def list_names(
    what: Annotated[
        Literal["scenarios", "targets", "generators", "judges", "players", "respondents", "questionnaires"] | None,
        typer.Argument(help="One kind only.", show_default=False),
    ] = None,
) -> None:
    """List what can be named, and the options that go with it as name?option=value&..."""
    from ..screen.listing import show_names

    show_names(what, exits.console())


@app.command(epilog="Example: [bold]outskirts doctor[/bold]")
def doctor() -> None:
    """Say what this machine offers: cores, versions, writable folder, sandbox, Ray, Chromium, tracking store, keys by name."""
    from rich.markup import escape

    from ..doctor import examine

    checks = examine(Path.cwd(), os.environ)
    colour = {"ok": "green", "note": "yellow", "wrong": "red"}
    for check in checks:
        exits.console().print(f"[{colour[check.state]}]{check.state:<6}[/] {check.name:<15}{escape(check.found)}", soft_wrap=True)
    raise typer.Exit(exits.WRONG_INPUT if any(c.state == "wrong" for c in checks) else exits.DONE)
