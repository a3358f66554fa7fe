"""The lexical player: plays any declared scenario from a person's description, without a language model."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..personas.scenario import Scenario
from ..sim.declare import Move, Unanswered
from ..sim.seeds import Stream
from ..sim.types import Action, Brief, Message, Observation, PrivateFact
from .lexical_phrases import Template, facts_in, templates
from .lexical_reader import LexicalReader
from .lexical_settings import LexicalSettings
from .reading import reader_of

_REMEMBERED = 8192
_LONG = 3.0
"""So many unheeded replies in a row make ``ignored`` 1."""


@dataclass(frozen=True, slots=True)
class _Character:
    """What follows from a description alone, whatever happens in the episode."""

    stance: tuple[float, ...]  # in [-1, 1]
    base: tuple[float, ...]  # the part of each move's utility that never changes
    gains: Mapping[str, tuple[tuple[int, float], ...]]  # feature of the conversation -> (move, weight)
    pairs: tuple[tuple[str, str, tuple[tuple[int, float], ...]], ...]  # the same for products of two such features
    words: tuple[tuple[Template, ...], ...]  # of each move, those this person would use
    asides: tuple[tuple[tuple[float, tuple[Template, ...]], ...], ...]  # beside each move: (strength, words), strongest first
    talk: float  # chance of an aside
    lower: bool  # types without capitals


class LexicalPlayer:
    """Plays the people of a scenario.

    ``begin`` reads the description once; the actor then chooses a move by softmax over the declared utilities and
    words that fit the person, tells a private fact only by a move that tells it, and never says the same twice in
    an episode. It is never handed the position of its persona, and it draws from its stream alone.

    Args:
        scenario: Whose moves, phrases, concepts and lexicon are played.
        settings: Strengths; the defaults if None.

    Raises:
        InputError: If a phrase has a bracket that is not closed.
    """

    name = "lexical"

    def __init__(self, scenario: Scenario, settings: LexicalSettings | None = None) -> None:
        self.settings = settings or LexicalSettings()
        self.scenario = scenario
        self.moves = scenario.moves
        self.reader = LexicalReader(scenario.questionnaire, self.settings)
        self.concepts = reader_of(scenario.concepts)
        self.attentive = frozenset(scenario.attentive)
        self.answers = tuple(dict.fromkeys((h.rule.trigger, h.rule.answer) for h in scenario.harms if isinstance(h.rule, Unanswered)))
        self._openers = {h.rule.fact: h.rule.trigger for h in scenario.harms if isinstance(h.rule, Unanswered) and h.rule.fact}
        self.targets = frozenset(role.name for role in scenario.roles if role.acts == "target")
        self._words = [templates(move.phrases, scenario.axes, self.settings.half) for move in self.moves]
        self._asides = {key: templates(phrases, scenario.axes, self.settings.half) for key, phrases in scenario.colour.items()}
        self._characters: dict[tuple[str, str], _Character] = {}

    def begin(self, brief: Brief, stream: Stream) -> LexicalActor:
        """Start to play the person that ``brief`` describes."""
        return LexicalActor(self, brief, self._character(brief.name, brief.description), stream)

    def voiced(self, text: str, kinds: Iterable[str]) -> frozenset[str]:
        """Return the concepts that somebody expressed who said ``text`` and told facts of ``kinds`` with it."""
        return self.concepts.found(text) | {self._openers[kind] for kind in kinds if kind in self._openers}

    def heeds(self, found: frozenset[str], voiced: frozenset[str]) -> bool:
        """Tell whether a reply that expresses ``found`` takes in somebody who had just expressed ``voiced``.

        An attentive concept always does; what the scenario declares as the answer to something does only after that.
        """
        return bool(found & self.attentive) or any(trigger in voiced and answer in found for trigger, answer in self.answers)

    def _character(self, name: str, description: str) -> _Character:
        known = self._characters.get((name, description))
        if known is None:
            if len(self._characters) >= _REMEMBERED:
                self._characters.clear()
            known = self._characters[name, description] = self._meet(name, description)
        return known

    def _meet(self, name: str, description: str) -> _Character:
        """Work out what follows from a description."""
        settings = self.settings
        stance = tuple((2 * self.reader.stance(description) - 1).tolist())
        traits = {"bias": 1.0, **dict(zip(self.scenario.axes, stance, strict=True))}
        base, gains, pairs = _split_utilities(self.moves, traits)
        habits = hashlib.blake2b(f"{name}\x1f{description}".encode(), digest_size=2).digest()
        lower = habits[1] < 256 * settings.lower_case
        words = tuple(_like(tuple(t for t in bank if t.fits(stance, settings.lean)), lower) for bank in self._words)
        asides: dict[str, tuple[float, tuple[Template, ...]]] = {}
        for s, axis in sorted(zip(stance, self.scenario.axes, strict=True), key=lambda p: -abs(p[0])):
            key = f"{axis}:{'high' if s > 0 else 'low'}"
            if abs(s) >= settings.lean and key in self._asides:
                asides[key] = (s * s, _like(self._asides[key], lower))
        talkative = 0.6 + 0.8 * habits[0] / 255
        return _Character(
            stance=stance,
            base=base,
            gains=gains,
            pairs=pairs,
            words=words,
            asides=tuple(tuple(a for k, a in asides.items() if m.asides is None or k in m.asides) for m in self.moves),
            talk=min(0.9, settings.colour * talkative * sum(abs(s) for s in stance)),
            lower=lower,
        )


def _like(bank: tuple[Template, ...], lower: bool) -> tuple[Template, ...]:
    """Return the phrases that suit somebody's typing: those who use capitals leave phrases without them to others."""
    return bank if lower else tuple(t for t in bank if not t.plain) or bank


Weights = dict[str, tuple[tuple[int, float], ...]]


def _split_utilities(
    moves: Sequence[Move], traits: Mapping[str, float]
) -> tuple[tuple[float, ...], Weights, tuple[tuple[str, str, tuple[tuple[int, float], ...]], ...]]:
    """Split utilities into what a person's traits settle and what depends on the conversation, feature by feature."""
    base = []
    gains: dict[str, list[tuple[int, float]]] = {}
    pairs: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for i, move in enumerate(moves):
        fixed = 0.0
        for key, weight in move.utility.items():
            value = weight
            open_features = []
            for feature in key.split("*"):
                if feature in traits:
                    value *= traits[feature]
                else:
                    open_features.append(feature)
            if not open_features:
                fixed += value
            elif len(open_features) == 1:
                gains.setdefault(open_features[0], []).append((i, value))
            else:
                pairs.setdefault((open_features[0], open_features[1]), []).append((i, value))
        base.append(fixed)
    return tuple(base), {k: tuple(v) for k, v in gains.items()}, tuple((a, b, tuple(v)) for (a, b), v in pairs.items())


@dataclass(slots=True)
class _Heard:
    """What the target's replies have been so far."""

    seen: int = 0  # messages of the transcript already taken in
    last: frozenset[str] = frozenset()
    ever: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    repeated: bool = False
    unheeded: int = 0

    def take(self, messages: Sequence[Message], player: LexicalPlayer, voiced: frozenset[str]) -> None:
        """Take in what was said since the last time, by somebody who then expressed ``voiced``.

        A reply that was said before, whatever its case and spacing, is no attention a second time.
        """
        replies = [m.text for m in messages[self.seen :] if m.sender.rpartition("_")[0] in player.targets]
        self.seen = len(messages)
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

    def __init__(self, player: LexicalPlayer, brief: Brief, character: _Character, stream: Stream) -> None:
        self._player = player
        self._character = character
        self._stream = stream
        self._turns = brief.turns
        self._facts = _own(brief)
        self._told: dict[str, None] = {}  # ids in the order of telling
        self._values: dict[str, str] = {"name": brief.name}
        self._sources: dict[str, str] = {}  # slot -> fact id, for facts already told
        self._times = [0] * len(player.moves)
        self._used: set[str] = set()
        self._lines: set[str] = set()
        self._heard = _Heard()
        self._voiced: frozenset[str] = frozenset()  # what the last words of one's own expressed

    async def act(self, observation: Observation) -> Action:
        """Choose a move and put it into words.

        When every move or phrase is spent, moves are made more often than declared and phrases said again in other
        choices of words; when not even that gives a new line, the person leaves without a word.
        """
        self._heard.take(observation.messages, self._player, self._voiced)
        for fresh in (True, False):
            ready = self._possible(observation.turn, fresh)
            while ready:
                chosen = self._choose(ready, observation.turn)
                action = self._speak(chosen, ready.pop(chosen), fresh)
                if action is not None:
                    return action
        return Action(text="", leave=True)

    def _untold(self, kind: str) -> PrivateFact | None:
        """Return the first fact of a kind that was not told yet."""
        return next((f for f in self._facts if f.kind == kind and f.id not in self._told), None)

    def _possible(self, turn: int, fresh: bool) -> dict[int, PrivateFact | None]:
        """Return the moves that can be made now, with the fact that each would tell; spent ones too unless ``fresh``."""
        out: dict[int, PrivateFact | None] = {}
        untold = {f.kind: self._untold(f.kind) for f in self._facts}
        for i, move in enumerate(self._player.moves):
            if turn < move.not_before or (fresh and self._times[i] >= move.at_most):
                continue
            if (move.when == "opening" and turn > 0) or (move.when == "later" and turn == 0):
                continue
            fact = untold.get(move.tells) if move.tells else None
            if move.tells and fact is None:
                continue
            out[i] = fact
        return out

    def _choose(self, ready: Mapping[int, PrivateFact | None], turn: int) -> int:
        """Draw a move by softmax over utilities."""
        utility = self._utilities(turn)
        top = max(utility[i] for i in ready)
        temperature = self._player.settings.temperature
        weights = [(i, math.exp((utility[i] - top) / temperature)) for i in ready]
        return _draw(weights, self._stream.generator.random())

    def _utilities(self, turn: int) -> list[float]:
        """Return every move's utility as things stand."""
        character, heard = self._character, self._heard
        features = {f"heard:{c}": 1.0 for c in heard.last}
        features.update((f"ever:{c}", 1.0) for c in heard.ever)
        features.update((f"told:{f.kind}", 1.0) for f in self._facts if f.id in self._told)
        features["progress"] = turn / (self._turns - 1) if self._turns > 1 else 1.0
        features["ignored"] = min(1.0, heard.unheeded / _LONG)
        features["repeated"] = 1.0 if heard.repeated else 0.0
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

    def _speak(self, chosen: int, fact: PrivateFact | None, fresh: bool) -> Action | None:
        """Put a move into words; None if everything fitting was said before."""
        move = self._player.moves[chosen]
        values, sources = self._values, self._sources
        if fact is not None:
            values = {**values, **fact.details, "content": fact.content}
            sources = {**sources, **dict.fromkeys((*fact.details, "content"), fact.id)}
        usable = [t for t in self._character.words[chosen] if t.slots <= values.keys() and not (fresh and t.key in self._used)]
        draw = self._stream.generator.random
        while usable:
            template = usable.pop(_draw([(i, 1.0 + len(t.where)) for i, t in enumerate(usable)], draw()))
            text = self._with_aside(template.say(draw, values, self._character.lower), chosen)
            if text.casefold() in self._lines:
                continue
            self._used.add(template.key)
            self._lines.add(text.casefold())
            self._times[chosen] += 1
            told = dict.fromkeys(([fact.id] if fact else []) + list(facts_in(template, sources)))
            self._remember(told, fact)
            self._voiced = self._player.voiced(text, (f.kind for f in self._facts if f.id in told))
            return Action(text=text, move=move.name, facts=tuple(told), leave=move.ends)
        return None

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
    at = u * sum(w for _, w in weights)
    for i, weight in weights:
        at -= weight
        if at < 0:
            return i
    return weights[-1][0]


def _own(brief: Brief) -> tuple[PrivateFact, ...]:
    """Return the person's own facts: where others' are shown too, owners come in the order of agent numbers."""
    if brief.information == "private":
        return brief.facts
    owners = list(dict.fromkeys(f.id.partition("/")[0] for f in brief.facts))
    number = brief.agent.rpartition("_")[2]
    if len(owners) < 2 or not number.isdecimal() or int(number) >= len(owners):
        return brief.facts if len(owners) < 2 else ()
    return tuple(f for f in brief.facts if f.id.partition("/")[0] == owners[int(number)])
