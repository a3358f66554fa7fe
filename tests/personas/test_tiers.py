"""Tiers of people: fields, the declared joint, allocation, audit, texts and their tone."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from pydantic import ValidationError

from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.personas.generators import axis_dicts, from_object
from outskirts.personas.persona import Persona, ProfileField
from outskirts.personas.population import build_population
from outskirts.personas.programs import default, tiers
from outskirts.personas.structured.allocation import allocate, even_sequence
from outskirts.personas.structured.audit import divergence, information, joint_audit
from outskirts.personas.structured.demography import CONTEXT, DEMOGRAPHY, TABLES
from outskirts.personas.structured.fields import KINDS
from outskirts.personas.structured.joint import Association, Declared, Levels, Rule
from outskirts.personas.structured.tiers import NOTHING_TOLD, TIERS, make_tiers
from outskirts.personas.structured.tone import tone
from outskirts.sim.errors import InputError
from outskirts.sim.seeds import derive

AXES = axis_dicts(SUPPORT.questionnaire, SUPPORT.density)
TWO = (Levels(name="a", shares={"x": 40, "y": 60}), Levels(name="b", shares={"u": 30, "v": 70}))


def crowd(tier="descriptive", without=(), n=40, seed=0, llm=None):
    return build_population(SUPPORT, from_object(make_tiers(tier, without), "tiers"), n, seed, llm)


def sampled(*people):
    """People whose fields of one two-by-two table are given as (a, b)."""
    return [
        Persona(
            id=f"p{i}",
            name="N",
            position={},
            description="text",
            profile={f: ProfileField(value=v, kind="demographic", origin="sampled") for f, v in zip("ab", pair, strict=True)},
        )
        for i, pair in enumerate(people)
    ]


# the declared joint


def test_the_joint_meets_its_margins_and_gives_forbidden_pairs_no_mass() -> None:
    for table in TABLES:
        for name in table.names:
            assert np.abs(table.margin(name) - table.shares(name)).max() < 1e-6
        for rule in table.rules:
            assert table.pairs[rule.one, rule.other][table.allowed(rule) == 0].max() == 0.0


def test_raking_keeps_the_odds_ratio_of_an_association() -> None:
    table = Declared(
        kind="demographic", detail="", fields=TWO, associations=(Association(one="b", other="a", odds=((6.0, 1.0), (1.0, 1.0))),)
    ).pairs["a", "b"]
    assert table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0]) == pytest.approx(6.0)
    assert table.sum(axis=1) == pytest.approx([0.4, 0.6])


def test_a_rule_fixes_the_rest_of_a_two_by_two_table() -> None:
    rule = Rule(reason="no x is u", one="a", levels=("x",), other="b", with_levels=("u",))
    table = Declared(kind="demographic", detail="", fields=TWO, rules=(rule,)).pairs["a", "b"]
    assert table == pytest.approx(np.array([[0.0, 0.4], [0.3, 0.3]]))


def test_rules_that_leave_no_table_are_refused() -> None:
    rule = Rule(reason="no y is v", one="a", levels=("y",), other="b", with_levels=("v",))
    with pytest.raises(ValidationError, match="raking misses them by"):
        Declared(kind="demographic", detail="", fields=TWO, rules=(rule,))


def test_shares_that_are_no_hundred_are_refused() -> None:
    with pytest.raises(ValidationError, match="shares of 1 or more that sum to 100"):
        Levels(name="a", shares={"x": 40, "y": 59})


def test_an_unknown_level_in_a_rule_is_named() -> None:
    rule = Rule(reason="odd", one="a", levels=("z",), other="b", with_levels=("u",))
    with pytest.raises(ValidationError, match="rule 'odd': unknown level 'z'"):
        Declared(kind="demographic", detail="", fields=TWO, rules=(rule,))


# allocation


def test_every_prefix_of_a_sequence_holds_the_quota_of_each_level() -> None:
    counts = [50, 31, 17, 2]
    levels = even_sequence(counts, derive(0, "test"))
    for n in range(1, 101):
        seen = np.bincount(levels[:n], minlength=4)
        quota = np.array(counts) * n / 100
        assert ((np.floor(quota) <= seen) & (seen <= np.ceil(quota))).all()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("seed", [0, 1])
def test_every_number_of_people_meets_every_margin_to_within_one_person(table: Declared, seed: int) -> None:
    people = [allocate(table, i, seed) for i in range(230)]
    for name in table.names:
        seen = np.cumsum([[person[name] == level for level in table.levels(name)] for person in people], axis=0)
        assert np.abs(seen - np.outer(np.arange(1, 231), table.shares(name))).max() < 1


@pytest.mark.parametrize("seed", range(4))
def test_nobody_has_an_impossible_combination(seed: int) -> None:
    for table in TABLES:
        people = [allocate(table, i, seed) for i in range(300)]
        broken = [(r.reason, p) for r in table.rules for p in people if p[r.one] in r.levels and p[r.other] in r.with_levels]
        assert broken == []


def test_the_seed_gives_the_fields_and_another_seed_others() -> None:
    first, again, other = ([allocate(DEMOGRAPHY, i, seed) for i in range(50)] for seed in (3, 3, 4))
    assert first == again
    assert sum(a != b for a, b in zip(first, other, strict=True)) > 25


# the audit


def test_information_of_two_coins_that_agree_is_one_bit_in_nats_and_of_two_that_do_not_is_none() -> None:
    assert information(np.array([[5.0, 0.0], [0.0, 5.0]])) == pytest.approx(np.log(2))
    assert information(np.array([[2.0, 4.0], [3.0, 6.0]])) == pytest.approx(0.0, abs=1e-12)


def test_a_divergence_is_infinite_where_mass_is_impossible() -> None:
    assert divergence(np.array([0.5, 0.5]), np.array([0.25, 0.75])) == pytest.approx(0.5 * np.log(2) + 0.5 * np.log(2 / 3))
    assert divergence(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == np.inf


def test_the_audit_finds_the_impossible_and_the_distance_from_the_table() -> None:
    rule = Rule(reason="no x is u", one="a", levels=("x",), other="b", with_levels=("u",))
    table = Declared(kind="demographic", detail="", fields=TWO, rules=(rule,))
    audit = joint_audit(sampled("xu", "xv", "yu", "yv"), [table])
    assert audit.rules[0].people == ("p0",)
    assert audit.margins == pytest.approx({"a": 0.4, "b": 0.8})
    assert (audit.pairs[0].information, audit.pairs[0].from_declared) == (pytest.approx(0.0, abs=1e-12), None)
    assert audit.pairs[0].declared == pytest.approx(0.4 * np.log(1 / 0.7) + 0.3 * np.log(1 / 0.6) + 0.3 * np.log(0.3 / 0.42))
    assert audit.pairs[0].by_chance == 1 / 8


def test_fields_drawn_one_by_one_leave_their_footprint_and_allocated_ones_do_not() -> None:
    def lone(person: Persona, number: int) -> Persona:
        drawn = {
            name: person.profile[name].model_copy(update={"value": allocate(table, number, seed)[name]})
            for table in TABLES
            for seed, name in enumerate(table.names, start=10)
        }
        return person.model_copy(update={"profile": {**person.profile, **drawn}})

    people = crowd("meta", n=400)
    assert joint_audit(people).flattened == ()
    flat = joint_audit([lone(person, i) for i, person in enumerate(people)])
    assert {"age x occupation", "age x household", "occupation x income"} <= set(flat.flattened)
    assert sum(len(rule.people) for rule in flat.rules) > 0


def test_declared_associations_are_there_in_four_hundred_people_and_positions_go_with_no_field() -> None:
    audit = joint_audit(crowd("meta", n=400))
    strong = [pair for pair in audit.pairs if pair.declared > 0.1]
    assert len(strong) == 6
    assert all(0.55 * pair.declared < pair.information < 1.3 * pair.declared for pair in strong)
    with_axes = [pair for pair in audit.pairs if pair.other.startswith("position.")]
    assert len(with_axes) == 12 * 5
    assert max(pair.information / pair.by_chance for pair in with_axes) < 3


def test_an_audit_of_people_without_the_fields_is_refused() -> None:
    with pytest.raises(InputError, match="people with the fields age, sex"):
        joint_audit(sampled("xu"))


# the people


def test_tiers_pair_person_by_person() -> None:
    meta, tabular, descriptive = (crowd(tier, n=20) for tier in TIERS)
    for a, b, c in zip(meta, tabular, descriptive, strict=True):
        assert a.id == b.id == c.id
        assert a.name == b.name == c.name
        assert a.position == b.position == c.position
        assert a.profile == b.profile == c.profile
        assert a.facts == b.facts == c.facts
        assert len({a.description, b.description, c.description}) == 3


def test_people_stand_where_default_puts_them_and_weigh_as_much() -> None:
    points = tiers.place("", AXES, 20, 1)
    assert points == default.place("", AXES, 20, 1)
    assert tiers.density(AXES, points) == default.density(AXES, points)


def test_every_field_says_its_kind_and_where_it_comes_from() -> None:
    person = crowd(n=1)[0]
    kinds = Counter((field.kind, field.origin) for field in person.profile.values())
    assert kinds == {
        ("demographic", "sampled"): len(DEMOGRAPHY.names),
        ("psychographic", "derived"): 5,
        ("behavioural", "derived"): 5,
        ("contextual", "sampled"): len(CONTEXT.names),
    }
    assert "no census" in person.profile["age"].detail
    assert person.profile["habit.trust"].detail == "graded from the position on trust"


def test_meta_is_one_line_of_demographics() -> None:
    person = crowd("meta", n=1)[0]
    told = [str(person.profile[name].value) for name in ("sex", "age", "household", "education", "occupation", "region", "income")]
    assert person.description.lower() == f"{', '.join(told)} income.".lower()


def test_tabular_is_one_line_a_field() -> None:
    person = crowd("tabular", n=1)[0]
    assert person.description.splitlines() == [f"{name.partition('.')[0]}: {field.value}" for name, field in person.profile.items()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tier", ["tabular", "descriptive"])
def test_a_kind_that_is_withheld_is_out_of_the_text_and_stays_in_the_profile(tier: str, kind: str) -> None:
    for told, withheld in zip(crowd(tier, n=10), crowd(tier, (kind,), n=10), strict=True):
        assert told.profile == withheld.profile
        for field in told.profile.values():
            if field.kind in ("psychographic", "behavioural"):
                assert str(field.value) in told.description
                assert (str(field.value) in withheld.description) == (field.kind != kind)
        assert ("my age is" in withheld.description) == (tier == "descriptive" and kind != "demographic")
        assert ("hurry: " in withheld.description) == (tier == "tabular" and kind != "contextual")


def test_somebody_of_whom_all_is_withheld_still_has_a_text() -> None:
    assert {person.description for tier in TIERS for person in crowd(tier, KINDS, n=3)} == {NOTHING_TOLD}


def test_any_subset_of_people_is_portrayed_the_same() -> None:
    people = [{"id": f"p{i:04d}", "position": p} for i, p in enumerate(tiers.place("", AXES, 130, 0))]
    assert tiers.portray("", AXES, people, 0)[115:118] == tiers.portray("", AXES, people[115:118], 0)


def test_a_model_writes_only_prose_and_is_told_nothing_that_is_withheld() -> None:
    asked: list[str] = []

    def model(prompts: list[str]) -> list[str]:
        asked.extend(prompts)
        return ["I am who I am.", ""][: len(prompts)]

    written = crowd("descriptive", ("demographic",), n=2, llm=model)
    assert written[0].description == "I am who I am."
    assert [person.provenance["description"] for person in written] == ["portrayed by tiers (model)", "portrayed by tiers (text)"]
    assert str(written[0].profile["habit.trust"].value) in asked[0]
    assert "age: " not in asked[0]
    crowd("tabular", n=2, llm=model)
    assert len(asked) == 2


def test_feedback_moves_what_a_text_aims_at_and_leaves_demographics_alone() -> None:
    person = {"id": "p0000", "position": dict.fromkeys(SUPPORT.axes, 0.5)}
    heard = {"p0000": {"measured": {"trust": 0.1}, "wanted": {"trust": 0.5}}}
    before, after = (tiers.portray("", AXES, [person], 0, None, f)[0]["profile"] for f in (None, heard))
    assert before["habit.trust"] != after["habit.trust"]
    assert {k: v for k, v in before.items() if v.kind == "demographic"} == {k: v for k, v in after.items() if v.kind == "demographic"}


def test_an_unknown_tier_or_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="Input should be 'meta', 'tabular' or 'descriptive'"):
        make_tiers("long")  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="'contextual'"):
        make_tiers("meta", ("hidden",))  # type: ignore[arg-type]


# tone


def test_tone_counts_praise_blame_and_opinion_per_hundred_words() -> None:
    found = tone("I think the help was good, but the room was cold and ugly.")
    assert (found.words, found.positive, found.negative, found.subjective) == (13, 2, 2, 5)
    assert found.polarity == 0.0
    assert found.subjectivity == pytest.approx(500 / 13)


def test_a_denial_turns_the_next_valence_word_within_three_words_and_not_beyond_the_sentence() -> None:
    assert (tone("I never trust them.").negative, tone("It isn't bad.").positive) == (1, 1)
    assert tone("Not in the very least happy.").positive == 1
    assert tone("I said no. I am happy.").positive == 1
    assert (tone("Not good good.").positive, tone("Not good good.").negative) == (1, 1)


def test_a_text_without_words_has_no_tone() -> None:
    assert (tone("").words, tone("").polarity, tone("1 2 3").subjectivity) == (0, None, None)
