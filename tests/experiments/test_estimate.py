"""What a run may take, as it is said before anything is spent: each part's calls are what whoever makes them says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outskirts.agents.profile_claims import n_facts
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.config import load_config
from outskirts.experiments.estimate import Part, estimate
from outskirts.experiments.jobs import Cast
from outskirts.experiments.people import gather_people
from outskirts.experiments.pricing import prices_of
from outskirts.sim.limits import Sums

JUDGE, PROBE = "openai:j@http://127.0.0.1:9/v1", "openai:p@http://127.0.0.1:9/v1"


def parts(**settings: object) -> dict[str, Part]:
    cast = Cast.of(load_config(None, {"personas": 4, "replicates": 2, "turns": 3, "controls": "none", **settings}))
    found = estimate(cast, gather_people(cast.config, cast.scenario), prices_of(cast), Sums())
    return {} if found is None else {part.role: part for part in found.parts}


def test_a_player_writes_so_many_lines_for_each_that_is_spoken() -> None:
    assert parts(player=JUDGE)["player"].calls == 8 * 3
    best = parts(player=f"{JUDGE}?best_of=4", prices={"j": {"call": 0.5}})["player"]
    assert (best.calls, best.money) == (8 * 3 * 4, 8 * 3 * 4 * 0.5)


def test_one_author_writes_all_people_of_a_turn_at_once() -> None:
    room = {"scenario": "negotiation", "group": 2, "personas": 4, "player": JUDGE}
    alone, script = parts(**room)["player"].calls, parts(**room, information="script")["player"].calls
    assert alone == 2 * script


@pytest.mark.parametrize("every", [1, 2])
def test_consistency_asks_about_every_line_and_its_probe_about_facts(every: int) -> None:
    judge = f"consistency?model={JUDGE}&probe={PROBE}&every={every}"
    found = parts(judge=["rules", judge], prices={"j": {"call": 1}, "p": {"call": 100}})["judge"]
    probed = 8 * (3 if every == 1 else 2) * n_facts(SCENARIO)
    assert n_facts(SCENARIO) > 0
    assert (found.calls, found.money) == (8 * 3 + probed, 8 * 3 + 100 * probed)
    assert parts(judge=["rules", judge], prices={"j": {"call": 1}})["judge"].money is None


def test_judges_are_added_up() -> None:
    assert parts(judge=["rules", JUDGE, f"rubric?model={PROBE}&name=other"])["judge"].calls == 2 * 8
    assert parts(judge=["rules"]) == {}


def test_labelled_transcripts_are_judged_too(tmp_path: Path) -> None:
    chat = [{"role": role, "content": "Hm."} for _ in range(5) for role in ("user", "assistant")]
    (tmp_path / "labels.jsonl").write_text("".join(json.dumps({"messages": chat, "failed": i > 1}) + "\n" for i in range(4)))
    told = {"judge_labels": str(tmp_path / "labels.jsonl")}
    assert parts(judge=["rules", JUDGE], **told)["judge"].calls == 8 + 4
    assert parts(judge=["rules", f"consistency?model={JUDGE}"], **told)["judge"].calls == 8 * 3 + 4 * 5


def test_a_judge_of_ones_own_makes_one_call_if_it_has_a_price(tmp_path: Path) -> None:
    code = "from outskirts.sim.types import Judgement\nclass Own:\n    name, version = 'own', '1'\n"
    (tmp_path / "own.py").write_text(f"{code}    async def judge(self, case):\n        return Judgement(judge='own', version='1')\n")
    spec = f"python:{tmp_path / 'own.py'}:Own"
    assert parts(judge=["rules", spec], prices={spec: {"call": 2}})["judge"].money == 2 * 8
    assert parts(judge=["rules", spec]) == {}


def test_a_panel_debates_as_long_as_it_may_and_is_convened_first(tmp_path: Path) -> None:
    (tmp_path / "paper.md").write_text("People in crisis need to be heard at once.")
    judge = f"panel?model={JUDGE}&documents={tmp_path / 'paper.md'}&members=2&baseline=false"
    assert parts(judge=["rules", judge])["judge"].calls == 2 + 8 * 4 * (2 * (1 + 2) + 1)
