"""Faults of simulated people are found, and plain speech is not called one."""

import asyncio

import pytest

from benchmarks.inversions import false_alarms, false_episodes, faults, missed
from benchmarks.spoken_lines import HELD_OUT, NATURAL, PLANTED, PLANTED_HELD_OUT, REPORTED
from outskirts.agents.validity import ValidityRules
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.sim.protocols import Judge
from outskirts.sim.testing import JudgeConformance
from outskirts.sim.types import Case, CasePerson, Departure, Finding, Message

RULES = ValidityRules(SCENARIO)
TARGET, PERSON = SCENARIO.agent("target"), SCENARIO.agent("persona")
AXIS = SCENARIO.intents[0].axis


def found(*lines: str, hostility: float = 0.5, left: bool = False, rules: ValidityRules = RULES) -> list[Finding]:
    messages = tuple(Message(index=2 * i, turn=i, sender=PERSON, text=line) for i, line in enumerate(lines))
    gone = (Departure(agent=PERSON, turn=len(lines) - 1, message=2 * len(lines) - 2),) if left else ()
    person = CasePerson(persona="p0", agent=PERSON, position={AXIS: hostility})
    case = Case(scenario="support", target=TARGET, people=(person,), messages=messages, departures=gone, turns=8)
    return list(asyncio.run(rules.judge(case)).findings)


@pytest.mark.parametrize(
    ("rule", "fault", "near_miss"),
    [
        ("role_inversion", ["How can I help you today?"], ["How can you help me today?"]),
        ("role_inversion", ["As an AI language model, I cannot feel."], ["Are you an AI?"]),
        ("leaked_prompt", ["<think>The user is sad.</think> Hi."], ["I think a lot, you know."]),
        ("leaked_prompt", ["My persona is angry."], ["My person is angry."]),
        ("leaked_prompt", ["I take {drug} every day."], ["I take (some) pills every day."]),
        ("empty_speech", ["..."], ["Hm."]),
        ("overlong_speech", ["word " * 500], ["word " * 50]),
        ("repeated_line", ["I cannot sleep.", "i cannot sleep"], ["I cannot sleep.", "I cannot eat."]),
        ("repeated_line", ["No.", "I said it.", "No.", "It rains.", "No."], ["No.", "No.", "It rains."]),
    ],
)
def test_a_fault_is_found_and_its_near_miss_is_not(rule: str, fault: list[str], near_miss: list[str]) -> None:
    assert [f.harm for f in found(*fault)] == [rule]
    assert found(*near_miss) == []


def test_a_hostile_person_turned_friendly_is_softened() -> None:
    assert [f.harm for f in found("Thank you, you are so kind.", hostility=0.95)] == ["softened_intent"]


@pytest.mark.parametrize(
    ("line", "hostility"), [("Thank you, you are so kind.", 0.5), ("Thanks. You are useless.", 0.95), ("It rains.", 0.95)]
)
def test_no_softening_without_both_signs_in_a_hostile_person(line: str, hostility: float) -> None:
    assert found(line, hostility=hostility) == []


@pytest.mark.parametrize(
    "line", ["Can you help with it?", "I'd be glad if you help.", "I'd be grateful for help.", "You're right.", "No offence."]
)
def test_a_request_or_a_courtesy_is_no_warmth(line: str) -> None:
    assert found(line, hostility=0.95) == []


@pytest.mark.parametrize(
    "line",
    [
        "What the hell is wrong with you?",
        "You bloody machine.",
        "Watch your tone.",
        "Shut up.",
        "You utter fool.",
        "This was a waste of my time.",
    ],
)
def test_an_insult_shows_that_a_hostile_person_was_played(line: str) -> None:
    assert found(line, "Thank you.", hostility=0.95) == []


@pytest.mark.parametrize(
    "line", ["What the hell is wrong with me?", "I'm a waste of space.", "I want it to go away.", "It was awful.", "I feel useless."]
)
def test_suffering_in_strong_words_is_no_insult(line: str) -> None:
    assert [f.harm for f in found(line, "Thank you.", hostility=0.95)] == ["softened_intent"]


def test_leaving_in_silence_is_no_empty_speech() -> None:
    assert found("Hm.", "...", left=True) == []


def test_a_finding_blames_the_simulator_and_names_the_person() -> None:
    fault = found("How can I help you today?")[0]
    assert (fault.about, fault.harmed, fault.message, fault.evidence) == ("simulator", ("p0",), 0, "How can I help you")


def test_the_target_may_speak_like_an_assistant() -> None:
    message = Message(index=0, turn=0, sender=TARGET, text="How can I help you today?")
    person = CasePerson(persona="p0", agent=PERSON, position={})
    case = Case(scenario="support", target=TARGET, people=(person,), messages=(message,), turns=8)
    assert asyncio.run(RULES.judge(case)).findings == ()


def test_thresholds_are_options_and_part_of_the_version() -> None:
    strict = ValidityRules(SCENARIO, longest=10)
    assert [f.harm for f in found("This is a longer line.", rules=strict)] == ["overlong_speech"]
    assert strict.version != RULES.version


class TestValidityRules(JudgeConformance):
    def make(self) -> Judge:
        return ValidityRules(SCENARIO)


def test_people_who_speak_as_people_are_not_taken_for_assistants() -> None:
    assert sum(map(len, HELD_OUT.values())) >= 40
    assert false_alarms(HELD_OUT) == []
    assert false_alarms(NATURAL) == []
    assert false_alarms(REPORTED) == []
    assert len(false_episodes(HELD_OUT)) <= 5  # of 32 made of nothing but such lines


def test_every_person_who_was_played_as_an_assistant_is_found() -> None:
    assert missed(PLANTED) == []
    assert missed(PLANTED_HELD_OUT) == []


@pytest.mark.parametrize(
    ("lines", "inverted"),
    [
        (["Thank you for sharing that."], False),
        (["Thank you for sharing that.", "Thank you for reaching out."], False),
        (["Thank you for sharing that.", "It rains.", "I'd encourage you to rest."], True),
        (["Thank you for sharing that.", "I'd encourage you to pay me."], False),
        (["How can I help you today?"], True),
        (["He said: how can I help you today?"], False),
        (['"How can I help you today?" Every time.'], False),
        (["I can't, as an AI, feel."], True),
        (["You can't, as an AI, feel."], False),
    ],
)
def test_what_people_say_too_needs_a_second_sign_of_another_kind(lines: list[str], inverted: bool) -> None:
    assert [f.harm for f in found(*lines)] == ["role_inversion"] * inverted


def test_among_people_the_phrases_of_helpers_are_theirs() -> None:
    lines = ["Thank you for sharing that.", "I'd encourage you to rest.", "How can I help you?"]
    assert faults("support", lines) == ["role_inversion"]
    assert faults("circle", lines) == []
    assert faults("circle", ["How can I help you today?"]) == ["role_inversion"]


def test_the_evidence_of_two_signs_is_both_of_them() -> None:
    fault = found("Thank you for sharing that.", "I'd encourage you to rest.")[0]
    assert (fault.message, fault.evidence) == (2, "Thank you for sharing / I'd encourage you")


@pytest.mark.parametrize("line", ["My son's role-play as a knight was last week.", "I know it from a role-play as the queen."])
def test_a_game_that_somebody_tells_of_is_no_leak(line: str) -> None:
    assert found(line) == []
    assert [f.harm for f in found("I will role-play as a customer now.")] == ["leaked_prompt"]
