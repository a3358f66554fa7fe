"""Families of portraits: what each writes from the axes, and what it makes of a language model's replies."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from outskirts.agents.lexical_reader import LexicalReader
from outskirts.agents.lexical_settings import LexicalSettings
from outskirts.envs.scenarios.support import QUESTIONNAIRE, SCENARIO
from outskirts.personas.generators import GENERATORS, axis_dicts, get_generator
from outskirts.personas.programs import _wording as wording
from outskirts.personas.programs._asking import LONGEST, unfenced
from outskirts.personas.programs._names import name_of
from outskirts.personas.programs._statements import denies
from outskirts.sim.errors import InputError

AXES = axis_dicts(QUESTIONNAIRE, SCENARIO.density)
NAMES = [axis["name"] for axis in AXES]
READER = LexicalReader(QUESTIONNAIRE, LexicalSettings(misreading=0.0))
FAMILIES = ["appropriateness", "when-then", "motivation", "reaction", "frontier", "autoregressive"]
ANCHORED = [name for name in FAMILIES if name != "frontier"]
GRADED = [name for name in GENERATORS if name != "anchor-paste"]
WRITTEN = [name for name in GRADED if name not in ("diagram", "lattice", "tiers", "big-five")]  # those whose whole text a model writes
SCALE = json.dumps({"meaning": "MEANING", "low": "LOW END", "high": "HIGH END"})


def people(*xs: float) -> list[dict[str, object]]:
    return [{"id": f"p{i:04d}", "position": dict.fromkeys(NAMES, x)} for i, x in enumerate(xs)]


def portray(name: str, whom: list[dict[str, object]], llm: object = None, feedback: object = None) -> list[dict[str, object]]:
    return get_generator(name).portray("a talk", AXES, whom, 0, llm, feedback)  # type: ignore[arg-type]


def text(name: str, x: float) -> str:
    return str(portray(name, people(x))[0]["description"])


class Model:
    """A fake language model: scales as JSON, portraits numbered; keeps what it was asked."""

    def __init__(self, scale: str = SCALE, reply: str = "Prose {i}.") -> None:
        self.scale, self.reply = scale, reply
        self.batches: list[list[str]] = []

    def __call__(self, prompts: list[str]) -> list[str]:
        self.batches.append(prompts)
        return [self.scale if "Explain the scale" in p else self.reply.replace("{i}", str(i)) for i, p in enumerate(prompts)]

    @property
    def portraits(self) -> list[list[str]]:
        return [batch for batch in self.batches if "Explain the scale" not in batch[0]]


@pytest.mark.parametrize("name", GENERATORS)
def test_any_subset_gets_the_same_texts_as_the_whole(name: str) -> None:
    whom = people(0.05, 0.3, 0.5, 0.6, 0.8, 0.95)
    assert portray(name, whom[2:4]) == portray(name, whom)[2:4]


@pytest.mark.parametrize("name", GRADED)
def test_the_reader_reads_a_person_the_higher_the_higher_they_stand(name: str) -> None:
    steps = (0.05, 0.3, 0.5, 0.7, 0.95)
    read = np.array([np.mean([READER.stance(str(p["description"])) for p in portray(name, people(*[x] * 12))], axis=0) for x in steps])
    assert (np.diff(read, axis=0) > 0).all()


@pytest.mark.parametrize("name", GRADED)
def test_feedback_of_too_weak_a_reading_makes_the_text_read_further_out(name: str) -> None:
    whom = people(*[0.7] * 12)
    heard = {p["id"]: {"measured": {"trust": 0.55}, "wanted": {"trust": 0.7}} for p in whom}
    before, after = (np.mean([READER.stance(str(p["description"])) for p in portray(name, whom, None, f)], axis=0) for f in (None, heard))
    assert after[NAMES.index("trust")] > before[NAMES.index("trust")] + 0.03


@pytest.mark.parametrize("name", GENERATORS)
def test_a_text_is_of_readable_length_and_well_formed(name: str) -> None:
    for x in (0.0, 0.4, 1.0):
        said = text(name, x)
        assert 40 < len(said.split()) < 400
        assert said[0].isupper()
        assert not re.search(r"\.\.|,,| ,|  |\{|\}|None", said)


def test_default_portraits_on_three_axes_stay_within_about_a_hundred_and_twenty_words() -> None:
    made = get_generator("default").portray("", AXES[1:4], people(*np.linspace(0, 1, 40).tolist()), 0)
    assert np.mean([len(m["description"].split()) for m in made]) < 125


def test_appropriateness_and_when_then_cite_the_scores() -> None:
    assert "trust 0.83" in text("appropriateness", 0.83)
    assert "my trust, which stands at 0.83" in text("when-then", 0.83)


def test_motivation_is_told_in_the_third_person() -> None:
    name = name_of("p0000", 0)
    outside = re.sub(r'"[^"]*"', "", text("motivation", 0.2))
    assert text("motivation", 0.2).startswith(f"{name} is driven by")
    assert not re.search(r"\bI\b", outside)


def test_motivation_names_a_combination_that_the_reference_speaks_against() -> None:
    axes = [
        {"name": "calm", "low": "I worry.", "high": "I rest."},
        {"name": "nerve", "low": "I wait.", "high": "I leap.", "reference": {"a": 2, "b": 2}},
    ]
    axes[0]["reference"] = {"a": 2, "b": 2, "correlation": {"nerve": 0.4}}
    whom = [{"id": "p0", "position": {"calm": 0.95, "nerve": 0.05}}, {"id": "p1", "position": {"calm": 0.95, "nerve": 0.95}}]
    odd, usual = (str(m["description"]) for m in get_generator("motivation").portray("", axes, whom, 0))
    assert "Few would expect very high calm together with very low nerve" in odd
    assert "Few would expect" not in usual


def test_reaction_has_a_view_a_test_in_the_second_person_and_what_follows() -> None:
    view, test, follows = text("reaction", 0.9).split("\n\n")
    assert " I " in view
    assert re.search(r"\b[Yy]ou\b", test)
    assert not re.search(r"\bI\b", test)
    assert " I " in follows


def test_frontier_gives_levels_in_words_a_motto_and_a_visible_sign() -> None:
    said = text("frontier", 0.95)
    assert "Very high trust" in said
    assert "My motto" in said
    assert not re.search(r"\d", said)


def test_autoregressive_tells_gender_year_of_birth_and_four_memories() -> None:
    said = text("autoregressive", 0.9)
    assert re.match(r"I am a (woman|man|non-binary person), born in (19|20)\d\d\.", said)
    assert len(re.findall(r"(?:I was|At) \d+", said)) == 4


@pytest.mark.parametrize("name", WRITTEN)
def test_a_model_writes_everybody_and_the_scale_is_explained_once(name: str) -> None:
    model = Model()
    made = portray(name, people(0.1, 0.5, 0.9), model)
    parts = 3 if name == "reaction" else 1
    assert [m["description"] for m in made] == ["\n\n".join([f"Prose {i}."] * parts) for i in range(3)]
    assert {m["source"] for m in made} == {"model"}
    assert [len(batch) for batch in model.portraits] == [3] * parts
    assert len(model.batches) - parts == (name in ANCHORED)


@pytest.mark.parametrize("name", FAMILIES)
def test_prompts_tell_the_assigned_place_the_situation_and_the_name(name: str) -> None:
    model = Model()
    made = portray(name, people(0.83), model)
    for (prompt,) in model.portraits:
        assert "a talk" in prompt
        assert str(made[0]["name"]) in prompt
        assert ("trust: high" if name == "frontier" else "0.83") in prompt
        assert ("HIGH END" in prompt) == (name in ANCHORED)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_model_is_told_in_words_what_was_measured_and_what_is_wanted(name: str) -> None:
    model = Model()
    heard = {"p0000": {"measured": {"trust": 0.4}, "wanted": {"trust": 0.8}}}
    portray(name, people(0.8, 0.8), model, heard)
    assert all("trust: understood as 0.40, meant is 0.80; say it more strongly" in batch[0] for batch in model.portraits)
    assert not any("understood as" in batch[1] for batch in model.portraits)


@pytest.mark.parametrize("name", ANCHORED)
def test_where_archetypes_cannot_be_had_the_statements_stand_in_and_the_source_says_so(name: str) -> None:
    model = Model(scale="I would rather not.")
    made = portray(name, people(0.2), model)
    assert made[0]["source"] == "model; statements in place of archetypes for " + ", ".join(NAMES)
    assert str(AXES[1]["high"]) in model.portraits[0][0]
    assert len(model.batches) - len(model.portraits) == 3


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("bad", ["", "  \n", "```\n```", "x" * (LONGEST + 1)])
def test_an_empty_or_endless_reply_leaves_that_person_the_text_built_from_the_axes(name: str, bad: str) -> None:
    model = Model(reply=bad)
    made = portray(name, people(0.2, 0.9), model)
    assert made == portray(name, people(0.2, 0.9))
    assert {m["source"] for m in made} == {"text"}


def test_a_person_whose_chain_breaks_is_not_asked_for_again() -> None:
    model = Model()
    replies = iter([["View.", ""], ["Test."], ["Act."]])
    llm = lambda prompts: model(prompts) if "Explain" in prompts[0] else next(replies)  # noqa: E731
    made = portray("reaction", people(0.2, 0.9), llm)
    assert [m["source"] for m in made] == ["model", "text"]
    assert made[0]["description"] == "View.\n\nTest.\n\nAct."


@pytest.mark.parametrize("name", WRITTEN)
def test_too_few_replies_are_an_error_that_names_the_generator(name: str) -> None:
    with pytest.raises(InputError, match=rf"generator '{name}'.*replies to"):
        portray(name, people(0.2, 0.9), lambda prompts: prompts[1:])


@pytest.mark.parametrize("name", WRITTEN)
def test_a_model_that_fails_is_an_error_that_says_what_it_said(name: str) -> None:
    def llm(prompts: list[str]) -> list[str]:
        raise TimeoutError("no answer")

    with pytest.raises(InputError, match=rf"generator '{name}'.*TimeoutError: no answer"):
        portray(name, people(0.2), llm)


def test_nobody_to_portray_asks_no_model() -> None:
    model = Model()
    assert [portray(name, [], model) for name in GENERATORS] == [[]] * len(GENERATORS)
    assert model.batches == []


def test_braces_in_a_situation_or_a_reply_do_no_harm() -> None:
    made = get_generator("reaction").portray("a {talk}", AXES, people(0.2), 0, Model(reply="{name} {x}"))
    assert made[0]["description"] == "\n\n".join(["{name} {x}"] * 3)


@pytest.mark.parametrize(("given", "expected"), [("```\na\n```", "a"), ("```json\n[1]\n```\n", "[1]"), (" a ```b``` ", "a ```b```")])
def test_a_code_fence_round_a_reply_is_taken_off(given: str, expected: str) -> None:
    assert unfenced(given) == expected


def test_frames_of_all_families_name_no_cue_of_the_support_scenario_and_deny_nothing() -> None:
    frames = [
        *(t for name in ("FITTING", "WORLDVIEWS", "REACTIONS", "DRIVES", "EXPERIENCES", "SIGNATURES") for t in getattr(wording, name)),
        *(t for name in ("MOTTOES", "MEMORIES", "EPISODES", "TESTS") for t in getattr(wording, name)),
    ]
    shared = " | ".join(frames).lower()
    cues = [cue.text for lexicon in QUESTIONNAIRE.lexicon.values() for cue in (*lexicon.low, *lexicon.high)]
    assert [cue for cue in cues if re.search(rf"\b{re.escape(cue)}\b", shared)] == []
    assert not any(denies(t) for t in (*wording.FITTING, *wording.REACTIONS, *wording.EPISODES, *wording.WORLDVIEWS))
