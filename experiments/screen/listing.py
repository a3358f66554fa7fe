"""What ``outskirts list`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..naming.options import told
from ..naming.questionnaires import described
from ..naming.registered import REGISTRY

if TYPE_CHECKING:
    from rich.console import Console


_ELSEWHERE = "or your own: python:bot.py:reply, openai:MODEL@BASE_URL, chat:PROVIDER:MODEL, an http(s) address, command:./bot"


def show_names(what: str | None, console: Console) -> None:
    """Print every registered name with its options.

    Args:
        what: ``targets``, ``players``, ...; None for all.
        console: Where.
    """
    from rich.markup import escape

    shown: dict[object, str] = {}  # a model of options, and whose they were when they were listed
    for role, entries in REGISTRY.items():
        if what not in (None, f"{role}s"):
            continue
        console.print(f"[bold]{role}s[/bold]")
        for entry in entries.values():
            where = f" (in {', '.join(entry.scenarios)})" if entry.scenarios else ""
            console.print(f"  {entry.name:<16}{escape(entry.description)}{where}", soft_wrap=True)
            if entry.settings is None:
                continue
            model = entry.settings()
            if model in shown:
                console.print(f"{'':18}[dim]the same options as the {shown[model]}[/dim]", soft_wrap=True)
                continue
            shown[model] = f"{role} {entry.name}"
            for option in told(model):
                console.print(f"{'':18}[dim]{option.name:<18}{escape(option.values)} (default {option.default})[/dim]", soft_wrap=True)
        if role == "target":
            console.print(f"{'':18}{_ELSEWHERE}", soft_wrap=True)
    if what in (None, "questionnaires"):
        console.print("[bold]questionnaires[/bold]")
        for name, line in described().items():
            console.print(f"  {name:<30}{escape(line)}", soft_wrap=True)
        console.print(f"  ({_sealed()} sealed contexts are not listed)", soft_wrap=True)


def _sealed() -> int:
    """Return how many contexts only their split opens."""
    from ...personas.questionnaires.suite import context_names

    return list(context_names().values()).count("sealed")
