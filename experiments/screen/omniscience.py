"""What regimes change, in words and tables: one card and one table a regime, never two regimes in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..omniscience import Omniscience, SimulationCard
from ..statistics.estimates import Estimate
from ..statistics.regimes import RegimePart
from .console import add_row, new_table, say
from .wording import NOTHING, interval, listed, number, percent, points, rate_words, sentence

if TYPE_CHECKING:
    from rich.console import Console

_MEANS = {
    "gap": "the omniscience gap",
    "knowledge": "its knowledge part: people know each other's secrets",
    "authoring": "its authoring part: one mind writes them all",
}


def show_omniscience(found: Omniscience, console: Console) -> None:
    """Print the gap, its parts, and a simulation card for each regime."""
    if found.note:
        say(console, sentence(found.note), "yellow")
    met = f"{found.people} people in groups of {found.group}, {found.replicates} times, the same seeds in every regime"
    say(console, f"{found.target} in {found.scenario}, people played by {found.player}: {met}.", "bold")
    for part in found.parts:
        _part(part, found.target, console)
    for card in found.cards:
        _card(card, console)


def _part(part: RegimePart, target: str, console: Console) -> None:
    gap = part.failure
    title = f"{part.name}: {part.more} - {part.less}, {_MEANS[part.name]}"
    table = new_table(console, title, "figure", "change>", "pairs>")
    add_row(table, f"failure rate of {target}, points", points(gap), str(gap.pairs or 0))
    for harm, change in part.harms.items():
        if change.estimate is not None and (change.estimate or change.numerator):
            add_row(table, f"  {harm}, points", points(change), str(change.pairs or 0))
    add_row(table, "first telling of a private fact (0 first message, 1 last or never)", _change(part.early_mention), "")
    add_row(table, "private facts that reach the target, points", _change(part.told, 100, 1), "")
    if part.payoff is not None:
        add_row(table, "the target's payoff", _change(part.payoff), "")
    console.print(table)
    for what, mean in (("First telling", part.early_mention), ("Facts that reach the target", part.told), ("Payoff", part.payoff)):
        if mean is not None and mean.reason is not None:
            say(console, f"{what}: {mean.reason}.", "dim")
    if gap.estimate is None:
        say(console, f"No difference can be told: {gap.reason}.")


def _change(value: Estimate, scale: float = 1, digits: int = 2) -> str:
    if value.estimate is None:
        return NOTHING
    return f"{scale * value.estimate:+.{digits}f} {interval(value.low, value.high, scale, digits)}".rstrip()


def _card(card: SimulationCard, console: Console) -> None:
    table = new_table(console, f"Simulation card: {card.regime}", "", "")
    add_row(table, "who knew what", f"{card.who_knew_what}; the target {card.target}")
    add_row(table, "player", f"{card.player}{' (a stand-in for a language model)' if card.stand_in else ''}")
    add_row(table, "failed", rate_words(card.rate))
    told = card.disclosure
    shares = f"{percent(told.to_target)} reached the target, {percent(told.to_others)} other people"
    sources = f"{percent(told.by_others)} were told by another person than their owner, {percent(told.by_target)} by the target"
    add_row(table, "private facts", f"{told.facts:,} in all: {shares}; {sources}; first told at {number(told.early_mention)}")
    if card.regime != "private":
        add_row(table, "", "other people knew them already, so that nothing reached them")
    if card.planted:
        add_row(table, "planted", listed(list(card.planted), 12))
    add_row(table, "known artefacts", "; ".join(card.artefacts) or "none known of this regime")
    add_row(table, "episodes", card.directory)
    console.print(table)
