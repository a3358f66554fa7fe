"""How the text about a person sounds: polarity and subjectivity by a small word list of our own.

Crude on purpose: it counts words, knows no irony, no idiom and no context, and was checked against no ratings. It serves one
question: do texts that tell more, or that a model wrote, drift in tone from plain ones? Compare its figures with each other
and with no other tool's.
"""

from __future__ import annotations

import re

from ...sim.types import Frozen

_POSITIVE = """
able admire appreciate beautiful best better bright brilliant calm calmly capable care cared cares caring cheerful comfort comfortable confident
content curious delight delighted eager ease easy encourage enjoy enjoyed enjoys excellent excited fair faith fine fond free friend
friendly friends fun generous gentle glad good grateful great happily happy healthy help helped helpful helping helps hope hopeful honest joy kind
kindly kindness like liked love loved lovely loves loving lucky nice optimistic passion passionate patient peace peaceful pleasant pleased pleasure
polite positive proud rely relaxed safe satisfied secure sincere smile smiles strong succeed success support supportive thank thankful thanks thrive
trust trusted trusting trusts useful warm warmth welcome well willing wise wonderful worthwhile
"""
POSITIVE = frozenset(_POSITIVE.split())
"""Words of approval, liking and ease."""

_NEGATIVE = """
afraid aggressive alone angry anger annoy annoyed annoying anxious ashamed awful bad bitter blame bored boring broke broken burden careless cold
complain crisis cruel cry cynical danger dangerous depressed despair desperate difficult disappoint disappointed disgust dislike distrust doubt doubts
dread dull embarrassed empty enemy exhausted fail failed failure fear fearful fight forgetful frighten frightened frustrated gloomy grief guilty
harm harsh harshly hate hated hates hopeless hostile hurt ill impatient lonely lose loss lost mad mean miserable mistake mistrust nervous nasty
overwhelmed pain painful panic pessimistic poor problem problems regret reject rude sad scared selfish setback setbacks shame sick snap snaps stress
stressed struggle stubborn suffer suspicious terrible threat tired trouble ugly unfair unhappy unkind upset useless wasting weak worry worried worse
worst worthless wrong
"""
NEGATIVE = frozenset(_NEGATIVE.split())
"""Words of blame, distress and dislike."""

_OPINION = """
always absolutely believe believes certainly clearly completely deeply definitely extremely feel feeling feelings feels find finds honestly hopefully
maybe mind never obviously opinion perhaps prefer probably really seem seems should simply suits suppose sure surely think thinks too totally truly
utterly very view views wish
"""
OPINION = frozenset(_OPINION.split())
"""Words of opinion, certainty and degree; they make a text subjective without praise or blame."""

DENIALS = frozenset(("no", "not", "never", "nobody", "nothing", "hardly", "rarely", "without", "cannot"))
"""Words that turn the next valence word within three words round; so does any word that ends in n't."""

_REACH = 3
_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")


class Tone(Frozen):
    """What the word lists count in a text; counts are of words, rates per 100 words."""

    words: int
    positive: int  # approving words, and denied words of blame
    negative: int  # words of blame, and denied approving ones
    subjective: int  # words on any of the three lists

    @property
    def polarity(self) -> float | None:
        """Positive less negative words per 100 words, [-100, 100]; None without words."""
        return 100 * (self.positive - self.negative) / self.words if self.words else None

    @property
    def subjectivity(self) -> float | None:
        """Words of valence or opinion per 100 words, [0, 100]; None without words."""
        return 100 * self.subjective / self.words if self.words else None


def tone(text: str) -> Tone:
    """Count the words of a text that are on the lists.

    Example:
        >>> found = tone("I am happy. I do not trust them.")
        >>> found.words, found.positive, found.negative, found.polarity, found.subjectivity
        (8, 1, 1, 0.0, 25.0)
    """
    words = positive = negative = subjective = 0
    for sentence in re.split(r"[.!?;\n]+", text.lower().replace("\u2019", "'")):
        denied = 0  # words that a denial still reaches
        for word in _WORD.findall(sentence):
            words += 1
            valence = (word in POSITIVE) - (word in NEGATIVE)
            if valence:
                good = (valence > 0) != (denied > 0)
                positive, negative = positive + good, negative + (not good)
                denied = 0
            subjective += bool(valence) or word in OPINION
            denied = _REACH if word in DENIALS or word.endswith("n't") else max(0, denied - 1)
    return Tone(words=words, positive=positive, negative=negative, subjective=subjective)
