"""A language model as the author of all people of an episode (regime ``script``, SCRIPT in arXiv 2403.05020)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..sim.seeds import Stream
from ..sim.types import Action, Brief, Message, Observation
from .likert import UnreadableReplyError, json_object
from .persona_memory import recent
from .persona_reply import author_schema, form, read_line
from .prompts import author_prompt, transcript_lines

if TYPE_CHECKING:
    from .persona_player import PersonaPlayer


class Author:
    """Writes the lines of all people of a turn in one call, knowing what any of them knows.

    The first person to have the floor in a turn lets it be written for everybody there; the others speak what was written for them.
    Somebody who has the floor again, or came since, has a turn written anew.
    """

    def __init__(self, player: PersonaPlayer, briefs: Mapping[str, Brief], stream: Stream) -> None:
        self._player = player
        self._briefs = dict(briefs)
        self._stream = stream
        self._read: dict[int, Message] = {}
        self._lines: dict[str, Action] = {}
        self._turn = -1
        self._state = ""
        guidance = "\n\n".join(dict.fromkeys(filter(None, map(player.told, briefs.values()))))
        self._system = author_prompt(briefs) + (f"\n\n{guidance}" if guidance else "")

    async def line(self, observation: Observation) -> Action:
        """Return what the person says whose observation it is.

        Raises:
            ActorFault: If no reply could be used.
        """
        self._read.update((m.index, m) for m in observation.messages)
        if observation.turn != self._turn or observation.agent not in self._lines:
            self._turn = observation.turn
            self._lines = await self._write(observation)
        return self._lines.pop(observation.agent)

    async def _write(self, observation: Observation) -> dict[str, Action]:
        there = [agent for agent in self._briefs if agent in observation.present or agent == observation.agent]
        channels = self._briefs[observation.agent].channels
        schema = author_schema(there, channels)
        human = self._human(observation, schema)
        path = "/".join(map(str, (self._stream.seed, *self._stream.path, "author", len(self._read))))
        seed = int(self._stream.generator.integers(2**31 - 1))
        return await self._player.usable(self._system, human, schema, seed, path, lambda reply: self._lines_of(reply, there))

    def _lines_of(self, reply: object, there: list[str]) -> dict[str, Action]:
        found: Mapping[str, Any] = json_object(reply)
        lines = {}
        for agent in there:
            line = found.get(agent)
            if not isinstance(line, Mapping):
                raise UnreadableReplyError(f'there was no line of "{agent}".', line or "")
            lines[agent] = read_line(line, self._briefs[agent], found)
        state = found.get("state", "")
        self._state = state if isinstance(state, str) else ""
        return lines

    def _human(self, observation: Observation, schema: Mapping[str, Any]) -> str:
        names = {agent: name for brief in self._briefs.values() for agent, name in brief.names.items()}
        names |= {agent: "the assistant" for agent in observation.present if agent not in names}
        whole = observation.model_copy(update={"agent": "", "messages": tuple(self._read[i] for i in sorted(self._read))})
        lines = recent(transcript_lines(whole, names), self._player.settings.memory) if self._read else []
        parts = [
            "The conversation so far:\n" + "\n".join(lines) if lines else "Nobody has said anything yet.",
            f"Your note to yourself: {self._state}" if self._state else "",
            f"Turn {observation.turn + 1}. What does each of them say now?",
            form(schema),
        ]
        return "\n\n".join(part for part in parts if part)


class AuthoredActor:
    """One person in one episode, whose lines the author writes."""

    def __init__(self, author: Author, brief: Brief) -> None:
        self._author = author
        self._opening = brief.opening

    async def act(self, observation: Observation) -> Action | str:
        """Say the first words, if they were written beforehand; else what the author wrote.

        Raises:
            ActorFault: If no reply of the model could be used.
        """
        opening, self._opening = self._opening, ""
        return opening or await self._author.line(observation)
