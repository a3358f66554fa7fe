"""What ``--skip-bad`` says of the lines it left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...personas.people_file import Problem

MOST = 3
"""Lines whose faults are told."""


def warn_left_out(number: int, problems: Sequence[Problem] = ()) -> None:
    """Say on standard error how many lines were left out, if any, and what is wrong with the first of them.

    Args:
        number: Lines left out.
        problems: Their faults, in order, as far as they are known.
    """
    from ..screen.console import make_console

    if not number:
        return
    console = make_console(stderr=True)
    told = [str(problem) for problem in problems[:MOST]]
    rest = number - len(told)
    if told and rest:
        told.append(f"and {rest:,} more")
    head = f"{number:,} bad {'line was' if number == 1 else 'lines were'} left out{':' if told else ''}"
    for line in (head, *(f"  {text}" for text in told)):
        console.print(line, soft_wrap=True, markup=False)
