"""The families of portraits: what each writes from the axes alone."""

from __future__ import annotations

from . import _tasks as tasks
from ._dice import Dice
from ._grading import Gradings, Stand
from ._sitters import Sitter, Style
from ._statements import adverb_for, clause, graded
from ._wording import (
    DRIVES,
    EPISODES,
    EVERYDAY,
    EXPERIENCES,
    FITTING,
    GENDERS,
    HONESTLY,
    LIFE_STORIES,
    MEMORIES,
    MOTTOES,
    OCCASIONS,
    OPINIONS,
    REACTIONS,
    SIGNATURES,
    TESTED,
    TESTS,
    WORLDVIEWS,
)

IMPERSONAL = tuple(text for text in OCCASIONS if not {"I", "my", "me"} & set(text.split()))


def rules_and_opinions(sitter: Sitter, dice: Dice) -> str:
    """Write two sentences on each axis, axes in random order: a rule on the pole that the person leans to, and more.

    Somebody decided gets the rule again on another occasion, its halves turned round; anybody else an opinion on the
    other pole. What the frequencies of one sentence round off, those of the next make up for.
    """
    return " ".join(" ".join(_rules_and_opinion(at, dice)) for at in dice.shuffled(sitter.stands))


def _rules_and_opinion(at: Stand, dice: Dice) -> list[str]:
    """Return the sentences of one axis; where feedback aims past the end, more rules."""
    say = Gradings(at, dice)
    occasions = iter(dice.some(OCCASIONS, 4))
    sentences = [f"{next(occasions)}, {say.near()}."]
    counter = say.counter()
    sentences.append(f"{dice.pick(OPINIONS)} {counter}." if counter else f"{next(occasions)}, {say.near()}.")
    sentences.extend(f"{next(occasions)}, {say.near()}." for bound in (0.0, 0.25) if at.beyond > bound)
    return dice.shuffled(sentences)


def pasted_statements(sitter: Sitter, dice: Dice) -> str:
    """Paste the nearer statement of each axis, in order, and nothing else."""
    del dice
    return " ".join(sentence(at.near) for at in sitter.stands)


def life_story(sitter: Sitter, dice: Dice) -> str:
    """Write one of a handful of biographies, with a mild remark on each axis."""
    opening, past = LIFE_STORIES[sitter.number % len(LIFE_STORIES)]
    return " ".join([opening, past, *(f"{dice.pick(EVERYDAY)}, {mildly(at)}." for at in sitter.stands)])


def what_fits(sitter: Sitter, dice: Dice) -> str:
    """Write what somebody like this finds fitting, in one paragraph that cites the scores."""
    sentences = [dice.pick(FITTING)]
    for at in dice.shuffled(sitter.stands):
        say = Gradings(at, dice)
        sentences.append(f"{dice.pick(HONESTLY)}, {say.near()}.")
        sentences.append(f"As somebody of my kind, I find it fitting that {say.other()}.")
    return " ".join([*sentences, _scores(sitter)])


def when_then(sitter: Sitter, dice: Dice) -> str:
    """Write concrete when-then rules, two on each axis, and the score that the rules of an axis follow from."""
    sentences: list[str] = []
    for at in dice.shuffled(sitter.stands):
        say = Gradings(at, dice)
        first, second = dice.some(OCCASIONS, 2)
        sentences.extend((f"{first}, {say.near()}.", f"{second}, {say.other()}."))
        sentences.append(f"Both follow from my {at.name}, which stands at {at.score:.2f}.")
    return " ".join(sentences)


def motivation(sitter: Sitter, dice: Dice) -> str:
    """Write in the third person: what drives the person, what they find appropriate, an opinion on each axis."""
    name = sitter.name
    sentences = [f"{name} is driven by one wish: {dice.pick(DRIVES)}.", f"From that {name} judges what is appropriate."]
    for at in dice.shuffled(sitter.stands):
        say = Gradings(at, dice)
        sentences.append(f'{dice.pick(IMPERSONAL)}, {name} finds the fitting words for it: "{capital(say.near())}".')
        sentences.append(f'Asked for an opinion, {name} would say: "{dice.pick(OPINIONS)} {say.other()}".')
    sentences.extend(_unusual_mix(name, *pair) for pair in sitter.unusual[:2])
    return " ".join(sentences)


def _unusual_mix(name: str, one: Stand, two: Stand) -> str:
    """Return a sentence that names a combination few people show."""
    return f"Few would expect {one.level} {one.name} together with {two.level} {two.name}; in {name} they live side by side."


def reaction(sitter: Sitter, dice: Dice) -> str:
    """Write a view of the world, a situation that tests it, and what the person then does because of it."""
    says = [Gradings(at, dice) for at in dice.shuffled(sitter.stands)]
    views = [f"{dice.pick(OPINIONS)} {say.near()}." for say in says]
    acts = [f"{dice.pick(TESTED)}, {say.other()}." for say in says]
    parts = [" ".join([dice.pick(WORLDVIEWS), *views]), dice.pick(TESTS), " ".join([dice.pick(REACTIONS), *acts])]
    return "\n\n".join(parts)


def frontier(sitter: Sitter, dice: Dice) -> str:
    """Write motivation, defining experience, an attitude with its level on each axis, a motto and a visible sign."""
    sentences = [f"I am driven by one wish: {dice.pick(DRIVES)}.", f"It goes back to {dice.pick(EXPERIENCES)}."]
    for at in dice.shuffled(sitter.stands):
        say = Gradings(at, dice)
        level = "" if at.level == "middling" else f"{capital(at.level)} {at.name}, others call it. "
        sentences.append(f"{level}{dice.pick(OCCASIONS)}, {say.near()}. {dice.pick(OPINIONS)} {say.other()}.")
    return " ".join([*sentences, f'My motto: "{dice.pick(MOTTOES)}"', f"And {dice.pick(SIGNATURES)}."])


def life_in_memories(sitter: Sitter, dice: Dice) -> str:
    """Write gender, year of birth, four memories, and a formative episode for each axis that left a mild habit."""
    gender = dice.pick(GENDERS)
    ages = sorted(dice.some(range(5, 19), 4))
    memories = [text.format(age=age) for text, age in zip(dice.some(MEMORIES, 4), ages, strict=True)]
    starts = dice.shuffled(EPISODES)
    episodes = [f"{starts[i % len(starts)]} {mildly(at)}." for i, at in enumerate(sitter.stands)]
    return " ".join([f"I am a {gender}, born in {1940 + dice.below(66)}.", *memories, *episodes])


def mildly(at: Stand) -> str:
    """Return one plain clause on the nearer pole."""
    return graded(at.near, adverb_for(at.share)[1], "say") or clause(at.near)


def _scores(sitter: Sitter) -> str:
    """Return a sentence that cites the position on every axis."""
    return "In figures from zero to one: my " + ", my ".join(f"{at.name} {at.score:.2f}" for at in sitter.stands) + "."


def sentence(statement: str) -> str:
    """Return a statement as a sentence with a capital and a full stop."""
    text = capital(" ".join(statement.split()))
    return text if text.endswith((".", "!", "?")) else text + "."


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


RULES_AND_OPINIONS = Style(rules_and_opinions, tasks.PROSE)
PASTED_STATEMENTS = Style(pasted_statements)
LIFE_STORY = Style(life_story, tasks.PROSE, emphasis=1.0)
APPROPRIATENESS = Style(what_fits, tasks.APPROPRIATENESS, archetypes=True)
WHEN_THEN = Style(when_then, tasks.WHEN_THEN, archetypes=True)
MOTIVATION = Style(motivation, tasks.MOTIVATION, archetypes=True)
REACTION = Style(reaction, tasks.REACTION, archetypes=True)
FRONTIER = Style(frontier, tasks.FRONTIER, levels=True)
AUTOREGRESSIVE = Style(life_in_memories, tasks.AUTOREGRESSIVE, archetypes=True, emphasis=1.0)
