"""The terminal: a console, sentences and tables, plain where the output is no terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...sim.text import clean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH = 100


def make_console(*, quiet: bool = False, stderr: bool = False) -> Console:
    """Return a console; 100 columns wide where the output is no terminal. ``quiet`` shows nothing at all."""
    from rich.console import Console

    console = Console(quiet=quiet, stderr=stderr, highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    return console


def say(console: Console, text: str, style: str = "") -> None:
    """Print a sentence as it is: no markup, wrapped between words."""
    from rich.text import Text

    console.print(Text(clean(text)[0], style=style))


def add_row(table: Table, *cells: str, style: str = "") -> None:
    """Add a row of cells that are shown as they are: no markup, no control characters."""
    from rich.text import Text

    table.add_row(*(Text(clean(cell)[0]) for cell in cells), style=style or None)


def new_table(console: Console, title: str, *heads: str) -> Table:
    """Return a table; a head that ends in ``>`` is a column of numbers. Without lines where the output is no terminal."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    lines = box.SIMPLE_HEAD if console.is_terminal else None
    label = Text(("\n" if lines is None and title else "") + title, style="bold") if title else None
    table = Table(box=lines, title=label, title_justify="left", pad_edge=False, padding=(0, 2, 0, 0) if lines is None else (0, 1))
    for head in heads:
        table.add_column(head.rstrip(">"), justify="right" if head.endswith(">") else "left", overflow="fold")
    return table
