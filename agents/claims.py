"""What somebody says about themselves, in a form that can be held against what they said before."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from .claim_topics import TOPICS, VALUES, WORDS, Topic, ValueTopic, compiled, value_of

if TYPE_CHECKING:
    from nltk.stem.snowball import SnowballStemmer

CODE_VERSION = "2"
"""Changes whenever the same text could be read differently."""


class Claim(NamedTuple):
    """One thing that somebody says about themselves."""

    topic: str
    value: str
    says: str  # the words
    stems: frozenset[str] = frozenset()  # of a saying on no declared topic: its content words
    amended: bool = False  # said as a change of what was said or was the case before


_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "`": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})
_SHORT = (
    (re.compile(r"\bcan(?:'t|not)\b", re.I), "can not"),
    (re.compile(r"\bwon't\b", re.I), "will not"),
    (re.compile(r"\b(do|does|did|have|has|had|is|are|was|were|would|could|should|must|need)n'?t\b", re.I), r"\1 not"),
    (re.compile(r"\b(i)'?m\b", re.I), r"\1 am"),
    (re.compile(r"\b(i|we|you|they)'ve\b", re.I), r"\1 have"),
    (re.compile(r"\b(i|we|you|they|he|she|it)'ll\b", re.I), r"\1 will"),
    (re.compile(r"\b(i|we|you|they|he|she)'d\b", re.I), r"\1 would"),
    (re.compile(r"\b(we|you|they)'re\b", re.I), r"\1 are"),
    (re.compile(r"\b(he|she|it|there|nobody)'s (been|had|lived|worked|never|got|always)\b", re.I), r"\1 has \2"),
    (re.compile(r"\b(he|she|it|that|there|nobody|what)'s\b", re.I), r"\1 is"),
    (re.compile(r"\b(have) got\b", re.I), r"\1"),
)  # fmt: skip
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_CLAUSE = re.compile(
    r"\s*(?:[,:\u2013\u2014]|\s--?\s|\.\.\.|\u2026)\s+|\s+(?=(?:but|because|although|though|whereas|so that|since i|when|while|which|who)\b)"
    r"|\s+and\s+(?=(?:could|can|did|do|does|was|were|never|have|had|has|then|nothing|that|he|she|it|they|the|everything|still)\b)",
    re.I,
)
_AND_I = re.compile(r"\s+and\s+(?=(?:i|we|my)\b)", re.I)
_UNREAL = re.compile(
    r"\b(?:if|wish|imagine|suppose|pretend|as though|would (?:like|love|rather|be|have)|want to|hope to|hoping to|dream of|could do with|thinking of|think about"
    r"|thought about|might|one day|some day|someday|maybe|perhaps|sometimes|now and then|once in a while|occasionally)\b",
    re.I,
)
_PAST = re.compile(
    r"\b(?:used to|when i was (?:a|young|little|small|at|in|\d+|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)|as a (?:child|kid|boy|girl|teenager)|back then|in those days)\b",
    re.I,
)
_NOT = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|neither|nor|without|hardly|barely|scarcely|rarely|seldom|quit|gave up|given up|giving up|stopped|stay(?:ed)? (?:off|away|clear)"
    r"|keep (?:off|away|clear)|kept (?:off|away)|off my|hate|can not stand|cut out)\b",
    re.I,
)
_DOUBLED = re.compile(
    r"\b(?:can not|could not|do not) (?:do|live|manage|go|be|get by) without\b|\bno (?:doubt|wonder)\b|\bnot (?:only|just)\b|\bcan not stop\b",
    re.I,
)
_EMPHASIS = re.compile(
    r"(?:,|\band) \b(?:not (?:a|one|even|once|ever|at all|any)\b.*|never looked back.*|nothing (?:at all|else).*|not in my life.*)$", re.I
)
_AMENDED = re.compile(
    r"\b(?:any ?more|no longer|changed my mind|i lied|i was lying|i was wrong|i said|i told you|it has changed|from now on|since then|i take (?:it|that) back"
    r"|these days i|i have decided|not true what i)\b",
    re.I,
)
_SELF = re.compile(r"\b(?:i|me|my|mine|myself|we|our|us)\b", re.I)
_BARE = re.compile(r"^\W*(?:no|never|not|none|nothing)\b", re.I)
_OTHERS = re.compile(
    r"^\W*(?:(?:and|so|well|but|because|although|though|when|while|yes|honestly|then|also|now|today|even|since) )*"
    rf"(?:(?:(?:all|both|most|some|one|none|another|half) (?:of )?)?(?:my|our|his|her|their|the|a|an|your|this|that|some|every|all) (?:[\w']+ ){{0,2}}?(?:{WORDS['kin']})(?:'s)?\b(?! and i\b)"
    r"|(?:he|she|they|you|everyone|everybody|people|someone|somebody|others|who|it)\b)",
    re.I,
)
_I = re.compile(r"\b(?:i|we)\b", re.I)
_LIKES = re.compile(r"\b(?:love|like|enjoy|adore|get on (?:\w+ )?with|get along with|fond of|close friends)\b|\bget along\b", re.I)
_DISLIKES = re.compile(r"\b(?:hate|detest|loathe|despise|dislike|can not stand|can not bear)\b", re.I)
_WORD = re.compile(r"[a-z]+(?:'s)?", re.I)
_EMPTY = frozenset(
    ["i", "me", "my", "we", "our", "a", "an", "the", "and", "or", "but", "so", "as", "at", "in", "on", "of", "to", "for", "with", "from", "by", "about", "it", "is", "am", "are", "was", "were", "be", "been", "being", "do", "does", "did", "have", "has", "had", "will", "would", "can", "could", "should", "not", "no", "never", "nothing", "none", "nobody", "without", "really", "just", "very", "quite", "always", "ever", "still", "now", "then", "that", "this", "these", "those", "there", "here", "too", "also", "much", "many", "lot", "all", "any", "some", "at", "because", "if", "when", "who", "what", "which", "how", "than", "well", "up", "out", "get", "got", "go", "going", "back", "every", "each", "day", "life", "own", "thing", "things", "like", "love", "hate", "enjoy", "adore", "detest", "loathe", "despise", "stand", "bear", "along", "down", "off", "over", "again", "more", "most", "way", "say", "said"]
)  # fmt: skip
_SHARED = 2  # content words that two sayings on no topic must share
_ALIKE = 0.6  # share of their content words

_Patterns = tuple[re.Pattern[str], ...]

_COMPILED = tuple(
    (
        t,
        tuple(map(compiled, t.yes)),
        tuple(map(compiled, t.no)),
        tuple(map(compiled, t.has)),
        re.compile(t.unless, re.I) if t.unless else None,
    )
    for t in TOPICS
)
_VALUED = tuple((t, tuple(map(compiled, t.patterns))) for t in VALUES)
_APART = {t.name: t.apart for t in VALUES if t.kind == "number"}


@functools.lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_stemmer().stem(word))


@functools.cache
def _stemmer() -> SnowballStemmer:
    from nltk.stem.snowball import SnowballStemmer  # brings pandas and scipy, which only whoever reads claims should load

    return SnowballStemmer("english")


@functools.lru_cache(maxsize=8_192)
def claims(text: str) -> tuple[Claim, ...]:
    """Return what a text says about its speaker.

    Questions, wishes, conditions, hedges ("sometimes"), what was so long ago, and what is said of others give no claim. A clause is
    read by the declared topics; if none fits, its content words and whether it is negated make a claim of their own.

    Example:
        >>> [(c.topic, c.value) for c in claims("I never smoke. My brother does. I'm 40 years old.")]
        [('smoking', 'no'), ('siblings', 'yes'), ('age', '40')]
    """
    found: list[Claim] = []
    for clause, amended in _clauses(text):
        here = [*_topics(clause), *_values(clause)]
        if not here:
            here = list(_general(clause))
        found += [c._replace(amended=amended) for c in here]
    return tuple(dict.fromkeys(found))


def conflict(one: Claim, other: Claim) -> bool:
    """Tell whether two claims of one speaker cannot both hold.

    Example:
        >>> conflict(claims("I don't drink.")[0], claims("I drink every evening.")[0])
        True
    """
    if one.topic != other.topic or one.value == other.value:
        return False
    if one.topic in _APART:
        return abs(int(one.value) - int(other.value)) > _APART[one.topic]
    return not one.stems or alike(one, other)


def comparable(one: Claim, other: Claim) -> bool:
    """Tell whether two claims speak of the same thing, so that they agree or conflict."""
    return one.topic == other.topic and (not one.stems or alike(one, other))


def alike(one: Claim, other: Claim) -> bool:
    """Tell whether two sayings on no declared topic speak of the same thing: most of their content words are shared."""
    shared = len(one.stems & other.stems)
    return (shared >= _SHARED and shared / len(one.stems | other.stems) >= _ALIKE) or (
        one.topic == "attitude" and shared >= 1 and shared / min(len(one.stems), len(other.stems)) >= 0.5
    )


def content(text: str) -> frozenset[str]:
    """Return the stems of the words of a text that carry meaning."""
    return frozenset(_stem(w.lower()) for w in _WORD.findall(text.translate(_QUOTES)) if w.lower() not in _EMPTY)


def written_out(text: str) -> str:
    """Return a text with plain quotes and without contractions: "I am" for "I'm"."""
    text = text.translate(_QUOTES)
    for pattern, written in _SHORT:
        text = pattern.sub(written, text)
    return text


def _clauses(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the clauses of a text that may hold a claim, contractions written out, and whether their sentence amends something."""
    text = written_out(text)
    for sentence in _SENTENCE.split(text):
        sentence = sentence.strip()
        if not sentence or sentence.rstrip("\"') ").endswith("?"):
            continue
        amended = _AMENDED.search(sentence) is not None
        for part in _CLAUSE.split(_EMPHASIS.sub("", sentence.rstrip(".!; "))):
            pieces = [part] if _OTHERS.match(part) or re.match(r"\W*my\b", part, re.I) else _AND_I.split(part)
            for clause in pieces:
                if clause and clause.strip() and not _UNREAL.search(clause):
                    yield clause.strip(), amended


def _topics(clause: str) -> Iterator[Claim]:
    others = _OTHERS.match(clause) is not None
    mine = _SELF.search(clause) is not None or _BARE.match(clause) is not None
    past = _PAST.search(clause) is not None
    for topic, yes, no, has, unless in _COMPILED:
        if not mine or (others and not topic.owned) or (past and not topic.past) or (unless is not None and unless.search(clause)):
            continue
        value = _side(topic, clause, yes, no, has)
        if value:
            yield Claim(topic.name, value, clause)


def _side(topic: Topic, clause: str, yes: _Patterns, no: _Patterns, has: _Patterns) -> str:
    """Return the value of a topic that a clause claims, "" if none."""
    if any(p.search(clause) for p in no):
        return topic.forms[1]
    if any(p.search(clause) for p in has):
        return topic.forms[0]
    if not any(p.search(clause) for p in yes):
        return ""
    return topic.forms[_negated(clause)]


def _negated(clause: str) -> bool:
    """Tell whether a clause says that something is not so: an odd number of negations, "nobody", "nothing" and "no" counted once."""
    return len(_NOT.findall(_DOUBLED.sub(" ", clause))) > 0


def _values(clause: str) -> Iterator[Claim]:
    others = _OTHERS.match(clause) is not None
    if _PAST.search(clause):
        return
    for topic, patterns in _VALUED:
        if others and not topic.owned:
            continue
        value = _value_in(topic, patterns, clause)
        if value:
            yield Claim(topic.name, value, clause)


def _value_in(topic: ValueTopic, patterns: Iterable[re.Pattern[str]], clause: str) -> str:
    for pattern in patterns:
        match = pattern.search(clause)
        if match and not _NOT.search(clause[: match.start()]):
            return value_of(topic, next(v for v in match.groupdict().values() if v))
    return ""


def _general(clause: str) -> Iterator[Claim]:
    """Read a clause that no topic fits: liking and disliking, and plain statements with "I"."""
    if not _I.search(clause) or _OTHERS.match(clause) or _PAST.search(clause):
        return
    stems = content(clause)
    dislikes = _DISLIKES.search(clause) is not None
    rest = _DISLIKES.sub(" ", clause)
    if dislikes or _LIKES.search(rest):
        negated = _NOT.search(rest) is not None
        yield Claim("attitude", "dislikes" if dislikes != negated else "likes", clause, stems)
    elif len(stems) >= _SHARED:
        yield Claim("statement", "not so" if _negated(clause) else "so", clause, stems)
