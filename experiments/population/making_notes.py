"""Notes on how people were made: what a language model wrote of them, and who is there more than once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...personas.generators import GENERATORS
from ..screen.plurals import number_of

if TYPE_CHECKING:
    from ...personas.persona import Persona

_WRITES = {"diagram": "diagram"}
"""What a model writes for a registered generator, where it is not the description."""


def is_registered(generator: str) -> bool:
    """Tell whether a generator is one of ours, of whose portraits we know who wrote them."""
    return generator.partition("?")[0] in GENERATORS


def written_by_model(people: Sequence[Persona]) -> int:
    """Return of how many people the generator says that a language model wrote about them."""
    return sum(person.provenance.get("description", "").partition(" (")[2].startswith("model") for person in people)


def writing_note(people: Sequence[Persona], made: Mapping[str, Any]) -> str | None:
    """Return who wrote about these people; None where a model wrote all that it was asked for.

    Args:
        people: The population.
        made: ``generator`` and ``model``, as on the card.
    """
    name = str(made["generator"])
    if not is_registered(name):
        return f"{name} is a program of your own: whether a language model wrote its descriptions is not known here."
    if made.get("model") is None:
        return "Descriptions are put together from the axis statements; no language model wrote them."
    wrote = written_by_model(people)
    if wrote == len(people):
        return None
    what = _WRITES.get(name.partition("?")[0], "description")
    return f"The model wrote {wrote:,} of {number_of(len(people), what)}; the others were made without one."


def repeats_note(people: Sequence[Persona]) -> str | None:
    """Return that people share positions or descriptions; None where all of them differ."""
    places = len({tuple(sorted(person.position.items())) for person in people})
    texts = len({" ".join(person.description.split()).casefold() for person in people})
    if min(places, texts) == len(people):
        return None
    stand = f"{number_of(len(people), 'person', 'people')} stand on {number_of(places, 'position')} with {number_of(texts, 'description')}"
    return f"{stand}: people who are alike cover no more than one of them."
