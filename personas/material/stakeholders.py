"""Stakeholders: whoever has a stake in the material, with traits that rest on evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from ...sim.types import Frozen
from .clusters import Cluster, Clustering
from .documents import Document, Turn
from .spans import Span
from .statements import FIRST_PERSON, Statement

MOST_TRAITS = 40
"""Traits of a stakeholder that are kept, those of the highest score first."""

How = Literal["speaker", "holder", "cluster", "document", "model"]


class Trait(Frozen):
    """What a stakeholder stands for in one respect."""

    dimension: str  # what it is about: the label of its cluster, or the model's word for it
    stance: str  # in the material's words; a model's stance is in the model's
    said: str  # the evidence's words without markup, one line
    kind: str  # demand, need, feeling, habit, belief, value, or "stated" if a model found it
    spoken: bool  # said by the person, not written about people like them
    evidence: tuple[Span, ...]  # one or more; the first is that of ``said``

    @property
    def own(self) -> bool:
        """Whether the words are those of somebody who speaks of themselves."""
        return self.spoken or FIRST_PERSON.search(self.said) is not None


class Stakeholder(Frozen):
    """Somebody with a stake, found by rules or named by a model."""

    id: str  # "s00", "s01", ... by document and place of the first evidence
    name: str
    how: How  # what made it: one speaker, one to whom prose attributes stands, a cluster, a document, a model
    traits: tuple[Trait, ...]
    left_out: int = 0  # traits over the limit

    @property
    def spans(self) -> tuple[Span, ...]:
        """All evidence."""
        return tuple(span for trait in self.traits for span in trait.evidence)


def stakeholders_of(clustering: Clustering) -> tuple[Stakeholder, ...]:
    """Group statements into stakeholders: by speaker, else by whom prose attributes them to, else by cluster.

    A label such as "Patient" is another person in each document; a name is the same one. Statements of prose that are
    similar to no other stay apart; only where nothing else is left do they make one stakeholder a document.
    """
    groups: dict[tuple[How, str, str], list[tuple[Statement, Trait]]] = defaultdict(list)
    alone: dict[tuple[How, str, str], list[tuple[Statement, Trait]]] = defaultdict(list)
    for number, found in enumerate(clustering.clusters):
        for point in found.points:
            for key, statements in _by_key(point.all, number, found).items():
                pair = (statements[0], _trait(found.label, statements))
                if key[0] == "document":
                    alone[key].append(pair)
                else:
                    groups[key].append(pair)
    return numbered(_stakeholder(key, pairs) for key, pairs in (groups or alone).items())


def numbered(stakeholders: Iterable[Stakeholder]) -> tuple[Stakeholder, ...]:
    """Return stakeholders in the order of their first evidence, with ids that follow it."""

    def place(one: Stakeholder) -> tuple[str, int, str]:
        first = min(one.spans, key=lambda span: (span.document, span.start))
        return first.document, first.start, one.name

    return tuple(one.model_copy(update={"id": f"s{i:02d}"}) for i, one in enumerate(sorted(stakeholders, key=place)))


def unheard(documents: Iterable[Document], stakeholders: Iterable[Stakeholder]) -> tuple[str, ...]:
    """Return the people who speak in documents and none of whose words is evidence, in order of documents and first turn.

    Who is the same person in two documents follows :func:`stakeholders_of`.
    """
    spans = {span for one in stakeholders for span in one.spans}
    heard: set[tuple[str, str]] = set()
    names: dict[tuple[str, str], str] = {}
    for document in documents:
        for turn in document.turns:
            if turn.person:
                key = _speaker(turn, document.name)
                names.setdefault(key, f"{turn.speaker} ({document.name})")
        turns = (document.turn_at(span.start) for span in spans if span.document == document.name)
        heard |= {_speaker(turn, document.name) for turn in turns if turn is not None}
    return tuple(name for key, name in names.items() if key not in heard)


def _speaker(turn: Turn, document: str) -> tuple[str, str]:
    """Return what tells a speaker from others: the name, and the document where it is only a role there."""
    return turn.speaker.casefold(), "" if turn.named else document


def _by_key(statements: Sequence[Statement], number: int, cluster: Cluster) -> Mapping[tuple[How, str, str], list[Statement]]:
    """Put near-duplicates to those who hold them: (how, key, name)."""
    out: dict[tuple[How, str, str], list[Statement]] = defaultdict(list)
    for one in statements:
        key: tuple[How, str, str]
        if one.speaker and one.named:
            key = ("speaker", one.speaker.casefold(), "")
        elif one.speaker:
            key = ("speaker", one.speaker.casefold(), one.span.document)
        elif one.holder:
            key = ("holder", one.holder.casefold(), "")
        elif len(cluster.points) > 1:
            key = ("cluster", str(number), cluster.label)
        else:
            key = ("document", one.span.document, "")
        out[key].append(one)
    return out


def _trait(label: str, statements: Sequence[Statement]) -> Trait:
    first = statements[0]
    evidence = tuple(one.span for one in statements)
    return Trait(dimension=label, stance=first.words, said=first.words, kind=first.kind, spoken=bool(first.speaker), evidence=evidence)


def _stakeholder(key: tuple[How, str, str], pairs: list[tuple[Statement, Trait]]) -> Stakeholder:
    """Return the stakeholder of a key; of too many traits the highest scores are kept, in order of the documents."""
    how, text, rest = key
    first = min((one for one, _ in pairs), key=lambda one: one.order)
    if how == "speaker":
        name = f"{first.speaker} ({rest})" if rest else first.speaker
    elif how == "holder":
        name = first.holder
    else:
        name = rest or text
    kept = sorted(pairs, key=lambda pair: (-pair[0].score, pair[0].order))[:MOST_TRAITS]
    traits = tuple(trait for _, trait in sorted(kept, key=lambda pair: pair[0].order))
    return Stakeholder(id="s", name=name, how=how, traits=traits, left_out=len(pairs) - len(kept))
