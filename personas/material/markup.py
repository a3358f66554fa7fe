"""Views: a stretch of a document without its markup, each character with its offset in the document."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from .documents import Cut, Document

_BREAK = "\n\n"

# Every repetition has a bound, so that a hostile line costs no more than a long one.
_BLOCKS = (
    re.compile(r"\A---[ \t]*\r?\n(?:(?!---).{0,500}\r?\n){0,100}---[ \t]*(?=\r?\n|\Z)"),  # front matter
    re.compile(r"^[ \t]{0,3}(```|~~~)[^\n]*\n(?:(?![ \t]{0,3}\1)[^\n]*\n?){0,5000}(?:[ \t]{0,3}\1[^\n]*)?", re.MULTILINE),  # code
    re.compile(r"^[ \t]{0,3}(?:[-*_][ \t]*){3,80}\r?$", re.MULTILINE),  # rules
    re.compile(r"^[ \t]{0,3}#{1,6}[ \t][^\n]*", re.MULTILINE),  # headings are nobody's statements
    re.compile(r"^[ \t]*\|[^\n]*\|[ \t]*\r?$", re.MULTILINE),  # tables
    re.compile(r"^[ \t]{0,3}\[[^\]\n]{1,100}\]:[ \t]*\S[^\n]*", re.MULTILINE),  # link definitions
)
_STARTS = re.compile(r"^[ \t]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)", re.MULTILINE)
_QUOTED = re.compile(r"^[ \t]{0,3}(?:>[ \t]?){1,9}", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^)\n]{0,600}\)")
_LINK = re.compile(r"\[(?P<text>[^\[\]\n]{1,300})\](?P<to>\([^)\n]{0,600}\)|\[[^\]\n]{0,100}\])")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>")
_MARKS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=[\w.,!?;:'\"])_{1,3}(?!\w)|~~|`+")
_FENCE = re.compile(r"```(?:(?!```)[\s\S]){0,20000}(?:```|\Z)")


@dataclass(frozen=True, slots=True)
class View:
    """Text to read, and where each character stands in the document."""

    text: str
    offsets: NDArray[np.int64]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the document of a stretch that begins and ends with characters of the document."""
        return int(self.offsets[start]), int(self.offsets[end - 1]) + 1


def view(document: Document, start: int = 0, end: int | None = None) -> View:
    """Return a stretch of a document without its cuts."""
    stop = len(document.text) if end is None else end
    pieces: list[str] = []
    offsets: list[NDArray[np.int64]] = []
    at = start
    first = bisect_right(document.cuts, start, key=attrgetter("end"))
    last = bisect_left(document.cuts, stop, key=attrgetter("start"))
    for cut in document.cuts[first:last]:
        if cut.start > at:
            pieces.append(document.text[at : cut.start])
            offsets.append(np.arange(at, cut.start))
        pieces.append(cut.instead)
        offsets.append(np.full(len(cut.instead), max(at, cut.start)))
        at = min(stop, cut.end)
    pieces.append(document.text[at:stop])
    offsets.append(np.arange(at, max(at, stop)))
    return View("".join(pieces), np.concatenate(offsets))


def markdown_cuts(text: str) -> tuple[Cut, ...]:
    """Return what is markup in a Markdown text: code, headings, tables, emphasis, the addresses of links.

    Headings and tables go whole, because a title is no statement; list items and quotations become paragraphs.
    """
    cuts = [Cut(m.start(), m.end(), _BREAK) for pattern in _BLOCKS for m in pattern.finditer(text)]
    cuts += _comments(text)
    cuts += [Cut(m.start(), m.end(), _BREAK) for m in _STARTS.finditer(text) if m.end() > m.start()]
    cuts += [Cut(m.start(), m.end()) for pattern in (_QUOTED, _IMAGE, _TAG) for m in pattern.finditer(text)]
    for match in _LINK.finditer(text):
        cuts += [Cut(match.start(), match.start("text")), Cut(match.end("text"), match.end())]
    cuts += [Cut(m.start(), m.end()) for m in _MARKS.finditer(text)]
    return merged(cuts)


def _comments(text: str) -> list[Cut]:
    """Return the comments; one that does not end is none."""
    cuts = []
    start = text.find("<!--")
    while start >= 0 and (end := text.find("-->", start + 4)) >= 0:
        cuts.append(Cut(start, end + 3))
        start = text.find("<!--", end + 3)
    return cuts


def code_cuts(text: str, start: int = 0) -> tuple[Cut, ...]:
    """Return the fenced code in a message that begins at ``start`` of its document."""
    return tuple(Cut(start + m.start(), start + m.end(), _BREAK) for m in _FENCE.finditer(text))


def merged(cuts: Iterable[Cut]) -> tuple[Cut, ...]:
    """Return cuts in order and without overlap; one that lies in another is gone, one that overlaps is shortened."""
    out: list[Cut] = []
    at = 0
    for cut in sorted(cuts, key=lambda c: (c.start, -c.end, c.instead)):
        if cut.end <= at:
            continue
        out.append(Cut(max(cut.start, at), cut.end, cut.instead))
        at = cut.end
    return tuple(out)
