"""The command that shows reports in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import exits
from .app import app
from .options import Directory, option


@app.command(epilog="Example: [bold]outskirts ui runs[/bold]   (one run: outskirts ui runs/demo)")
def ui(
    directory: Directory,
    port: Annotated[int | None, option("Where it listens; 0 for any free port.", "8600, or a free one", None, "N")] = None,
    mlflow: Annotated[bool, typer.Option("--mlflow/--no-mlflow", help="Start MLflow's own pages beside it.")] = True,
) -> None:
    """Show the reports of a run, or of all runs in a folder, in a browser; on this machine only."""
    from ...sim.errors import InputError

    if not directory.is_dir():
        raise InputError("DIR", "a run directory, or a folder that holds some", str(directory), "There is no such folder.")
    from ..ui import serve

    screen = exits.console()
    with exits.interruptible():
        serve(directory, lambda line: screen.print(line, soft_wrap=True, markup=False), port, mlflow=mlflow)
