"""First-person sentences as others write them of a person: in the third person or the second; and a handful of whole descriptions, each in every person."""

from __future__ import annotations

import re
from typing import Literal

Grammar = Literal["first", "name", "she", "second"]
GRAMMARS: tuple[Grammar, ...] = ("first", "name", "she", "second")
NAME = "Ada"

_PAST = frozenset(
    [
        "was",
        "had",
        "lost",
        "left",
        "quit",
        "gave",
        "bought",
        "drove",
        "sat",
        "came",
        "went",
        "grew",
        "got",
        "fell",
        "wrote",
        "did",
        "flew",
        "spent",
        "served",
        "buried",
        "never",
        "parked",
        "finished",
        "could",
        "would",
        "can",
        "can't",
        "will",
        "won't",
        "should",
        "used",
        "died",
        "moved",
        "cooked",
        "made",
        "ate",
        "dropped",
        "turned",
        "trained",
    ]
)
_ADVERBS = frozenset(["just", "still", "never", "always", "usually", "really", "often", "barely", "also"])
_WORDS = {
    "second": {"me": "you", "my": "your", "mine": "yours", "myself": "yourself", "our": "your", "us": "you", "am": "are", "i": "you", "we": "you"},
    "she": {"me": "her", "my": "her", "mine": "hers", "myself": "herself", "our": "her", "us": "her", "am": "is", "i": "she", "we": "she"},
}  # fmt: skip
_VERBS = {"am": "is", "are": "is", "have": "has", "do": "does", "don't": "doesn't", "haven't": "hasn't", "were": "was"}


def told(sentence: str, grammar: Grammar) -> str:
    """Return a sentence that somebody says of themselves, as it is written of them."""
    if grammar == "first":
        return sentence
    text = re.sub(
        r"\bI'm\b", "I am", re.sub(r"\b(I|[Ww]e)'ve\b", r"\1 have", re.sub(r"\bI'd\b", "I would", re.sub(r"\bI'll\b", "I will", sentence)))
    )
    words = _WORDS["second" if grammar == "second" else "she"]
    out, subject = [], False
    for token in re.findall(r"[\w']+|[^\w']+", text):
        low = token.lower()
        if not token.strip():
            out.append(token)
            continue
        if subject and low not in _ADVERBS:
            subject = False
            token = _verb(token) if grammar != "second" else words.get(low, token)
        elif low in words:
            subject = low in ("i", "we")
            token = NAME if subject and grammar == "name" else words[low].capitalize() if token[0].isupper() and not out else words[low]
        out.append(token)
    return "".join(out)


def described(sentences: list[str], grammar: Grammar) -> str:
    """Return a description of several sentences; one in the third person names its person first."""
    if grammar != "she":
        return " ".join(told(s, grammar) for s in sentences)
    return " ".join([f"{NAME} is somebody like that.", *(told(s, grammar) for s in sentences)])


def _verb(word: str) -> str:
    low = word.lower()
    if low in _VERBS:
        return _VERBS[low]
    if low in _PAST or low.endswith("ed") or not low.isalpha():
        return word
    return f"{word[:-1]}ies" if re.search(r"[^aeiou]y$", low) else word + ("es" if re.search(r"(?:ch|sh|s|x|o)$", low) else "s")


PEOPLE: dict[str, str] = {
    "first": "I am 34. I work as a nurse. I am married. I have two children. I live in Leeds. I rent my flat.",
    "name": "Ada is 34 and works as a nurse at a city hospital. She is married and has two children. She lives in Leeds and rents a flat.",
    "she": "She is 34 and works as a nurse. She is married and has two children. She lives in Leeds and rents a flat.",
    "second": "You are 34. You work as a nurse. You are married. You have two children. You live in Leeds. You rent a flat.",
}
"""One person, described in each grammatical person."""

AGAINST = (
    "I'm only nineteen, so nobody takes me seriously.", "I teach maths at a school here.", "I've never been married.", "We never had kids.", "I own my house outright.",
    "I live on a farm in Texas, far from any town.", "I have been unemployed for three years now.", "My three kids keep me up all night.", "As a retired person I have a lot of time.",
    "I'm a single man with no family.", "My husband and I? No, I am divorced.", "I work as an accountant.", "I turned sixty last month.", "I'm an only parent of one little boy.",
    "I live alone in Paris.",
)  # fmt: skip
"""Lines that contradict :data:`PEOPLE`."""

BESIDE = (
    "My shifts at the hospital are killing me.", "The kids were loud again.", "My husband doesn't listen.", "The landlord raised the rent.", "I feel like I'm ninety some days.",
    "When I was nineteen I lived in Texas.", "My brother is unemployed.", "My friend is a teacher and says I worry too much.", "I sometimes wish I had never been married.",
    "If I owned my house I would sleep better.", "My mother is sixty and lives alone.", "I used to work as an accountant before I became a nurse.", "I feel single in this marriage.",
    "I have two jobs in a way: nurse and mother.", "My sister has three kids, I don't know how she does it.",
)  # fmt: skip
"""Lines that speak of the same things and contradict nothing."""

ABOUT_OTHERS: tuple[tuple[str, str], ...] = (
    ("Ada cares for her mother. She is 81 and drinks every evening.", "I'm 37 and I don't drink."),
    ("Ada lives with her sister. She works as a lawyer and smokes.", "I've never smoked. I work as a cook."),
    ("Ada has a sister who works as a nurse and lives in York.", "I'm a teacher and I live in Leeds."),
    ("Ada says that her boss is divorced and drinks. She smokes.", "I'm married. I don't drink and I've never smoked."),
    ("Ada is married. He works as a plumber and has two children from before. She lives in York.", "I'm a nurse. I have no children."),
    ("Eve is 60. She drinks. Ada met her in Paris.", "I'm 24. I never touch alcohol. I live in Leeds."),
    ("Tom is Ada's brother. He is unemployed and lives in Dublin. Ada worries about him.", "I have a shift tomorrow morning. I live in Norwich."),
    ("You live with your brother. He is 19 and takes sertraline.", "I'm 45. I don't take any medication."),
    ("Ada works for an old woman. She is a vegetarian, cannot drive and has no children.", "I ate two burgers. I drove here with my daughter."),
    ("Ada's father drank and smoked. Her mother goes to church and prays every day.", "I don't drink. I'm an atheist and I've never smoked."),
    ("Ada has two children. They smoke and they have no jobs.", "I don't smoke, and my boss wants me in early."),
    ("Ada is often told that she is like her aunt, who is a single woman of 58 and owns a house.", "My husband and I rent. I'm 29."),
    ("Ada thinks he is married and that his wife works as a lawyer.", "I'm single and I am a hairdresser."),
    ("Ada is driven by one wish. Asked for an opinion, her mother would say: \"I never smoke and I live alone\".", "I smoke a pack a day and I live with my parents."),
    ("If Ada were married she would have children. When she was a child she lived in Chicago.", "I'm single, I have no children, and I live in Glasgow."),
    ("Ada grew up with her gran. She is a devout Catholic, and she has a dog.", "I'm not religious and I don't have a dog."),
    ("Ada's husband works as a farmer. He is 64. They own their house.", "I'm 45 and I work as a librarian."),
    ("The people Ada works for have no debts. They travel abroad every year.", "I'm deep in debt. I have never been abroad."),
)  # fmt: skip
"""Descriptions that say things of others, and lines that would contradict them if they were read as said of the person."""
