"""Gates: noise and pasting fail, the shipped generators pass."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.agents.lexical import LexicalRespondent
from outskirts.personas.evolution.gates import Gates, Measured, check_gates, icc_share, is_bare, pasted_share
from outskirts.personas.generators import get_generator
from outskirts.personas.measurement import measure
from outskirts.personas.population import build_population
from outskirts.personas.questionnaires.suite import suite
from outskirts.personas.scoring import AxisScore, Score, score_measurement
from outskirts.sim.errors import InputError
from tests.personas.respondents import Guessing

STATEMENTS = ("I trust people at once.", "I trust nobody. I lock every door.", "My days are full.", "Quiet suits me")
GOOD = (
    "When asked, I often trust people at once. My days are rarely full, and that is well.",
    "I sometimes lock every door, and I usually smile.",
)


def measured(lows=(0.8, 0.7), texts=GOOD, **changes):
    """Return a context of a score that passes every gate, with changes."""
    axes = {f"a{i}": AxisScore(slope=0.9, r2=0.9, icc=0.9, icc_low=low) for i, low in enumerate(lows)}
    figures = {
        "generator": "g", "context": "c", "axes": len(lows), "people": 20, "runs": 3, "seed": 0, "coverage": 0.9, "coverage_raw": 0.9,
        "dispersion": 0.3, "hull_volume": 0.5, "min_distance": 0.1, "mean_distance": 0.5, "kl": 1.0, "vendi": 9.0, "slope": 0.9, "r2": 0.9,
        "icc": 0.9, "placement_error": 0.1, "distinct": 1.0, "words": 20.0, "unreadable": 0, "unmeasured": 0, "by_axis": axes, **changes,
    }  # fmt: skip
    return Measured(score=Score(**figures), descriptions=texts, statements=STATEMENTS)


def test_a_good_program_passes_every_gate():
    report = check_gates([measured(), measured()])
    assert report.passed
    assert (report.failed, report.reason) == ((), "")


@pytest.mark.parametrize(
    ("context", "gate", "value"),
    [
        (measured(lows=(0.8, 0.49)), "icc", 0.5),
        (measured(lows=(None, None)), "icc", 0.0),
        (measured(slope=0.49), "slope", 0.49),
        (measured(slope=1.6), "slope", 1.6),
        (measured(slope=None), "slope", None),
        (measured(distinct=0.4), "distinct", 0.4),
        (measured(texts=(STATEMENTS[0] + " " + GOOD[0] + " I am who I am.",) * 2), "pasted", 0.25),
        (measured(texts=("I smile.",) * 2), "length", 8.0),
        (measured(texts=(GOOD[0] * 100,)), "length", 8400.0),
        (measured(unmeasured=3), "unmeasured", 0.15),
    ],
)  # fmt: skip
def test_each_gate_fails_alone_and_says_why(context, gate, value):
    report = check_gates([context], Gates(pasted=0.2))
    assert report.failed == (gate,)
    found = next(one for one in report.gates if one.name == gate)
    assert found.value == (None if value is None else pytest.approx(value))
    assert ("not known" in report.reason) == (value is None)
    assert " was asked, it is " in report.reason


def test_a_bound_is_itself_good_enough():
    edge = measured(slope=0.5, distinct=0.6, unmeasured=2, lows=(0.5,) * 7 + (0.0,) * 3)
    assert check_gates([edge]).passed
    assert not check_gates([edge], Gates(axes=0.71)).passed


def test_gates_hold_over_the_contexts_together():
    weak = measured(lows=(0.2, 0.2), slope=0.3)
    assert check_gates([weak]).failed == ("icc", "slope")
    assert check_gates([weak, measured(), measured(), measured()]).passed


def test_an_axis_without_an_icc_counts_as_failing():
    assert icc_share([measured(lows=(0.9, None)).score, measured(lows=(0.9, 0.9)).score]) == 0.75


@pytest.mark.parametrize(
    "sentence",
    [
        "I trust people at once.", "i TRUST people, at once", '"I trust people at once!"', "To be honest, I trust people at once.", "I lock every door.",
        "I trust nobody, and I lock every door.", "My days are full!", "I know that quiet suits me.",
        "I trust people at once and I trust people at once, my days are full and I lock every door and that is how I am.",

    ],
)  # fmt: skip
def test_a_statement_with_little_around_it_is_bare(sentence):
    assert is_bare(sentence, STATEMENTS)


@pytest.mark.parametrize(
    "sentence",
    [
        "I usually trust people at once.", "I often say: my days are full.", "Now and then, my days are full.", "I sometimes feel that quiet suits me and my days are full.", "I trust people.", "Nobody locks every door.",
        "It goes back to a summer by the sea with my aunt, when I learnt that my days are full.", "My holidays are full.",
    ],
)  # fmt: skip
def test_a_graded_statement_or_one_in_a_longer_sentence_is_not(sentence):
    assert not is_bare(sentence, STATEMENTS)


def test_the_share_is_of_sentences_over_all_contexts():
    one = measured(texts=("I trust people at once. I smile. I often smile.",))
    other = measured(texts=("My days are full.", "..."))
    assert pasted_share([one, other]) == 0.5
    assert pasted_share([measured(texts=("...",))]) is None


def test_bounds_that_cross_and_nothing_measured_are_refused():
    with pytest.raises(InputError, match=r"^gates\.slope: expected a lower bound that is not above the upper one, got \(2\.0, 1\.5\)\.$"):
        Gates(slope_low=2.0)
    with pytest.raises(InputError, match=r"^measured: expected one or more contexts, got 0\.$"):
        check_gates([])


def shown(generator, context, respondent):
    """Measure a shipped generator on a context as evolution does."""
    people = build_population(context.scenario(), get_generator(generator), 25, 0)
    found = asyncio.run(measure(people, context.questionnaire, respondent, runs=3, seed=0))
    return Measured(
        score=score_measurement(generator, context.name, people, found, 0),
        descriptions=tuple(person.description for person in people),
        statements=tuple(text for axis in context.questionnaire.axes for text in (axis.low, axis.high)),
    )


@pytest.mark.slow
@pytest.mark.parametrize("generator", ["default", "spread", "appropriateness", "when-then", "motivation"])
def test_shipped_generators_pass(generator):
    report = check_gates([shown(generator, context, LexicalRespondent(context.questionnaire)) for context in suite("train")[::6]])
    assert report.passed, report.reason


@pytest.mark.slow
def test_pasted_statements_and_random_answers_fail():
    contexts = suite("train")[::6]
    pasted = check_gates([shown("anchor-paste", context, LexicalRespondent(context.questionnaire)) for context in contexts])
    assert "pasted" in pasted.failed
    assert next(gate.value for gate in pasted.gates if gate.name == "pasted") == 1.0
    assert check_gates([shown("default", context, Guessing()) for context in contexts]).failed == ("icc", "slope")
