"""Evidence spans: where in a document something stands, and the check that it does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from pydantic import Field

from ...sim.errors import InputError
from ...sim.types import Frozen
from .documents import Document
from .markup import markdown_cuts, view

LEAST_WORDS = 3
"""Words a quote needs at least; fewer occur anywhere."""

_QUOTES = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00a0": " "}
)
_GAP = re.compile(r"\s+")
_WORD = re.compile(r"\w+")


class Span(Frozen):
    """Evidence: ``text[start:end] == quote`` in the document of that name."""

    document: str
    start: int = Field(ge=0)  # offset in the document's text, in characters
    end: int = Field(ge=0)
    quote: str = Field(min_length=1)
    line: int = Field(ge=1)  # of the file
    place: str = ""  # where the file is a log, so that offsets count in a rendering of it: "line 2"

    def __str__(self) -> str:
        return f"{self.document}, {self.place}" if self.place else f"{self.document}[{self.start}:{self.end}]"


def straight(text: str) -> str:
    """Return text with straight quotation marks and plain blanks; as long as before."""
    return text.translate(_QUOTES)


def span_of(document: Document, start: int, end: int) -> Span:
    """Return the span of a stretch of a document."""
    turn = document.turn_at(start)
    place = "" if turn is None else turn.place
    return Span(document=document.name, start=start, end=end, quote=document.text[start:end], line=document.line(start), place=place)


def check_spans(documents: Mapping[str, Document], spans: Iterable[Span], *, collect: bool = False) -> tuple[Span, ...]:
    """Check that each span's quote stands where it says.

    Args:
        documents: By name.
        spans: To check.
        collect: Return those that fail rather than raise for the first.

    Returns:
        The spans that fail; empty unless ``collect``.

    Raises:
        InputError: For the first that fails.
    """
    wrong = []
    for span in spans:
        document = documents.get(span.document)
        found = None if document is None else document.text[span.start : span.end]
        if found == span.quote:
            continue
        if not collect:
            raise InputError(f"evidence {span}", f"the quote {span.quote[:60]!r}", "no such document" if found is None else found)
        wrong.append(span)
    return tuple(wrong)


def locate(document: Document, quote: str) -> tuple[Span | None, str]:
    """Find a quote that somebody else says is in a document.

    Exact matches come first; then blanks, quotation marks and markup may differ. What a person said is preferred to
    what the others did.

    Returns:
        The span, whose quote is the document's own text, or None, and why there is none.
    """
    if len(_WORD.findall(quote)) < LEAST_WORDS:
        return None, f"fewer than {LEAST_WORDS} words"
    found = [*_exact(document, quote), *_loose(document, quote)]
    for start, end in found:
        turn = document.turn_at(start)
        if not document.turns or (turn is not None and turn.person and end <= turn.end):
            return span_of(document, start, end), ""
    return None, "not said by one person" if found else "not in the document"


def _exact(document: Document, quote: str) -> Iterable[tuple[int, int]]:
    wanted = quote.strip()
    at = document.text.find(wanted)
    while at >= 0:
        yield at, at + len(wanted)
        at = document.text.find(wanted, at + len(wanted))


def _loose(document: Document, quote: str) -> Iterable[tuple[int, int]]:
    text, offsets = _normal(document)
    bare = view(Document("", quote, cuts=markdown_cuts(quote))).text if document.cuts else quote
    wanted = _GAP.sub(" ", straight(bare)).strip().strip('"').strip()
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        yield int(offsets[at]), int(offsets[at + len(wanted) - 1]) + 1
        at = text.find(wanted, at + len(wanted))


@lru_cache(maxsize=8)
def _normal(document: Document) -> tuple[str, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return a document's words in one line with straight quotation marks, and the offset of each character."""
    whole = view(document)
    kept = np.ones(len(whole.text), bool)
    pieces = []
    at = 0
    for gap in _GAP.finditer(whole.text):
        pieces += [whole.text[at : gap.start()], " "]
        kept[gap.start() + 1 : gap.end()] = False
        at = gap.end()
    pieces.append(whole.text[at:])
    return straight("".join(pieces)), whole.offsets[kept]
