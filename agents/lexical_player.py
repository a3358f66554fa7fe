"""The lexical player: plays any declared scenario from a person's description, without a language model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from ..personas.scenario import Scenario
from ..sim.declare import Unanswered
from ..sim.seeds import Stream
from ..sim.types import Brief
from .lexical_actor import LexicalActor
from .lexical_character import Character, split_utilities
from .lexical_phrases import Echoes, Template, templates
from .lexical_reader import LexicalReader
from .lexical_settings import LexicalSettings
from .reading import reader_of

_REMEMBERED = 8192


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
        timed = [(i, move, move.not_before, move.at_most) for i, move in enumerate(self.moves)]
        self.openings = [entry for entry in timed if entry[1].when != "later"]  # moves of the first turn, and those of all others
        self.later = [entry for entry in timed if entry[1].when != "opening"]
        self.reader = LexicalReader(scenario.questionnaire, self.settings)
        self.concepts = reader_of(scenario.concepts)
        self.attentive = frozenset(scenario.attentive)
        self.answers = tuple(dict.fromkeys((h.rule.trigger, h.rule.answer) for h in scenario.harms if isinstance(h.rule, Unanswered)))
        self._openers = {h.rule.fact: h.rule.trigger for h in scenario.harms if isinstance(h.rule, Unanswered) and h.rule.fact}
        self.targets = frozenset(role.name for role in scenario.roles if role.acts == "target")
        self._words = [templates(move.phrases, scenario.axes, self.settings.half) for move in self.moves]
        self._asides = {key: templates(phrases, scenario.axes, self.settings.half) for key, phrases in scenario.colour.items()}
        fresh = [bank for move, bank in zip(self.moves, self._words, strict=True) if not move.again]
        self.echoes = Echoes(t for bank in (*fresh, *self._asides.values()) for t in bank)
        self._characters: dict[tuple[str, str], Character] = {}

    def begin(self, brief: Brief, stream: Stream) -> LexicalActor:
        """Start to play the person that ``brief`` describes."""
        return LexicalActor(self, brief, self._character(brief.name, brief.description), stream)

    def author(self, briefs: Mapping[str, Brief], streams: Mapping[str, Stream]) -> dict[str, LexicalActor]:
        """Start to write all these people as one author, who knows what any of them knows (regime ``script``).

        What an author does differently is declared by the scenario as the feature ``authored`` of its moves: planted.
        """
        return {agent: self.begin(brief, streams[agent]) for agent, brief in briefs.items()}

    def voiced(self, text: str, kinds: Iterable[str]) -> frozenset[str]:
        """Return the concepts that somebody expressed who said ``text`` and told facts of ``kinds`` with it."""
        return self.concepts.found(text) | {self._openers[kind] for kind in kinds if kind in self._openers}

    def heeds(self, found: frozenset[str], voiced: frozenset[str]) -> bool:
        """Tell whether a reply that expresses ``found`` takes in somebody who had just expressed ``voiced``.

        An attentive concept always does; what the scenario declares as the answer to something does only after that.
        """
        return bool(found & self.attentive) or any(trigger in voiced and answer in found for trigger, answer in self.answers)

    def _character(self, name: str, description: str) -> Character:
        known = self._characters.get((name, description))
        if known is None:
            if len(self._characters) >= _REMEMBERED:
                self._characters.clear()
            known = self._characters[name, description] = self._meet(name, description)
        return known

    def _meet(self, name: str, description: str) -> Character:
        """Work out what follows from a description."""
        settings = self.settings
        stance = tuple((2 * self.reader.stance(description) - 1).tolist())
        traits = {"bias": 1.0, **dict(zip(self.scenario.axes, stance, strict=True))}
        base, gains, pairs = split_utilities(self.moves, traits)
        habits = hashlib.blake2b(f"{name}\x1f{description}".encode(), digest_size=2).digest()
        lower = habits[1] < 256 * settings.lower_case
        words = tuple(_like(tuple(t for t in bank if t.fits(stance, settings.lean)), lower) for bank in self._words)
        asides: dict[str, tuple[float, tuple[Template, ...]]] = {}
        for s, axis in sorted(zip(stance, self.scenario.axes, strict=True), key=lambda p: -abs(p[0])):
            key = f"{axis}:{'high' if s > 0 else 'low'}"
            if abs(s) >= settings.lean and key in self._asides:
                asides[key] = (s * s, _like(self._asides[key], lower))
        talkative = 0.6 + 0.8 * habits[0] / 255
        return Character(
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
