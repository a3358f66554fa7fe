"""What the shop behind the desk has sold: orders and their accounts, as private facts tell them and as they are drawn."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from ...personas.persona import Persona
from ...sim.seeds import derive
from ...sim.types import PrivateFact

TODAY = date(2025, 9, 18)
"""The day on which every conversation takes place."""
REFUND_DAYS = 30
REFUND_LIMIT = 15_000
"""Largest refund the desk may give, in pence."""


class Purchase(NamedTuple):
    """One order, and whose it is."""

    order_id: str
    item: str
    pence: int
    ordered: date
    delivered: date | None  # None: not yet
    status: str  # "packed", "on its way" or "delivered"
    place: str  # where the parcel is
    name: str
    email: str
    postcode: str
    address: str


def fact_of(person: Persona, kind: str) -> PrivateFact | None:
    """Return the person's first fact of a kind."""
    return next((f for f in person.facts if f.kind == kind), None)


ITEMS = (  # and between which prices, in pounds
    ("kettle", 22, 60), ("desk lamp", 25, 90), ("rain jacket", 45, 140), ("pair of walking boots", 60, 145), ("coffee grinder", 30, 110),
    ("set of towels", 18, 50), ("bookshelf", 55, 145), ("cycling helmet", 30, 90), ("duvet", 40, 120), ("pressure cooker", 50, 140),
    ("backpack", 35, 120), ("wall clock", 15, 60), ("hedge trimmer", 60, 148), ("toaster", 20, 75), ("bathroom cabinet", 60, 145),
    ("camping stove", 30, 100), ("pair of headphones", 40, 145), ("winter coat", 70, 149), ("printer", 60, 148), ("garden bench", 80, 149),
)  # fmt: skip
_DEAR = (
    ("sewing machine", 170, 420), ("espresso machine", 180, 520), ("leather armchair", 240, 690), ("camera", 220, 640),
    ("electric scooter", 260, 560), ("dining table", 200, 620), ("road bike", 320, 900), ("mattress", 190, 700),
)  # fmt: skip
_FAULTS: dict[str, tuple[str, ...]] = {  # what can be wrong with it, by what it is
    "kettle, coffee grinder, pressure cooker, toaster, camping stove, printer, sewing machine, espresso machine, camera, desk lamp, wall clock, "
    "hedge trimmer, pair of headphones, electric scooter": (
        "it stopped working after two days", "a part was missing", "it came with a crack in it", "it rattles",
    ),
    "kettle, pressure cooker, espresso machine": ("it leaks",),
    "desk lamp, bookshelf, bathroom cabinet, garden bench, leather armchair, dining table, wall clock": (
        "it does not fit where it should go", "it smells of paint", "it came with a crack in it",
    ),
    "bookshelf, bathroom cabinet, garden bench, dining table, leather armchair": ("a part was missing", "it wobbles"),
    "road bike, cycling helmet, electric scooter": ("it came with a crack in it", "it rattles"),
    "rain jacket, pair of walking boots, winter coat, cycling helmet, set of towels, duvet, mattress, road bike, backpack": ("it is the wrong size",),
    "rain jacket, winter coat, backpack, duvet, mattress": ("a seam came open", "it smells of glue"),
    "rain jacket, pair of walking boots, backpack": ("it lets the rain in",),
    "set of towels, duvet": ("it lost its colour in the first wash",),
}  # fmt: skip
_ANY_FAULT = (
    "it looks nothing like the picture",
    "I got the same thing as a present",
    "the colour is wrong",
    "I ordered it twice by mistake",
)
_FIRST = (
    "Agnes", "Bartholomew", "Celeste", "Dorian", "Edwina", "Florian", "Greta", "Horatio", "Imogen", "Jasper", "Katarina", "Leopold", "Mirabel",
    "Nadia", "Octavia", "Percival", "Quentin", "Rosalind", "Silas", "Theodora", "Ursula", "Valentin", "Winifred", "Xavier", "Yolanda", "Zacharias",
)  # fmt: skip
_LAST = (
    "Abernathy", "Brackenbury", "Carmichael", "Dunwoody", "Eccleston", "Featherstone", "Galbraith", "Hathersage", "Inglethorpe", "Jellicoe",
    "Kettlewell", "Lanchester", "Montfort", "Netherby", "Oglethorpe", "Pemberton", "Quillfeather", "Ravenscroft", "Somerville", "Thistlewood",
    "Umberleigh", "Vanterpool", "Wetherell", "Yelverton",
)  # fmt: skip
_STREETS = (
    "Alder", "Barley", "Cobden", "Dalton", "Elm", "Fenwick", "Garrick", "Hazel", "Juniper", "Kestrel", "Larch", "Marlow", "Nelson", "Orchard",
    "Priory", "Quarry", "Rowan", "Selby", "Tanner", "Verbena", "Wharf", "Yarrow",
)  # fmt: skip
_AREAS = ("BD", "CH", "DL", "EX", "HU", "IP", "LN", "NR", "PO", "SY", "TA", "WF", "YO")
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_PLACES = {
    "packed": ("the packing room in Corby", "the warehouse in Telford", "the packing hall in Goole"),
    "on its way": (
        "the depot in Swindon",
        "the sorting centre in Preston",
        "the depot in Thetford",
        "the depot in Exeter",
        "the hub in Carlisle",
    ),
    "delivered": ("the porch", "the front desk", "the letterbox", "the shed at the side"),
}


def faults_of(item: str) -> tuple[str, ...]:
    """Return what may be wrong with an item, each once."""
    own = [fault for items, faults in _FAULTS.items() if item in items.split(", ") for fault in faults]
    return (*dict.fromkeys(own), *_ANY_FAULT)


def with_article(item: str) -> str:
    """Return the name of a thing with its article.

    Example:
        >>> with_article("espresso machine")
        'an espresso machine'
    """
    return f"{'an' if item[:1].lower() in 'aeiou' and item else 'a'} {item}"


def draw_name(rng: np.random.Generator) -> str:
    """Return the name of somebody with an account."""
    return f"{_FIRST[rng.integers(len(_FIRST))]} {_LAST[rng.integers(len(_LAST))]}"


def draw_number(rng: np.random.Generator, *taken: str) -> str:
    """Return the number of an order that is none of ``taken``."""
    while (number := f"NW-{rng.integers(10_000, 100_000)}") in taken:
        pass
    return number


def draw_purchase(rng: np.random.Generator, kind: str = "", name: str = "", order_id: str = "", email: str = "") -> Purchase:
    """Draw an order and its account.

    Args:
        rng: The only source of chance.
        kind: ``recent`` (delivered, within every limit), ``late`` (delivered too long ago), ``dear`` (above the limit), ``packed``,
            ``sent`` (on its way); empty: any of these.
        name: Of the owner; drawn if empty.
        order_id: Drawn if empty.
        email: Of the owner; made from the name and a number if empty.
    """
    kind = kind or ("recent", "late", "dear", "packed", "sent")[rng.integers(5)]
    item, low, high = (_DEAR if kind == "dear" else ITEMS)[rng.integers(len(_DEAR if kind == "dear" else ITEMS))]
    pence = int(rng.integers(low * 20, high * 20)) * 5
    age = int(rng.integers(REFUND_DAYS + 12, 160)) if kind == "late" else int(rng.integers(4, REFUND_DAYS - 4))
    arrived = TODAY - timedelta(days=age)
    on_hand = kind in ("recent", "late", "dear")
    ordered = (arrived if on_hand else TODAY) - timedelta(days=int(rng.integers(1, 6) if kind == "packed" else rng.integers(3, 9)))
    status = "delivered" if on_hand else "packed" if kind == "packed" else "on its way"
    name = name or draw_name(rng)
    letters = [_LETTERS[i] for i in rng.integers(len(_LETTERS), size=2)]
    return Purchase(
        order_id=order_id or draw_number(rng),
        item=item,
        pence=pence,
        ordered=ordered,
        delivered=arrived if on_hand else None,
        status=status,
        place=_PLACES[status][rng.integers(len(_PLACES[status]))],
        name=name,
        email=email or f"{name.split()[0].lower()}.{rng.integers(10_000, 100_000)}@larkpost.example",
        postcode=f"{_AREAS[rng.integers(len(_AREAS))]}{rng.integers(1, 30)} {rng.integers(1, 10)}{''.join(letters)}",
        address=f"{rng.integers(11, 110)} {_STREETS[rng.integers(len(_STREETS))]} {('Row', 'Mews', 'Crescent')[rng.integers(3)]}",
    )


def day(when: date) -> str:
    """Return a date as people write it."""
    return f"{when.day} {when:%B}"


def details_of(purchase: Purchase) -> dict[str, str]:
    """Return an order as the details of a private fact, from which :func:`purchase_of` makes it again."""
    return {
        "order_id": purchase.order_id,
        "item": purchase.item,
        "an_item": with_article(purchase.item),
        "price": f"{purchase.pence / 100:.2f}",
        "ordered": purchase.ordered.isoformat(),
        "ordered_on": day(purchase.ordered),
        "delivered": purchase.delivered.isoformat() if purchase.delivered else "",
        "status": purchase.status,
        "place": purchase.place,
        "street": purchase.address,
    }


def purchase_of(person: Persona) -> Purchase:
    """Return the person's own order, by its private facts; what they leave open follows from its id."""
    drawn = draw_purchase(derive(0, "desk", person.id, "order"), name=person.name)
    order, proof = (next((f.details for f in person.facts if f.kind == kind), {}) for kind in ("order", "proof"))
    try:
        return Purchase(
            order_id=order.get("order_id", drawn.order_id),
            item=order.get("item", drawn.item),
            pence=round(float(order["price"]) * 100) if "price" in order else drawn.pence,
            ordered=date.fromisoformat(order["ordered"]) if order.get("ordered") else drawn.ordered,
            delivered=(date.fromisoformat(order["delivered"]) if order["delivered"] else None) if "delivered" in order else drawn.delivered,
            status=order.get("status", drawn.status),
            place=order.get("place", drawn.place),
            name=person.name,
            email=proof.get("email", drawn.email),
            postcode=proof.get("postcode", drawn.postcode),
            address=order.get("street", drawn.address),
        )
    except ValueError:  # details that somebody wrote by hand: the order is then the drawn one, under the number they hold
        return drawn._replace(order_id=order.get("order_id", drawn.order_id))
