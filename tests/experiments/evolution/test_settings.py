"""Settings of an evolution: what is wrong is named before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from outskirts.experiments.evolution.settings import EvolutionConfig, command_of, load_settings
from outskirts.sim.errors import InputError


def test_a_resolved_file_loads_to_the_same_settings(tmp_path: Path) -> None:
    import yaml

    config = EvolutionConfig(generations=3, respondent=["lexical", "exemplar"], controls="none", seed=4)
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(config.resolved(), sort_keys=False), encoding="utf-8")
    assert load_settings(path) == config
    assert path.read_text(encoding="utf-8").startswith("kind: evolution\n")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        *(({"generations": wrong}, "generations: expected a whole number") for wrong in (0, -1, 1.5, True, "3")),
        ({"metrics": "coverage,charm"}, "charm"),
        ({"metrics": "coverage,coverage"}, "metrics"),
        ({"controls": "random,chance"}, "controls"),
        ({"respondent": ["lexical", "lexical"]}, "each once"),
        ({"seed": -1}, "seed"),
        ({"generation": 3}, "Did you mean 'generations'?"),
    ],
)
def test_what_is_wrong_is_named_in_a_line(given: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as error:
        load_settings(None, given)
    assert message in str(error.value)


def test_the_line_of_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "evolution.yaml"
    path.write_text("seed: 1\nislands: many\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"islands \(.*evolution.yaml, line 2\)"):
        load_settings(path)


def test_the_command_says_whatever_changes_a_result_and_nothing_else() -> None:
    config = EvolutionConfig(seed=3, children=2, held_out=False, controls=(), respondent=("lexical", "exemplar"), workers=7, out="x")
    assert command_of(config) == (
        "outskirts evolve --respondent lexical --respondent exemplar --children 2 --controls none --no-held-out --seed 3"
    )


def test_where_and_how_long_it_runs_is_no_part_of_the_hash() -> None:
    assert EvolutionConfig(workers=1, out="a", quiet=True).result_hash() == EvolutionConfig(workers=2, out="b").result_hash()
    assert EvolutionConfig(seed=1).result_hash() != EvolutionConfig(seed=2).result_hash()
