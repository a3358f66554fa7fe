"""Frames: planted effects, and respondents that do not read."""

import asyncio

import numpy as np
import pytest
from pydantic import ValidationError

from outskirts.personas.biases.framing import Framing, exchanged, framed, framing_effects
from outskirts.personas.biases.keys import Keys
from outskirts.personas.biases.report import bias_report, planned

from .biased_respondents import Deaf, Planted, people, questionnaire

ASKED = questionnaire()


def report(respondent, who=None, **options):
    return asyncio.run(bias_report(who or people(50), ASKED, respondent, runs=2, **options))


def test_a_frame_changes_texts_only():
    for side, words in (("low", "door shut"), ("high", "door open"), ("neutral", "asked about this")):
        items = framed(ASKED, Framing(), side).items
        assert [i.model_copy(update={"text": ""}) for i in items] == [i.model_copy(update={"text": ""}) for i in ASKED.items]
        assert all(words in new.text and old.text in new.text for new, old in zip(items, ASKED.items, strict=True))
    assert framed(ASKED, Framing(), "low").items[0].text == 'Many people who say "I keep my door shut" also say: "item 0 on a0, yes"'


def test_a_text_that_lacks_a_place_is_refused():
    with pytest.raises(ValidationError, match=r"named\n.*expected the places item, statement in braces, got item"):
        Framing(named="They say {item}")
    with pytest.raises(ValidationError, match=r"neutral\n.*expected the places item in braces, got none"):
        Framing(neutral="They say")


def test_exchanged_items_carry_each_others_texts():
    assert [i.text for i in exchanged(ASKED).items] == [i.text for i in (*ASKED.items[4:], *ASKED.items[:4])]
    assert [i.id for i in exchanged(ASKED).items] == [i.id for i in ASKED.items]


def test_a_planted_frame_is_found():
    seen = report(Planted(gain=0.3, frame=0.6, noise=0.8)).framing
    assert seen.reads_texts
    assert 0.5 < seen.effects.effect.low < 0.6 < seen.effects.effect.high
    assert seen.effects.congruent.estimate == pytest.approx(0.3, abs=0.05)
    assert seen.effects.incongruent.estimate == pytest.approx(-0.3, abs=0.05)
    assert seen.effects.any_frame.estimate == 0  # the neutral frame moves nobody, by the same random numbers


def test_a_reader_whom_frames_do_not_move_has_an_effect_of_nothing():
    effects = report(Planted(noise=0.8)).framing.effects
    assert effects.effect.estimate == 0
    assert effects.effect.reason == "all resamples have the same value"


def test_a_respondent_that_does_not_read_has_no_effect_at_all():
    seen = report(Deaf(frame=1.0, noise=0.8))
    assert (seen.framing.reads_texts, seen.framing.effects) == (False, None)
    assert seen.framing.reason.startswith("this respondent does not read item texts")
    assert seen.questionnaires.frames == 0


def test_copies_of_a_person_do_not_look_like_reading():
    assert not report(Deaf(noise=0.8), [*people(5), people(1)[0]]).framing.reads_texts


def test_the_embedded_stand_ins_do_not_read_item_texts():
    from outskirts.agents.exemplar import ExemplarRespondent
    from outskirts.agents.lexical_respondent import LexicalRespondent
    from outskirts.envs.scenarios.support import SCENARIO
    from outskirts.personas.generators import get_generator
    from outskirts.personas.population import build_population

    who = build_population(SCENARIO, get_generator("default"), 6, 0)
    for kind in (LexicalRespondent, ExemplarRespondent):
        made = kind(SCENARIO.questionnaire)
        assert not asyncio.run(bias_report(who, SCENARIO.questionnaire, made, runs=1)).framing.reads_texts


def test_effects_are_paired_and_split_by_stance():
    keys = Keys.of(ASKED)
    assigned = np.array([[0.1, 0.1], [0.9, 0.9], [0.6, 0.6], [0.5, 0.5]])
    plain = np.full((4, 1, 8), 4, np.int16)
    low, high = plain.copy(), plain.copy()
    low[0], high[0] = 6, 3  # own side's frame +3
    low[1], high[1] = 4, 5  # +1
    low[2], high[2] = 5, 4  # -1
    low[3] = 1  # stands on neither side
    found = framing_effects(plain, plain, low, high, assigned, keys)
    assert found.effect.estimate == pytest.approx(1)
    assert {name: f.estimate for name, f in found.by_stance.items()} == {"low third": 3, "middle third": -1, "high third": 1}
    assert [item.effect for item in found.items] == [1] * 8


def test_the_plan_says_what_is_asked():
    class Counting(Planted):
        asked = 0

        async def answer(self, description, questions, stream):
            Counting.asked += 1
            return await super().answer(description, questions, stream)

    who = [*people(5), people(1)[0]]
    plan = planned(who, ASKED, 2, 1)
    seen = report(Counting(noise=0.5), who)
    assert (plan.plain, plan.probe, plan.frames, plan.answers) == (12, 5, 15, 32 * 8)
    assert Counting.asked == plan.total == seen.questionnaires.total
