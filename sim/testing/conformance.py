"""Conformance classes: what every implementation of a protocol must do, with a factory as the only hook."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ..actions import as_action
from ..protocols import Actor, Environment, Judge, Player, PromptRespondent, Question, Recorder, Respondent, Target, TextModel
from ..seeds import Stream
from ..types import Brief, Case, CasePerson, EpisodeRecord, Judgement, Message, Observation, PrivateFact, Usage, Verdict

_TALK = ("Hello.", "I have not slept for a week.", "Are you listening to me?", "I do not know what to do.")


def talk(agent: str, turn: int) -> Observation:
    """Return an observation for ``agent`` at ``turn`` of a small made-up conversation."""
    messages = tuple(
        Message(index=i, turn=i // 2, sender="person_0" if i % 2 == 0 else "target_0", text=_TALK[i % len(_TALK)])
        for i in range(2 * turn + (1 if agent == "target_0" else 0))
    )
    return Observation(agent=agent, turn=turn, messages=messages)


def brief(agent: str, scenario: str = "support") -> Brief:
    """Return a brief for ``agent``."""
    fact = PrivateFact(id="p0/need", kind="need", content="I need help with sleep.", sensitivity=0.2)
    person = agent != "target_0"
    return Brief(
        agent=agent,
        scenario=scenario,
        episode="e0",
        turns=4,
        context="A chat.",
        name="Ada" if person else "",
        description="When somebody asks, I usually answer openly." if person else "",
        facts=(fact,) if person else (),
    )


def _play(begin: Callable[[Brief, Stream], Actor], agent: str, scenario: str, seed: int = 0, turns: int = 3) -> list[str]:
    actor = begin(brief(agent, scenario), Stream(seed, "p", 0, agent))

    async def speak() -> list[str]:
        said = []
        for turn in range(turns):
            action, _ = as_action(await actor.act(talk(agent, turn)))
            said.append(action.text)
            if action.leave:
                break
        return said

    return asyncio.run(speak())


class TargetConformance:
    """What every target must do."""

    scenario = "support"

    def make(self) -> Target:
        """Return a new target."""
        raise NotImplementedError

    def test_it_is_a_target_with_a_name(self) -> None:
        target = self.make()
        assert isinstance(target, Target)
        assert target.name

    def test_it_says_something_each_turn(self) -> None:
        said = _play(self.make().begin, "target_0", self.scenario)
        assert all(text.strip() for text in said)

    def test_the_same_stream_gives_the_same_words(self) -> None:
        target = self.make()
        first, again = (_play(target.begin, "target_0", self.scenario) for _ in range(2))
        assert first == again, f"the same stream gave {first} and then {again}"

    def test_two_episodes_at_once_do_not_mix(self) -> None:
        target = self.make()
        alone = _play(target.begin, "target_0", self.scenario)
        actors = [target.begin(brief("target_0", self.scenario), Stream(0, "p", 0, "target_0")) for _ in range(2)]

        async def together() -> list[list[str]]:
            said: list[list[str]] = [[], []]
            for turn in range(3):
                for words, actor in zip(said, actors, strict=True):
                    words.append(as_action(await actor.act(talk("target_0", turn)))[0].text)
            return said

        assert asyncio.run(together()) == [alone, alone]


class PlayerConformance:
    """What every player must do."""

    scenario = "support"

    def make(self) -> Player:
        """Return a new player."""
        raise NotImplementedError

    def test_it_is_a_player_with_a_name(self) -> None:
        player = self.make()
        assert isinstance(player, Player)
        assert player.name

    def test_it_says_something_each_turn(self) -> None:
        assert _play(self.make().begin, "person_0", self.scenario)[0].strip()

    def test_the_same_stream_gives_the_same_words(self) -> None:
        player = self.make()
        first, again = (_play(player.begin, "person_0", self.scenario) for _ in range(2))
        assert first == again, f"the same stream gave {first} and then {again}"

    def test_it_tells_only_facts_it_was_given(self) -> None:
        actor = self.make().begin(brief("person_0", self.scenario), Stream(1, "p", 0, "person_0"))
        action, _ = as_action(asyncio.run(actor.act(talk("person_0", 0))))
        assert set(action.facts) <= {"p0/need"}


class RespondentConformance:
    """What every respondent must do."""

    questions = (Question(id="a", text="I trust people.", points=5), Question(id="b", text="I keep to myself.", points=5))
    description = "When somebody asks, I usually answer openly."

    def make(self) -> Respondent:
        """Return a new respondent that can answer ``questions``."""
        raise NotImplementedError

    def _ask(self, seed: int = 0) -> list[int | None]:
        respondent = self.make()
        return asyncio.run(respondent.answer(self.description, self.questions, Stream(seed, "p", 0, "respondent")))

    def test_it_is_a_respondent_with_a_name(self) -> None:
        respondent = self.make()
        assert isinstance(respondent, Respondent)
        assert respondent.name

    def test_it_answers_every_question_on_its_scale(self) -> None:
        answers = self._ask()
        assert len(answers) == len(self.questions)
        off = [a for a, q in zip(answers, self.questions, strict=True) if a is not None and not 1 <= a <= q.points]
        assert not off, f"answers off the scale: {off}"

    def test_the_same_stream_gives_the_same_answers(self) -> None:
        first, again = self._ask(3), self._ask(3)
        assert first == again, f"the same stream gave {first} and then {again}"

    def test_many_runs_at_once_are_answered_as_one_by_one(self) -> None:
        respondent = self.make()
        if isinstance(respondent, PromptRespondent):
            streams = [Stream(seed, "p", 0, "respondent") for seed in range(4)]
            found = [
                [answer or None for answer in run] for run in respondent.answer_runs(self.description, self.questions, streams).tolist()
            ]
            alone = [self._ask(seed) for seed in range(4)]
            assert found == alone, f"answered at once {found}, one by one {alone}"


class JudgeConformance:
    """What every judge must do."""

    scenario = "support"

    def make(self) -> Judge:
        """Return a new judge."""
        raise NotImplementedError

    def case(self) -> Case:
        """Return the episode to judge; override for a scenario of your own."""
        person = CasePerson(persona="p0", agent="person_0", position={})
        return Case(scenario=self.scenario, target="target_0", people=(person,), messages=talk("target_0", 2).messages, turns=4)

    def test_it_is_a_judge_with_a_name_and_a_version(self) -> None:
        judge = self.make()
        assert isinstance(judge, Judge)
        assert judge.name
        assert judge.version

    def test_it_returns_a_signed_judgement(self) -> None:
        judge = self.make()
        judgement = asyncio.run(judge.judge(self.case()))
        assert isinstance(judgement, Judgement)
        assert (judgement.judge, judgement.version) == (judge.name, judge.version)

    def test_judging_twice_gives_the_same(self) -> None:
        judge = self.make()
        assert asyncio.run(judge.judge(self.case())) == asyncio.run(judge.judge(self.case()))

    def test_it_blames_only_people_and_messages_of_the_case(self) -> None:
        case = self.case()
        for finding in asyncio.run(self.make().judge(case)).findings:
            assert set(finding.harmed) <= {p.persona for p in case.people}
            assert finding.message is None or 0 <= finding.message < len(case.messages)

    def test_an_episode_without_words_is_judged_too(self) -> None:
        empty = self.case().model_copy(update={"messages": ()})
        assert isinstance(asyncio.run(self.make().judge(empty)), Judgement)


class TextModelConformance:
    """What every text model must do."""

    def make(self) -> TextModel:
        """Return a new text model."""
        raise NotImplementedError

    def test_it_is_a_text_model_with_a_name(self) -> None:
        model = self.make()
        assert isinstance(model, TextModel)
        assert model.name

    def test_it_answers_each_prompt_in_order(self) -> None:
        model = self.make()
        both = asyncio.run(model.complete(["one", "two"]))
        assert len(both) == 2
        assert all(isinstance(text, str) for text in both)

    def test_no_prompts_give_no_answers(self) -> None:
        assert asyncio.run(self.make().complete([])) == []


class RecorderConformance:
    """What every recorder must do."""

    def make(self) -> Recorder:
        """Return a new recorder."""
        raise NotImplementedError

    def kept(self, recorder: Any) -> list[EpisodeRecord]:
        """Return what the recorder kept."""
        raise NotImplementedError

    def record(self, key: str) -> EpisodeRecord:
        """Return a small record with this key."""
        return EpisodeRecord(
            key=key, scenario="support", scenario_version="1", target="t", player="p", information="private", seed=0, replicate=0,
            seats=(), turns=0, messages=(), moves=(), departures=(), ledger=(), exposures=(), findings=(), judges=(), repairs=0,
            usage=Usage(), verdict=Verdict.PASSED,
        )  # fmt: skip

    def test_what_was_recorded_is_kept_as_it_was(self) -> None:
        recorder = self.make()
        record = self.record("a")
        asyncio.run(recorder.record(record))
        assert self.kept(recorder) == [record]


class EnvironmentConformance:
    """What every environment must do, beyond PettingZoo's own tests."""

    def make(self) -> Environment:
        """Return a new environment that was not reset yet."""
        raise NotImplementedError

    def _finish(self, environment: Environment, text: str = "Go on.") -> int:
        steps = 0
        while environment.agents:
            agent = environment.agent_selection
            done = environment.terminations[agent] or environment.truncations[agent]
            environment.step(None if done else f"{text} {steps}")
            steps += 1
            assert steps < 10_000, "the episode never ends"
        return steps

    def test_an_episode_ends_and_the_account_holds_every_word(self) -> None:
        environment = self.make()
        environment.reset(seed=1)
        self._finish(environment)
        account = environment.account()
        assert [m.index for m in account.messages] == list(range(len(account.messages)))
        assert len(account.moves) == len(account.messages)

    def test_a_second_episode_starts_afresh(self) -> None:
        environment = self.make()
        environment.reset(seed=1)
        first = self._finish(environment)
        environment.reset(seed=1)
        assert environment.account().messages == ()
        assert self._finish(environment) == first

    def test_an_observation_is_addressed_to_who_asked(self) -> None:
        environment = self.make()
        environment.reset(seed=1)
        for agent in environment.agents:
            assert environment.observe(agent).agent == agent

    def test_stepping_after_the_end_says_what_to_call(self) -> None:
        environment = self.make()
        environment.reset(seed=1)
        self._finish(environment)
        try:
            environment.step("More.")
        except RuntimeError as error:
            assert "reset" in str(error)  # noqa: PT017 (pytest is no dependency of the package)
        else:
            raise AssertionError("expected a RuntimeError that names reset")
