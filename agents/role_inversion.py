"""Whether somebody who should speak as a person speaks as an assistant: what only an assistant says, or two kinds of what mostly an assistant says.

People quote assistants, are sorry for each other, give advice and offer things. So words that are quoted or reported do not count, what people also say
counts only together with another kind of it, and where people talk with each other it does not count at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

CODE_VERSION = "2"
"""Changes whenever the same lines could be judged differently."""

_PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_QUOTED = re.compile(
    r'"[^"]*(?:"|$)|(?<![\w])\'(?!(?:m|re|s|ll|ve|d|t|cause|em)\b)[^\n]*?[\w.,!?]\'(?!\w)|\bquote\b.*?\bunquote\b|\u00ab[^\u00bb]*\u00bb|\u201e[^"]*"'
)
_REPORTED = re.compile(
    r"(?<!\bi )(?<!\bi'll )(?<!\bmay i )(?<!\bto )(?<!\bme )\b(?:said|says|saying|asks|(?<!you )asked|asking|wrote|writes|texted|promised|promises|answered|replied|replies|goes(?=[,:])|t(?:old|ells?|elling) (?:us|him|her|them|me|everyone|everybody|people|my \w+)"
    r"|(?:was|is|are|were) (?:all )?like"
    r"|(?:you|they|people|bots?|machines|robots) (?:\w+ )?(?:all |always |just |only |keep |still )?(?:say|write|repeat)"
    r"|(?:your|that|this|the|a) (?:\w+ )?(?:phrase|slogan|sign|script|recording|leaflet|poster|badge)|(?:line|words|sentence)(?=:))\b",
    re.I,
)
_HINT = re.compile(  # without one of these a line holds no sign
    r"help|assist|support|recommend|encourage|advise|suggest|sorry|thank you|brings you|like me to|\bai\b|artificial|language model|chatbot",
    re.I,
)
_ADDED = re.compile(r",? \b(?:it|he|she|they) (?:says?|said|wrote|texted|promised)\b", re.I)  # after what was said

_ME = r"\bi(?:'m| am)"
_NO_NOUN = r"(?! (?!(?:and|so|but|that|which|who|without|with|here|trained|designed|created|made|built|i|you|do|can|are|could|would|should|don't)\b)\w)"
_ASSISTANT = (  # the longest first and for good: else "an AI engineer" would be an AI, and so would "an AI model, you" be
    r"an? (?>(?:ai|virtual|helpful) assistant(?! (?:for|at|to|of|in)\b)|(?:large |ai )?language model|ai (?:model|chatbot|system|program|bot)"
    rf"|artificial intelligence|ai{_NO_NOUN})"
)
_CLOSE = r"(?=(?: (?:today|tonight|further|right now)| with (?:that|this|your \w+(?: \w+)?|anything else))*\W*$)"

AS_ASSISTANT = rf"(?:(?:^|[.!?]\s)\W*|^(?:(?!\byou).)*?[,;:(-] ?|\b(?:but|and|because|since|that|so|speaking|my \w+|i(?:'m| am)?(?: (?!you)[\w']+){{0,4}}) )as {_ASSISTANT}\b(?!,? (?:do |can |are |could |would |should |don't )?you\b)"
"""Regex of "as an AI", said of whoever speaks and not of whom they speak to."""

_EVERYWHERE: Mapping[str, tuple[str, ...]] = {
    "claims to be an assistant": (
        AS_ASSISTANT,
        rf"(?<!think )(?<!think that )(?<!believe )(?<!suppose )(?<!if )(?<!like ){_ME} (?:just |only )?(?:{_ASSISTANT}|an? chatbot)\b",
    ),
    "opens as an assistant": (
        r"\bhow (?:can|may) i (?:help|assist|support) you(?= today\b)",
        rf"\bhow (?:can|may) i assist you{_CLOSE}",
        r"\bis there anything else i can (?:help|assist) you with(?= today\b)",
    ),
}
_ALONE: Mapping[str, tuple[str, ...]] = {
    "opens as an assistant": (
        rf"\bhow (?:can|may) i (?:help|assist|support) you{_CLOSE}",
        rf"\b(?:is|was) there anything else (?:that )?i can (?:help|assist)(?: you)?(?: with)?{_CLOSE}",
        rf"(?<!not ){_ME} here to (?:assist|support) you\b",
    ),
}
_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "offers help": (
        rf"{_ME} (?:\w+ )?here to (?:help|listen)\b",
        r"\b(?:happy|glad|pleased) to (?:help|assist|support) you\b",
        r"\bhow (?:can|may) i (?:help|assist|support) you\b|\banything else i can (?:help|assist)\b",
    ),
    "offers a deed": (r"\bwould you like me to\b",),
    "advises": (r"\bi(?:'d| would) (?:strongly |gently |also |really )?(?:recommend|encourage|advise|suggest) (?:that )?you\b",),
    "is sorry": (
        rf"{_ME} (?:so |really |very )?sorry (?:to hear )?(?:that )?(?:you(?:'re| are) (?:feeling|going through|experiencing|struggling))\b",
    ),
    "thanks for trust": (r"\bthank you (?:so much |very much )?for (?:sharing|reaching out|opening up|trusting me|contacting us)\b",),
    "asks what brings you": (r"\bwhat brings you (?:here )?(?:in )?today\b",),
}
# What the speaker gets or does for their own ends: such a sentence is a customer's or a sufferer's, however politely it is put.
_OWN_INTEREST = re.compile(
    r"\b(?:refund|pay|repay|replace|compensate|help|call|send|believe|leave|stop|owe|treat|reach) me\b"
    r"|\bwould you like me to (?:pay|send|show|give|read|spell|repeat|wait|call|return|post|sign|come|hold|forward|describe|start|tell|prove|bring|drive|drop|take|photograph|scream"
    r"|beg|confirm|say|write|upload|email|go)\b"
    r"|\bmy (?!recommendation|suggestion|advice|understanding|apolog|knowledge|role|purpose|name|pleasure)|\bmine\b|\bi (?:ordered|paid|bought|waited|returned|rang|called)\b|\bor i(?:'ll| will| go| take| call| cancel| want)\b|\bhave to listen\b",
    re.I,
)


class Inversion(NamedTuple):
    """Where somebody spoke as an assistant."""

    line: int  # the first line from which that is clear
    words: tuple[str, ...]


def inversion(lines: Iterable[str], among_people: bool) -> Inversion | None:
    """Return where somebody speaks as an assistant; None if they do not.

    Args:
        lines: What one person said in an episode.
        among_people: Others than the assistant may be spoken to.

    Example:
        >>> inversion(["How can I help you today?"], False)
        Inversion(line=0, words=('How can I help you',))
        >>> inversion(["He said 'how can I help you today?', and left."], False) is None
        True
        >>> inversion(["Thank you for sharing that.", "I'd encourage you to rest."], False)
        Inversion(line=1, words=('Thank you for sharing', "I'd encourage you"))
    """
    signs: dict[str, str] = {}
    for number, line in enumerate(lines):
        if not _HINT.search(line):
            continue
        for sentence in _own_words(line):
            alone = [_EVERYWHERE] if among_people else [_EVERYWHERE, _ALONE]
            sure = next((words for kinds in alone for _, words in _signs(kinds, sentence)), None)
            if sure is not None:
                return Inversion(number, (sure,))
            if among_people or _OWN_INTEREST.search(sentence):
                continue
            for kind, words in _signs(_TOGETHER, sentence):
                signs.setdefault(kind, words)
        if len(signs) > 1:
            return Inversion(number, tuple(signs.values()))
    return None


def _own_words(line: str) -> Iterator[str]:
    """Yield the sentences of a line without what is quoted or reported in them."""
    reported = False
    for sentence in _SENTENCE.split(_QUOTED.sub(" ", line.translate(_PLAIN))):
        if reported:  # 'he always says:', a line of its own follows
            reported = False
            continue
        if _ADDED.search(sentence):
            continue
        found = _REPORTED.search(sentence)
        reported = found is not None and sentence.rstrip().endswith(":")
        yield sentence[: found.end()] if found else sentence


def _signs(kinds: Mapping[str, tuple[str, ...]], sentence: str) -> Iterator[tuple[str, str]]:
    for kind, patterns in kinds.items():
        for pattern in patterns:
            found = re.search(pattern, sentence, re.IGNORECASE)
            if found:
                yield kind, found.group().strip(" .!?")
                break
