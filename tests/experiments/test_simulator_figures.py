"""What is added up of the simulated people."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from outskirts.agents.profile_claims import Profile
from outskirts.experiments.screen.records import simulator_words
from outskirts.experiments.statistics.simulator import simulator_figures
from outskirts.sim.portrayal import Consistency, Portrayal, TurnReading
from tests.experiments.test_regimes import record


def played(described: int | None) -> Any:
    """Return the record of an episode of one person, of whose description so many claims were read."""
    curve = (TurnReading(turn=0, unreadable=1),)
    one = Portrayal(
        person="p0", judge="consistency", version="1", described=described, consistency=(Consistency(metric="prompt_to_line", curve=curve),)
    )
    return record((0,)).model_copy(update={"portrayals": (one,)})


@pytest.mark.parametrize(("described", "count"), [((None,), None), ((3, 1), 0), ((0, 2, 0), 2), ((0, None), 1)])
def test_descriptions_of_which_nothing_could_be_read_are_counted_and_told(described: tuple[int | None, ...], count: int | None) -> None:
    figures = simulator_figures(map(played, described))
    assert figures.undescribed == count
    words = simulator_words(SimpleNamespace(simulator=figures))  # type: ignore[arg-type]
    assert ("no claim could be read" in words) == bool(count)


@pytest.mark.parametrize(("description", "count"), [("", 0), ("Hm. A quiet sort.", 0), ("Ada is 34 and rents a flat.", 2)])
def test_a_profile_knows_how_much_of_its_description_could_be_read(description: str, count: int) -> None:
    assert Profile(description, (), "Ada").described == count
