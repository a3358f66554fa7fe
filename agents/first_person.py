"""A description of somebody, whatever its grammatical person, as that person would say it: "Ada is married" as "I am married".

Claims are read of what somebody says about themselves, and most descriptions are written about them. Whose a pronoun is cannot always be told without
understanding the text; a clause of which it cannot is left out, since a claim that is wrongly read makes a fault of every true line.
"""

from __future__ import annotations

import functools
import re
from typing import Literal

from .claim_topics import WORDS
from .claims import written_out
from .first_person_words import (
    ACTING,
    ACTS,
    ADVERB,
    AFTER_ME,
    ANY,
    ANY_OR_YOU,
    ASIDE,
    BARE,
    BARE_VERBS,
    CONDITION,
    GROUP,
    INVOLVED,
    IS_ONE,
    LEAD,
    NAMES,
    NO_NAME,
    NO_VERBS,
    OF,
    PEOPLE,
    PRONOUN,
    PRONOUNS,
    STRANGER,
    TAKES_OBJECT,
    TIED,
    TOWARDS,
    VERBS,
    YOUR_VERBS,
    agreeing,
    base,
    people,
)

_Subject = Literal["self", "other", "unknown"]

_FIRST = re.compile(r"\b(?:I|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself|[Ww]e|[Oo]ur)\b")
_SECOND = re.compile(r"(?:^|[.!?;]\s+)your?\b", re.I)
_QUOTED = re.compile(r'"[^"]*"')
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_SPLIT = re.compile(
    r"(\s*[,:\u2013\u2014]\s+|\s+--?\s+|\s+(?:and|but|or|because|although|though|whereas|while|since|so that|so|when|that|before|after|until|as soon as)\s+|\s+(?=(?:who|whose|whom|which)\b))",
    re.I,
)

_NAMED_FIRST = re.compile(r"[A-Z][a-z]+ [a-z]+ ")
_JOINED = re.compile(r"(and|but|or) ", re.I)
_CALLED = re.compile(r"(?:The|This) (?:person|persona|character|customer|user|client|patient|caller|speaker)\b")
_NOTES = (  # of a description in the style of notes, or of a form
    (re.compile(r"(?:age|aged):? (\d\d)|(\d\d)(?:[- ]years?[- ]old)?", re.I), "I am {}"),
    (re.compile(rf"(?:(?:occupation|job|profession|works as): )?(?:an? )?((?:[\w-]+ )?(?:{WORDS['jobs']}))", re.I), "I am a {}"),
    (
        re.compile(
            r"(?:(?:marital|relationship) status: |status: )?(married|single|divorced|widowed|unemployed|retired|vegetarian|vegan|teetotal)",
            re.I,
        ),
        "I am {}",
    ),
    (
        re.compile(
            r"((?:no|one|two|three|four|five) (?:children|kids|siblings|brothers|sisters)|(?:one|a) (?:child|son|daughter|brother|sister))",
            re.I,
        ),
        "I have {}",
    ),
    (re.compile(r"(?:lives in|home|location|city|town|residence): ([A-Z]\w+)", re.I), "I live in {}"),
)


@functools.lru_cache(maxsize=4_096)
def first_person(text: str, name: str = "") -> str:
    """Return a description in the first person; unchanged if its writer says "I".

    Args:
        text: Description, in the first, second or third person.
        name: What the person is called.

    Example:
        >>> first_person("Ada is 34 and works as a nurse. Her sister drinks. She drinks, too. Ada lives in Leeds.", "Ada")
        'I am 34 and I work as a nurse. My sister drinks. I live in Leeds.'
    """
    text = written_out(text)
    for n in (name, *name.split()[:1]):
        text = re.sub(rf"\b{re.escape(n)}'s (?=been\b|had\b|never\b|lived\b|worked\b)", f"{n} has ", text) if n else text
        text = (
            re.sub(rf"\b{re.escape(n)}'s (?=(?:an?|the|not|\d+|in|from|married|single|divorced|retired|unemployed)\b)", f"{n} is ", text)
            if n
            else text
        )
    if _FIRST.search(_QUOTED.sub(" ", text)):
        return text
    teller = _Teller(text, name)
    return " ".join(filter(None, map(teller.sentence, _SENTENCE.split(text))))


class _Teller:
    """Brings one description into the first person, sentence by sentence; remembers whose a pronoun may be.

    Args:
        text: The whole description.
        name: Of the person.
    """

    def __init__(self, text: str, name: str) -> None:
        names = [name, *name.split()[:1]] if name.strip() else []
        called = _CALLED.match(text)
        names += [called[0], called[0].lower()] if called else []
        self._name = (
            re.compile("|".join(rf"\b{re.escape(n)}(?: (?:de |van |von )?[A-Z][\w-]+)?\b" for n in names)) if names else re.compile(r"(?!)")
        )
        plain = _QUOTED.sub(" ", text)
        self._you = _SECOND.search(plain) is not None
        self._mixed = len({OF[m.group().lower()] for m in ANY.finditer(plain)} & {"she", "he"}) == 2
        self._tied = False  # a partner was implied whom a pronoun may mean
        self._pronoun = ""  # with which the text speaks of the person: she, he or they
        self._taken: set[str] = set()  # pronouns that may be somebody else's by now
        self._subject: _Subject = "unknown"
        self._named = False  # the last clause was nothing but the person, so that "who" is the person

    def sentence(self, sentence: str) -> str:
        """Return a sentence in the first person, without the clauses of which it cannot be told who is meant; "" for none."""
        sentence = sentence.strip()
        if '"' in sentence:
            return "" if self._others(_QUOTED.sub(" ", sentence)) else sentence
        if not sentence or sentence.endswith("?"):
            return ""
        end = sentence[len(sentence.rstrip(".!;")) :] or "."
        noted = self._noted(sentence.rstrip(".!; "))
        if noted:
            return noted
        parts = _SPLIT.split(sentence.rstrip(".!; "))
        self._subject, self._named = "unknown", False
        out, link = "", ""
        for i, clause in enumerate(parts):
            if i % 2:
                link = clause
                continue
            told = self._clause(clause.strip(), link.strip().lower(), first=i == 0)
            if told:
                out += ((link if link.strip() else " and ") if out else "") + told
        out = out.strip(" ,")
        return out[:1].upper() + out[1:] + end if out else ""

    def _noted(self, sentence: str) -> str:
        """Return what a sentence without a subject says, as notes and forms have it: "Nurse, 34, married"; "" unless all of it is known."""
        told = []
        for part in re.split(r", (?:and )?|; ", sentence):
            found = next(((match, says) for note, says in _NOTES if (match := note.fullmatch(part))), None)
            if found is not None:
                match, says = found
                value = next(filter(None, match.groups()))
                told.append(says.format(value if says.startswith("I live") else value.lower()) + ".")
            elif VERBS.match(part) and not self._taken and not self._others(part):
                told.append("I " + agreeing(part[:1].lower() + part[1:]) + ".")
            else:
                return ""
        return " ".join(told)

    def _clause(self, clause: str, link: str, first: bool) -> str:
        """Return one clause, "" if it is left out."""
        named, self._named = self._named, False
        joined = _JOINED.match(clause)
        if joined and not first:
            link, clause = joined[1].lower(), clause[joined.end() :]
        lead = LEAD.match(clause)
        start = lead.end() if lead else 0
        if not self._own_subject(clause[start:]):
            start = self._after_aside(clause, start)
        opening, rest = clause[:start], clause[start:]
        told = self._told(opening, rest, first, named, link)
        self._note(rest)
        if not told and re.match(r"whom?\b", rest, re.I):
            self._taken |= {"she", "he", "they"}  # whoever stood before it is a person
        stranger = STRANGER.match(clause) or (self._subject != "self" and _NAMED_FIRST.match(clause) and self._name.search(rest))
        if first and stranger and not (self._name.match(rest) or NO_NAME.match(clause) or PRONOUN.match(clause)):
            self._taken |= {"she", "he", "they"}  # the sentence is about somebody else
        return told

    def _after_aside(self, clause: str, start: int) -> int:
        """Return where the person comes as the subject after an opening like "since her divorce"; ``start`` if they do not."""
        if not ASIDE.match(clause[start:]) or self._others(clause[start:]):
            return start
        for word in re.finditer(r"\b\w", clause[start:]):
            at = start + word.start()
            length = self._own_subject(clause[at:])
            if length and (clause[at : at + length].lower() in PRONOUNS or ACTS.match(clause[at + length :])):
                return at
        return start

    def _told(self, opening: str, rest: str, first: bool, named: bool, link: str) -> str:
        """Return a clause as the person would say it, by what it begins with after its opening."""
        subject = self._own_subject(rest)
        if link == ":" and not subject and not self._own_possessive(rest):
            self._subject = "other"
            return ""
        if subject:
            return self._acting(opening, rest[subject:].strip())
        if self._own_possessive(rest):
            return self._belonging(opening, rest, named, link)
        if named and re.match(r"(?:an?|the|\d\d)\b", rest):
            self._named = True
            return self._checked("I am " + rest)
        if re.match(r"who\b", rest, re.I) and named:
            self._subject = "self"
            return self._checked("I " + agreeing(rest[3:].strip()))
        if first and not self._pronoun and self._subject == "unknown" and BARE.match(rest):
            self._subject, self._named = "self", True
            return self._checked("I am " + rest[:1].lower() + rest[1:])
        if VERBS.match(opening + rest) or ((self._you or self._pronoun == "they") and YOUR_VERBS.match(opening + rest)):
            return self._checked("I " + agreeing(opening + rest)) if self._subject == "self" else ""
        plain = first and not CONDITION.match(rest) and not STRANGER.match(rest) and not self._others(rest) and not PRONOUN.match(rest)
        if plain or NO_NAME.match(rest.capitalize()):
            self._subject = "unknown"
            return self._checked(opening + rest) if self._speaks_of_self(rest) else ""
        if self._subject != "self" or re.match(r"(?:who|whose|whom|which|he|she|they|it|you|what|how|if)\b", rest, re.I):
            self._subject = "other"
            return ""
        return self._checked(opening + rest)

    def _acting(self, opening: str, tail: str) -> str:
        """Tell a clause whose subject is the person; ``tail`` is what follows."""
        self._subject = "self"
        if re.fullmatch(r"(?:\(?\d\d\)?)?", tail):
            self._named = True
            return f"I am {tail.strip('()')}" if tail else ""
        if re.match(r"(?:is|are|am) ", tail) and self._name.fullmatch(tail.partition(" ")[2]):
            self._named = True
            return ""
        aged = re.match(r"\((\d\d)\)\s+", tail)
        age, tail = (f"I am {aged[1]} and ", tail[aged.end() :]) if aged else ("", tail)
        told = self._checked(opening + age + "I " + agreeing(tail))
        self._named = IS_ONE.search(told) is not None
        return told

    def _belonging(self, opening: str, rest: str, named: bool, link: str) -> str:
        """Tell a clause that begins with somebody or something of the person's."""
        someone = PEOPLE.search(rest)
        if link == "that" and someone:
            self._subject = "other"
            return ""
        if named and link == "and" and someone:
            self._subject = "other"
            told = self._checked(rest[: someone.end()])
            return told and f"{told} and I{rest[someone.end() :]}"
        if self._subject != "self" or link not in ("and", "or", ",") or (someone and ACTS.match(rest[someone.end() :])):
            self._subject = "other"
        return self._checked(opening + rest)

    def _own_subject(self, rest: str) -> int:
        """Return how long the words are with which a clause names the person as its subject; 0 if it does not."""
        match = self._name.match(rest)
        if match and not rest[match.end() :].startswith("'s "):
            self._taken.clear()
            return match.end()
        word = re.match(r"(you|she|he|they)\b", rest, re.I)
        if word is None:
            return 0
        said = word[1].lower()
        if said == "you":
            return word.end() if self._you else 0
        return word.end() if self._is_self(said) else 0

    def _own_possessive(self, rest: str) -> bool:
        """Tell whether a clause begins with "her", "Ada's" or the like, of the person."""
        if self._name.match(rest) or (self._you and re.match(r"your\b", rest, re.I)):
            return True
        word = re.match(r"(her|his|their)\b", rest, re.I)
        return word is not None and self._is_self(word[1])

    def _is_self(self, form: str) -> bool:
        """Tell whether a form of a pronoun means the person."""
        subject = OF[form.lower()]
        if self._you or subject in self._taken or self._pronoun not in ("", subject) or (self._mixed and self._tied and not self._pronoun):
            return False
        self._pronoun = subject
        return True

    def _speaks_of_self(self, rest: str) -> bool:
        return (
            any(self._is_self(m.group()) for m in ANY.finditer(rest))
            or self._name.search(rest) is not None
            or (self._you and re.search(r"\byour?\b", rest) is not None)
        )

    def _checked(self, clause: str) -> str:
        """Return a clause with what is left of the person's pronouns in the first person; "" if somebody else acts in it or may be meant."""
        if not self._you and re.search(r"\byou", clause, re.I):
            return ""
        if self._you and re.search(rf"\byou (?:{ADVERB} )*(?:{BARE_VERBS}|can|should|must|will|would)\b", clause, re.I):
            return ""
        met = people(clause)
        mine = re.match(r"(?:\w+ )?(?:her|his|their|your)\b", clause, re.I) or self._name.match(clause)
        if any(ACTS.match(clause[end:]) for _, end in (met[1:] if mine else met)):
            self._subject = "other"
            return ""
        objects = {m.start(1) for m in AFTER_ME.finditer(clause)} if mine else set()
        for word in ANY.finditer(clause):
            form = word.group().lower()
            before = [who for who, end in met if end < word.start() and word.start() not in objects]
            acting = form in PRONOUNS  # it is a subject, so somebody does something
            if (acting and (before or form != self._pronoun)) or not self._is_self(form) or any(self._pronoun in who for who in before):
                self._subject = "other"
                if not self._pronoun:
                    self._taken.add(OF[form])
                return ""
        return self._swapped(clause)

    def _swapped(self, clause: str) -> str:
        """Put "I", "me" and "my" for the person; "" where their name stands as a subject."""
        name = self._name.pattern
        clause = ACTING.sub(lambda m: f"I {m[1]}{base(m[2])}", clause)
        clause = re.sub(rf"(?:{name})'s\b", "my", clause)
        clause = re.sub(rf"\b({TAKES_OBJECT}) (?:{name})", r"\1 me", clause)
        if self._name.search(clause):
            return ""
        clause = AFTER_ME.sub(lambda m: "me" if m[1].lower() == "you" or self._pronoun == "she" else m[0], clause)
        return ANY_OR_YOU.sub(lambda m: self._mine(m.group()), clause)

    def _mine(self, form: str) -> str:
        low = form.lower()
        if low in ("you", "your", "yours", "yourself"):
            return {"you": "me", "your": "my", "yours": "mine", "yourself": "myself"}[low] if self._you else form
        if low in ("her", "his", "their"):
            return "my"
        return "mine" if low in ("hers", "theirs") else "myself" if "sel" in low else "me"

    def _others(self, text: str) -> set[str]:
        """Return the pronouns that people who are named in a text may have by now."""
        found = set[str]().union(*(who for who, _ in people(text)))
        if NAMES.search(TOWARDS.sub(" ", self._name.sub(" ", text))) or INVOLVED.search(text):
            found |= {"she", "he", "they"}
        return found

    def _note(self, clause: str) -> None:
        """Remember whom a clause brought up."""
        self._taken |= self._others(BARE.sub(" ", clause))
        self._tied = self._tied or TIED.search(clause) is not None
        if any(GROUP.search(w) and w not in NO_VERBS and not VERBS.match(w) for w in re.findall(r"\b[a-z]{4,}\b", clause)):
            self._taken.add("they")
