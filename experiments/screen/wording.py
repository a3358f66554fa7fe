"""Figures in words that a person reads without a manual."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import JsonValue

from ...sim.types import Branch, Message
from ..statistics.estimates import LEVEL, Difference, Estimand, Rate, Ratio

if TYPE_CHECKING:
    from ..store.store import RunStore
    from ..summary import TailSummary

STAND_IN = "synthetic people: evidence about the machinery, not about humans"
"""What a stand-in for a language model says wherever it appears."""

_STAND_INS = frozenset({"lexical", "exemplar", "planted"})  # players and respondents that are no language model

NOTHING = "-"

SCENE, TOOLS = "scene", "tools"
"""Who speaks where nobody does: what happens by itself, and what a tool returns."""

SPEAKS_OF: Mapping[Estimand, str] = {
    "these_people": "these very people, met again",
    "generator": "new people from the same generator",
    "reference_density": "probable users (reference density)",
}


def stand_ins(player: str, respondent: str | None) -> dict[str, str]:
    """Return who stood in for a language model: names by role, empty if nobody did.

    Args:
        player: Name or SPEC of who acted the people.
        respondent: Name or SPEC of who answered the questionnaire as them; None if nobody did.

    Example:
        >>> stand_ins("chat:some:model", "lexical?noise=0")
        {'respondent': 'lexical?noise=0'}
    """
    named = {"player": player, "respondent": respondent or ""}
    return {role: name for role, name in named.items() if name.partition("?")[0] in _STAND_INS}


def sentence(text: str) -> str:
    """Return text with a capital at its beginning and a full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}."


def in_money(amount: float) -> str:
    """Return an amount with two decimals, or with two digits that say something where it is small.

    Example:
        >>> in_money(1234.5), in_money(0.00123)
        ('1,234.50', '0.0012')
    """
    return f"{amount:,.2f}" if amount >= 0.1 or amount == 0 else f"{amount:.2g}"


def branch_words(branch: Branch) -> str:
    """Return which episode a continuation left, and where; turns are counted from 1."""
    return f"continuation {branch.number} of episode {branch.trunk}, from turn {branch.turn + 1} on"


def privacy(message: Message, names: Mapping[str, str] | None = None) -> str:
    """Return on which channel something was said and who else heard it; empty where everybody did.

    Args:
        message: What was said.
        names: What agents are called; their own names where one is missing.
    """

    def said(agents: Iterable[str]) -> str:
        return ", ".join((names or {}).get(agent, agent) for agent in agents)

    by_itself = message.channel in (SCENE, TOOLS)
    parts = [f"on {message.channel}"] if message.channel != "main" and not by_itself else []
    if message.to:
        parts.append(f"to {said(message.to)}")
    others = [agent for agent in message.heard_by if agent not in message.to]
    if others and message.channel != TOOLS:
        parts.append(f"heard by {said(others)}")
    return ", ".join(parts)


def call_words(message: Message) -> list[str]:
    """Return the tools that a message calls, each with its arguments as JSON."""
    return [f"{call.name}({call.malformed or json.dumps(dict(call.arguments), ensure_ascii=False)})" for call in message.calls]


def units(people_an_episode: int) -> str:
    """Return what the denominators of rates count."""
    return "resolved episodes" if people_an_episode == 1 else "resolved meetings (each person in each of their episodes)"


def is_worse(tail: TailSummary) -> bool:
    """Tell whether a tail is shown to fail more than the core."""
    return tail.p_value is not None and tail.p_value <= 1 - LEVEL


def measured(tails: Sequence[TailSummary]) -> int:
    """Return how many tails have a difference from the core."""
    return sum(tail.risk_difference.estimate is not None for tail in tails)


def percent(x: float | None, digits: int = 1) -> str:
    """Return a share as a percentage: 0.4123 becomes ``41.2 %``; a dash for None."""
    return NOTHING if x is None else f"{100 * x:.{digits}f} %"


def interval(low: float | None, high: float | None, scale: float = 100, digits: int = 1) -> str:
    """Return ``[36.1, 46.5]``; an open end is a dash."""
    ends = [NOTHING if x is None else f"{scale * x:.{digits}f}" for x in (low, high)]
    return "" if low is None and high is None else f"[{', '.join(ends)}]"


def rate_words(rate: Rate) -> str:
    """Return ``41.2 % [36.1, 46.5]``, or a dash."""
    return NOTHING if rate.estimate is None else f"{percent(rate.estimate)} {interval(rate.low, rate.high)}"


def points(difference: Difference) -> str:
    """Return ``+40.0 [34.9, 45.0]`` in percentage points, or a dash."""
    if difference.estimate is None:
        return NOTHING
    return f"{100 * difference.estimate:+.1f} {interval(difference.low, difference.high)}"


def p_words(p: float | None, name: str = "") -> str:
    """Return ``p = 0.012`` or ``p < 0.001``, the bare number without a name, a dash for None."""
    if p is None:
        return NOTHING
    sign = "< " if p < 0.001 else "= " if name else ""
    return f"{name}{sign}{max(p, 0.001):.3f}"


def times(ratio: Ratio, *, bare: bool = False) -> str:
    """Return ``1.5 [0.9, 2.2]``, or ``1.5`` if ``bare``; ``at least 2.1`` where the ratio has a lower end only; else a dash."""
    if ratio.estimate is None:
        return f"at least {ratio.low:.1f}" if ratio.low else NOTHING
    return f"{ratio.estimate:.1f}" if bare else f"{ratio.estimate:.1f} {interval(ratio.low, ratio.high, 1)}"


def number(x: JsonValue, digits: int = 2) -> str:
    """Return a number with so many digits; a dash for anything else."""
    if isinstance(x, bool) or not isinstance(x, int | float):
        return NOTHING
    return f"{x:.{digits}f}" if isinstance(x, float) else f"{x:,}"


def listed(names: list[str], most: int = 8) -> str:
    """Return names joined by commas, the rest counted."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def leaning(position: Mapping[str, float], most: int = 2) -> str:
    """Return the axes on which a person is most extreme: ``distress 0.97, trust 0.04``."""
    order = sorted(position, key=lambda axis: -abs(position[axis] - 0.5))
    return ", ".join(f"{axis} {position[axis]:.2f}" for axis in order[:most])


def part(value: JsonValue, *path: str) -> JsonValue:
    """Return what lies at a path of keys in nested JSON objects; None where there is nothing."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def judge_words(errors: Mapping[str, JsonValue]) -> str:
    """Return what a judge missed and made up against the ledger, concept by concept; bare numbers as they are."""
    said = []
    for concept, found in errors.items():
        counts = [part(found, "messages", cell) for cell in ("tp", "fp", "fn", "tn")]
        if all(isinstance(n, int) for n in counts):
            tp, fp, fn, tn = (int(str(n)) for n in counts)
            said.append(f"{concept}: {fn:,} of {tp + fn:,} tellings missed, {fp:,} false alarms in {fp + tn:,} other messages")
        else:
            said += [f"{name} {x:.3g}" for name, x in scalars({concept: found})]
    return "; ".join(said)


def divergence_line(store: RunStore) -> str | None:
    """Return a warning where an episode came again and was not the same; None where none did."""
    count = store.divergent()
    if not count:
        return None
    came = "1 record came for an episode" if count == 1 else f"{count:,} records came for episodes"
    return f"{came} stored before, with another content; what was stored first was kept. The same seed did not give the same episode."


def scalars(value: JsonValue, prefix: str = "", depth: int = 2) -> list[tuple[str, float]]:
    """Return the numbers in nested JSON objects with their paths, ``a.b``, in order."""
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float):
        return [(prefix, float(value))]
    if not isinstance(value, dict) or depth == 0:
        return []
    found = [scalars(inner, f"{prefix}.{key}" if prefix else key, depth - 1) for key, inner in value.items()]
    return [pair for pairs in found for pair in pairs]


UNSAFE = "A generator's program was run with --unsafe: whatever it could do on this machine, it may have done."


def protection_words(found: str | None) -> str:
    """Return what a generator's program ran under, as a part of a sentence; nothing where there was none."""
    return {"sandboxed": ", a program in the sandbox", "unsafe": ", a program run with --unsafe"}.get(found or "", "")
