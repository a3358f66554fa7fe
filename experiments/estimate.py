"""What a run may take, said before it begins: calls, tokens and money of whoever costs something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..agents.episode_calls import Extent, usual_calls
from ..agents.runnables import is_runnable
from ..personas.persona import Persona
from ..sim.limits import Sums
from ..sim.prices import Price, Prices
from ..sim.types import Case
from .arms import ALTERED
from .pricing import Named, costs, named
from .screen.wording import in_money

if TYPE_CHECKING:
    from .config import ExperimentConfig
    from .jobs import Cast

MESSAGE: Final = 60
"""Tokens of a message, where nothing better is known."""

INSTRUCTIONS: Final = 400
"""Tokens of what a model is told beside the conversation."""

ITEM: Final = (300, 100)
"""Tokens sent and received for an item of the questionnaire."""

JUDGEMENT: Final = 300
"""Tokens of a judgement."""

_REFERENCES = 4  # a respondent also answers as the people of the reference rows


@dataclass(frozen=True, slots=True)
class Part:
    """What one role may take."""

    role: str
    calls: int
    sent: int  # tokens
    received: int
    money: float | None  # None: its price is not known

    @property
    def tokens(self) -> int:
        """All tokens."""
        return self.sent + self.received


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run may take: every episode at its full length, every call answered at once."""

    parts: tuple[Part, ...]
    episodes: int
    turns: int
    heard: bool  # the length of the target's messages was learnt from the first call

    @property
    def money(self) -> float | None:
        """What it costs; None where a price is not known."""
        known = [part.money for part in self.parts if part.money is not None]
        return sum(known) if len(known) == len(self.parts) else None

    @property
    def words(self) -> str:
        """The estimate in a sentence or two."""
        calls, tokens = sum(part.calls for part in self.parts), sum(part.tokens for part in self.parts)
        cost = "price unknown" if self.money is None else f"{in_money(self.money)} in money"
        each = ", ".join(f"{part.role} {part.calls:,}" for part in self.parts)
        source = "the target's as in its first reply, others " if self.heard else ""
        return (
            f"This may take about {calls:,} calls ({each}) and {_round(tokens)} tokens, {cost}: {self.episodes:,} episodes of "
            f"{self.turns} turns; assumed: {source}{MESSAGE} tokens a message."
        )

    def over(self, config: ExperimentConfig) -> str:
        """Return the sentence that a ceiling may end the run early, with a space before it; nothing if all of it fits."""
        wanted = (
            ("--max-calls", config.max_calls, sum(part.calls for part in self.parts)),
            ("--max-tokens", config.max_tokens, sum(part.tokens for part in self.parts)),
            ("--max-cost", config.max_cost, self.money or 0.0),
        )
        met = [f"{name} {most:,}" for name, most, needed in wanted if most is not None and most < needed]
        return f" {' and '.join(met)} may end it before that, to be resumed with more." if met else ""


def estimate(cast: Cast, people: Sequence[Persona], prices: Prices, dry: Sums) -> Estimate | None:
    """Return what a run may take; None where nobody who takes part is known to cost anything.

    Args:
        cast: Who takes part.
        people: The run's own.
        prices: What they cost.
        dry: What the first call to the target spent.
    """
    paying: dict[str, Named] = {}
    for one in named(cast):
        if one.field != "controls" and _pays(one, cast, prices):
            paying.setdefault(one.field, one)
    if not paying:
        return None
    config, turns, group = cast.config, cast.turns, cast.group
    meetings = len(cast.meetings(cast.sent("target", tuple(people))))
    met = meetings * (1 + sum(name in ALTERED for name in config.controls) + (config.beside is not None))
    everywhere = met + meetings * len(cast.controls)
    own = sum(dry.tokens.values())  # of a greeting and its answer
    parts = []

    def add(role: str, calls: Mapping[str, int], sent: int, received: int) -> None:
        """Add what a role may take: its calls, by the name of what is called, and the tokens of each."""
        costs = [_cost(prices.of(name), n, sent, received) for name, n in calls.items()]
        known = [cost for cost in costs if cost is not None]
        n = sum(calls.values())
        parts.append(Part(role, n, n * sent, n * received, sum(known) if len(known) == len(costs) else None))

    if "target" in paying:
        add("target", {paying["target"].name: met * turns}, _talk(turns, own or INSTRUCTIONS, group), MESSAGE)
    if "player" in paying:
        calls = usual_calls(cast.player, _played(cast)) or {paying["player"].name: turns * group}
        add("player", _times(everywhere, calls), _talk(turns, INSTRUCTIONS, group), MESSAGE)
    if "judge" in paying:
        judged = _judged(cast, everywhere, [one for one in named(cast) if one.field == "judge" and _pays(one, cast, prices)])
        add("judge", judged, INSTRUCTIONS + turns * (1 + group) * MESSAGE, JUDGEMENT)
    if "respondent" in paying:
        items = len(people) * len(cast.scenario.questionnaire.items) * config.runs * _REFERENCES
        add("respondent", {paying["respondent"].name: items}, *ITEM)
    return Estimate(tuple(parts), everywhere, turns, heard=bool(own) and "target" in paying)


def _played(cast: Cast) -> Extent:
    """Return how long an episode is for the player: one author writes the lines of all people of a turn at once."""
    return Extent.of(cast.turns, cast.group, 1 if cast.config.information == "script" else cast.scenario.room.speakers)


def _judged(cast: Cast, episodes: int, paying: Sequence[Named]) -> Counter[str]:
    """Return the calls of judges, by the name of what is called: getting ready, labelled transcripts and episodes.

    A judge that does not say what it asks is taken to make one call, if it has a price.
    """
    extent = Extent.of(cast.turns, cast.group, cast.scenario.room.speakers)
    extents = Counter({extent: episodes})
    if cast.labels is not None:
        extents.update(_extent(labelled.case) for labelled in cast.labels.labelled)
    calls: Counter[str] = Counter()
    for judge in cast.judges:
        calls.update(getattr(judge, "first_calls", {}))
        for one, n in extents.items():
            calls.update(_times(n, usual_calls(judge, one)))
    silent = {one.name for one in paying if costs(one.spec)} - calls.keys()
    calls.update(dict.fromkeys(silent, extents.total()))
    return calls


def _extent(case: Case) -> Extent:
    """Return how long a transcript is."""
    speaking = {person.agent for person in case.people}
    lines = sum(message.sender in speaking for message in case.messages)
    people = max(1, len(speaking))
    return Extent(-(-lines // people), people, people)


def _times(n: int, calls: Mapping[str, int]) -> dict[str, int]:
    return {name: n * each for name, each in calls.items()}


def _cost(price: Price | None, calls: int, sent: int, received: int) -> float | None:
    """Return what calls cost that each send and receive so many tokens; None if the price is not known."""
    return None if price is None else price.of(calls * sent, calls * received) + price.call * calls


def _talk(turns: int, told: int, group: int) -> int:
    """Return the tokens of a call in which somebody is sent the whole conversation so far, the mean over the turns."""
    return told + MESSAGE * (1 + group) * turns // 2


def _pays(one: Named, cast: Cast, prices: Prices) -> bool:
    """Tell whether somebody costs something: a model does, and whatever has a price above nothing."""
    price = prices.of(one.name)
    if price is not None:
        return price.by_tokens or price.call > 0
    return one.spec.kind in ("chat", "openai", "url") or (one.field == "target" and is_runnable(getattr(cast.target, "runnable", None)))


def _round(tokens: int) -> str:
    """Return a number of tokens in words."""
    return f"{tokens / 1e6:,.1f} million" if tokens >= 1_000_000 else f"{round(tokens, -2 if tokens >= 1000 else 0):,}"
