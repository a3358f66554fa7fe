"""How a seller works out its figures: what it senses of the talk, and the values of the slots in its phrases.

Planted: every strength is a parameter below, so what regimes change for lexical players is what these say.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...sim.declare import Situation
from .negotiation_terms import DELIVERY, WARRANTY, Side, Terms, Values, offers_in

OPENS, OPENS_BY = 0.30, 0.20
"""First demand above the own limit, as a share of it: at the centre, and how much a wholly tough person adds."""

ENDS, ENDS_BY = 0.02, 0.02
"""What is held out for at the end, in the same way."""

ANCHOR = 1.6
"""An extreme first demand, in first demands."""

PRESSED = 0.7
"""Who has to sign soon holds out for this share of what it would."""

KNOWN = 0.8
"""Who knows others' limits moves its demands by this share of how far they lie above its own: nobody undercuts it, or all do."""

AUTHORED = 1.3
"""Under one author people hold out for so much more: they know that nobody breaks ranks."""

CLAIMED = 0.10, 0.15
"""A false limit lies so far above the true one: always, and what wholly dishonest people add."""


def values_of(situation: Situation) -> Values:
    """Return what the person values, from its own facts."""
    fact = situation.fact("limit")
    assert fact is not None  # everybody is furnished with one
    return Values(int(fact.details["limit"]), int(fact.details["week"]), int(fact.details["month"]))


def toughness(stance: Mapping[str, float]) -> float:
    """Return how hard somebody bargains, in [-1, 1]."""
    tough = -0.45 * stance["cooperation"] + 0.35 * stance["aggression"] - 0.3 * stance["need"] + 0.15 * stance["patience"]
    return max(-1.0, min(1.0, tough))


def wanted(situation: Situation) -> float:
    """Return the surplus in euros that the person holds out for at this point.

    It falls from the first demand to the last, late if the person is patient (the bend of the curve).
    """
    values, stance = values_of(situation), situation.stance
    tough = toughness(stance)
    first, last = OPENS + OPENS_BY * tough, max(0.0, ENDS + ENDS_BY * tough)
    progress = situation.turn / (situation.turns - 1) if situation.turns > 1 else 1.0
    bend = max(0.4, 1.0 + 0.5 * stance["patience"] - 0.3 * stance["need"])
    share = last + (first - last) * (1.0 - progress**bend)
    if situation.fact("pressure") is not None:
        share *= PRESSED
    if situation.authored:
        share *= AUTHORED
    others = [int(fact.details["limit"]) for fact in situation.known if "limit" in fact.details]
    if others:
        lead = sum(others) / len(others) / values.limit - 1.0
        share += KNOWN * max(-0.15, min(0.15, lead)) * (1.0 - 0.7 * progress)
    return float(values.limit * max(last, share))


def table_of(situation: Situation) -> Side:
    """Return the offers between this person and the target."""
    return offers_in(situation.messages, situation.agent, situation.names, party=True)


def senses(situation: Situation) -> dict[str, float]:
    """Return what the person senses of the talk: all in [0, 1].

    ``acceptable``: the target's offer gives what the person holds out for. ``target_offered``: there is one.
    ``gap``: how far it falls short, 1 where there is none. ``stuck``: the target has not moved of late. ``agreed``:
    there is a deal. ``late``: this is one of the last two turns.
    """
    table, values = table_of(situation), values_of(situation)
    want = wanted(situation)
    best = values.sold(table.theirs[-1]) if table.theirs else None
    return {
        "acceptable": float(best is not None and best >= want),
        "target_offered": float(best is not None),
        "gap": 1.0 if best is None else min(1.0, max(0.0, (want - best) / (0.3 * values.limit))),
        "stuck": float(_stuck(situation, table)),
        "agreed": float(table.agreed is not None),
        "late": float(situation.turn >= situation.turns - 2),
    }


def _stuck(situation: Situation, table: Side) -> bool:
    """Tell whether the target's last two replies brought nothing: no offer so far, or none better than before."""
    replies = [m for m in situation.messages if m.sender.partition("_")[0] == "target" and m.reaches(situation.agent)]
    if len(replies) < 2 or table.agreed is not None:
        return False
    earlier = tuple(m for m in situation.messages if m.index < replies[-2].index)
    before = offers_in(earlier, situation.agent, situation.names, party=True)
    values = values_of(situation)
    return max(map(values.sold, table.theirs), default=None) == max(map(values.sold, before.theirs), default=None)


Slots = dict[str, str]


def _slots(terms: Terms) -> Slots:
    return {"price": str(terms.price), "delivery": str(terms.delivery), "warranty": str(terms.warranty)}


def _preferred(situation: Situation, table: Side) -> tuple[int, int]:
    """Return the delivery and warranty that the person would write down: its own, nearer to the target's if cooperative."""
    give = (situation.stance["cooperation"] + 1) / 2
    delivery, warranty = 7 - 3 * give, 6 + 6 * give
    if table.theirs:
        delivery += give * (table.theirs[-1].delivery - delivery) / 2
        warranty += give * (table.theirs[-1].warranty - warranty) / 2
    return min(max(round(delivery), DELIVERY[0]), DELIVERY[1]), min(max(round(warranty), WARRANTY[0]), WARRANTY[1])


def _asks(situation: Situation, table: Side, surplus: float, delivery: int, warranty: int) -> Terms:
    """Return an offer: never more than the person asked for before, never less than it is offered."""
    values = values_of(situation)
    if table.mine:
        surplus = min(surplus, values.sold(table.mine[-1]))
    if table.theirs:
        surplus = max(surplus, values.sold(table.theirs[-1]))
    return values.asking(max(0.0, surplus), delivery, warranty, sells=True)


def first(situation: Situation) -> Slots | None:
    """Fill an opening offer."""
    table = table_of(situation)
    return _slots(_asks(situation, table, wanted(situation), *_preferred(situation, table)))


def late_first(situation: Situation) -> Slots | None:
    """Fill a first offer after the opening; none where there was one."""
    table = table_of(situation)
    return None if table.mine or table.agreed is not None else first(situation)


def anchor(situation: Situation) -> Slots | None:
    """Fill an extreme opening offer."""
    table = table_of(situation)
    return _slots(_asks(situation, table, ANCHOR * wanted(situation), *_preferred(situation, table)))


def concede(situation: Situation) -> Slots | None:
    """Fill an offer at what is held out for now; none before the first or after a deal, nor where it would be the same again."""
    table = table_of(situation)
    if table.agreed is not None or not table.mine:
        return None
    terms = _asks(situation, table, wanted(situation), *_preferred(situation, table))
    return _slots(terms) if terms not in (table.mine[-1], *table.theirs[-1:]) else None


def hold(situation: Situation) -> Slots | None:
    """Fill the last offer again."""
    table = table_of(situation)
    fits = table.mine and table.agreed is None and table.mine[-1] not in table.theirs[-1:]
    return _slots(table.mine[-1]) if fits else None


def trade(situation: Situation) -> Slots | None:
    """Fill an offer with the target's delivery and warranty."""
    table = table_of(situation)
    if table.agreed is not None or not table.theirs or not table.mine:
        return None
    terms = _asks(situation, table, 0.9 * wanted(situation), table.theirs[-1].delivery, table.theirs[-1].warranty)
    return _slots(terms) if terms != table.theirs[-1] else None


def split(situation: Situation) -> Slots | None:
    """Fill an offer halfway between both sides' last ones, where that is no loss."""
    table, values = table_of(situation), values_of(situation)
    if table.agreed is not None or not table.theirs or not table.mine:
        return None
    mine, theirs = table.mine[-1], table.theirs[-1]
    half = [round((a + b) / 2) for a, b in zip(mine, theirs, strict=True)]
    terms = Terms(10 * round(half[0] / 10), half[1], half[2])
    return _slots(terms) if terms not in (mine, theirs) and values.sold(terms) >= max(0, values.sold(theirs)) else None


def bluff(situation: Situation) -> Slots | None:
    """Fill a limit that is not the person's own."""
    if table_of(situation).agreed is not None:
        return None
    base, more = CLAIMED
    limit = values_of(situation).limit
    return {"claim": f"{round(limit * (1 + base + more * (1 - situation.stance['honesty']) / 2), -1):,.0f}"}


def accept(situation: Situation) -> Slots | None:
    """Fill the target's offer, if it gives what the person holds out for."""
    table, values = table_of(situation), values_of(situation)
    if table.agreed is not None or not table.theirs or values.sold(table.theirs[-1]) < max(0.0, wanted(situation)):
        return None
    return _slots(table.theirs[-1])


def refuse(situation: Situation) -> Slots | None:
    """Allow a refusal of an offer that falls short."""
    table, values = table_of(situation), values_of(situation)
    if table.agreed is not None or not table.theirs or values.sold(table.theirs[-1]) >= wanted(situation):
        return None
    return {}


def agreed(situation: Situation) -> Slots | None:
    """Allow taking leave once there is a deal."""
    return {} if table_of(situation).agreed is not None else None


def stuck(situation: Situation) -> Slots | None:
    """Allow giving up where the target has not moved of late."""
    return {} if _stuck(situation, table_of(situation)) else None


FILLS = {f.__name__: f for f in (first, late_first, anchor, concede, hold, trade, split, bluff, accept, refuse, agreed, stuck)}
