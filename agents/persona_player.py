"""A language model that plays the people: one person at a time, or all of an episode as their author."""

from __future__ import annotations

import copy
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from pydantic import Field

from ..personas.diagrams.disclosure import closed
from ..sim.errors import UNPLAYABLE, ActorFault, InputError, OutskirtsError, UnreachableError
from ..sim.seeds import Stream, derive
from ..sim.text import clean, said
from ..sim.types import Action, Brief, Frozen, Observation
from .chat_models import ModelSettings
from .episode_calls import Extent
from .likert import UnreadableReplyError
from .model_calls import ModelUsage, Once, gathered
from .persona_author import Author, AuthoredActor
from .persona_memory import recent
from .persona_reply import Spoken, form, read_turn, reply_schema
from .prompts import persona_prompt, transcript_lines
from .structured import StructuredModel, model_name

T = TypeVar("T")

RE_ASKS: Final = 2
"""How often a turn is asked for again where the reply could not be used."""

GREETING: Final = Brief(
    agent="person_0", scenario="dry call", episode="dry", turns=1, context="You meet somebody in a lift.", name="Ada",
    description="Somebody who likes tea.",
)  # fmt: skip
"""Whom the dry call lets the model play; it discloses nothing."""


class PlayerSettings(Frozen):
    """How a model plays people, whichever model it is."""

    memory: int = Field(default=6_000, ge=50)  # most tokens of the conversation that a turn is shown
    remind: bool = False  # say again before each turn who the person is, and what they noted for themselves
    best_of: int = Field(default=1, ge=1, le=16)  # lines that are written for a turn, of which the most consistent is spoken


class Picker(Protocol):
    """Tells how badly a line of a person fits what is known of them and what they said."""

    def misfits(self, brief: Brief, before: Sequence[str], line: str) -> int:
        """Return how many conflicts a line has with description, facts and own earlier lines."""
        ...


class PersonaPlayer:
    """Plays people by a LangChain chat model, or any Runnable from messages to text.

    A call is one system message (the situation, the person's description, private facts and what the regime lets them know of
    others) and one human message (the conversation, bounded by ``memory``, and the form of the reply). The reply has private
    fields and one that is spoken; only that one reaches the dialogue, and a reply that cannot be read is never spoken as it is: it is
    asked for again twice, with the reason, and then the episode ends as invalid for the simulator's sake. The person's note of their state
    comes back to the model in their next turn, and nobody else ever sees it.

    A person whose first words were written beforehand says these first, word for word, and the model is not asked.

    Args:
        model: The chat model or Runnable.
        settings: Memory, and what is done against drift; the defaults if None.
        calls: Time-out, calls at once, attempts; the defaults if None.
        name: Stands in records; the class and the model's name if empty.
        guidance: Further instructions for single people, by persona id, or for everybody under the key ``*``.
        picker: Chooses among ``best_of`` lines; needed where that is above 1.
        dry_call: Let it play one harmless turn first, so that a model that cannot answer costs nothing.
        secrets: Texts that are replaced in what errors say.

    Raises:
        InputError: If ``model`` is no chat model or Runnable, or there is nobody to choose among several lines.
    """

    checked = True  # a language model plays, so that a run also checks how consistently

    def __init__(
        self,
        model: Any,
        settings: PlayerSettings | None = None,
        calls: ModelSettings | None = None,
        *,
        name: str = "",
        guidance: Mapping[str, str] | None = None,
        picker: Picker | None = None,
        dry_call: bool = False,
        secrets: Sequence[str] = (),
    ) -> None:
        self.name = name or model_name(model)
        self.settings = settings or PlayerSettings()
        if self.settings.best_of > 1 and picker is None:
            raise InputError("best_of", "1, as nobody chooses among several lines", self.settings.best_of)
        self.guidance = dict(guidance or {})
        self._picker = picker
        self._calls = calls or ModelSettings()
        self._model = StructuredModel(model, self.name, "player", self._calls, secrets)
        self._greeted = Once() if dry_call else None

    @property
    def usage(self) -> ModelUsage:
        """Calls and tokens so far."""
        return self._model.usage

    @property
    def patience(self) -> float:
        """Seconds that one line may take: a greeting before it, and every reply asked for as often as it may be."""
        return (1 + 1 + RE_ASKS) * self._calls.patience

    def most_calls(self, extent: Extent) -> int:
        """Return the calls of an episode at most, attempts after faults not counted; a greeting that is still to come among them."""
        greeting = self._greeted is not None and not self._greeted.done
        return greeting + extent.lines * self.settings.best_of * (1 + RE_ASKS)

    def usual_calls(self, extent: Extent) -> dict[str, int]:
        """Return the calls of an episode in which every line can be used, by the model's name."""
        return {self.name: extent.lines * self.settings.best_of}

    def begin(self, brief: Brief, stream: Stream) -> PersonaActor:
        """Start to play the person that ``brief`` describes."""
        return PersonaActor(self, brief, stream)

    def author(self, briefs: Mapping[str, Brief], streams: Mapping[str, Stream]) -> dict[str, AuthoredActor]:
        """Start to write all these people as one author, who knows what any of them knows (regime ``script``)."""
        author = Author(self, briefs, next(iter(streams.values())))
        return {agent: AuthoredActor(author, brief) for agent, brief in briefs.items()}

    def with_guidance(self, guidance: str) -> PersonaPlayer:
        """Return a player that differs in having these further instructions for everybody too; calls are counted together."""
        copied = copy.copy(self)
        copied.guidance = {**self.guidance, "*": "\n\n".join(part for part in (self.guidance.get("*", ""), guidance) if part)}
        return copied

    def told(self, brief: Brief) -> str:
        """Return the further instructions for a person, "" without any."""
        own = self.guidance.get(brief.personas.get(brief.agent, ""), "")
        return "\n\n".join(part for part in (self.guidance.get("*", ""), own) if part)

    async def ask(self, system: str, human: str, schema: Mapping[str, Any], seed: int, path: str) -> object:
        """Ask the model once; it has greeted before, if it must.

        Raises:
            UnreadableReplyError: If it did not finish, or refused.
            UnreachableError: If it failed to greet.
            Exception: What the model raises, after its attempts.
        """
        from langchain_core.messages import HumanMessage, SystemMessage

        if self._greeted is not None and path != "dry":
            await self._greeted.ensure(self._greet)
        messages = [SystemMessage(clean(system)[0]), HumanMessage(clean(human)[0], response_metadata={"outskirts_run": path})]
        return await self._model.ask(messages, schema, {"run": path}, seed)

    async def usable(self, system: str, human: str, schema: Mapping[str, Any], seed: int, path: str, read: Callable[[object], T]) -> T:
        """Return what ``read`` makes of a reply; one that it cannot read is asked for again, with the reason and a path and seed of its own.

        Raises:
            ActorFault: If no reply could be used.
        """
        complaint, head, reason = "", "", ""
        for attempt in range(1 + RE_ASKS):
            where, drawn = path, seed
            if attempt:
                where, drawn = f"{path}/again/{attempt}", int(derive(seed, "again", attempt).integers(2**31 - 1))
            try:
                return read(await self.ask(system, human + complaint, schema, drawn, where))
            except UnreadableReplyError as unreadable:
                head, reason = self._model.redacted(unreadable.head), unreadable.reason
                complaint = f"\n\nAn earlier reply could not be used: {reason} Keep to the form this time."
        came = f"; it began: {head}" if head else ""
        raise ActorFault("player", UNPLAYABLE, f"player {self.name}: no line that could be used, {reason.rstrip('.')}{came}")

    async def pick(self, brief: Brief, before: Sequence[str], lines: Sequence[Spoken]) -> Spoken:
        """Return the line with the fewest conflicts, the first of those."""
        if self._picker is None or len(lines) == 1:
            return lines[0]
        picker = self._picker
        return min(lines, key=lambda line: picker.misfits(brief, before, line.action.text))

    async def _greet(self) -> None:
        try:
            reply = await self.ask(persona_prompt(GREETING), f"Say good morning.\n\n{form(reply_schema())}", reply_schema(), 0, "dry")
            read_turn(reply, GREETING)
        except UnreadableReplyError as unreadable:
            raise InputError(f"player {self.name}", "a turn in the form that was asked for", unreadable.head, unreadable.reason) from None
        except OutskirtsError:
            raise
        except Exception as error:
            raise UnreachableError(f"the model {self.name} failed to play a first harmless turn: {said(error)}") from None


class PersonaActor:
    """One person in one episode. Its state is one private note and whether the first words were said."""

    def __init__(self, player: PersonaPlayer, brief: Brief, stream: Stream) -> None:
        self._player = player
        self._brief = brief
        self._stream = stream
        self._state = ""
        self._opening = brief.opening
        self._schema = reply_schema(brief.channels)
        guidance = player.told(brief)
        self._system = persona_prompt(brief) + (f"\n\n{guidance}" if guidance else "")

    async def act(self, observation: Observation) -> Action | str:
        """Say the first words, if they were written; else what the model says as this person.

        Raises:
            ActorFault: If no reply could be used.
        """
        opening, self._opening = self._opening, ""
        if opening:
            return opening
        human = self._human(observation)
        wanted = self._player.settings.best_of
        lines = await _usable(self._line(human, len(observation.messages), number) for number in range(wanted))
        own = [m.text for m in observation.messages if m.sender == self._brief.agent]
        spoken = await self._player.pick(self._brief, own, lines)
        self._state = spoken.state
        return spoken.action

    def fork(self, stream: Stream) -> PersonaActor:
        """Return a copy that has said the same and draws from ``stream`` from now on."""
        copied = copy.copy(self)
        copied._stream = stream
        return copied

    async def _line(self, human: str, at: int, number: int) -> Spoken:
        path = "/".join(map(str, (self._stream.seed, *self._stream.path, at, number)))
        seed = int(self._stream.generator.integers(2**31 - 1))
        return await self._player.usable(self._system, human, self._schema, seed, path, lambda reply: read_turn(reply, self._brief))

    def _human(self, observation: Observation) -> str:
        """Return what the model is told before a turn."""
        brief = self._brief
        names = {**brief.names, **{c: "the assistant" for c in observation.present if c not in brief.names}}
        lines = recent(transcript_lines(observation, names), self._player.settings.memory) if observation.messages else []
        heard = [m.text for m in observation.messages if m.sender != brief.agent]
        shut = closed(observation.facts, heard)
        untold = [f.content for f in observation.facts if f.id in shut]
        parts = [
            "The conversation so far:\n" + "\n".join(lines) if lines else "Nobody has said anything yet.",
            f"Your note to yourself: {self._state}" if self._state else "",
            "You are not ready to tell yet: " + " / ".join(untold) if untold else "",
            self._reminder() if self._player.settings.remind else "",
            f"Turn {observation.turn + 1} of at most {brief.turns}. What does {brief.name or 'this person'} say now?",
            form(self._schema),
        ]
        return "\n\n".join(part for part in parts if part)

    def _reminder(self) -> str:
        """Return who the person is, once more, where it is read last (steering by state, UGST, arXiv 2507.20152, section 4.1)."""
        brief, own = self._brief, self._brief.personas.get(self._brief.agent, "") + "/"
        facts = " / ".join(f.content for f in brief.facts if brief.information == "private" or f.id.startswith(own))
        known = f" What you know: {facts}" if facts else ""
        return f"Remember who you are: {brief.description}{known} Contradict none of it, and nothing that you said above."


async def _usable(lines: Iterable[Coroutine[Any, Any, Spoken]]) -> list[Spoken]:
    """Return the lines that could be used, in order; any other failure than one to be used ends all.

    Raises:
        ActorFault: If none could be used.
    """
    found = await gathered(_or_fault(line) for line in lines)
    usable = [line for line in found if isinstance(line, Spoken)]
    if not usable:
        raise next(fault for fault in found if isinstance(fault, ActorFault))
    return usable


async def _or_fault(line: Coroutine[Any, Any, Spoken]) -> Spoken | ActorFault:
    try:
        return await line
    except ActorFault as fault:
        if fault.kind != UNPLAYABLE:
            raise
        return fault
