"""Statements: sentences in which somebody takes a stand, found by rules, each with its evidence span."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...sim.text import clean
from .documents import Document, Turn
from .markup import View, view
from .spans import Span, span_of, straight
from .stances import stance_of
from .words import spelled

LEAST_SCORE = 1.5
"""A sentence of at least this score is a statement."""

FEWEST_WORDS, MOST_CHARS = 3, 500
"""Shorter and longer sentences are none; a spoken one that takes a stance by its form needs :data:`FEWEST_OF_STANCE` words."""

FEWEST_OF_STANCE = 2
"""Words of "I wait." and "fix it"."""

FIRST_PERSON_SCORE, SIGNAL_SCORE, VALUE_SCORE, SPOKEN_SCORE, ATTRIBUTED_SCORE = 1.0, 1.0, 0.5, 0.5, 2.0
"""What first person, one kind of signal, evaluative words, being somebody's turn, and attribution count for."""

_SIGNALS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for kind, words in (
        (
            "demand",
            "should|shouldn't|must|mustn't|ought to|have to|has to|had better|insist(?:s|ed)?|demand(?:s|ed)?|refuse[sd]?|won't|will not"
            "|never again|don't want|do not want|wouldn't|would never|cannot accept|stop (?:asking|telling|sending)",
        ),
        (
            "need",
            "need(?:s|ed)?|want(?:s|ed)?|would like|wish(?:es|ed)?|hop(?:e|es|ed|ing)|looking for|look for|require[sd]?|long for|would rather"
            "|I'd rather|I'd like",
        ),
        (
            "feeling",
            "afraid|fear(?:s|ed)?|worr(?:y|ies|ied|ying)|anxious|scared|love[sd]?|hate[sd]?|like|likes|liked|dislike[sd]?|enjoy(?:s|ed)?|angry"
            "|annoy(?:s|ed|ing)|happy|sad|frustrat(?:ed|ing|es)|nervous|ashamed|lonely|proud|relieved|feel(?:s|ing)?|felt|overwhelmed|exhausted"
            "|tired of|hurts?|upset|panic|hopeless|cry|grateful|comfortable|uncomfortable|calm",
        ),
        (
            "habit",
            "always|never|usually|often|sometimes|rarely|seldom|hardly|mostly|every (?:day|night|morning|week|time|evening)|tend to|keep|kept"
            "|generally|whenever|each time|used to|most days|from time to time|now and then",
        ),
        (
            "belief",
            "think|thinks|thought|believe[sd]?|trust(?:s|ed)?|distrust(?:s|ed)?|mistrust(?:s|ed)?|doubt(?:s|ed)?|suspect(?:s|ed)?|expect(?:s|ed)?"
            "|rely|relies|relied|convinced|sure|certain|prefer(?:s|red)?|in my (?:view|opinion|experience)|agree[sd]?|disagree[sd]?"
            "|depend(?:s|ed)? on|care about|I'd say|matters?|mind|opinion",
        ),
    )
)
_VALUE = re.compile(
    r"\b(?:good|bad|well|badly|better|worse|best|worst|great|terrible|awful|useless|useful|helpful|unhelpful|fair|unfair|right|wrong|safe"
    r"|unsafe|dangerous|easy|hard|difficult|important|pointless|stupid|rude|polite|kind|honest|dishonest|slow|clear|confusing|cold|warm|private"
    r"|impossible|too (?:much|many|little|long|late|expensive)|can't stand|waste|myself|enough)\b",
    re.IGNORECASE,
)
FIRST_PERSON = re.compile(r"\b(?:I|I'm|I've|I'd|I'll|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself|[Ww]e|[Ww]e're|[Ww]e've|us|[Oo]ur|i|i'm|i've)\b")
_HOLDER = (
    r"(?P<holder>(?:(?:[Mm]any|[Mm]ost|[Ss]ome|[Ss]everal|[Aa]ll|[Tt]he|[Oo]ther|[Oo]ur|[Bb]oth|[Ff]ew|[Oo]lder|[Yy]ounger)\s+(?:of\s+the\s+)?){0,2}"
    r"(?P<noun>[^\W\d_][\w'-]{2,30}(?:\s+(?:women|men|people|patients|parents|workers|staff|users|members|nurses|doctors))?))"
)
_HOLDS = (
    r"(?:fear|worr|believ|think|thought|feel|felt|say|said|tell|told|want|complain|expect|hope|hoping|prefer|trust|distrust|mistrust|doubt|hate|love"
    r"|dislik|insist|refus|demand|report|argue|wish|rel(?:y|ies)|suspect|agree|object|avoid|struggl|need|resent|dread)(?:es|s|e|ies|ied|y|ed|d)?"
)
_ATTRIBUTED = re.compile(
    rf"^(?:[^,.]{{0,60}},\s+)?{_HOLDER}\s+(?:(?:often|also|still|always|never|rarely|sometimes|mostly|do not|don't|did not|would|really)\s+){{0,2}}{_HOLDS}\b"
)
_QUOTED = re.compile(
    r"[\"\u201c](?P<said>[^\"\u201c\u201d]{8,400})[\"\u201d],?\s+"
    r"(?:(?:said|says|explained|told us|added|recalled)\s+(?P<after>(?:the |an? |one )?\w[\w'-]{1,30}(?: [A-Z][\w'-]{1,30})?)"
    r"|(?P<before>(?:the |an? |one )?\w[\w'-]{1,30}(?: [A-Z][\w'-]{1,30})?)\s+(?:said|says|explained|told us|added|recalled))"
)
_NO_HOLDERS_TEXT = """
this that these those they there then what which who where when while it its he she you one ones nobody everybody everyone anyone
someone evidence results studies findings systems things times days years others lots reports papers figures words ways cases services
always sometimes perhaps besides and but for not his hers theirs because since unless also however data costs prices rules as is was has
does
"""
_NO_HOLDERS = frozenset(_NO_HOLDERS_TEXT.split())
_PLURALS = frozenset(["people", "women", "men", "children", "staff", "families", "folk", "police", "clergy", "youth"])
_COUNTING = re.compile(r"^(?:(?:many|most|some|several|all|the|other|our|both|few|an?|one)\s+(?:of\s+the\s+)?)+", re.IGNORECASE)
_END = re.compile(r"[.!?\u2026]+[\"')\]\u201d\u2019]*(?=\s|$)|\n[ \t\r]*\n\s*|\Z")
_ABBREVIATION = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|e\.g|i\.e|etc|vs|cf|approx|No|a\.m|p\.m|al|[A-Z]))\.$")
_LOOSE_STOP = re.compile(r"\s+([,.;:!?])(?=\s|$)")
_TRIM = " \t\r\n\"'\u201c\u201d\u2018\u2019-\u2013\u2014*>"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence in which somebody takes a stand."""

    words: str  # readable: no markup, one line
    span: Span
    speaker: str  # who said it, "" in prose
    holder: str  # to whom prose attributes it ("patients"), else ""
    kind: str  # demand, need, feeling, habit, belief or value
    score: float
    named: bool = False  # the speaker's name means the same person in every document

    @property
    def order(self) -> tuple[str, int, int]:
        """Where it stands, for sorting."""
        return (self.span.document, self.span.start, self.span.end)


def find_statements(document: Document) -> tuple[Statement, ...]:
    """Find what people in a document stand for, in order.

    A sentence counts for first person, for each kind of signal (demand, need, feeling, habit, belief), for evaluative
    words, for being somebody's turn and for being attributed to a group or person; questions count for nothing. In a turn
    the form of a sentence without such words is a signal too: an imperative, a refusal, "I" with a verb in the present.
    """
    turns = document.turns or (Turn("", 0, len(document.text), True),)
    return tuple(found for turn in turns if turn.person for found in _in_turn(document, turn))


def _in_turn(document: Document, turn: Turn) -> Iterator[Statement]:
    seen = view(document, turn.start, turn.end)
    for start, end in sentences(seen.text):
        found = _judged(document, seen, start, end, turn)
        if found is not None:
            yield found


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where sentences begin and end, blanks and quotation marks around them left out."""
    start = 0
    for match in _END.finditer(text):
        if match.group() == "." and _ABBREVIATION.search(text, max(start, match.end() - 12), match.end()):
            continue
        end = match.end()
        while start < end and text[start] in _TRIM:
            start += 1
        stop = end
        while stop > start and text[stop - 1] in ' \t\r\n"\u201c\u201d-\u2013\u2014*>':
            stop -= 1
        if stop > start:
            yield start, stop
        start = end


def _judged(document: Document, seen: View, start: int, end: int, turn: Turn) -> Statement | None:
    """Return the statement that a sentence is, or None."""
    if end - start > MOST_CHARS:
        return None
    holder = ""
    plain = straight(seen.text[start:end])
    if not turn.speaker:
        said = _QUOTED.search(seen.text, max(0, start - 1), min(len(seen.text), end + 1))
        if said is not None:
            start, end = said.span("said")
            end -= len(seen.text[start:end]) - len(seen.text[start:end].rstrip(" ,\r\n\t"))
            holder = said["after"] or said["before"]
            plain = straight(seen.text[start:end])
        else:
            holder = _holder(plain)
    text = readable(seen.text[start:end])
    stance = stance_of(plain) if turn.speaker else ""
    if plain.rstrip("\"')]").endswith("?") or len(re.findall(r"\w+", text)) < (FEWEST_OF_STANCE if stance else FEWEST_WORDS):
        return None
    score, kind = _score(spelled(plain), stance, spoken=bool(turn.speaker), attributed=bool(holder))
    if score < LEAST_SCORE:
        return None
    span = span_of(document, *seen.span(start, end))
    return Statement(text, span, turn.speaker, _normal_holder(holder), kind, score, turn.named)


def readable(text: str) -> str:
    """Return a stretch of a view as one line, fit for UTF-8, without the blank that a cut leaves before a stop."""
    return _LOOSE_STOP.sub(r"\1", " ".join(clean(text)[0].split()))


def _score(text: str, stance: str, *, spoken: bool, attributed: bool) -> tuple[float, str]:
    """Return the score of a sentence and the kind of its first signal; where there is none, its form is one."""
    kinds = [kind for kind, pattern in _SIGNALS if pattern.search(text)] or ([stance] if stance else [])
    value = _VALUE.search(text) is not None
    score = SIGNAL_SCORE * len(kinds) + VALUE_SCORE * value
    if not score and not attributed:
        return 0.0, ""
    if FIRST_PERSON.search(text):
        score += FIRST_PERSON_SCORE
    score += SPOKEN_SCORE * spoken + ATTRIBUTED_SCORE * attributed
    return score, kinds[0] if kinds else "value" if value else "belief"


def _holder(text: str) -> str:
    """Return the group that a sentence attributes a stand to, "" if none."""
    match = _ATTRIBUTED.match(text)
    if match is None:
        return ""
    noun = match["noun"].split()[-1].casefold()
    plural = noun in _PLURALS or (noun.endswith("s") and not noun.endswith(("ss", "us", "is")))
    first = match["noun"].split()[0].casefold()
    return match["holder"] if plural and noun not in _NO_HOLDERS and first not in _NO_HOLDERS else ""


def _normal_holder(holder: str) -> str:
    """Return a holder without the words that only count it: "many of the patients" is "patients"."""
    text = " ".join(_COUNTING.sub("", holder).split())
    return text if _is_proper(text) else text.lower()


def _is_proper(holder: str) -> bool:
    """Tell whether a holder is somebody's name: words in capitals that are no plural."""
    return all(part[:1].isupper() for part in holder.split()) and not holder.casefold().endswith("s")
