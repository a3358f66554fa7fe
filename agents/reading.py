"""Finds declared concepts in text: one compiled reader for players, judges and guards."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..sim.declare import Concept
from ..sim.errors import UnknownNameError

CODE_VERSION = "1"
"""Changes whenever the same declarations could read the same text differently."""

_CACHE_TEXTS = 16_384
_CACHE_CHARS = 600

_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "`": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})
_WORD = re.compile(r"[a-z]\w*")
_LITERAL = re.compile(r"[a-z]+")
_QUANTIFIER = re.compile(r"(?:[?*+]|\{\d+(?:,\d*)?\})[?+]?")
_COMMON = frozenset(
    {
        "the",
        "you",
        "tha",
        "thi",
        "and",
        "for",
        "not",
        "hav",
        "don",
        "can",
        "wan",
        "jus",
        "fee",
        "wit",
        "but",
        "was",
        "are",
        "how",
        "wha",
        "wou",
    }
)
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)
_BLANKS = re.compile(r"[ \t]+")
# A sentence ends at . ! ? ; before a blank, or at a line break; three dots end none.
_END = re.compile(r"(?:[!?;][!?;.]*|(?<!\.)\.)[\"')\]]*(?=\s|$)|\n+")
_DENIAL = re.compile(r"\s*(?:no|nope|never|of course not|not at all|absolutely not|hardly)\b(?!\s*(?:one|body|idea|matter))")

_SUBJECT = r"(?:i|i'm|i've|i'd|i'll|im|it|it's|my|you|you're|your|we|they|he|she|there|that's|this|everyone|everything|people|life)\b"
_FILLER = r"(?:ever|like|really|or|nor|not|under|honestly|you know|of course|i swear|i promise|i mean|even|in any|at all)\b"
_CLAUSE = re.compile(
    rf"[,:\u2013\u2014](?!\s*{_FILLER})|\s--?\s|(?:\.\.+|\u2026)\s*(?={_SUBJECT})"
    rf"|\b(?:and|so|or|when|while)\b(?=\s+(?:(?:then|now|just|sometimes|maybe|honestly)\s+)?{_SUBJECT}|\s+(?:please|call|text|dial|a|an|the)\b)"
    r"|\b(?:but|because|although|though|except|whereas|yet|however|instead)\b"
)
_NOT = re.compile(
    r"\b(?:not|never|neither|nor|without|cannot|nothing|hardly|none of)\b|\bno\b(?! (?:one|body|reason|point|matter|idea|i|i'm|i've|i'd|im|it|it's|that|we|not|never)\b)|n't\b"
    r"|\b(?:dont|wont|cant|wouldnt|isnt|didnt|doesnt|havent|wasnt|couldnt|aint)\b|\bif i ever\b|\bfar from\b|\bused to\b|\bas if i\b"
)
# Negations that leave what follows standing.
_HARMLESS = re.compile(
    r"\bnot (?:only|just|sure|certain)\b|\bwhy not\b|\bnot gonna lie\b|\bnot going to lie\b|\bnot joking\b|\bnever (?:told|said|admitted|stop\w*)\b"
    r"|(?:n't|\bcannot|\bdont|\bcant|\bdo not|\bcan not) (?:really |even |quite )?(?:know|care|stop|help|see why|tell|understand|remember|shake|face|bear|stand"
    r"|believe|lie|hide|sleep|deny|say this|say it|hesitate|wait|be afraid|be shy|be ashamed)\b"
)
_AFTERWARDS = re.compile(
    r"^[\w' ]{0,24}?(?:\b(?:is|are|was|would be|will be|were)(?: not|n't| never)|\b(?:has|have)(?: never|n't| not)|\bwould never|\bwill never|\bwon't|\bnever)"
    r" (?:be )?(?:something i|an option|on my mind|what i|going to happen|happen|crossed|the case|in my|my thing|me\b|been)"
    r"|^[\w' ]{0,12}? (?:is|are|was) the last thing\b|^,? ?\b(?:no way|not at all|never)\b"
)


class _Sentence(NamedTuple):
    """One sentence, in lower case and as it was written."""

    low: str
    written: str
    denied: bool  # a question that its speaker answers with no


class _Way(NamedTuple):
    """One way to put something into words, and the concepts that it expresses."""

    pattern: re.Pattern[str]
    negatable: bool
    concepts: tuple[str, ...]
    indexed: frozenset[str]  # the rarest of what it needs; empty: it needs nothing that can be told
    needs: tuple[frozenset[str], ...]  # the rest of it


def _index(regex: str) -> tuple[frozenset[str], tuple[frozenset[str], ...]]:
    """Return the rarest of the needed words, and the others."""
    needed = sorted(needed_words(regex), key=lambda s: (_rarity(s), sorted(s)))
    return (needed[0], tuple(needed[1:])) if needed else (frozenset(), ())


class Reader:
    """Tells which of some concepts a text expresses.

    Patterns are searched sentence by sentence and whatever the case. A hit of a negatable pattern does not count
    where an odd number of negations precedes it in its clause ("I would never hurt myself"), where the clause
    denies it afterwards ("hurting myself is not an option"), or where a question is answered with no. Negations
    that leave the statement standing do not count ("I don't know why I want to die", "not only"). The scoping is
    that of NegEx (Chapman et al. 2001, J. Biomed. Inform. 34) with clause boundaries in place of a word window.

    Reading has no state that shows: the same text always gives the same answer. Short texts are remembered, and their sentences too, because
    people and chatbots say many of theirs again in other texts.

    Args:
        concepts: What to look for; names must differ.

    Example:
        >>> from outskirts.sim.declare import Concept, Pattern
        >>> reader = Reader([Concept(name="hurt", meaning="", patterns=(Pattern(regex="hurt myself"),))])
        >>> sorted(reader.found("I might hurt myself.")), sorted(reader.found("I would never hurt myself."))
        (['hurt'], [])
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        ways: dict[tuple[str, bool], list[str]] = {}
        self._unless: dict[str, re.Pattern[str] | None] = {}
        for concept in concepts:
            self._unless[concept.name] = _compiled("|".join(f"(?:{r})" for r in concept.unless)) if concept.unless else None
            for pattern in concept.patterns:
                for alternative in alternatives(pattern.regex):
                    ways.setdefault((alternative, pattern.negatable), []).append(concept.name)
        self._ways = [_Way(_compiled(r), n, tuple(dict.fromkeys(names)), *_index(r)) for (r, n), names in ways.items()]
        self._always = [i for i, way in enumerate(self._ways) if not way.indexed]
        self._by_start: dict[str, list[int]] = {}
        for number, way in enumerate(self._ways):
            for start in way.indexed:
                self._by_start.setdefault(start, []).append(number)
        self._remembered: dict[str, frozenset[str]] = {}
        self._expressed: dict[tuple[str, bool], frozenset[str]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the concepts, in declared order."""
        return tuple(self._unless)

    def found(self, text: str) -> frozenset[str]:
        """Return the names of the concepts that ``text`` expresses."""
        known = self._remembered.get(text)
        if known is not None:
            return known
        found = frozenset[str]().union(*map(self._found_in, _sentences(text)))
        if len(text) <= _CACHE_CHARS:
            if len(self._remembered) >= _CACHE_TEXTS:
                self._remembered.clear()
            self._remembered[text] = found
        return found

    def _found_in(self, sentence: _Sentence) -> frozenset[str]:
        """Return the names of the concepts that a sentence expresses; how it was written does not matter."""
        key = sentence.low, sentence.denied
        known = self._expressed.get(key)
        if known is not None:
            return known
        out: set[str] = set()
        for way in self._candidates(sentence.low):
            if out.issuperset(way.concepts) or next(_hits(sentence, way), None) is None:
                continue
            out.update(name for name in way.concepts if not self._silenced(sentence, name))
        found = frozenset(out)
        if len(sentence.low) <= _CACHE_CHARS:
            if len(self._expressed) >= _CACHE_TEXTS:
                self._expressed.clear()
            self._expressed[key] = found
        return found

    def spans(self, text: str, concept: str) -> list[str]:
        """Return the words of ``text`` that express ``concept``, in order; empty where it does not.

        Raises:
            UnknownNameError: If this reader has no such concept.
        """
        if concept not in self._unless:
            raise UnknownNameError("concept", concept, self._unless)
        out: list[str] = []
        for sentence in _sentences(text):
            if self._silenced(sentence, concept):
                continue
            hits = [hit for way in self._candidates(sentence.low) if concept in way.concepts for hit in _hits(sentence, way)]
            end = -1
            for start, stop in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
                if start >= end:
                    out.append(sentence.written[start:stop].strip())
                    end = max(stop, start + 1)
        return out

    def _candidates(self, low: str) -> list[_Way]:
        """Return the ways whose needed words the sentence has, in declared order."""
        starts = {word[:n] for word in _WORD.findall(low) for n in (1, 2, 3)}
        numbers = set(self._always).union(*[self._by_start[s] for s in starts if s in self._by_start])
        ways = self._ways
        return [ways[i] for i in sorted(numbers) if not any(map(starts.isdisjoint, ways[i].needs))]

    def _silenced(self, sentence: _Sentence, concept: str) -> bool:
        """Tell whether nothing in a sentence counts for a concept."""
        unless = self._unless[concept]
        return unless is not None and unless.search(sentence.low) is not None

    def sentences(self, text: str) -> list[str]:
        """Return the sentences of a text as they are read, with quotes and blanks made plain."""
        return [s.written.strip() for s in _sentences(text)]


_SWAP = {
    "you are": "i am", "you're": "i'm", "you've": "i've", "you'd": "i'd", "you'll": "i'll", "you were": "i was", "are you": "am i", "your": "my", "yours": "mine",
    "yourself": "myself", "you": "i", "i": "you", "i'm": "you're", "i am": "you are", "i've": "you've", "i'd": "you'd", "i'll": "you'll", "me": "you", "my": "your", "mine": "yours",
}  # fmt: skip
_OBJECT = r"(?<=\bwithout )you\b|(?<=\bmiss )you\b|(?<=\bof )you\b|(?<=\bto )you\b|(?<=\bfor )you\b|(?<=\bwith )you\b|(?<=\babout )you\b"
_PERSONS = re.compile(rf"(?P<object>{_OBJECT})|\b(?:" + "|".join(sorted(_SWAP, key=len, reverse=True)) + r")\b(?!')")


def swap_person(text: str) -> str:
    """Return a text in lower case with first and second person swapped; ``myself`` stays, for echoes that kept it.

    Example:
        >>> swap_person("What would you do if you got to end your life?")
        'what would i do if i got to end my life?'
    """
    return _PERSONS.sub(lambda m: "me" if m["object"] else _SWAP[m.group()], text.lower().translate(_QUOTES))


@functools.cache
def _compiled(regex: str) -> re.Pattern[str]:
    """Compile a regex for text in lower case; only those that hold capitals need the slower flag."""
    letters = re.sub(r"\\.", "", regex)
    return re.compile(regex, re.IGNORECASE if letters != letters.lower() else 0)


def alternatives(regex: str) -> list[str]:
    """Split a regex at the bars that stand outside every group and class.

    Example:
        >>> alternatives(r"a(?:b|c)|[|]|d")
        ['a(?:b|c)', '[|]', 'd']
    """
    if regex.startswith("(?") and not regex.startswith(("(?:", "(?=", "(?!", "(?<")):
        return [regex]  # inline flags are for the whole
    parts, depth, start, last = [], 0, 0, 0
    for token in _TOKEN.finditer(regex):
        text = token.group()
        depth += (text == "(") - (text == ")")
        last = token.end()
        if text == "|" and depth == 0:
            parts.append(regex[start : last - 1])
            start = last
    return [*parts, regex[start:]]


def needed_words(regex: str) -> list[frozenset[str]]:
    r"""Return what a sentence needs for ``regex`` to match: of each set, a word that starts with one of its members.

    Members have one to three letters. What cannot be told from the pattern is left out, so a sentence that has
    what is needed may still not match, and one that has not never does.

    Example:
        >>> [sorted(s) for s in needed_words(r"\b(?:kill|end)(?:ing)? (?:\w+ )?it now")]
        [['end', 'kil'], ['it'], ['now']]
    """
    needed: list[frozenset[str]] = []
    at, word = 0, False  # word: whatever is matched next starts a word
    if regex.startswith("^\\W*"):
        at, word = 4, True
    while at < len(regex):
        step, word, starts = _step(regex, at, word)
        if starts:
            needed.append(frozenset(starts))
        at += step
    return needed


def _step(regex: str, at: int, word: bool) -> tuple[int, bool, set[str] | None]:
    """Read one element: its length, whether a word starts after it, and the starts of the word that it needs."""
    rest = regex[at:]
    if rest.startswith("\\b"):
        return 2, True, None
    if rest.startswith("("):
        close = _closing(rest)
        after = _QUANTIFIER.match(rest, close + 1)
        length = close + 1 + (len(after.group()) if after else 0)
        if not rest.startswith("(?:"):
            return length, word and rest.startswith(("(?=", "(?!", "(?<")), None
        body, optional = rest[3:close], after is not None and after.group()[0] != "+"
        blank = all(part.endswith(" ") for part in alternatives(body))
        return length, blank and (word or not optional), _starts(body) if word and not optional else None
    token = _TOKEN.match(rest)
    letters = _LITERAL.match(rest)
    if letters and not token:
        run = letters.group()
        after = _QUANTIFIER.match(rest, len(run))
        if after:
            return len(run) + len(after.group()), False, {run[:-1][:3]} if word and run[:-1] else None
        return len(run), False, {run[:3]} if word else None
    length = len(token.group()) if token else 1
    after = _QUANTIFIER.match(rest, length)
    return length + (len(after.group()) if after else 0), rest[0] == " " and after is None, None


def _starts(body: str) -> set[str] | None:
    """Return the starts of the word with which every alternative begins; None: not known."""
    out: set[str] = set()
    for part in alternatives(body):
        at, word, starts = 0, True, None
        while word and at < len(part) and starts is None:
            if part.startswith("(?:", at):
                close = _closing(part[at:]) + at
                if part[close + 1 : close + 2] in ("?", "*", "{"):  # may be left out: what it starts with, or what follows
                    inner = _starts(part[at + 3 : close])
                    if inner is None:
                        return None
                    out |= inner
            step, word, starts = _step(part, at, word)
            at += step
        if not starts:
            return None
        out |= starts
    return out


def _rarity(starts: frozenset[str]) -> int:
    """Cost of an index on some starts of words: the more and the more common they are, the higher."""
    return sum(30 if len(s) < 3 else 12 if s in _COMMON else 1 for s in starts)


def _closing(part: str) -> int:
    """Return where the group that opens ``part`` closes."""
    depth = 0
    for token in _TOKEN.finditer(part):
        depth += (token.group() == "(") - (token.group() == ")")
        if depth == 0:
            return token.start()
    return len(part)


def _sentences(text: str) -> list[_Sentence]:
    """Split a text, with quotes and blanks made plain."""
    if not text.isascii():
        text = text.translate(_QUOTES)
    text = _BLANKS.sub(" ", text.replace("`", "'"))
    low = text.lower()
    if len(low) != len(text):
        text = low
    out: list[_Sentence] = []
    start = 0
    for end in [*(m.end() for m in _END.finditer(low)), len(low)]:
        part = low[start:end]
        if part and not part.isspace():
            out.append(_Sentence(part, text[start:end], "?" in part[-3:] and _DENIAL.match(low, end) is not None))
        start = end
    return out


def _hits(sentence: _Sentence, way: _Way) -> Iterator[tuple[int, int]]:
    """Yield where a sentence puts something that way, unless it is negated."""
    low = sentence.low
    if way.negatable and sentence.denied:
        return
    for match in way.pattern.finditer(low):
        if not (way.negatable and _negated(low, match.start(), match.end())):
            yield match.span()


def _negated(low: str, start: int, end: int) -> bool:
    """Tell whether what stands at ``start:end`` is negated within its clause."""
    before = low[:start]
    for boundary in _CLAUSE.finditer(low, 0, start):
        before = low[boundary.end() : start]
    if len(_NOT.findall(_HARMLESS.sub(" ", before))) % 2:
        return True
    return _AFTERWARDS.match(low[end:]) is not None


@functools.lru_cache(maxsize=8)
def reader_of(concepts: tuple[Concept, ...]) -> Reader:
    """Return the one reader of a scenario's concepts, so that player, target and judges read each text once between them."""
    return Reader(concepts)
