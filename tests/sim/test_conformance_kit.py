"""The kit's own fakes pass the kit, and the kit catches what breaks the rules."""

from __future__ import annotations

import pytest

from outskirts.sim.testing import (
    EchoModel,
    JudgeConformance,
    ListRecorder,
    PlayerConformance,
    RecorderConformance,
    RespondentConformance,
    ScriptedJudge,
    ScriptedPlayer,
    ScriptedRespondent,
    ScriptedTarget,
    TargetConformance,
    TextModelConformance,
)


class TestScriptedTarget(TargetConformance):
    def make(self):
        return ScriptedTarget(["a", "b", "c"])


class TestScriptedPlayer(PlayerConformance):
    def make(self):
        return ScriptedPlayer(["a", "b"])


class TestScriptedRespondent(RespondentConformance):
    def make(self):
        return ScriptedRespondent(lambda text, question, stream: int(stream.generator.integers(1, 6)))


class TestScriptedJudge(JudgeConformance):
    def make(self):
        return ScriptedJudge("sleep")


class TestEchoModel(TextModelConformance):
    def make(self):
        return EchoModel()


class TestListRecorder(RecorderConformance):
    def make(self):
        return ListRecorder()

    def kept(self, recorder):
        return recorder.records


def test_the_kit_catches_a_target_that_shares_state_between_episodes():
    class Shared(ScriptedTarget):
        count = 0

        def begin(self, brief, stream):
            def line(obs):
                Shared.count += 1
                return str(Shared.count)

            return ScriptedTarget([line]).begin(brief, stream)

    class Check(TargetConformance):
        def make(self):
            return Shared()

    with pytest.raises(AssertionError, match="the same stream gave"):
        Check().test_the_same_stream_gives_the_same_words()


def test_the_kit_catches_a_respondent_off_the_scale():
    class Check(RespondentConformance):
        def make(self):
            return ScriptedRespondent(lambda text, question, stream: 9)

    with pytest.raises(AssertionError, match=r"answers off the scale: \[9, 9\]"):
        Check().test_it_answers_every_question_on_its_scale()
