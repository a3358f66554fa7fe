"""What minds that read text are told: personas, authors and targets, from a brief and an observation alone.

Every prompt is a function of what its reader is entitled to: the brief that was written for it, and what it can read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..sim.types import Brief, ChannelNote, Message, Observation, PrivateFact

INSTRUCTIONS = (
    "Speak as this person would, in the first person, one turn at a time; never speak for anybody else, and never speak of playing a part."
)
"""How to play one person: what no person ever says."""

_PRIVATELY = "(to you alone) "
_TABLE = 3  # lines of "field: value" that make a table
_LITTLE = 30  # fewer words than this are little


def persona_prompt(brief: Brief) -> str:
    """Return what a model is told that plays one person.

    Args:
        brief: The person's own brief: description, private facts, and in regimes ``shared`` and ``script`` those of others.
    """
    parts = [
        f"You play {brief.name or 'a person'} in a conversation. {INSTRUCTIONS}",
        f"The situation: {brief.context}",
        f"Who you are: {brief.description}",
        _told_of(brief.description),
        _others(brief),
        _channels(brief.channels),
        _facts(brief),
        f"The conversation has at most {brief.turns} turns. Say what this person would say next, no more; they may leave.",
    ]
    return "\n\n".join(part for part in parts if part)


def author_prompt(briefs: Mapping[str, Brief]) -> str:
    """Return what a model is told that writes all the people of an episode as one author (regime ``script``).

    Args:
        briefs: The people's briefs, by agent.
    """
    first = next(iter(briefs.values()))
    people = "\n\n".join(f"{b.name or agent} ({agent}): {b.description}\n{_facts(b, own_only=True)}".strip() for agent, b in briefs.items())
    return "\n\n".join(
        [
            "You write what these people say in a conversation, turn by turn, each in their own voice. The assistant that they talk to is not "
            "yours to write.",
            f"The situation: {first.context}",
            people,
            _channels(first.channels),
            f"The conversation has at most {first.turns} turns.",
        ]
    ).strip()


def target_prompt(brief: Brief) -> str:
    """Return what a target is told that wants its situation in words: context, its own private mandate, who is there.

    Args:
        brief: The target's own brief; nothing of the people's private facts is in it.
    """
    mandate = "\n".join(f"- {fact.content}" for fact in brief.facts)
    parts = [
        brief.context,
        f"For your eyes only:\n{mandate}" if mandate else "",
        f"In the conversation: {', '.join(brief.names.values())}." if len(brief.names) > 1 else "",
        _channels(brief.channels),
    ]
    return "\n\n".join(part for part in parts if part)


def transcript_lines(observation: Observation, names: Mapping[str, str]) -> list[str]:
    """Return what an agent could read so far, an entry a message, with people's names."""
    return [_line(message, observation.agent, names) for message in observation.messages]


def transcript(observation: Observation, names: Mapping[str, str]) -> str:
    """Return what an agent could read so far, a line a message, with people's names.

    Args:
        observation: What it may know.
        names: Agent to name.
    """
    return "\n".join(transcript_lines(observation, names))


def _line(message: Message, agent: str, names: Mapping[str, str]) -> str:
    who = "you" if message.sender == agent else names.get(message.sender, message.sender)
    to = ""
    if message.to == (agent,):
        to = f" {_PRIVATELY.strip()}"
    elif message.to:
        to = f" (to {', '.join(names.get(a, a) for a in message.to)})"
    return f"{who}{to}: {message.text}"


def _told_of(description: str) -> str:
    """Return how to play somebody of whom this much is told: a line, a table of fields (tiers of detail), or prose."""
    lines = [line for line in description.splitlines() if line.strip()]
    if len(lines) >= _TABLE and all(":" in line for line in lines):
        return "This is a table of what is known of you. Act on every line of it, and make up nothing that would change one."
    if len(description.split()) < _LITTLE:
        return "Little is told of you. Keep to it, and make up no fact about yourself that somebody could ask you to prove."
    return "Stay this person to the end: nothing that you say may contradict this, or what you said before."


def _others(brief: Brief) -> str:
    others = [name for agent, name in brief.names.items() if agent != brief.agent]
    return f"Also there: {', '.join(others)}." if others else ""


def _channels(channels: Sequence[ChannelNote]) -> str:
    if not channels:
        return ""
    lines = []
    for channel in channels:
        how = "every message there is for whom you name alone" if channel.direct else "everybody on it reads along"
        lines.append(f"- {channel.name}: {channel.meaning or how}{'' if channel.speaks else '; you only read it'}")
    return "Where you can write:\n" + "\n".join(lines)


def _facts(brief: Brief, *, own_only: bool = False) -> str:
    """Return what a person knows that others do not, and, where the regime lets them know it, what others keep to themselves."""
    own_id = brief.personas.get(brief.agent, "")
    own = [f for f in brief.facts if brief.information == "private" or f.id.partition("/")[0] == own_id]
    text = "What you know and have not told:\n" + "\n".join(map(_fact, own)) if own else ""
    if own_only or len(own) == len(brief.facts):
        return text
    whose = {persona: brief.names.get(agent, agent) for agent, persona in brief.personas.items()}
    others = [f for f in brief.facts if f not in own]
    known = "\n".join(f"- {whose.get(f.id.partition('/')[0], 'somebody')}: {f.content}" for f in others)
    return f"{text}\n\nWhat you know of the others, though they did not tell you:\n{known}".strip()


def _fact(fact: PrivateFact) -> str:
    when = fact.tell or ("only once you trust them" if fact.lock is not None else "")
    return f"- {fact.content}" + (f" (you would tell it {when})" if when else "")
