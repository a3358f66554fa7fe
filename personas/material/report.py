"""The report beside people from material: what was found, what rests on evidence, and what does not."""

from __future__ import annotations

from collections.abc import Mapping

from ...sim.types import Frozen
from . import axes, clusters, spans, statements
from .axes import AxisLean, AxisReading
from .documents import Document, Kind
from .reading import ModelReading
from .spans import Span
from .stakeholders import MOST_TRAITS, Stakeholder

VERSION = 2
"""Version of the report's form."""


class DocumentReport(Frozen):
    """One document as it was read."""

    name: str
    kind: Kind  # "episodes" are exported, so their people are synthetic themselves
    characters: int
    digest: str  # hash of the text that offsets count in
    offsets: str  # what offsets count in
    speakers: tuple[str, ...]  # people, not those who ask
    statements: int
    read_by: str  # "rules" or "model"


class ClusterReport(Frozen):
    """Statements that speak of the same."""

    label: str
    statements: tuple[Span, ...]


class StakeholderReport(Frozen):
    """A stakeholder, how many people it became, and where its words put them."""

    stakeholder: Stakeholder
    people: tuple[str, ...]  # persona ids; none where there are more stakeholders than people
    axes: Mapping[str, AxisReading]
    leans: Mapping[str, AxisLean]  # axes on which its words only say the side


class Settings(Frozen):
    """The thresholds in use, each explained where it is declared."""

    least_score: float = statements.LEAST_SCORE
    similar: float = clusters.SIMILAR
    duplicate: float = clusters.DUPLICATE
    resolution: float = clusters.RESOLUTION
    near: float = axes.NEAR
    lean: float = axes.LEAN
    margin: float = axes.MARGIN
    contested: float = axes.CONTESTED
    most_traits: int = MOST_TRAITS
    least_words_of_a_quote: int = spans.LEAST_WORDS


class MaterialReport(Frozen):
    """Where people from material come from; written beside them as ``<stem>.sources.json``."""

    version: int = VERSION
    how: str  # what made the stakeholders, in words
    seed: int
    documents: tuple[DocumentReport, ...]
    statements: int  # found
    left_out: int  # statements over the limit, those of the lowest score
    duplicates: int  # statements that nearly repeat another, merged with it
    clusters: tuple[ClusterReport, ...]  # of two statements or more
    singletons: int  # statements that are like no other
    modularity: float | None  # of the communities; None where no two statements are similar
    stakeholders: tuple[StakeholderReport, ...]
    allocation: str  # how people were spread over stakeholders, in words
    axes_with_evidence: Mapping[str, int]  # axis -> stakeholders whose words speak of it
    axes_leaning: Mapping[str, int]  # axis -> stakeholders placed by design on the side of words that resemble it weakly
    axes_without_evidence: tuple[str, ...]  # nobody's words speak of them or lean to a side
    speakers_without_statements: tuple[str, ...]  # people who speak in the material and of whom nothing usable was found
    model: ModelReading | None = None
    settings: Settings = Settings()

    @property
    def spans(self) -> tuple[Span, ...]:
        """All evidence named anywhere in the report."""
        listed = [span for cluster in self.clusters for span in cluster.statements]
        for one in self.stakeholders:
            listed += one.stakeholder.spans
            listed += [piece.span for reading in one.axes.values() for piece in reading.evidence]
            listed += [piece.span for lean in one.leans.values() for piece in lean.evidence]
        return tuple(listed)


def document_report(document: Document, found: int, read_by: str) -> DocumentReport:
    """Return what the report says of a document."""
    rendered = document.kind in ("conversations", "episodes")
    return DocumentReport(
        name=document.name,
        kind=document.kind,
        characters=len(document.text),
        digest=document.digest,
        offsets="characters of the log written as 'speaker: text', a turn a line; 'place' says where in the file"
        if rendered
        else "characters of the file",
        speakers=document.speakers,
        statements=found,
        read_by=read_by,
    )
