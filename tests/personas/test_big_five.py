"""The Big Five layer: five traits beside the context's axes, measurable, and hardly in their way."""

from __future__ import annotations

import asyncio
import itertools

import numpy as np
import pytest
from scipy.stats import qmc

from outskirts.agents.exemplar import ExemplarRespondent
from outskirts.agents.lexical import LexicalRespondent
from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.personas.generators import axis_dicts, from_object
from outskirts.personas.measurement import measure
from outskirts.personas.persona import Persona
from outskirts.personas.population import build_population
from outskirts.personas.programs import big_five, default
from outskirts.personas.questionnaires.instruments import instrument
from outskirts.personas.structured.big_five import make_big_five, sampled_traits, seen_as_traits, trait_axes, traits_of
from outskirts.sim.errors import InputError

AXES = axis_dicts(SUPPORT.questionnaire, SUPPORT.density)
IPIP = instrument("ipip-50").questionnaire
RESPONDENTS = (LexicalRespondent, ExemplarRespondent)


def crowd(n: int = 40, seed: int = 0, *, layer: bool = True) -> tuple[Persona, ...]:
    return build_population(SUPPORT, from_object(make_big_five(layer=layer), "big-five"), n, seed)


def cloud(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return positions and traits of the first n people."""
    points = [list(p.values()) for p in big_five.place("", AXES, n, seed)]
    return np.array(points), np.array([list(sampled_traits(AXES, f"p{i:04d}", seed).values()) for i in range(n)])


def slopes(people, respondent, seed: int = 0) -> list[float]:
    found = asyncio.run(measure(seen_as_traits(people), IPIP, respondent(IPIP), runs=5, seed=seed))
    return [fit.slope for fit in found.fidelity.values()]


def layers_alone(n: int = 40, seed: int = 0) -> list[Persona]:
    """Return people whose text is the layer and nothing else."""
    pairs = zip(crowd(n, seed), crowd(n, seed, layer=False), strict=True)
    return [a.model_copy(update={"description": a.description.removeprefix(b.description).strip()}) for a, b in pairs]


def test_everybody_has_five_sampled_psychographic_fields() -> None:
    person = crowd(1)[0]
    assert set(traits_of(person)) == set(IPIP.names)
    assert {(field.kind, field.origin) for field in person.profile.values()} == {("psychographic", "sampled")}


def test_the_layer_adds_text_and_changes_nothing_else() -> None:
    for told, plain in zip(crowd(), crowd(layer=False), strict=True):
        assert told.description.startswith(plain.description)
        assert len(told.description) > len(plain.description)
        assert told.model_copy(update={"description": plain.description}) == plain


def test_the_text_below_the_layer_is_that_of_default() -> None:
    people = [{"id": f"p{i:04d}", "position": p} for i, p in enumerate(big_five.place("", AXES, 5, 0))]
    plain = default.portray("", AXES, people, 0)
    layered = big_five.portray("", AXES, people, 0)
    assert all(a["description"].startswith(b["description"]) and a["name"] == b["name"] for a, b in zip(layered, plain, strict=True))


def test_the_layer_is_told_by_the_instruments_statements_and_the_cues_beside_them_stay_out() -> None:
    text = " ".join(p.description for p in layers_alone(100)).lower()
    statements = " ".join(f"{axis['low']} {axis['high']}" for axis in trait_axes()).lower()
    cues = {cue.text for lexicon in IPIP.lexicon.values() for cue in (*lexicon.low, *lexicon.high)}
    assert len([cue for cue in cues if cue not in statements]) > 50
    assert [cue for cue in cues if cue not in statements and cue in text] == []
    assert "carry the talk at the table" in text


def test_the_first_people_of_many_are_the_people_of_few() -> None:
    assert big_five.place("", AXES, 200, 3)[:70] == big_five.place("", AXES, 70, 3)
    people = [{"id": f"p{i:04d}", "position": p} for i, p in enumerate(big_five.place("", AXES, 70, 3))]
    assert big_five.portray("", AXES, people, 3)[60:63] == big_five.portray("", AXES, people[60:63], 3)


def test_axes_and_traits_are_evener_together_than_traits_drawn_at_random() -> None:
    for seed in range(3):
        points, traits = cloud(40, seed)
        drawn = [np.random.default_rng((seed, i)).random((40, 5)) for i in range(20)]
        assert qmc.discrepancy(np.hstack([points, traits])) < min(qmc.discrepancy(np.hstack([points, other])) for other in drawn)


def test_no_trait_goes_with_an_axis() -> None:
    for n, bound in ((40, 0.35), (100, 0.2), (1000, 0.05)):
        for seed in range(3):
            points, traits = cloud(n, seed)
            assert np.abs(np.corrcoef(points.T, traits.T)[:5, 5:]).max() < bound


def test_three_quarters_fill_the_space_and_reach_the_faces_and_the_rest_follow_the_reference() -> None:
    points, traits = cloud(2000, 0)
    assert traits.mean(axis=0) == pytest.approx(np.full(5, 0.5), abs=0.01)
    mean = SUPPORT.density.quantile(np.random.default_rng(0).random((200_000, 5))).mean(axis=0)
    assert points.mean(axis=0) == pytest.approx(0.75 * 0.5 + 0.25 * mean, abs=0.015)
    on_a_face = ((points == 0) | (points == 1)).mean(axis=0)
    assert on_a_face == pytest.approx(np.full(5, 0.075), abs=0.015)


def test_positions_weigh_by_the_density_of_default() -> None:
    points = big_five.place("", AXES, 30, 0)
    assert big_five.density(AXES, points) == default.density(AXES, points)


def test_a_trait_that_is_an_axis_of_the_context_stays_out_of_the_layer() -> None:
    axes = [{"name": "intellect", "low": "I leave theory to others.", "high": "I like theory."}]
    made = big_five.portray("", axes, [{"id": "p0001", "position": {"intellect": 0.2}}], 0)[0]
    assert set(made["profile"]) == {f"big_five.{name}" for name in IPIP.names if name != "intellect"}


def test_people_without_the_layer_cannot_be_seen_as_traits() -> None:
    bare = crowd(1)[0].model_copy(update={"profile": {}})
    with pytest.raises(InputError, match=r"person 'p0000': expected a profile with big_five\.extraversion"):
        seen_as_traits([bare])


@pytest.mark.parametrize("respondent", RESPONDENTS)
def test_the_layer_is_measurable_on_the_instrument(respondent) -> None:
    assert min(slopes(layers_alone(), respondent)) > 0.5


def test_the_layer_is_measurable_under_the_text_on_the_contexts_axes() -> None:
    assert min(slopes(crowd(), LexicalRespondent)) > 0.5
    assert np.mean(slopes(crowd(), ExemplarRespondent)) > 0.5


@pytest.mark.slow
@pytest.mark.parametrize(("respondent", "seed"), list(itertools.product(RESPONDENTS, range(3))))
def test_the_layer_hardly_moves_people_on_the_contexts_axes(respondent, seed: int) -> None:
    asked = SUPPORT.questionnaire
    runs = [
        asyncio.run(measure(crowd(seed=seed, layer=layer), asked, respondent(asked), runs=20, seed=seed)).run_means
        for layer in (True, False)
    ]
    assert np.abs(runs[0] - runs[1]).mean() < 0.1
