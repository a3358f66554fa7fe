"""``outskirts.run`` from scripts and notebooks."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path
from typing import Any

import pytest

import outskirts
from outskirts.experiments.exits import INTERRUPTED
from outskirts.experiments.study import EXIT, RunResult
from outskirts.sim.errors import InputError, UnreachableError
from outskirts.sim.testing.fakes import ScriptedTarget
from tests.integration.runs import exported

TINY: dict[str, Any] = {"personas": 4, "replicates": 1, "turns": 3, "runs": 2, "controls": "none", "mlflow": False}
Messages = list[dict[str, str]]


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def function(messages: Messages) -> str:
    return f"Message {len(messages)}."


async def coroutine(messages: Messages) -> str:
    await asyncio.sleep(0)
    return f"Message {len(messages)}."


class Counting:
    """Counts its own calls; a new one for each episode starts from 1."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, messages: Messages) -> str:
        self.calls += 1
        return f"Reply {self.calls}."


def said(result: RunResult) -> list[list[str]]:
    return [[m.text for m in e.messages if not m.sender.startswith("person")] for e in result.episodes()]


@pytest.mark.parametrize("target", [function, coroutine])
def test_functions_and_coroutine_functions_are_targets(target: object) -> None:
    result = outskirts.run(target=target, out="run", **TINY)
    assert all(replies == [f"Message {2 * i + 1}." for i in range(len(replies))] for replies in said(result))
    assert result.summary.run.target == target.__name__  # type: ignore[attr-defined]


def test_a_class_has_state_of_its_own_in_every_episode() -> None:
    result = outskirts.run(target=Counting, out="run", **TINY)
    assert all(replies == [f"Reply {i + 1}." for i in range(len(replies))] for replies in said(result))


def test_a_langchain_model_is_a_target() -> None:
    from langchain_core.language_models import GenericFakeChatModel
    from langchain_core.messages import AIMessage

    model = GenericFakeChatModel(messages=itertools.cycle([AIMessage(content="I am here.")]))
    result = outskirts.run(target=model, out="run", **TINY)
    assert {text for replies in said(result) for text in replies} == {"I am here."}


def test_a_target_object_is_a_target() -> None:
    result = outskirts.run(target=ScriptedTarget(["One.", "Two."]), out="run", **TINY)
    assert {tuple(replies[:2]) for replies in said(result)} <= {("One.", "Two."), ("One.",)}


def test_it_runs_inside_a_running_event_loop_as_in_a_notebook() -> None:
    async def cell() -> RunResult:
        return outskirts.run(target=coroutine, out="inside", **TINY)

    inside = asyncio.run(cell())
    outside = outskirts.run(target=coroutine, out="outside", **TINY)
    assert exported(inside.dir) == exported(outside.dir)


def test_the_result_holds_people_as_a_frame_and_episodes_by_arm() -> None:
    result = outskirts.run(out="run", **{**TINY, "controls": "careful"})
    assert result.personas.shape[0] == 4
    assert {"id", "position", "episodes", "failures", "rate", "verdicts"} <= set(result.personas.columns)
    assert [len(list(result.episodes(arm))) for arm in ("target", "careful", None)] == [4, 4, 8]
    assert (result.exit_status, result.stopped, result.dir) == (0, None, Path("run"))
    assert result.summary.run.personas == 4


def test_a_run_is_silent_unless_it_is_asked_not_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    outskirts.run(out="a", **TINY)
    assert capsys.readouterr() == ("", "")
    outskirts.run(out="b", quiet=False, **TINY)
    assert "4 episodes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"persona": 3}, r"persona: expected a key of an experiment, got 'persona'\. Did you mean 'personas'\?"),
        ({"target": "elisa"}, r"target: expected one of careful, eliza, .* Did you mean 'eliza'\?"),
        ({"target": 3}, r"target: expected a callable"),
        ({"target": lambda text, mood: text}, r"expected a callable that takes messages .* got '\(text, mood\)'"),
        ({"personas": 0}, r"personas: expected a whole number of 1 or more, got 0\."),
        ({"personas": 2.0}, r"personas: expected a whole number, got 2\.0\."),
        ({"personas": True}, r"personas: expected a whole number, got True\."),
        ({"seed": "1"}, r"seed: expected a whole number .*, got '1'\."),
        ({"max_cost": 1.0, "target": len}, r"max_cost: expected a known price of python:builtins:len, got 1\.0"),
        ({"turns": -1}, r"turns: expected a whole number of 1 or more, got -1\."),
    ],
)
def test_a_wrong_setting_is_an_input_error_and_writes_nothing(settings: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        outskirts.run(**{**TINY, "out": "run", **settings})
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_cannot_be_reached_raises_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="failed to answer a greeting: OSError: gone"):
        outskirts.run(target=ScriptedTarget([OSError("gone")]), out="run", **TINY)
    assert list(tmp_path.iterdir()) == []


def test_every_reason_to_stop_has_an_exit_status() -> None:
    assert EXIT["interrupted"] == INTERRUPTED
