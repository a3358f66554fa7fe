"""The lexical stand-ins: what they read, answer and say."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from outskirts.agents.exemplar import ExemplarRespondent
from outskirts.agents.lexical import LexicalPlayer, LexicalReader, LexicalRespondent, LexicalSettings
from outskirts.agents.lexical_actor import Heard
from outskirts.agents.lexical_reader import misread
from outskirts.agents.lexical_settings import ADVERBS
from outskirts.envs.scenarios.support import QUESTIONNAIRE, SCENARIO
from outskirts.personas.generators import get_generator
from outskirts.personas.persona import Persona
from outskirts.personas.population import build_population
from outskirts.personas.programs._statements import FREQUENCIES
from outskirts.personas.scenario import Scenario
from outskirts.sim.actions import as_action
from outskirts.sim.protocols import Actor, Question
from outskirts.sim.seeds import Stream
from outskirts.sim.testing import PlayerConformance, RespondentConformance
from outskirts.sim.types import Action, Brief, FactLock, Message, Observation, PrivateFact

REPLIES = (
    "I see.",
    "How does that make you feel?",
    "Please go on.",
    "Are you thinking of suicide?",
    "You could try a short walk each day.",
)
PLAYER = LexicalPlayer(SCENARIO)
READER = LexicalReader(QUESTIONNAIRE, LexicalSettings(misreading=0.0))
TRUST = SCENARIO.axes.index("trust")


class TestLexicalPlayer(PlayerConformance):
    def make(self) -> LexicalPlayer:
        return LexicalPlayer(SCENARIO)


class TestLexicalRespondent(RespondentConformance):
    def make(self) -> LexicalRespondent:
        return LexicalRespondent(QUESTIONNAIRE)


class TestExemplarRespondent(RespondentConformance):
    def make(self) -> ExemplarRespondent:
        return ExemplarRespondent(QUESTIONNAIRE)


@pytest.fixture(scope="module")
def people() -> tuple[Persona, ...]:
    return build_population(SCENARIO, get_generator("default"), 48, 0)


async def _episode(actor: Actor, turns: int, replies: Sequence[str]) -> list[Action]:
    messages: list[Message] = []
    actions: list[Action] = []
    for turn in range(turns):
        action = as_action(await actor.act(Observation(agent="person_0", turn=turn, messages=tuple(messages))))[0]
        actions.append(action)
        for sender, text in (("person_0", action.text), ("target_0", replies[turn % len(replies)])):
            messages.append(Message(index=len(messages), turn=turn, sender=sender, text=text))
        if action.leave:
            break
    return actions


def play(
    person: Persona, replicate: int = 0, turns: int = 8, replies: Sequence[str] = REPLIES, facts: tuple[PrivateFact, ...] | None = None
) -> list[Action]:
    """Play one episode against fixed replies."""
    brief = Brief(
        agent="person_0",
        scenario="support",
        episode="e",
        turns=turns,
        name=person.name,
        description=person.description,
        facts=person.facts if facts is None else facts,
    )
    return asyncio.run(_episode(PLAYER.begin(brief, Stream(0, person.fingerprint, replicate, "player")), turns, replies))


@pytest.mark.parametrize("axis", range(5))
def test_the_stance_read_from_default_people_follows_their_position(people: tuple[Persona, ...], axis: int) -> None:
    assigned = SCENARIO.positions(people)[:, axis]
    reader = LexicalReader(QUESTIONNAIRE, LexicalSettings())
    read = np.array([reader.stance(p.description)[axis] for p in people])
    slope, _ = np.polyfit(assigned, read, 1)
    assert 0.55 < slope < 0.95
    assert np.corrcoef(assigned, read)[0, 1] > 0.9


def test_more_cues_read_further_out_than_the_pasted_statements() -> None:
    pasted = " ".join(axis.low for axis in QUESTIONNAIRE.axes)
    rich = pasted + " When asked, I am always suspicious. When told a thing, I always double-check. I never count on it."
    assert READER.stance(rich)[TRUST] < READER.stance(pasted)[TRUST] - 0.1


@pytest.mark.parametrize("text", ["I never trust the assistant.", "I do not trust the assistant.", "When asked, I hardly ever trust it."])
def test_a_denied_cue_reads_opposite_to_its_positive(text: str) -> None:
    centre = READER.stance("Hello.")[TRUST]
    assert READER.stance(text)[TRUST] < centre - 0.1
    assert READER.stance("I always trust the assistant.")[TRUST] > centre + 0.1


def test_adverbs_grade_a_stance() -> None:
    read = [READER.stance(f"When asked, I {adverb} trust it.")[TRUST] for adverb in ("never", "rarely", "sometimes", "usually", "always")]
    assert read == sorted(read)
    assert len(set(read)) == 5


def test_the_reader_and_the_writer_disagree_on_what_adverbs_mean() -> None:
    meant = {word: share for share, word in FREQUENCIES}
    graded = [word for word in meant if word not in ("never", "always")]
    assert set(meant) <= set(ADVERBS)
    assert all(ADVERBS[word] != meant[word] for word in graded)
    assert [ADVERBS[word] for word in meant] == sorted(ADVERBS[word] for word in meant)


def test_an_adverb_can_be_given_another_meaning() -> None:
    other = LexicalReader(QUESTIONNAIRE, LexicalSettings(misreading=0.0, adverbs={"often": 0.2, "once a week": 0.9}))
    assert other.stance("I often trust it.")[TRUST] < READER.stance("I often trust it.")[TRUST]
    assert other.stance("Once a week I trust it.")[TRUST] > READER.stance("Once a week I trust it.")[TRUST]


@pytest.mark.parametrize("respondent", [LexicalRespondent(QUESTIONNAIRE), ExemplarRespondent(QUESTIONNAIRE)])
def test_a_text_is_misread_by_as_much_in_every_run(respondent: LexicalRespondent | ExemplarRespondent) -> None:
    text = "When asked, I sometimes trust it."
    exact = (READER if isinstance(respondent, LexicalRespondent) else ExemplarRespondent(QUESTIONNAIRE, misreading=0.0)).stance(text)
    runs = [QUESTIONNAIRE.score(asyncio.run(respondent.answer(text, QUESTIONNAIRE.items, Stream(0, r)))) for r in range(300)]
    offset = respondent.reader.stance(text) - exact if isinstance(respondent, LexicalRespondent) else respondent.stance(text) - exact
    assert 0.01 < np.abs(offset).max() < 0.2
    assert np.abs(np.mean(runs, axis=0) - exact - offset).max() < 0.03


def test_texts_are_misread_by_the_declared_deviation_without_a_lean() -> None:
    shifts = np.array([misread(np.full(5, 0.5), f"text {i}", 0.05) - 0.5 for i in range(400)])
    assert shifts.std() == pytest.approx(0.05, rel=0.1)
    assert abs(shifts.mean()) < 0.005


def test_a_rule_counts_for_more_than_an_opinion_and_that_for_more_than_a_plain_sentence() -> None:
    rule, opinion, plain = (
        READER.stance(text)[TRUST]
        for text in ("When asked, I always doubt it.", "In my opinion it is right that I always doubt it.", "I always doubt it.")
    )
    assert rule < opinion < plain


def test_a_description_in_numbers_reads_near_the_agreeable_centre() -> None:
    read = READER.stance("Distress: 0.95, trust: 0.05, openness: 5 %, hostility 9/10, readiness 0.0.")
    centre = [QUESTIONNAIRE.lexicon[axis].agreeable for axis in SCENARIO.axes]
    assert np.abs(read - centre).max() < 0.1
    assert read[0] > centre[0]
    assert read[TRUST] < centre[TRUST]


def test_a_vague_description_reads_at_the_agreeable_centre() -> None:
    centre = [QUESTIONNAIRE.lexicon[axis].agreeable for axis in SCENARIO.axes]
    assert READER.stance("I am an ordinary person from an ordinary town.").tolist() == pytest.approx(centre)


def test_shrinkage_zero_believes_the_text_alone() -> None:
    strict = LexicalReader(QUESTIONNAIRE, LexicalSettings(shrinkage=0.0, misreading=0.0))
    assert strict.stance("I always doubt it.")[TRUST] < READER.stance("I always doubt it.")[TRUST]
    assert strict.stance("Hello.")[TRUST] == QUESTIONNAIRE.lexicon["trust"].agreeable


def test_a_respondent_without_noise_answers_its_stance_and_mirrors_reverse_items(people: tuple[Persona, ...]) -> None:
    respondent = LexicalRespondent(QUESTIONNAIRE, LexicalSettings(noise=0.0, misreading=0.0))
    answers = asyncio.run(respondent.answer(people[0].description, QUESTIONNAIRE.items, Stream(0)))
    assert np.abs(QUESTIONNAIRE.score(answers) - READER.stance(people[0].description)).max() <= 0.125


def test_answers_of_two_runs_differ_by_about_the_declared_noise(people: tuple[Persona, ...]) -> None:
    respondent = LexicalRespondent(QUESTIONNAIRE)
    text = "Hello."
    runs = np.array([asyncio.run(respondent.answer(text, QUESTIONNAIRE.items, Stream(0, r))) for r in range(200)], float)
    assert 0.75 < runs.std(axis=0).mean() < 1.1


@pytest.mark.parametrize("make", [LexicalRespondent, ExemplarRespondent])
def test_a_question_of_another_questionnaire_gets_no_answer(make: type[LexicalRespondent] | type[ExemplarRespondent]) -> None:
    assert asyncio.run(make(QUESTIONNAIRE).answer("I trust it.", [Question(id="other", text="?")], Stream(0))) == [None]


def test_the_exemplar_respondent_tells_poles_apart_without_cues(people: tuple[Persona, ...]) -> None:
    respondent = ExemplarRespondent(QUESTIONNAIRE.model_copy(update={"lexicon": {}}))
    read = np.array([respondent.stance(p.description) for p in people])
    assigned = SCENARIO.positions(people)
    assert all(np.corrcoef(assigned[:, k], read[:, k])[0, 1] > 0.8 for k in range(5))


def test_the_same_stream_gives_the_same_words(people: tuple[Persona, ...]) -> None:
    for person in people[:8]:
        assert play(person) == play(person)
        assert play(person) != play(person, replicate=1)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_words_do_not_depend_on_the_hash_seed_of_the_process(people: tuple[Persona, ...], hash_seed: str) -> None:
    here = [a.model_dump(mode="json") for p in people[:6] for a in play(p)]
    code = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); import test_lexical as t;"
        "people = t.build_population(t.SCENARIO, t.get_generator('default'), 48, 0);"
        "print(json.dumps([a.model_dump(mode='json') for p in people[:6] for a in t.play(p)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == here


def test_no_line_is_said_twice_in_an_episode(people: tuple[Persona, ...]) -> None:
    for person in people[:10]:
        lines = [a.text.casefold() for a in play(person, turns=40) if a.text]
        assert len(lines) == len(set(lines))


def test_what_is_declared_as_told_is_what_the_words_tell(people: tuple[Persona, ...]) -> None:
    moves = {move.name: move for move in SCENARIO.moves}
    for person in people:
        kinds = {f.id: f.kind for f in person.facts}
        for action in play(person):
            tells = moves[action.move].tells
            assert not tells or tells in {kinds[f] for f in action.facts}
            for fact in person.facts:
                own = [fact.canary, *(v for k, v in fact.details.items() if k in ("need", "want", "symptom", "tempt", "means"))]
                if any(v.lower() in action.text.lower() for v in own):
                    assert fact.id in action.facts, action


def test_a_person_with_nothing_to_hide_never_tells_a_risk(people: tuple[Persona, ...]) -> None:
    moves = {a.move for person in people for a in play(person, turns=12, facts=())}
    assert not any("risk" in move and move != "deny_risk" for move in moves)
    assert not moves & {"open_need", "say_need", "tell_symptom", "ask_medication"}


def test_people_tell_their_risk_more_often_when_they_are_asked(people: tuple[Persona, ...]) -> None:
    severe = [p for p in people if any(f.kind == "risk" for f in p.facts)]
    ask = "I'm sorry you are going through this. Are you having any thoughts of suicide?"

    def told(replies: Sequence[str]) -> int:
        return sum(any(f.endswith("/risk") for f in a.facts) for p in severe for r in range(6) for a in play(p, r, 5, replies)[:5])

    assert told([ask]) > 1.3 * told(["Please go on."])


def test_an_aside_stands_only_beside_moves_that_it_fits(people: tuple[Persona, ...]) -> None:
    kind = [p.text for p in SCENARIO.colour["hostility:low"]]
    words = {w.lower() for text in kind for w in re.findall(r"[\w' ]{12,}", text)}
    risky = [a.text.lower() for p in people for r in range(6) for a in play(p, r) if "risk" in a.move and a.move != "deny_risk"]
    others = [a.text.lower() for p in people for a in play(p) if a.move == "answer"]
    assert len(risky) > 50
    assert not any(w in text for w in words for text in risky)
    assert any(w in text for w in words for text in others)


def test_somebody_who_types_in_lower_case_does_so_throughout(people: tuple[Persona, ...]) -> None:
    lines = {p.id: [a.text for a in play(p)] for p in people}
    lower = [said for said in lines.values() if said[0] == said[0].lower() and len(said) > 3]
    shares = [np.mean([text == text.lower() for text in said]) for said in lower]
    assert sum(share == 1.0 for share in shares) > len(people) / 6


def test_people_who_talk_for_long_hardly_ever_leave_in_silence(people: tuple[Persona, ...]) -> None:
    last = [play(p, r, turns=16, replies=("Mm.", "Hm.", "I see."))[-1] for p in people for r in range(3)]
    assert sum(not a.text for a in last) <= 1


def test_a_leaving_move_leaves(people: tuple[Persona, ...]) -> None:
    ends = {move.name for move in SCENARIO.moves if move.ends}
    actions = [a for p in people for a in play(p, turns=12)]
    assert any(a.leave for a in actions)
    assert all(a.leave == (a.move in ends) for a in actions if a.text)


def test_a_person_speaks_of_no_facts_but_its_own_where_others_are_shown(people: tuple[Persona, ...]) -> None:
    first, second = people[:2]
    brief = Brief(
        agent="person_1",
        scenario="support",
        episode="e",
        turns=4,
        description=second.description,
        facts=(*first.facts, *second.facts),
        information="shared",
        personas={"person_0": first.id, "person_1": second.id},
    )
    actor = LexicalPlayer(SCENARIO).begin(brief, Stream(0))
    actions = asyncio.run(_episode(actor, 4, REPLIES))
    told = {f for a in actions for f in a.facts}
    assert told
    assert told <= {f.id for f in second.facts}


@pytest.mark.parametrize("constant", ["Are you safe right now?", "I am sorry to hear that. Are you safe right now?"])
def test_people_leave_hurt_when_every_answer_is_the_same(people: tuple[Persona, ...], constant: str) -> None:
    varied = ("Let's look at it together.", "I hear how hard that is.", "You could try a short walk.", "I am sorry that you feel so.")

    def hurt(replies: Sequence[str]) -> int:
        return sum(play(p, r, replies=replies)[-1].move == "leave_hurt" for p in people for r in range(3))

    assert hurt([constant]) > 3 * hurt(varied) + 10


def test_a_new_spelling_of_the_same_reply_counts_as_repeated() -> None:
    heard = Heard()
    for i, text in enumerate(("I am  Sorry to hear that.", "i am sorry to HEAR that.")):
        heard.take([text], PLAYER, frozenset())
        assert (heard.repeated, heard.unheeded, "empathy" in heard.last) == ((False, 0, True), (True, 1, False))[i]


def test_a_safety_question_pays_attention_only_to_a_risk_just_told() -> None:
    safety = PLAYER.concepts.found("Are you safe right now?")
    assert [PLAYER.heeds(safety, PLAYER.voiced(text, ())) for text in ("I need help with my debts.", "I want to die.")] == [False, True]
    assert PLAYER.heeds(safety, PLAYER.voiced("The tide goes out.", ["risk"]))


def test_a_player_of_a_scenario_with_few_phrases_leaves_when_it_has_nothing_new_to_say(scenario: Scenario) -> None:
    actor = LexicalPlayer(scenario).begin(Brief(agent="person_0", scenario="tiny", episode="e", turns=40), Stream(0))
    actions = asyncio.run(_episode(actor, 40, REPLIES))
    assert actions[0].text == "Hello there."
    assert actions[-1] == Action(text="", leave=True)


def test_a_fact_is_told_only_once_its_lock_is_open(people: tuple[Persona, ...]) -> None:
    def told(start: float, replies: Sequence[str]) -> list[int]:
        """Return the turns at which anybody told something, all facts locked."""
        lock = FactLock(start=start, freely=0.5)
        facts = {p.id: tuple(f.model_copy(update={"lock": lock}) for f in p.facts) for p in people}
        return [turn for p in people for turn, action in enumerate(play(p, replies=replies, facts=facts[p.id])) if action.facts]

    assert told(0.4, ["I see."]) == []
    assert min(told(0.3, ["How did that feel?"])) >= 2
    assert told(0.5, ["I see."]) == [turn for p in people for turn, action in enumerate(play(p, replies=["I see."])) if action.facts]
