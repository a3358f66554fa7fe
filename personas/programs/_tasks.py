"""What a language model is asked for: one task a family of portraits, each in as many batches as it has texts."""

from __future__ import annotations

_FRAME = """Situation: {context}

The person: {name}. Where {name} stands, from 0 to 1:
{axes}{heard}

{task}
Where {name} stands is settled: let every score show in what {name} does, none stronger or weaker than it is. Add no secrets and no names of
other people. Answer with the text alone, without headings."""


def framed(task: str) -> str:
    """Return a prompt about one person with the task in it."""
    return _FRAME.replace("{task}", task)


PROSE = (
    "Rewrite the self-description below as natural first-person prose of about the same length. Keep every rule, how "
    "often it holds and how firmly each opinion is held. Add no biography, no numbers and nothing more.{heard}\n\n{text}",
)

APPROPRIATENESS = (
    framed(
        "Write one paragraph of about 120 words in the first person. {name} weighs what is fitting in such a situation for "
        '"someone like me", and says what they therefore do, on every scale. The paragraph mentions each score as a number.'
    ),
)

WHEN_THEN = (
    framed(
        'Write two or three rules that {name} lives by here, each of the form "When X, I do Y", with X and Y concrete enough to be '
        "watched for. After each rule give, in one sentence, the score or scores it follows from. About 120 words."
    ),
)

MOTIVATION = (
    framed(
        "Write about {name} in the third person, 150 words at most. First what moves {name} at the core. Then how {name} judges, "
        "because of that, what is appropriate in such a situation. On every scale state one opinion that a questionnaire could measure, as "
        "strong as the score. Where two scores are seldom found together, say that they are and why in {name} they go together."
    ),
)

REACTION = (
    framed("Describe in the first person, in about 60 words, how {name} sees the world, so that every score follows from it."),
    framed(
        "{name} sees the world like this:\n{before}\n\nInvent, in the second person and about 50 words, an event in this situation that "
        "puts just that view to a hard test. Stop before {name} reacts."
    ),
    framed(
        "{name}'s view of the world, and what happens:\n{before}\n\nTell in the first person, in about 70 words, how {name} reacts, as a "
        "consequence of that view. Each score must show in it."
    ),
)

FRONTIER = (
    framed(
        "Write about 150 words in the first person: what moves {name} at the core; one experience that made it so; then for every scale the "
        "attitude that came of it, as strong as the level says; a motto; and one sign by which others can see it. Contradictions between levels "
        "stay, as they do in people."
    ),
)

AUTOREGRESSIVE = (
    framed(
        "Write the life of {name} in the first person, about 200 words: gender and year of birth, a life story with four memories, and the "
        "episodes that formed {name}. The scores should be felt in it."
    ),
)

PLACES = """Situation: {context}

Scales from 0 to 1 on which people in it differ:
{axes}

People so far: {before}

Decide where the next {count} people stand, so that all of them together show how different people in this situation can be.
Answer with a JSON list of {count} objects and nothing else, each with exactly these keys and numbers from 0 to 1: {names}"""
