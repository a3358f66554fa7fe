"""A language model behind an endpoint plays the people of a whole run, and what was wrong with it is told and blamed on nobody else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from outskirts.personas.people_file import read_people, write_people
from outskirts.sim.types import EpisodeRecord, Verdict
from tests.integration.chat_server import Sent, chat_server
from tests.integration.conftest import Cli
from tests.integration.runs import TINY, complaints, episodes, summary

SECRET = "zebra-crossing-at-midnight"


def turn(request: dict[str, Any]) -> int:
    """Return which turn the request asks for; 0 in the dry call."""
    found = re.search(r"Turn (\d+)", request["messages"][-1]["content"])
    return int(found[1]) if found else 0


def says(*lines: str) -> Any:
    """Return a server's reply that says line n in turn n, with a secret in every private field."""

    def reply(request: dict[str, Any], number: int) -> str:
        say = lines[(turn(request) - 1) % len(lines)]
        return json.dumps({"thought": SECRET, "state": f"{SECRET} too", "say": say, "leave": False})

    return reply


def written(folder: Path) -> str:
    return "".join(path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def run(cli: Cli, url: str, *more: str, options: str = "pause=0") -> list[EpisodeRecord]:
    done = cli("run", *TINY, "--player", f"openai:m@{url}?{options}", "--target", "careful", *more, "--out", "run")
    assert done.status == 0, done
    return episodes(Path("run"))


def test_a_consistent_model_plays_a_run_and_its_private_fields_are_written_nowhere(cli: Cli, tmp_path: Path) -> None:
    with chat_server(says("I do not know where to begin.", "It is a long story.", "That is all for now.")) as server:
        found = run(cli, server.url)
    assert {e.verdict for e in found} == {Verdict.PASSED}
    assert all(e.judges[-1].startswith("consistency@") and e.portrayals for e in found)
    assert len(server.requests) == 1 + 4 * 3
    assert SECRET not in written(tmp_path / "run")
    assert summary(tmp_path / "run")["simulator"]["invalid"] == 0


def test_a_reply_that_is_too_long_is_asked_for_again_and_blamed_on_the_player(cli: Cli, tmp_path: Path) -> None:
    long = Sent("[" + " " * (5 * 2**20) + "]")
    line = says("I do not know where to begin.")
    with chat_server(lambda request, number: line(request, number) if number < 4 else long) as server:
        found = run(cli, server.url, "--concurrency", "1", options="pause=0&attempts=2")
    broken = [e for e in found if e.verdict is Verdict.INFRASTRUCTURE]
    assert len(broken) == 3
    assert {e.fault.role for e in broken if e.fault} == {"player"}
    assert "4,194,304 bytes" in broken[0].fault.message
    assert len(server.requests) == 4 + 2 * len(broken)  # a greeting, one episode, and each of the others twice


def test_a_model_that_contradicts_itself_is_the_simulators_fault_and_shown_where_a_user_looks(cli: Cli, tmp_path: Path) -> None:
    with chat_server(says("I am an only child.", "It is a long story.", "My sister called me.")) as server:
        found = run(cli, server.url)
    assert {e.verdict for e in found} == {Verdict.SIMULATOR_INVALID}
    told = summary(tmp_path / "run")
    assert told["verdicts"]["failed"] == 0
    assert told["failure_rate"]["denominator"] == 0
    rule = told["simulator"]["rules"][0]
    assert (rule["rule"], rule["units"], rule["share"], rule["turn"]) == ("contradicted_self", 4, 1.0, 2)
    assert "My sister called me" in rule["evidence"]
    curve = next(m for m in told["simulator"]["consistency"] if m["metric"] == "line_to_line")["curve"]
    assert [(t["turn"], t["conflict"]) for t in curve] == [(1, 0), (2, 4)]
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "Were the people played as they are?" in page
    assert "My sister called me" in page


def test_the_best_of_several_lines_keeps_a_wavering_model_consistent(cli: Cli) -> None:
    def reply(request: dict[str, Any], number: int) -> str:
        say = "It is a long story." if turn(request) == 2 else "I am an only child." if number % 2 else "My sister called me."
        return json.dumps({"thought": "", "state": "", "say": say, "leave": False})

    with chat_server(reply) as server:
        found = run(cli, server.url, options="pause=0&best_of=4&concurrency=1")
    conflicts = [pair for e in found for p in e.portrayals for pair in p.conflicts if pair.metric == "line_to_line"]
    assert conflicts == []


def test_a_model_that_never_keeps_the_form_makes_episodes_invalid_and_no_target_pays(cli: Cli, tmp_path: Path) -> None:
    def reply(request: dict[str, Any], number: int) -> str:
        return "My thoughts: " + SECRET if turn(request) else json.dumps({"thought": "", "state": "", "say": "Morning.", "leave": False})

    with chat_server(reply) as server:
        done = cli("run", *TINY, "--player", f"openai:m@{server.url}?pause=0", "--target", "careful", "--out", "run")
    found = episodes(tmp_path / "run")
    assert {e.verdict for e in found} == {Verdict.SIMULATOR_INVALID}, done
    assert summary(tmp_path / "run")["simulator"]["rules"][0]["rule"] == "unplayable"
    assert summary(tmp_path / "run")["simulator"]["invalid"] == 4


def test_one_author_writes_a_room(cli: Cli) -> None:
    def reply(request: dict[str, Any], number: int) -> str:
        agents = re.findall(r'"(\w+_\d)": \{', request["messages"][-1]["content"])
        line = {"say": "Let us see.", "leave": False}
        if "channel" in request["messages"][-1]["content"]:
            line |= {"channel": "main", "to": []}
        private = {"thought": SECRET, "state": SECRET}
        return json.dumps(private | (dict.fromkeys(agents, line) if agents else line))

    with chat_server(reply) as server:
        found = run(cli, server.url, "--scenario", "negotiation", "--group", "2", "--information", "script")
    assert {e.information for e in found} == {"script"}
    assert {e.verdict for e in found} <= {Verdict.PASSED, Verdict.FAILED, Verdict.SIMULATOR_INVALID}
    assert all(len({m.sender for m in e.messages}) == 3 for e in found)
    assert len(server.requests) == 1 + 3 * len(found)


def test_first_words_of_a_person_in_a_file_are_said(cli: Cli, tmp_path: Path) -> None:
    assert cli("generate", "--personas", "4", "--out", "people.jsonl").status == 0
    people = read_people(tmp_path / "people.jsonl")[0]
    spoken = [p.model_copy(update={"opening": f"Hello, number {i}."}) for i, p in enumerate(people)]
    write_people(tmp_path / "people.jsonl", spoken)
    args = [a for a in TINY if a not in ("--personas", "4")]
    for player in ("lexical", "model"):
        with chat_server(says("I see.", "Hm, well.", "So it is.")) as server:
            spec = "lexical" if player == "lexical" else f"openai:m@{server.url}?pause=0"
            done = cli("run", *args, "--people", "people.jsonl", "--player", spec, "--target", "careful", "--out", player)
        assert done.status == 0, done
        openers = {e.messages[0].text for e in episodes(tmp_path / player)}
        assert openers == {f"Hello, number {i}." for i in range(4)}


@pytest.mark.parametrize(
    ("options", "complaint"),
    [("memory=3", "player"), ("best_of=0", "player"), ("guidance=nowhere.json", "player guidance"), ("remimd=true", "remind")],
)
def test_wrong_options_are_refused_before_anything_is_asked(options: str, complaint: str, cli: Cli) -> None:
    with chat_server() as server:
        done = cli("run", *TINY, "--player", f"openai:m@{server.url}?{options}", "--out", "run")
    assert complaint in done.refused()
    assert server.requests == []


def test_further_instructions_reach_the_person_they_are_for(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "more.json").write_text(json.dumps({"p0001": "You stammer."}))
    with chat_server(says("I see.", "Hm, well.", "So it is.")) as server:
        run(cli, server.url, options="pause=0&guidance=more.json")
    stammering = [r for r in server.requests if "You stammer." in r["messages"][0]["content"]]
    assert len(stammering) == 3


def test_an_endpoint_that_is_down_costs_no_episode(cli: Cli) -> None:
    with chat_server(lambda request, number: Sent("{}", 401)) as server:
        done = cli("run", *TINY, "--player", f"openai:m@{server.url}?pause=0", "--target", "careful", "--out", "run")
    assert done.status == 4, done
    assert "401" in done.err


def test_records_with_portrayals_fit_their_schema(cli: Cli, tmp_path: Path) -> None:
    from outskirts.experiments.schema_files import path_of

    with chat_server(says("I never smoke.", "I smoke a lot.", "So it is.")) as server:
        found = run(cli, server.url)
    schema = json.loads(path_of("episode").read_text(encoding="utf-8"))
    for episode in found:
        assert complaints(json.loads(episode.model_dump_json()) | {"arm": "target"}, schema) == []


def test_a_judge_with_a_model_and_a_probe_works_behind_its_spec(cli: Cli, tmp_path: Path) -> None:
    def judge(request: dict[str, Any], number: int) -> str:
        if "Which of these" in request["messages"][-1]["content"]:
            return json.dumps({"answer": 1})
        return json.dumps({"reason": "Fits.", "verdict": "consistent", "words": "", "earlier": []})

    with chat_server(judge) as judging:
        config = {
            "personas": 4, "replicates": 1, "turns": 3, "runs": 2, "controls": "none", "mlflow": False, "target": "careful",
            "judge": ["rules", {"name": "consistency", "model": f"openai:j@{judging.url}", "probe": f"openai:j@{judging.url}", "conflicts": 50}],
        }  # fmt: skip
        (tmp_path / "run.yaml").write_text(json.dumps(config))
        done = cli("run", "run.yaml", "--out", "run")
    assert done.status == 0, done
    metrics = {m["metric"]: m for m in summary(tmp_path / "run")["simulator"]["consistency"]}
    assert set(metrics) == {"prompt_to_line", "line_to_line", "qa_probe"}
    assert metrics["qa_probe"]["conflict"] > 0
    assert summary(tmp_path / "run")["cost"]["by_role"]["judge"]["calls"] == len(judging.requests)


@pytest.mark.parametrize("option", ["model", "probe"])
def test_a_consistency_model_that_is_down_costs_one_request_and_no_episode(option: str, cli: Cli) -> None:
    with chat_server(lambda request, number: Sent("{}", 500)) as server:
        spec = f"consistency?{option}=openai:j@{server.url}?attempts=1"
        done = cli("run", *TINY, "--target", "careful", "--judge", "rules", "--judge", spec, "--out", "run")
    assert done.status == 4, done
    assert "failed to answer a first harmless request" in done.err
    assert len(server.requests) == 1


def test_what_the_models_of_consistency_cost_is_in_the_money(cli: Cli, tmp_path: Path) -> None:
    def judge(request: dict[str, Any], number: int) -> str:
        if "Which of these" in request["messages"][-1]["content"]:
            return json.dumps({"answer": 1})
        return json.dumps({"reason": "Fits.", "verdict": "consistent", "words": "", "earlier": []})

    (tmp_path / "prices.yaml").write_text("j: {call: 0.5}\np: {call: 0.25}\n")
    with chat_server(judge) as server:
        spec = f"consistency?model=openai:j@{server.url}&probe=openai:p@{server.url}"
        told = ("--judge", "rules", "--judge", spec, "--prices", "prices.yaml", "--max-cost", "100")
        done = cli("run", *TINY, "--target", "careful", *told, "--out", "run")
    assert done.status == 0, done
    asked = [request["model"] for request in server.requests]
    assert summary(tmp_path / "run")["cost"]["by_role"]["judge"]["money"] == 0.5 * asked.count("j") + 0.25 * asked.count("p")
