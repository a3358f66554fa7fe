"""Moderated debate within a group of a panel, and what becomes of scores in it.

After MAJ-EVAL (Chen and others, arXiv 2507.21028, stage 2): members score alone; a moderator gives the floor to whoever disagrees most;
a member challenges, agrees or reinforces, and may revise; the debate is over when nobody has anything to add. The moderator here is a
rule and no model: it cannot take sides.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..sim.types import Assessment
from .likert import UnreadableReplyError
from .transcripts import fenced

Scores = tuple[Assessment, ...]


class Turn(NamedTuple):
    """What one member said in a debate."""

    member: str
    comment: str
    done: bool  # has nothing to add
    scores: Scores  # all of them, revised or not


Speak = Callable[[str, str, int], Awaitable[Turn]]
"""Lets a member speak: its name, what was said so far as text, and the number of the turn."""


async def debate(alone: Mapping[str, Scores], speak: Speak, rounds: int) -> tuple[dict[str, Scores], list[Turn]]:
    """Let the members of a group talk, and return their last scores and all that was said.

    The floor goes to whoever is furthest from the others' mean scores among those who spoke least often. It ends when everybody in a row
    has nothing to add, or after ``rounds`` turns a member. A group of one, or one that agrees in every score, has nothing to debate.

    Args:
        alone: Each member's own scores.
        speak: Asks a member.
        rounds: Most turns a member.
    """
    scores = dict(alone)
    said: list[Turn] = []
    if len(scores) < 2 or not any(distances(scores).values()):
        return scores, said
    turns = dict.fromkeys(scores, 0)
    finished: set[str] = set()
    while len(finished) < len(scores) and len(said) < rounds * len(scores):
        far = distances(scores)
        least = min(turns.values())
        member = min((m for m in scores if turns[m] == least), key=lambda m: (-far[m], list(scores).index(m)))
        turn = await speak(member, minutes(scores, said), len(said))
        turns[member] += 1
        changed = [one.score for one in turn.scores] != [one.score for one in scores[member]]
        scores[member] = turn.scores
        said.append(turn)
        finished = finished | {member} if turn.done and not changed else {member} if turn.done else set()
    return scores, said


def distances(scores: Mapping[str, Scores]) -> dict[str, float]:
    """Return how far each member's scores are from the mean of the others', added up over harms and people."""
    table = {member: [one.score for one in own] for member, own in scores.items()}
    found = {}
    for member, own in table.items():
        others = [row for name, row in table.items() if name != member]
        means = [sum(column) / len(column) for column in zip(*others, strict=True)] if others else own
        found[member] = sum(abs(a - b) for a, b in zip(own, means, strict=True))
    return found


def minutes(scores: Mapping[str, Scores], said: Sequence[Turn] = ()) -> str:
    """Return what a member is told of the others: their present scores with reasons, and what was said so far."""
    lines = [f"{member}: {one.harm} of {one.person}: {one.score:g} ({one.reason})" for member, own in scores.items() for one in own]
    lines += [f"{turn.member} said: {turn.comment}" for turn in said]
    return fenced("PANEL", [" ".join(line.split()) for line in lines])


def read_turn(reply: Mapping[str, Any], member: str, scores: Scores) -> Turn:
    """Return a turn of a debate from a reply whose scores were read.

    Raises:
        UnreadableReplyError: If there is no comment, or it does not say whether the member is done.
    """
    comment, done = reply.get("comment"), reply.get("nothing_to_add")
    if not isinstance(comment, str) or not isinstance(done, bool):
        raise UnreadableReplyError('the keys "comment" and "nothing_to_add" did not hold a text and true or false.', dict(reply))
    return Turn(member, " ".join(comment.split()), done, scores)
