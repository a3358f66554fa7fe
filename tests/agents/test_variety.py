"""How varied the lexical people are, and whether an unseen one can be told from another by words alone."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

import numpy as np
import pytest

from outskirts.agents.lexical import LexicalPlayer
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.personas.generators import get_generator
from outskirts.personas.persona import Persona
from outskirts.personas.population import build_population
from outskirts.sim.seeds import Stream
from outskirts.sim.types import Action, Brief, Message, Observation

PEOPLE, REPLICATES = 250, 4
REPLIES = (
    "I see. Can you tell me more about that?",
    "How does that make you feel?",
    "Please go on.",
    "What does that suggest to you?",
    "Do you often feel like this?",
    "Why do you say that?",
    "That must be hard. I am listening.",
    "Very interesting.",
    "I understand.",
    "Let's change focus a bit... Tell me about your family.",
)

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Episode:
    """What one person said."""

    person: Persona
    actions: tuple[Action, ...]

    @property
    def seen(self) -> bool:
        """Whether the person belongs to the training half."""
        return int(self.person.id[1:]) % 2 == 0


async def _episode(player: LexicalPlayer, person: Persona, replicate: int) -> Episode:
    brief = Brief(
        agent="person_0", scenario="support", episode="e", turns=8, name=person.name, description=person.description, facts=person.facts
    )
    actor = player.begin(brief, Stream(0, person.fingerprint, replicate, "player"))
    replies = Stream(0, person.fingerprint, replicate, "target").generator
    messages: list[Message] = []
    actions: list[Action] = []
    for turn in range(8):
        actions.append(await actor.act(Observation(agent="person_0", turn=turn, messages=tuple(messages))))
        for sender, text in (("person_0", actions[-1].text), ("target_0", REPLIES[replies.integers(len(REPLIES))])):
            messages.append(Message(index=len(messages), turn=turn, sender=sender, text=text))
        if actions[-1].leave:
            break
    return Episode(person, tuple(actions))


@pytest.fixture(scope="module")
def episodes() -> list[Episode]:
    people = build_population(SCENARIO, get_generator("default"), PEOPLE, 0)
    player = LexicalPlayer(SCENARIO)

    async def all_of_them() -> list[Episode]:
        return [await _episode(player, person, r) for person in people for r in range(REPLICATES)]

    return asyncio.run(all_of_them())


def _masked(text: str, person: Persona) -> str:
    """Mask the name, numbers and every detail of a private fact; drop case and punctuation."""
    details = sorted({v for f in person.facts for v in f.details.values()}, key=len, reverse=True)
    for word in (person.name, *details):
        text = re.sub(re.escape(word), "SLOT", text, flags=re.IGNORECASE)
    return re.sub(r"[^a-z# ]", "", re.sub(r"\d+", "#", text).casefold())


def test_six_in_ten_turns_are_distinct_even_with_every_fact_masked(episodes: list[Episode]) -> None:
    lines = [_masked(a.text, e.person) for e in episodes for a in e.actions]
    assert len(episodes) == 1_000
    assert len(set(lines)) >= 0.6 * len(lines)


@pytest.mark.parametrize("axis", SCENARIO.axes)
@pytest.mark.filterwarnings("ignore")
def test_words_tell_the_pole_of_an_unseen_person(episodes: list[Episode], axis: str) -> None:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    marked = [e for e in episodes if not 0.3 < e.person.position[axis] < 0.7]
    counts = CountVectorizer(min_df=2).fit_transform([" ".join(a.text for a in e.actions) for e in marked])
    high = np.array([e.person.position[axis] >= 0.7 for e in marked])
    seen = np.array([e.seen for e in marked])
    model = LogisticRegression(C=0.3, max_iter=500).fit(counts[seen], high[seen])
    assert roc_auc_score(high[~seen], model.decision_function(counts[~seen])) >= 0.8


@pytest.mark.filterwarnings("ignore")
def test_words_tell_the_move_of_an_unseen_person(episodes: list[Episode]) -> None:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    counts = CountVectorizer(min_df=2).fit_transform([a.text for e in episodes for a in e.actions])
    moves = np.array([a.move for e in episodes for a in e.actions])
    seen = np.array([e.seen for e in episodes for _ in e.actions])
    model = LogisticRegression(max_iter=300).fit(counts[seen], moves[seen])
    chances = model.predict_proba(counts[~seen])
    found = {move: (moves[~seen] == move, chances[:, i]) for i, move in enumerate(model.classes_)}
    assert min(roc_auc_score(is_it, chance) for is_it, chance in found.values() if is_it.sum() >= 5) >= 0.8
