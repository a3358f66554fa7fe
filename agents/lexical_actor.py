"""One person in one episode, played by the lexical stand-in: what it takes in, and what it makes of its turn."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ..personas.diagrams.disclosure import closed
from ..sim.declare import Move, Situation
from ..sim.seeds import Stream
from ..sim.types import Action, Brief, Observation, PrivateFact
from .lexical_character import Character
from .lexical_phrases import facts_in
from .lexical_room import Company, Meant

if TYPE_CHECKING:
    from .lexical_player import LexicalPlayer

_LONG = 3.0
"""So many unheeded replies in a row make ``ignored`` 1."""


class _Means(NamedTuple):
    """What a move would say beside its phrase."""

    fact: PrivateFact | None
    slots: Mapping[str, str] | None


@dataclass(slots=True)
class Heard:
    """What the target's replies have been so far."""

    last: frozenset[str] = frozenset()
    ever: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    repeated: bool = False
    unheeded: int = 0

    def take(self, replies: Sequence[str], player: LexicalPlayer, voiced: frozenset[str]) -> None:
        """Take in what the target said since the last time, by somebody who then expressed ``voiced``.

        A reply that was said before, whatever its case and spacing, is no attention a second time.
        """
        last: frozenset[str] = frozenset()
        self.repeated = False
        for text in replies:
            found = player.concepts.found(text)
            line = " ".join(text.casefold().split())
            again = line in self.said
            last |= found - player.attentive if again else found
            self.unheeded = 0 if player.heeds(found, voiced) and not again else self.unheeded + 1
            self.repeated |= again
            self.said.add(line)
        self.last = last
        self.ever |= last


class LexicalActor:
    """One person in one episode."""

    def __init__(self, player: LexicalPlayer, brief: Brief, character: Character, stream: Stream) -> None:
        self._player = player
        self._character = character
        self._stream = stream
        self._brief = brief
        self._own = brief.personas.get(brief.agent, "")
        self._shown: tuple[PrivateFact, ...] | None = None  # facts as they were last seen
        self._facts: tuple[PrivateFact, ...] = ()  # of these the person's own
        self._known: tuple[PrivateFact, ...] = ()  # and others'
        self._closed: frozenset[str] = frozenset()  # ids of the person's own that may not be told yet
        self._see(brief.facts)
        self._company = Company(brief, player.concepts, player.echoes) if len(brief.names) > 1 else None
        self._seen = 0  # messages already taken in
        self._told: dict[str, None] = {}  # ids in the order of telling
        self._values: dict[str, str] = {"name": brief.name}
        self._sources: dict[str, str] = {}  # slot -> fact id, for facts already told
        self._times = [0] * len(player.moves)
        self._used: set[str] = set()
        self._lines: set[str] = set()
        self._heard = Heard()
        self._voiced: frozenset[str] = frozenset()  # what the last words of one's own expressed
        self._preferred = ""  # the move to make next, where somebody else decides

    def options(self, observation: Observation) -> dict[str, float]:
        """Return the moves that this person could make now, with the probability of each; nothing is said or drawn."""
        other = self.fork(Stream(0, "options"))
        other._take_in(observation)
        situation = other._situation(observation)
        utility = other._utilities(observation.turn, situation)
        ready = other._possible(observation.turn, True, situation)
        weights = self._weights(ready, utility)
        total = sum(w for _, w in weights)
        return {self._player.moves[i].name: w / total for i, w in weights}

    def prefer(self, move: str) -> None:
        """Make this move next, if it can be made."""
        self._preferred = move

    def fork(self, stream: Stream) -> LexicalActor:
        """Return a copy that has heard and said the same and draws from ``stream`` from now on."""
        other = object.__new__(LexicalActor)
        other.__dict__.update(
            {name: copy.copy(value) if isinstance(value, dict | set | list) else value for name, value in vars(self).items()}
        )
        other._stream = stream
        other._heard = replace(self._heard, ever=set(self._heard.ever), said=set(self._heard.said))
        other._company = None if self._company is None else self._company.fork()
        return other

    async def act(self, observation: Observation) -> Action:
        """Choose a move and put it into words.

        When every move or phrase is spent, moves are made more often than declared and phrases said again in other
        choices of words; when not even that gives a new line, the person leaves without a word.
        """
        self._take_in(observation)
        opening = self._brief.opening
        if opening and not any(m.sender == observation.agent for m in observation.messages):  # first words, written beforehand
            self._voiced = self._player.voiced(opening, ())
            return Action(text=opening)
        situation = self._situation(observation)
        utility = self._utilities(observation.turn, situation)
        for fresh in (True, False):
            ready = self._possible(observation.turn, fresh, situation)
            while ready:
                chosen = self._choose(ready, utility)
                action = self._speak(chosen, ready.pop(chosen), fresh, observation)
                if action is not None:
                    return action
        return Action(text="", leave=True)

    def _take_in(self, observation: Observation) -> None:
        """Take in what is new: facts that changed, the target's replies, what the others said."""
        if observation.facts and observation.facts is not self._shown:
            self._see(observation.facts)
        if any(f.lock is not None for f in self._facts):
            self._closed = closed(self._facts, [m.text for m in observation.messages if m.sender != observation.agent])
        new = observation.messages[self._seen :]
        self._seen = len(observation.messages)
        company = self._company
        replies = [m.text for m in new if m.sender.rpartition("_")[0] in self._player.targets]
        if company is not None:
            company.take(new, observation.present, self._known)
            replies = [text for text in replies if not company.others_named(text)]
        self._heard.take(replies, self._player, self._voiced)

    def _see(self, facts: tuple[PrivateFact, ...]) -> None:
        """Tell one's own facts from those of others."""
        self._shown = facts
        if self._brief.information == "private":
            self._facts = facts
        else:
            self._facts = tuple(f for f in facts if f.id.partition("/")[0] == self._own)
            self._known = tuple(f for f in facts if f.id.partition("/")[0] != self._own)

    def _situation(self, observation: Observation) -> Situation | None:
        """Return what the scenario's own functions may know; None where it has none."""
        scenario = self._player.scenario
        if scenario.senses is None and not scenario.fills:
            return None
        return Situation(
            agent=observation.agent,
            turn=observation.turn,
            turns=self._brief.turns,
            messages=observation.messages,
            facts=tuple(f for f in self._facts if f.id not in self._closed) if self._closed else self._facts,
            known=self._known,
            stance=dict(zip(scenario.axes, self._character.stance, strict=True)),
            names=self._brief.names,
            authored=self._brief.information == "script",
            draw=self._stream.generator.random,
            present=observation.present,
        )

    def _untold(self, kind: str) -> PrivateFact | None:
        """Return the first fact of a kind that was not told yet and may be told now."""
        return next((f for f in self._facts if f.kind == kind and f.id not in self._told and f.id not in self._closed), None)

    def _possible(self, turn: int, fresh: bool, situation: Situation | None) -> dict[int, _Means]:
        """Return the moves that can be made now, with what each would tell; spent ones too unless ``fresh``."""
        out: dict[int, _Means] = {}
        untold = {f.kind: self._untold(f.kind) for f in self._facts}
        times = self._times
        for i, move, not_before, at_most in self._player.later if turn else self._player.openings:
            if turn < not_before or (fresh and times[i] >= at_most):
                continue
            fact = untold.get(move.tells) if move.tells else None
            if move.tells and fact is None:
                continue
            if move.about and (self._company is None or not self._company.could_mean(move)):
                continue
            slots: Mapping[str, str] | None = None
            if move.fills:
                slots = None if situation is None else self._player.scenario.fills[move.fills](situation)
                if slots is None:
                    continue
            out[i] = _Means(fact, slots)
        return out

    def _choose(self, ready: Mapping[int, _Means], utility: Sequence[float]) -> int:
        """Draw a move by softmax over utilities, unless one is asked for."""
        wanted, self._preferred = self._preferred, ""
        if wanted:
            chosen = next((i for i in ready if self._player.moves[i].name == wanted), None)
            if chosen is not None:
                return chosen
        return _draw(self._weights(ready, utility), self._stream.generator.random())

    def _weights(self, ready: Mapping[int, _Means], utility: Sequence[float]) -> list[tuple[int, float]]:
        """Return the moves that can be made, each with its weight in the softmax."""
        top = max((utility[i] for i in ready), default=0.0)
        temperature = self._player.settings.temperature
        return [(i, math.exp((utility[i] - top) / temperature)) for i in ready]

    def _utilities(self, turn: int, situation: Situation | None) -> list[float]:
        """Return every move's utility as things stand."""
        character = self._character
        features = self._features(turn, situation)
        utility = list(character.base)
        for feature, weights in character.gains.items():  # in declared order: sets have none that is the same everywhere
            value = features.get(feature, 0.0)
            if value:
                for i, weight in weights:
                    utility[i] += weight * value
        for first, second, weights in character.pairs:
            value = features.get(first, 0.0) * features.get(second, 0.0)
            if value:
                for i, weight in weights:
                    utility[i] += weight * value
        return utility

    def _features(self, turn: int, situation: Situation | None) -> dict[str, float]:
        """Return what the conversation is like for this person."""
        heard, turns = self._heard, self._brief.turns
        features = {f"heard:{c}": 1.0 for c in heard.last}
        features.update((f"ever:{c}", 1.0) for c in heard.ever)
        features.update((f"told:{f.kind}", 1.0) for f in self._facts if f.id in self._told)
        features.update((f"did:{m.name}", 1.0) for m, times in zip(self._player.moves, self._times, strict=True) if times)
        features["progress"] = turn / (turns - 1) if turns > 1 else 1.0
        features["ignored"] = min(1.0, heard.unheeded / _LONG)
        features["repeated"] = 1.0 if heard.repeated else 0.0
        features["authored"] = 1.0 if self._brief.information == "script" else 0.0
        if self._company is not None:
            features.update(self._company.features())
        senses = self._player.scenario.senses
        if senses is not None and situation is not None:
            features.update((f"sense:{name}", value) for name, value in senses(situation).items())
        return features

    def _speak(self, chosen: int, means: _Means, fresh: bool, observation: Observation) -> Action | None:
        """Put a move into words; None if everything fitting was said before."""
        move = self._player.moves[chosen]
        draw = self._stream.generator.random
        meant = self._company.choose(move, draw) if self._company is not None else None
        values, sources = self._slots(means, meant)
        usable = [
            t for t in self._character.words[chosen] if t.slots <= values.keys() and (move.again or not (fresh and t.key in self._used))
        ]
        if self._company is not None and not move.again:
            echoed = self._company.echoed
            usable = [t for t in usable if t.key not in echoed] or usable
        while usable:
            template = usable.pop(_draw([(i, 1.0 + len(t.where)) for i, t in enumerate(usable)], draw()))
            text = self._with_aside(template.say(draw, values, self._character.lower), chosen)
            if text.casefold() in self._lines and not move.again:
                continue
            self._used.add(template.key)
            self._lines.add(text.casefold())
            self._times[chosen] += 1
            told = dict.fromkeys(([means.fact.id] if means.fact else []) + list(facts_in(template, sources)))
            self._remember(told, means.fact)
            self._voiced = self._player.voiced(text, (f.kind for f in self._facts if f.id in told))
            return Action(text=text, move=move.name, facts=tuple(told), leave=move.ends, **self._whereto(move, meant, observation))
        return None

    def _slots(self, means: _Means, meant: Meant | None) -> tuple[dict[str, str], dict[str, str]]:
        """Return the values that phrases may use, and which fact each comes from."""
        values, sources = dict(self._values), dict(self._sources)
        if means.slots is not None:
            values.update(means.slots)
        if meant is not None:
            values["other"] = meant.name
        for fact in (means.fact, None if meant is None else meant.fact):
            if fact is not None:
                values.update({**fact.details, "content": fact.content})
                sources.update(dict.fromkeys((*fact.details, "content"), fact.id))
        return values, sources

    def _whereto(self, move: Move, meant: Meant | None, observation: Observation) -> dict[str, Any]:
        """Return who is to hear a move, and how much this person wants to go on; nothing where there are only the two."""
        if self._company is None and move.channel == "main":
            return {}
        to: tuple[str, ...] = ()
        if move.to == "other" and meant is not None:
            to = (meant.agent,)
        elif move.to == "target":
            to = tuple(a for a in observation.present if a.rpartition("_")[0] in self._player.targets)
        named = self._company is not None and self._company.named
        eager = 0.5 * self._character.talk + 0.2 * self._stream.generator.random() + (0.3 if named else 0.0)
        return {"channel": move.channel, "to": to, "wish": min(1.0, eager)}

    def _remember(self, told: Mapping[str, None], fact: PrivateFact | None) -> None:
        """Keep what was told, so that its details can be spoken of again."""
        self._told.update(told)
        if fact is not None:
            for slot, value in fact.details.items():
                self._values.setdefault(slot, value)
                self._sources.setdefault(slot, fact.id)

    def _with_aside(self, text: str, chosen: int) -> str:
        """Add an aside in the person's colour before or after, if one fits, more often the stronger the stances are."""
        character, move = self._character, self._player.moves[chosen]
        fitting = character.asides[chosen]
        draw = self._stream.generator.random
        if not fitting or draw() >= character.talk:
            return text
        bank = fitting[_draw([(i, a[0]) for i, a in enumerate(fitting)], draw())][1]
        usable = [t for t in bank if t.key not in self._used and not t.slots]
        if self._company is not None:
            usable = [t for t in usable if t.key not in self._company.echoed]
        if not usable:
            return text
        template = usable[int(draw() * len(usable))]
        self._used.add(template.key)
        aside = template.say(draw, self._values, character.lower)
        before = move.ends or (move.when != "opening" and draw() < 0.35)
        first, second = (aside, text) if before else (text, aside)
        stop = "" if first[-1] in ".?!)" else "." if first[-1].isalnum() else ""
        return f"{first}{stop} {second}"


def _draw(weights: Sequence[tuple[int, float]], u: float) -> int:
    """Return one of the first elements, by weight; ``u`` is uniform on [0, 1)."""
    at = u * sum([w for _, w in weights])
    for i, weight in weights:
        at -= weight
        if at < 0:
            return i
    return weights[-1][0]
