"""The episode loop: every way an episode can end has its verdict."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.envs.conversation import ConversationEnv
from outskirts.personas.casting import plan_episode
from outskirts.sim import limits
from outskirts.sim.loop import Timeouts, run_episode
from outskirts.sim.testing import ScriptedJudge, ScriptedPlayer, ScriptedTarget
from outskirts.sim.types import Action, EpisodeRecord, Judgement, Verdict


@pytest.fixture
def play(scenario, person):
    def run(target=None, player=None, judges=(), people=1, timeouts=None, **kw) -> EpisodeRecord:
        crowd = [person(i) for i in range(people)]
        plan = plan_episode(scenario, crowd, seed=kw.pop("seed", 0), **kw)
        env = ConversationEnv(scenario, crowd, max_cycles=plan.turns)
        return asyncio.run(run_episode(plan, env, target or ScriptedTarget(), player or ScriptedPlayer(), judges, timeouts))

    return run


def test_an_episode_takes_its_turns_and_passes(play):
    record = play(judges=(ScriptedJudge(),))
    assert (record.verdict, record.turns, len(record.messages)) == (Verdict.PASSED, 4, 8)
    assert [m.sender for m in record.messages[:3]] == ["person_0", "target_0", "person_0"]


def test_what_a_judge_finds_fails_the_episode_and_names_whom_it_harmed(play):
    record = play(ScriptedTarget(["fine", "this is harm"]), judges=(ScriptedJudge(),))
    assert record.verdict is Verdict.FAILED
    assert (record.harms[0].turn, record.harms[0].message, record.harms[0].harmed) == (1, 3, ("p0000",))


def test_a_group_speaks_in_order_before_the_target(play):
    record = play(people=3)
    assert [m.sender for m in record.messages[:5]] == ["person_0", "person_1", "person_2", "target_0", "person_0"]
    assert record.turns == 4


def test_a_person_who_leaves_ends_the_episode(play):
    record = play(player=ScriptedPlayer(["hi", Action(text="bye", leave=True)]))
    assert (record.turns, record.messages[-1].text, record.departures[0].turn) == (2, "bye", 1)


def test_in_a_group_the_others_go_on_when_one_leaves(play):
    class Leaver(ScriptedPlayer):
        def begin(self, brief, stream):
            lines = ["hi", Action(text="bye", leave=True)] if brief.agent == "person_1" else ["hi"]
            return ScriptedPlayer(lines).begin(brief, stream)

    record = play(player=Leaver(), people=2)
    assert [m.sender for m in record.messages] == [
        *("person_0", "person_1", "target_0") * 2,
        *("person_0", "target_0") * 2,
    ]


@pytest.mark.parametrize(
    ("line", "kind", "says"),
    [
        (ValueError("boom"), "raised", "ValueError: boom"),
        (None, "invalid_reply", "got NoneType"),
        (b"bytes", "invalid_reply", "got bytes"),
        ("", "invalid_reply", "got an empty string"),
        (" \n", "invalid_reply", "got an empty string"),
        ("\x00\x01", "invalid_reply", "nothing but control characters"),
        ("x" * 10_000_000, "invalid_reply", "at most 20,000 characters, got 10,000,000"),
        (["a"], "invalid_reply", "got list"),
    ],
)
def test_a_target_that_does_not_answer_is_infrastructure_and_keeps_what_was_said(play, line, kind, says):
    record = play(ScriptedTarget(["fine", line]))
    assert record.verdict is Verdict.INFRASTRUCTURE
    assert (record.fault.role, record.fault.kind) == ("target", kind)
    assert says in record.fault.message
    assert len(record.messages) == 3


def test_a_target_that_hangs_times_out(play):
    record = play(ScriptedTarget(["fine"], delay=5), timeouts=Timeouts(target=0.02))
    assert record.verdict is Verdict.INFRASTRUCTURE
    assert (record.fault.kind, record.fault.message) == ("timeout", "no reply within 0.02 s")


def test_a_timeout_raised_by_the_target_itself_is_not_ours(play):
    record = play(ScriptedTarget([TimeoutError("upstream")]))
    assert (record.fault.kind, record.fault.message) == ("raised", "TimeoutError: upstream")


def test_lone_surrogates_and_control_characters_are_repaired_and_counted(play):
    record = play(ScriptedTarget(["a\x00b \ud800c\r\nd"]), turns=1)
    assert record.messages[1].text == "ab \ufffdc\nd"
    assert record.repairs == 2
    record.model_dump_json().encode("utf-8")


def test_a_player_that_fails_is_not_blamed_on_the_target(play):
    record = play(player=ScriptedPlayer([RuntimeError("lost the plot")]))
    assert (record.verdict, record.fault.role) == (Verdict.INFRASTRUCTURE, "player")


def test_a_judge_that_raises_is_infrastructure_never_a_pass(play):
    record = play(judges=(ScriptedJudge(error=KeyError("x")),))
    assert (record.verdict, record.fault.role) == (Verdict.INFRASTRUCTURE, "judge")
    assert record.fault.message == "judge scripted: KeyError: 'x'"


class PanicError(BaseException):
    """What a panic in a Rust extension raises is no Exception either."""


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (SystemExit("out"), "SystemExit: out"),
        (asyncio.CancelledError(), "CancelledError: nobody had asked for it"),
        (PanicError("index out of bounds"), "PanicError: index out of bounds"),
    ],
)
def test_whoever_exits_or_cancels_itself_faults_in_its_own_role_only(play, error, says):
    class Absent(ScriptedTarget):
        def begin(self, brief, stream):
            raise error

    broken = {
        "target": [play(ScriptedTarget(["fine", error])), play(Absent()), play(ScriptedTarget(["fine", error], delay=0.001))],
        "player": [play(player=ScriptedPlayer([error])), play(player=Absent())],
        "judge": [play(judges=(ScriptedJudge(), ScriptedJudge(error=error)))],
    }
    for role, records in broken.items():
        assert {(r.verdict, r.fault.role, r.fault.kind) for r in records} == {(Verdict.INFRASTRUCTURE, role, "raised")}
        assert all(r.fault.message.endswith(says) for r in records)


def test_a_keyboard_interrupt_is_nobodys_fault(play):
    with pytest.raises(KeyboardInterrupt):
        play(ScriptedTarget([KeyboardInterrupt()]))


def test_an_error_whose_message_no_file_could_hold_is_told_all_the_same(play):
    class UnreadableError(Exception):
        def __str__(self):
            raise ValueError

    said = [play(ScriptedTarget([error])).fault.message for error in (ValueError("\ud800 \x00\n" + "x" * 600), UnreadableError())]
    assert said[0] == "ValueError: \ufffd " + "x" * 483 + "..."
    assert said[1] == "UnreadableError: (its message cannot be read)"
    assert len(said[0].encode()) == 502


def test_a_judge_that_returns_something_else_is_infrastructure(play):
    class Odd(ScriptedJudge):
        async def judge(self, case):
            return {"score": 1}

    record = play(judges=(Odd(),))
    assert record.fault.message == "judge scripted: expected a Judgement, got dict"


def test_a_finding_about_the_simulator_outweighs_one_about_the_target(play):
    class Validity(ScriptedJudge):
        async def judge(self, case):
            found = (await super().judge(case)).findings
            return Judgement(judge=self.name, version="1", findings=tuple(f.model_copy(update={"about": "simulator"}) for f in found))

    record = play(ScriptedTarget(["harm"]), judges=(ScriptedJudge(), Validity()))
    assert record.verdict is Verdict.SIMULATOR_INVALID
    assert len(record.harms) == 1


def test_a_limit_on_calls_ends_the_episode_as_budget_and_counts_exactly(play):
    with limits.Limit("run", calls=3) as run:
        record = play()
    assert (record.verdict, record.fault.kind) == (Verdict.BUDGET, "calls")
    assert run.usage().calls == {"target": 3}
    assert record.usage.calls == {"target": 3}


def test_each_reply_of_the_target_is_one_call(play):
    assert play().usage.calls == {"target": 4}


def test_the_same_seed_gives_the_same_record_and_another_seed_another(play):
    def line(stream):
        return ScriptedPlayer([lambda obs: str(stream.generator.random())])

    class Drawing(ScriptedPlayer):
        def begin(self, brief, stream):
            return line(stream).begin(brief, stream)

    first, again, other = (play(player=Drawing(), seed=s).messages[0].text for s in (1, 1, 2))
    assert first == again != other


def test_what_the_target_sees_holds_no_label_and_no_fact(play):
    seen = []
    target = ScriptedTarget([lambda obs: seen.append(obs) or "ok"])
    play(target, ScriptedPlayer([Action(text="I keep a green kite.", move="tell_secret", facts=("p0000/secret",))]))
    assert all(obs.facts == () for obs in seen)
    assert "tell_secret" not in "".join(obs.model_dump_json() for obs in seen)


class Slow(ScriptedJudge):
    async def judge(self, case):
        await asyncio.sleep(60)


@pytest.mark.parametrize("slow", [{"target": ScriptedTarget(delay=60)}, {"player": ScriptedPlayer(delay=60)}, {"judges": (Slow(),)}])
def test_cancellation_from_outside_passes_through(scenario, person, slow):
    crowd = [person()]
    plan = plan_episode(scenario, crowd, seed=0)
    minds = {"target": ScriptedTarget(), "player": ScriptedPlayer(), **slow}

    async def main() -> None:
        task = asyncio.create_task(run_episode(plan, ConversationEnv(scenario, crowd), **minds))
        await asyncio.sleep(0.01)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError, match=r"^$"):
        asyncio.run(main())
