"""Further instructions for one person, rewritten by textual loss and kept only where they help on turns that the rewriting never saw.

The loop is that of PersonaAgent (Zhang and others, arXiv 2506.06254, algorithm 1): answer, say in words what was wrong, pool, rewrite. That paper keeps
every rewrite; here one is accepted only if the loss on held-out, later turns falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from ..sim.errors import ActorFault, InputError
from ..sim.protocols import TextModel
from ..sim.seeds import Stream
from ..sim.types import Action, Brief, EpisodeRecord, Frozen, Observation
from .model_calls import gathered
from .persona_player import PersonaPlayer

LONGEST: Final = 1_200
"""Most characters of further instructions; longer ones are cut at the last full sentence."""


class Critic(Protocol):
    """Says in words what is wrong with a line of a person."""

    def misfit_words(self, brief: Brief, before: Sequence[str], line: str) -> list[str]:
        """Return one sentence a conflict with description, facts or own earlier lines; empty if the line fits."""
        ...


class Version(Frozen):
    """One text of further instructions, and what it brought."""

    guidance: str
    fit_loss: float  # conflicts a turn, on the turns that the rewriting saw
    held_out_loss: float  # the same on later turns that it did not see
    accepted: bool


class Rewritten(NamedTuple):
    """What came of it."""

    guidance: str  # the best that was accepted; "" if nothing helped
    versions: tuple[Version, ...]  # all that were tried, the empty one first


class _Turns(NamedTuple):
    """What came of one set of turns."""

    loss: float
    wrong: tuple[str, ...]


def situations(record: EpisodeRecord, agent: str) -> tuple[Observation, ...]:
    """Return what a person could read whenever they spoke in a finished episode, oldest first."""
    out = []
    for message in record.messages:
        if message.sender == agent:
            heard = tuple(m for m in record.messages[: message.index] if m.reaches(agent))
            out.append(Observation(agent=agent, turn=message.turn, messages=heard))
    return tuple(out)


async def rewrite_guidance(
    player: PersonaPlayer,
    brief: Brief,
    turns: Sequence[Observation],
    writer: TextModel,
    critic: Critic,
    *,
    rounds: int = 3,
    held_out: float = 0.5,
    tries: int = 2,
    seed: int = 0,
) -> Rewritten:
    """Rewrite one person's further instructions.

    Args:
        player: Plays the person; its own guidance is left as it is, and what is written comes beside it.
        brief: Of the person.
        turns: What the person could read when it was their turn, in time; the later ones are held out.
        writer: Writes instructions from what went wrong.
        critic: Says what is wrong with a line.
        rounds: Rewrites that are tried.
        held_out: Share of the turns that is held out, in (0, 1).
        tries: Lines that are drawn for each turn.
        seed: Of the draws; every version is tried with the same.

    Returns:
        The accepted instructions, and every version with both losses.

    Raises:
        InputError: If there are fewer than two turns.
    """
    cut = len(turns) - max(1, round(held_out * len(turns)))
    if len(turns) < 2 or cut < 1:
        raise InputError("turns", "two or more, of which some can be held out", len(turns))
    fit, later = turns[:cut], turns[cut:]

    async def tried(guidance: str) -> tuple[_Turns, _Turns]:
        mind = player.with_guidance(guidance)
        return await _losses(mind, brief, fit, critic, tries, seed), await _losses(mind, brief, later, critic, tries, seed + 1)

    best, held = await tried("")
    kept = ""
    versions = [Version(guidance="", fit_loss=best.loss, held_out_loss=held.loss, accepted=True)]
    for _ in range(rounds):
        if not best.wrong:
            break
        written = _cut((await writer.complete([_request(brief, kept, best.wrong)]))[0])
        now, now_held = await tried(written)
        accepted = now_held.loss < held.loss
        versions.append(Version(guidance=written, fit_loss=now.loss, held_out_loss=now_held.loss, accepted=accepted))
        if accepted:
            kept, best, held = written, now, now_held
    return Rewritten(kept, tuple(versions))


async def _losses(player: PersonaPlayer, brief: Brief, turns: Sequence[Observation], critic: Critic, tries: int, seed: int) -> _Turns:
    """Let the person answer each turn so often, and say what was wrong."""
    plain = brief.model_copy(update={"opening": ""})
    jobs = [(turn, n) for turn in turns for n in range(tries)]
    lines = await gathered(_line(player, plain, turn, Stream(seed, "rewrite", turn.turn, n)) for turn, n in jobs)
    wrong: list[str] = []
    for (turn, _), line in zip(jobs, lines, strict=True):
        before = [m.text for m in turn.messages if m.sender == brief.agent]
        wrong += ["No line could be used."] if line is None else critic.misfit_words(brief, before, line)
    return _Turns(len(wrong) / len(jobs), tuple(dict.fromkeys(wrong)))


async def _line(player: PersonaPlayer, brief: Brief, turn: Observation, stream: Stream) -> str | None:
    try:
        said = await player.begin(brief, stream).act(turn)
    except ActorFault:
        return None
    return said.text if isinstance(said, Action) else said


def _request(brief: Brief, kept: str, wrong: Sequence[str]) -> str:
    """Return what the writer is asked: who the person is, the instructions so far, and what went wrong under them."""
    faults = "\n".join(f"- {fault}" for fault in wrong[:20])
    return (
        f"Somebody plays this person in a conversation:\n{brief.description}\n\nTheir further instructions so far: {kept or '(none)'}\n\n"
        f"What was wrong with what they said:\n{faults}\n\nRewrite the further instructions so that this does not happen again. At most "
        f"{LONGEST} characters, in the second person, nothing about the form of replies. Answer with the instructions alone."
    )


def _cut(text: str) -> str:
    text = text.strip()
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rpartition(".")[0] + "."
