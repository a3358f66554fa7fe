"""Documents: text with the turns of its speakers and the markup to leave out, every offset that of the text itself."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ...sim.errors import InputError

Kind = Literal["prose", "interview", "conversations", "episodes"]

SUFFIXES = (".txt", ".md", ".jsonl", ".json")
"""Endings of files that can be read."""

_SURROGATES = re.compile(r"[\ud800-\udfff]")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing said: ``text[start:end]``. Only what a person says can be evidence; the rest is context."""

    speaker: str
    start: int
    end: int
    person: bool  # False: an interviewer, an assistant, a system
    named: bool = False  # the speaker's name means the same person in every document
    line: int = 0  # of the file, from 1, where the text is a rendering of the file; else 0
    place: str = ""  # in the file, in words, where the text is a rendering: "line 2", "conversation 1, message 3"


@dataclass(frozen=True, slots=True)
class Cut:
    """Characters that carry no words, and what stands in for them: nothing, or the end of a paragraph."""

    start: int
    end: int
    instead: str = ""


@dataclass(frozen=True)
class Document:
    """One document.

    Args:
        name: Unique among the documents; evidence names it.
        text: What offsets count in. For text files the file's own text without its byte order mark; for logs a rendering,
            ``speaker: what was said``, one turn after the other.
        kind: ``prose`` has no turns.
        turns: In order, without overlap.
        cuts: Markup, in order, without overlap.
    """

    name: str
    text: str
    kind: Kind = "prose"
    turns: tuple[Turn, ...] = ()
    cuts: tuple[Cut, ...] = field(default=(), repr=False)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Names of the people who speak, in order of their first turn."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns if turn.person))

    @cached_property
    def digest(self) -> str:
        """Hash of the text (16 hex digits)."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]

    @cached_property
    def _starts(self) -> list[int]:
        return [turn.start for turn in self.turns]

    def turn_at(self, offset: int) -> Turn | None:
        """Return the turn that an offset lies in, or None."""
        at = bisect_right(self._starts, offset) - 1
        return self.turns[at] if at >= 0 and offset < self.turns[at].end else None

    def line(self, offset: int) -> int:
        """Return the line of the file, from 1, that an offset comes from."""
        turn = self.turn_at(offset)
        return turn.line if turn is not None and turn.line else bisect_right(self._breaks, offset - 1) + 1


def parse_document(name: str, content: bytes | str, suffix: str = ".txt", where: str = "") -> Document:
    """Make a document of a file's content.

    Args:
        name: What evidence calls it.
        content: Bytes in UTF-8, with or without a byte order mark, or text.
        suffix: One of :data:`SUFFIXES`; says how to read it.
        where: What errors call it; the name if empty.

    Raises:
        InputError: If it is binary, no UTF-8, empty, or a log that cannot be read; names the line.
    """
    from .conversations import conversations
    from .markup import markdown_cuts
    from .transcripts import stage_directions, turns_of

    field_ = where or name
    if suffix.lower() not in SUFFIXES:
        raise InputError(field_, "a file that ends in " + ", ".join(SUFFIXES), suffix or "no ending")
    text = _SURROGATES.sub("\ufffd", decoded(content, field_) if isinstance(content, bytes) else content)
    if not text.strip():
        raise InputError(field_, "some text", "an empty file")
    if suffix.lower() in (".jsonl", ".json"):
        return conversations(name, text, by_line=suffix.lower() == ".jsonl", where=field_)
    turns = turns_of(text)
    cuts = markdown_cuts(text) if suffix.lower() == ".md" else ()
    if turns:
        return Document(name, text, "interview", turns, stage_directions(text, cuts))
    return Document(name, text, "prose", (), cuts)


def decoded(content: bytes, where: str) -> str:
    """Return bytes as text.

    Raises:
        InputError: If they are no text in UTF-8; names the line of the first bad byte.
    """
    if content.startswith(_WIDE):
        raise InputError(f"{where}, line 1", "text in UTF-8", "UTF-16", "Save the file as UTF-8.")
    content = content.removeprefix(b"\xef\xbb\xbf")
    nul = content.find(b"\0")
    if nul >= 0:
        raise InputError(f"{where}, line {_line(content, nul)}", "text", "a NUL byte", "Is it a binary file?")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        got = content[error.start : error.start + 1]
        raise InputError(f"{where}, line {_line(content, error.start)}", "text in UTF-8", got, "Is it a binary file?") from None


def _line(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1


def by_name(documents: tuple[Document, ...]) -> Mapping[str, Document]:
    """Return documents by name, sorted, so that the order they were given in does not matter.

    Raises:
        InputError: If two have the same name or there are none.
    """
    found = {document.name: document for document in sorted(documents, key=lambda d: d.name)}
    if not documents or len(found) < len(documents):
        raise InputError("documents", "one or more documents with different names", sorted(d.name for d in documents))
    return found
