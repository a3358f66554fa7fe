"""The terms of a deal: what they are worth to either side, how they are read off a text, and the table of offers.

Everything here is a pure function. An offer, a yes and a deal come from the words alone, so anything that speaks can
negotiate; what the words do not say clearly changes nothing.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import JsonValue

from ...sim.types import Departure, Message

PRICE, DELIVERY, WARRANTY = (1000, 20_000), (2, 8), (6, 24)
"""What can be agreed: whole euros, whole weeks, whole months."""

WEEKS, MONTHS = 4, 12
"""The usual delivery and warranty; limits are given for these."""

SCALE = 500.0
"""Least euros that a whole surplus counts as, so that shares stay finite where there is next to nothing to share."""

FORM = "Offer: price 5200, delivery 3 weeks, warranty 12 months."
"""How an offer is written."""

State = Mapping[str, JsonValue]


class Terms(NamedTuple):
    """What a deal consists of."""

    price: int  # euros
    delivery: int  # weeks
    warranty: int  # months

    @property
    def possible(self) -> bool:
        """Every figure is within what can be agreed."""
        return all(low <= x <= high for x, (low, high) in zip(self, (PRICE, DELIVERY, WARRANTY), strict=True))

    def __str__(self) -> str:
        return f"price {self.price}, delivery {self.delivery} weeks, warranty {self.warranty} months"


class Values(NamedTuple):
    """What one side values; exact and linear.

    The seller's surplus is ``price - limit + week * (delivery - 4) - month * (warranty - 12)`` euros: a longer delivery
    saves it money, a longer warranty costs it some. The buyer's is the same with the sign turned round.
    """

    limit: int  # euros at the usual delivery and warranty: the least a seller takes, the most a buyer pays
    week: int  # euros that a week is worth
    month: int  # euros that a month of warranty is worth

    def extras(self, delivery: int, warranty: int) -> int:
        """Return what delivery and warranty change for a seller, in euros."""
        return self.week * (delivery - WEEKS) - self.month * (warranty - MONTHS)

    def sold(self, terms: Terms) -> int:
        """Return the surplus of a seller, in euros; negative if it loses by the deal."""
        return terms.price - self.limit + self.extras(terms.delivery, terms.warranty)

    def bought(self, terms: Terms) -> int:
        """Return the surplus of a buyer, in euros; negative if the deal is worse than none."""
        return -self.sold(terms)

    def asking(self, surplus: float, delivery: int, warranty: int, sells: bool) -> Terms:
        """Return terms that leave this side at least ``surplus`` euros, the price in tens."""
        even = self.limit - self.extras(delivery, warranty)
        price = 10 * (-int(-(even + surplus) // 10) if sells else int((even - surplus) // 10))
        return Terms(min(max(price, PRICE[0]), PRICE[1]), delivery, warranty)

    @property
    def matters(self) -> str:
        """What of delivery and warranty weighs more over what can be agreed."""
        return "delivery" if self.week * (DELIVERY[1] - DELIVERY[0]) > self.month * (WARRANTY[1] - WARRANTY[0]) else "warranty"


def zone(seller: Values, buyer: Values) -> int:
    """Return the most euros that a deal leaves to both together: positive where both can gain.

    Example:
        >>> zone(Values(4800, 60, 15), Values(5600, 110, 20))
        960
    """
    corners = itertools.product(DELIVERY, WARRANTY)
    return buyer.limit - seller.limit + max(seller.extras(d, w) - buyer.extras(d, w) for d, w in corners)


# Reading.

_NUMBER = r"(\d{1,3}(?:[, ]\d{3})+|\d+)(\.\d+)?"
_MONEY = rf"(?:\bprice(?: is| of| at|:)?:? *(?:eur\b|€)? *{_NUMBER}|(?:\beur\b|€) *{_NUMBER}|{_NUMBER} *(?:eur\b|euros?\b|€))"
_PRICE_OF = re.compile(_MONEY)
_BARE = re.compile(rf"(?<![\d.,]){_NUMBER}(?! *-?(?:weeks?|wks?|months?|mths?)\b)(?![\d.,]*\d)")
_WEEKS_OF = re.compile(rf"(?<![\d.,]){_NUMBER} *-?(?:weeks?|wks?)\b")
_MONTHS_OF = re.compile(rf"(?<![\d.,]){_NUMBER} *-?(?:months?|mths?)\b")
_DELIVERY_OF = re.compile(rf"\bdelivery(?: in| within| of| time|:)*:? *{_NUMBER}(?! *-?(?:months?|euros?|eur|€))")
_WARRANTY_OF = re.compile(rf"\bwarranty(?: of| for|:)*:? *{_NUMBER}(?! *-?(?:weeks?|euros?|eur|€))")

_END = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_NOT_MINE = r"(?:you|your|yours|their|his|her|no|not|if|unless|why|what|how|does|do|did|that|say|says|said|got|gets|had)"
_OFFER = re.compile(
    rf"(?:(?!\b{_NOT_MINE}\b)[^\d?]){{0,80}}?\b(?:offer|proposal)s?\b(?: (?:is|now|stands|to|you|at|for|would be|would|be|still))*\s*[:\-\u2013,]*(?=[^a-z]*(?:price|delivery|warranty|eur|\d|€))"
)

_YES = re.compile(
    r"(?:(?:ok|okay|yes|yep|right|fine|well|very well|all right|alright|good|great|perfect|excellent|lovely|thank you|thanks|then|so|and|fair enough|you win)\b[\s,.!\u2013-]*)*"
    r"(?:(?:(?:i|we)(?:'ll| will| can| do| hereby| gladly| happily| am happy to|'m happy to| are happy to|'re happy to|'d be glad to| am glad to)* "
    r"(?:accept|take|agree to)(?: (?:it|them|(?:your|the|this|that|these|those)(?: (?:last|latest|current|new|final))?(?: (?:offer|proposal|terms|price))?))?)"
    r"|(?:it'?s |it is |that'?s |that is |then it'?s |(?:i think )?we have |we'?ve got |you have |you'?ve got )?(?:a )?deal\b|agreed\b|done\b|accepted\b|sold\b)"
)
_AFTER_YES = re.compile(
    r"[\s,:;\u2013-]*(?:(?:of|at|for|to|on|with)?\b[\s:]*(?P<terms>[^\d]{0,30}\d.*)|(?:and )?(?:thank you|thanks|gladly|with pleasure|then)\b[\w\s,']{0,40}"
    r"|on (?:these|those|your) terms|as (?:it stands|it is|offered|proposed|written)|from (?:you|me)|here)?[\s.!]*$"
)
_BUT = re.compile(
    r"\b(?:but|if|unless|provided|once|when|as long as|except|only|not|no|however|instead|rather|although|plus|or)\b|n't\b|\?"
)


class Reading(NamedTuple):
    """What a text says, as far as the table is concerned."""

    offers: tuple[Terms, ...] = ()  # complete ones, each once; two are none
    accepts: bool = False
    restated: Terms | None = None  # the terms that a yes names
    garbled: bool = False  # figures are missing, doubled or impossible


@functools.lru_cache(maxsize=8192)
def read(text: str) -> Reading:
    """Read a text that concerns one party.

    An offer is a sentence that names itself one ("Offer: ..."), is no question, and gives exactly one price in euros,
    one delivery in weeks and one warranty in months, all of them possible. A yes is a sentence of its own
    ("I accept your offer.", "Deal."), without conditions; where it names terms, it holds for those.

    Example:
        >>> read("Let me try. Offer: price 5,200, delivery 3 weeks, warranty 12 months.").offers
        (Terms(price=5200, delivery=3, warranty=12),)
        >>> read("I accept your offer."), read("I would accept if you paid more.").accepts
        (Reading(offers=(), accepts=True, restated=None, garbled=False), False)
    """
    offers: dict[Terms, None] = {}
    garbled = accepts = False
    restated: Terms | None = None
    for sentence in _sentences(text):
        if sentence.rstrip(" \"')").endswith("?"):
            continue
        lead = _OFFER.match(sentence)
        if lead is not None:
            terms = _figures(sentence[lead.end() :])
            garbled |= terms is None
            if terms is not None:
                offers[terms] = None
            continue
        yes, named = _yes(sentence)
        accepts |= yes
        restated = named or restated
    return Reading(tuple(offers), accepts, restated, garbled)


def _sentences(text: str) -> list[str]:
    low = text.casefold().replace("\u2019", "'").replace("\u00a0", " ")
    return [s.strip(" \t\n*_>#-\u2022\"'") for s in _END.split(low) if s.strip()]


def _figures(text: str) -> Terms | None:
    """Return the one set of possible terms that a text gives; None if it gives none, or more."""
    prices = _numbers(_PRICE_OF, text)
    rest = functools.reduce(
        lambda words, pattern: pattern.sub(" ", words), (_PRICE_OF, _WEEKS_OF, _MONTHS_OF, _DELIVERY_OF, _WARRANTY_OF), text
    )
    prices |= {x for x in _numbers(_BARE, rest) if not prices or x >= PRICE[0]}
    weeks = _numbers(_WEEKS_OF, text) or _numbers(_DELIVERY_OF, text)
    months = _numbers(_MONTHS_OF, text) or _numbers(_WARRANTY_OF, text)
    if not len(prices) == len(weeks) == len(months) == 1:
        return None
    figures = [*prices, *weeks, *months]
    if any(x != int(x) for x in figures):
        return None
    terms = Terms(*map(int, figures))
    return terms if terms.possible else None


def _numbers(pattern: re.Pattern[str], text: str) -> set[float]:
    """Return the different numbers that a pattern finds."""
    out = set()
    for match in pattern.finditer(text):
        whole, rest = next((w, r) for w, r in zip(match.groups()[::2], match.groups()[1::2], strict=True) if w)
        out.add(float(whole.replace(",", "").replace(" ", "") + (rest or "")))
    return out


def _yes(sentence: str) -> tuple[bool, Terms | None]:
    """Tell whether a sentence says yes, and to which terms if it names them."""
    match = _YES.match(sentence)
    if match is None:
        return False, None
    rest = _AFTER_YES.match(sentence, match.end())
    if rest is None or _BUT.search(sentence):
        return False, None
    if not rest["terms"]:
        return True, None
    terms = _figures(rest["terms"])
    return terms is not None, terms


def addressed(text: str, names: Mapping[str, str], to: Sequence[str] = ()) -> dict[str, str]:
    """Return what of a text of the target is for which party.

    With one party, or one addressee, all of it. Else what follows a party's name at the beginning of a sentence
    ("Mara: ...", "Mara, ...") is for this party, up to the next; what stands before any name is for nobody alone.

    Args:
        text: What was said.
        names: Agent to the name of the person behind it; a first name or the agent's own name will do, if only one has it.
        to: Agents the message was for; empty: everybody.

    Example:
        >>> addressed("Hello all. Mara, deal. Jo: no.", {"party_0": "Mara Lind", "party_1": "Jo"})
        {'party_0': 'deal.', 'party_1': 'no.'}
    """
    return dict(_addressed(text, tuple(names.items()), tuple(to)))


@functools.lru_cache(maxsize=8192)
def _addressed(text: str, names: tuple[tuple[str, str], ...], to: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Do the work of :func:`addressed`, once for each text."""
    concerned = [agent for agent, _ in names if not to or agent in to]
    pattern, who = _naming(names)
    if len(concerned) == 1:
        return ((concerned[0], pattern.sub(" ", text).strip() if pattern is not None else text),)
    if pattern is None:
        return ()
    out: dict[str, str] = {}
    pieces = list(pattern.finditer(text))
    for piece, following in itertools.zip_longest(pieces, pieces[1:]):
        agent = who[piece["name"].casefold()]
        if agent in concerned:
            words = text[piece.end() : following.start() if following is not None else len(text)].strip()
            out[agent] = f"{out[agent]} {words}" if agent in out else words
    return tuple(out.items())


@functools.lru_cache(maxsize=2048)
def _naming(names: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str] | None, Mapping[str, str]]:
    """Return what finds a party's name where a sentence begins, and whose name is whose."""
    forms: dict[str, set[str]] = {}
    for agent, name in names:
        for form in {agent, agent.replace("_", " "), name, *name.split()[:1]}:
            if form:
                forms.setdefault(form.casefold(), set()).add(agent)
    who = {form: next(iter(agents)) for form, agents in forms.items() if len(agents) == 1}
    if not who:
        return None, who
    alternatives = "|".join(re.escape(form) for form in sorted(who, key=len, reverse=True))
    lead = r"(?:(?:for|to|dear|and|now|okay|ok|yes|hello|hi)[ ,]+)?"
    return re.compile(
        rf"(?:^|(?<=[.!?;\n])\s*|(?<=[*_>-])\s*){lead}[*_]*(?P<name>{alternatives})[*_]*\s*[,:\u2013-]\s*", re.IGNORECASE
    ), who


# The table.


def begin(parties: Mapping[str, Mapping[str, Any]]) -> dict[str, JsonValue]:
    """Return the state before anything was said.

    Args:
        parties: Agent to ``persona`` (id), ``name``, ``profile``, ``seller`` and ``buyer`` (both :class:`Values`).
    """
    table: dict[str, JsonValue] = {}
    alike: dict[str, JsonValue] = {}
    for agent, party in parties.items():
        table[agent] = {
            "persona": party["persona"],
            "name": party["name"],
            "seller": party["seller"]._asdict(),
            "buyer": party["buyer"]._asdict(),
            "zone": zone(party["seller"], party["buyer"]),
            "offers": {"party": None, "target": None},  # what stands
            "log": [],  # every offer that was made
            "agreement": None,
            "surplus": {"party": 0, "principal": 0},  # euros; 0 without an agreement
            "share": {"party": 0.0, "principal": 0.0},
        }
        alike[party["persona"]] = {"alike": party["profile"], "share": 0.0, "message": None}
    return {"parties": table, "outcomes": alike}


def transition(state: State, message: Message) -> State:
    """Return the state after a message: an offer replaces the speaker's last one, a yes to what stands makes a deal."""
    table: Mapping[str, Any] = state["parties"]  # type: ignore[assignment]
    if message.sender in table:
        said, by = {message.sender: message.text}, "party"
    elif message.sender.partition("_")[0] == "target":
        names = {agent: party["name"] for agent, party in table.items()}
        said, by = addressed(message.text, names, message.to or tuple(a for a in message.heard_by if a in names)), "target"
    else:
        return state
    changed = {agent: _after(table[agent], by, text, message) for agent, text in said.items()}
    changed = {agent: party for agent, party in changed.items() if party is not table[agent]}
    if not changed:
        return state
    outcomes: dict[str, Any] = dict(state["outcomes"])  # type: ignore[arg-type]
    for party in changed.values():
        if party["agreement"]:
            share, index = party["share"]["party"], party["agreement"]["message"]
            outcomes[party["persona"]] = {**outcomes[party["persona"]], "share": share, "message": index}
    return {**state, "parties": {**table, **changed}, "outcomes": outcomes}


def _after(party: Mapping[str, Any], by: str, text: str, message: Message) -> Mapping[str, Any]:
    """Return one party's part of the table after a text."""
    if party["agreement"]:
        return party
    reading = read(text)
    theirs = party["offers"]["target" if by == "party" else "party"]
    standing = Terms(**theirs) if theirs else None
    if reading.accepts and standing is not None and reading.restated in (None, standing) and set(reading.offers) <= {standing}:
        return _agreed(party, standing, by, message)
    if len(reading.offers) != 1 or reading.offers[0] == standing:  # saying the other's terms back commits nobody
        return party
    terms = reading.offers[0]._asdict()
    entry = {"by": by, "turn": message.turn, "message": message.index, **terms}
    return {**party, "offers": {**party["offers"], by: terms}, "log": [*party["log"], entry]}


def _agreed(party: Mapping[str, Any], terms: Terms, by: str, message: Message) -> Mapping[str, Any]:
    gains = Values(**party["seller"]).sold(terms), Values(**party["buyer"]).bought(terms)
    whole = max(float(party["zone"]), SCALE)
    shares = [min(1.0, max(0.0, gain / whole)) for gain in gains]
    return {
        **party,
        "agreement": {**terms._asdict(), "by": by, "turn": message.turn, "message": message.index},
        "surplus": dict(zip(("party", "principal"), gains, strict=True)),
        "share": dict(zip(("party", "principal"), shares, strict=True)),
    }


def agreement(party: Mapping[str, Any], agent: str, departures: Iterable[Departure]) -> Mapping[str, Any] | None:
    """Return the deal with a party; None if there is none, or it was said yes to after the party had left."""
    deal = party["agreement"]
    if deal is None or any(d.agent == agent and d.message < deal["message"] for d in departures):
        return None
    return deal  # type: ignore[no-any-return]


class Side(NamedTuple):
    """The offers of a negotiation as one side of it can read them off what was said."""

    mine: tuple[Terms, ...]  # in order; the last one stands
    theirs: tuple[Terms, ...]
    agreed: Terms | None


def offers_in(messages: Sequence[Message], agent: str, names: Mapping[str, str], party: bool) -> Side:
    """Return the offers between one party and the target, as far as these messages show them.

    Args:
        messages: What somebody could read.
        agent: The party.
        names: Agent to the name of the person behind it.
        party: The party's own view; else the target's.
    """
    said: dict[str, list[Terms]] = {"party": [], "target": []}
    for message in messages:
        if message.sender == agent:
            by, text = "party", message.text
        elif message.sender.partition("_")[0] == "target" and message.reaches(agent):
            by, text = "target", addressed(message.text, names, message.to).get(agent, "")
        else:
            continue
        reading = read(text)
        other = said["target" if by == "party" else "party"]
        standing = other[-1] if other else None
        if reading.accepts and standing is not None and reading.restated in (None, standing) and set(reading.offers) <= {standing}:
            return _side(said, standing, party)
        if len(reading.offers) == 1 and reading.offers[0] != standing:
            said[by].append(reading.offers[0])
    return _side(said, None, party)


def _side(said: Mapping[str, Sequence[Terms]], agreed: Terms | None, party: bool) -> Side:
    mine, theirs = ("party", "target") if party else ("target", "party")
    return Side(tuple(said[mine]), tuple(said[theirs]), agreed)
