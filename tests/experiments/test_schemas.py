"""The schemas that ship accept what the program reads and writes, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from outskirts.experiments.cli import main
from outskirts.experiments.config import ExperimentConfig, load_config
from outskirts.experiments.schema_files import SCHEMAS, path_of, schema_text
from outskirts.experiments.store.export import export
from outskirts.personas.people_file import read_people
from outskirts.sim.errors import InputError
from tests.integration.runs import TINY, complaints

VALUES = [None, "", " ", "lexical", "none", ",", "mute,careful", 0, 1, -1, 0.5, 1.5, 2**63, False, True]
VALUES += [
    {"name": "lexical", "noise": 0.5},
    {"name": ""},
    {"name": 3},
    {},
    [],
    ["rules"],
    ["mute", "mute"],
    [{"name": "mute"}],
    [1],
    [None],
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schemas") / "run"
    assert main(["run", *TINY, "--quiet", "--controls", "mute", "--player", "lexical?noise=0.5", "--out", str(path)]) == 0
    return path


def shipped(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(path_of(name).read_text(encoding="utf-8"))
    return schema


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_schema_that_ships_is_current(name: str) -> None:
    assert path_of(name).read_text(encoding="utf-8") == schema_text(name)


def test_what_a_run_writes_keeps_to_the_schemas(run: Path) -> None:
    episodes, people = lines(export(run)), lines(run / "personas.jsonl")
    assert ({row["arm"] for row in episodes}, len(people)) == ({"target", "mute"}, 4)
    assert [c for row in episodes for c in complaints(row, shipped("episode"))] == []
    assert [c for row in people for c in complaints(row, shipped("persona"))] == []
    assert complaints(json.loads((run / "summary.json").read_text()), shipped("summary")) == []
    assert complaints(yaml.safe_load((run / "config.yaml").read_text()), shipped("experiment")) == []


@pytest.mark.parametrize("name", ["persona", "episode", "summary"])
def test_a_key_that_is_missing_or_unknown_is_refused(name: str, run: Path) -> None:
    files = {"persona": run / "personas.jsonl", "episode": export(run)}
    row = lines(files[name])[0] if name in files else json.loads((run / "summary.json").read_text())
    assert "'more' was unexpected" in complaints({**row, "more": 1}, shipped(name))[0]
    for key in shipped(name)["required"]:
        assert complaints({k: v for k, v in row.items() if k != key}, shipped(name)) == [f"{key!r} is a required property"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("schema", 2), ("position", {"trust": 1.2}), ("weight", -1), ("fingerprint", "x"), ("checksum", "x"), ("id", "a b"), ("name", 3)],
)
def test_a_line_of_people_that_the_reader_refuses_is_refused_by_the_schema(key: str, value: object, run: Path, tmp_path: Path) -> None:
    row = {**lines(run / "personas.jsonl")[0], key: value}
    (tmp_path / "p.jsonl").write_text(json.dumps(row))
    with pytest.raises(InputError):
        read_people(tmp_path / "p.jsonl")
    assert complaints(row, shipped("persona"))


@pytest.mark.parametrize("key", [*(key for key in ExperimentConfig.model_fields if key != "against"), "versions", "bogus"])
def test_an_experiment_file_is_accepted_by_the_schema_where_the_reader_accepts_it(key: str, tmp_path: Path) -> None:
    schema, path, differ = shipped("experiment"), tmp_path / "x.yaml", []
    for value in VALUES:
        if key == "prices" and isinstance(value, str):
            continue  # the name of a file, which the reader wants to be there
        path.write_text(yaml.safe_dump({key: value}))
        try:
            load_config(path)
            read = True
        except InputError:
            read = False
        if read != (complaints({key: value}, schema) == []):
            differ.append((value, read))
    assert differ == []


@pytest.mark.parametrize("rival", ["generator", "personas"])
def test_people_of_a_file_exclude_a_generator_in_the_schema_too(rival: str) -> None:
    both = {"people": "p.jsonl", rival: 3 if rival == "personas" else "density"}
    assert complaints(both, shipped("experiment")) != []
    assert complaints({**both, "people": None}, shipped("experiment")) == []
