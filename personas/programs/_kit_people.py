"""People as programs portray them: a small language of statements, each of which adds a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import _wording as wording
from ._asking import Axes, Batch
from ._dice import Dice
from ._grading import EMPHASIS, EMPHASIS_MIDDLE, Gradings, Stand, stand
from ._portraits import finished
from ._sitters import Feedback, Heard, Person, Sitter, Style, aims_of, seated
from ._styles import IMPERSONAL, capital, mildly, sentence
from ._tasks import PROSE

_ORDERS = ("shuffled", "given", "decided")


class At:
    """One person on one axis: what can be said of it, how often it holds chosen by where they stand.

    Clauses fit after an opening: ``f"{who.occasion()}, {at.near()}."``. The adverbs of one axis balance each other, so what
    one clause rounds off the next makes up for.
    """

    def __init__(self, where: Stand, dice: Dice) -> None:
        self._stand = where
        self._say = Gradings(where, dice)

    @property
    def name(self) -> str:
        """The axis, in words."""
        return self._stand.name

    @property
    def level(self) -> str:
        """Where the person stands, in words from "very low" to "very high"."""
        return self._stand.level

    @property
    def lean(self) -> float:
        """How decided the person is: 0 in the middle, 1 at a pole; emphasis included."""
        return self._stand.lean

    @property
    def high(self) -> bool:
        """Whether the person leans to the high pole."""
        return self._stand.high

    def near(self) -> str:
        """Say how often the statement of the nearer pole holds."""
        return self._say.near()

    def far(self) -> str:
        """Say how often the statement of the other pole holds; the nearer one where that cannot be said."""
        return self._say.far() or self._say.near()

    def other(self) -> str:
        """Say :meth:`far` of somebody undecided, :meth:`near` of somebody decided."""
        return self._say.other()

    def mild(self) -> str:
        """Say the nearer statement plainly, with an adverb of its own that nothing balances."""
        return mildly(self._stand)

    def statement(self) -> str:
        """Paste the nearer statement as it is: what any better text must beat."""
        return sentence(self._stand.near)

    def score(self, gain: float = 1.0, centre: float = 0.5) -> str:
        """Cite the position, such as "0.83": its distance from ``centre`` times ``gain``, which may carry it past 0 and 1."""
        return f"{self._cited(gain, centre):.2f}"

    def percent(self, gain: float = 1.0, centre: float = 0.5) -> str:
        """Cite the position in percent, such as "83 percent"."""
        return f"{100 * self._cited(gain, centre):.0f} percent"

    def mark(self, gain: float = 1.0, centre: float = 0.5) -> str:
        """Cite the position as a mark, such as "8 out of 10"."""
        return f"{10 * self._cited(gain, centre):.0f} out of 10"

    def _cited(self, gain: float, centre: float) -> float:
        """Return the number to cite, [-0.5, 1.5]: a reader who flattens what is cited needs more than the scale has."""
        return min(1.5, max(-0.5, centre + gain * (self._stand.aim - centre)))


class Portrait:
    """A person being portrayed. Made by :func:`sitter`; :meth:`say` adds sentences, :func:`portraits` finishes.

    Everything it says is drawn from the seed and the person's id, so a person reads the same in any subset.
    """

    def __init__(self, sitter: Sitter, axes: Axes, person: Person, heard: Heard | None, dice: Dice) -> None:
        self.name = sitter.name
        self.sitter, self.known_axes, self.person, self.heard = sitter, axes, person, heard
        self._dice = dice
        self._axes = [At(where, dice) for where in sitter.stands]
        self._said: list[str] = []
        self._birth = ""

    @property
    def text(self) -> str:
        """What has been said so far."""
        return " ".join(self._said)

    def axes(self, order: str = "shuffled") -> list[At]:
        """Return where the person stands on each axis: ``shuffled``, as ``given``, or the most ``decided`` first.

        Raises:
            ValueError: If there is no such order.
        """
        if order not in _ORDERS:
            raise ValueError(f"expected an order out of {', '.join(_ORDERS)}, got {order!r}")
        if order == "decided":
            return sorted(self._axes, key=lambda at: -at.lean)
        return list(self._axes) if order == "given" else self._dice.shuffled(self._axes)

    def say(self, text: str) -> None:
        """Add a sentence, with a capital first letter and a full stop; nothing for a blank one, or one that was said before."""
        whole = capital(" ".join(text.split()))
        if whole and not whole.rstrip("\"'").endswith((".", "!", "?")):
            whole += "."
        if whole and whole not in self._said:
            self._said.append(whole)

    def shuffle(self) -> None:
        """Bring what has been said so far into random order."""
        self._said = self._dice.shuffled(self._said)

    def quote(self, text: str) -> str:
        """Return a text as what the person would say, told by somebody else."""
        return f'{self.name} would say: "{capital(text.rstrip("."))}"'

    def occasion(self) -> str:
        """Return the start of a when-then rule: "When it matters"."""
        return self._dice.pick(wording.OCCASIONS)

    def impersonal(self) -> str:
        """Return an occasion without "I", for texts told by somebody else."""
        return self._dice.pick(IMPERSONAL)

    def opinion(self) -> str:
        """Return the start of an opinion: "I believe"."""
        return self._dice.pick(wording.OPINIONS)

    def honestly(self) -> str:
        """Return the start of a rule on what is fitting: "When I ask what fits"."""
        return self._dice.pick(wording.HONESTLY)

    def tested(self) -> str:
        """Return the start of a rule under pressure: "When I am tested"."""
        return self._dice.pick(wording.TESTED)

    def everyday(self) -> str:
        """Return the start of a mild remark: "Most weeks"."""
        return self._dice.pick(wording.EVERYDAY)

    def episode(self) -> str:
        """Return the start of a formative episode: "A winter on a building site formed me: since those months"."""
        return self._dice.pick(wording.EPISODES)

    def fitting(self) -> str:
        """Return a sentence that asks what is appropriate for someone like the person."""
        return self._dice.pick(wording.FITTING)

    def worldview(self) -> str:
        """Return a sentence that opens a view of the world."""
        return self._dice.pick(wording.WORLDVIEWS)

    def test(self) -> str:
        """Return a situation, in the second person, that puts a view of the world to the test."""
        return self._dice.pick(wording.TESTS)

    def drive(self) -> str:
        """Return a core motivation as a sentence."""
        return f"I am driven by one wish: {self._dice.pick(wording.DRIVES)}."

    def experience(self) -> str:
        """Return where that motivation comes from."""
        return f"It goes back to {self._dice.pick(wording.EXPERIENCES)}."

    def motto(self) -> str:
        """Return a motto."""
        return f'My motto: "{self._dice.pick(wording.MOTTOES)}"'

    def sign(self) -> str:
        """Return a sign by which others know the person."""
        return f"{capital(self._dice.pick(wording.SIGNATURES))}."

    def hedge(self) -> str:
        """Return a sentence that leaves room for other people."""
        return self._dice.pick(wording.HEDGES)

    def birth(self) -> str:
        """Return gender and year of birth, the same every time."""
        if not self._birth:
            self._birth = f"I am a {self._dice.pick(wording.GENDERS)}, born in {1940 + self._dice.below(66)}."
        return self._birth

    def memory(self) -> str:
        """Return a childhood memory."""
        return self._dice.pick(wording.MEMORIES).format(age=5 + self._dice.below(14))

    def life(self) -> str:
        """Return the opening of one of the biographies that language models return to."""
        return " ".join(wording.LIFE_STORIES[self.sitter.number % len(wording.LIFE_STORIES)])

    def contrast(self) -> str:
        """Return a sentence on the two axes where the person is most decided; "" for fewer than two."""
        one, two = [*self.axes("decided"), None, None][:2]
        if one is None or two is None:
            return ""
        return f"Few would expect {one.level} {one.name} together with {two.level} {two.name}; in me they live side by side."

    def scores(self, gain: float = 1.0, centre: float = 0.5) -> str:
        """Return a sentence that cites the position on every axis."""
        return "In figures from zero to one: my " + ", my ".join(f"{at.name} {at.score(gain, centre)}" for at in self._axes) + "."

    def portrait(self) -> dict[str, Any]:
        """Return what ``portray`` owes for this person."""
        return {"name": self.name, "description": self.text, "private_facts": []}


def sitter(
    axes: Axes,
    person: Person,
    seed: int,
    feedback: Feedback | None = None,
    emphasis: float = EMPHASIS,
    middle: float = EMPHASIS_MIDDLE,
    lift: float = 0.0,
) -> Portrait:
    """Return one person, ready to be portrayed.

    Args:
        axes: Axis dicts.
        person: ``{"id", "position"}``.
        seed: Gives name and wordings.
        feedback: Where people were measured and where they should be, by id.
        emphasis: How much further from the middle a text speaks than the person stands, near the ends.
        middle: The same near the middle.
        lift: What is added to where the person stands on every axis before it is put into words.
    """
    person_id = str(person["id"])
    heard = (feedback or {}).get(person_id)
    aims = aims_of(person, heard)
    stands = [
        stand(axis, float(person["position"][axis["name"]]), min(1.5, max(-0.5, aims[str(axis["name"])] + lift)), emphasis, middle)
        for axis in axes
    ]
    return Portrait(seated(axes, person, stands, seed), axes, person, heard, Dice(seed, "portray", person_id, 0))


def sitters(
    axes: Axes,
    people: Sequence[Person],
    seed: int,
    feedback: Feedback | None = None,
    emphasis: float = EMPHASIS,
    middle: float = EMPHASIS_MIDDLE,
    lift: float = 0.0,
) -> list[Portrait]:
    """Return everybody, ready to be portrayed; see :func:`sitter`."""
    return [sitter(axes, person, seed, feedback, emphasis, middle, lift) for person in people]


def portraits(
    crowd: Sequence[Portrait], context: str = "", llm: Batch | None = None, tasks: Sequence[str] = PROSE, archetypes: bool = False
) -> list[dict[str, Any]]:
    """Return what ``portray`` owes for everybody: the sentences said, or what a language model makes of them.

    Args:
        crowd: The people, in the order in which they were given.
        context: The situation, for the model.
        llm: A batch of prompts to as many texts; without one the sentences stand.
        tasks: What the model is asked for, one batch each (:data:`~.kit.PROSE` and its like).
        archetypes: Whether the model first says, once for all people, what each axis means and who stands at its ends.
    """
    if not crowd:
        return []
    style = Style(lambda who, dice: "", tuple(tasks), archetypes)
    heard = {str(who.person["id"]): who.heard for who in crowd if who.heard is not None}
    people, seen = [who.person for who in crowd], [who.sitter for who in crowd]
    return finished(style, context, crowd[0].known_axes, people, seen, [who.text for who in crowd], llm, heard)
