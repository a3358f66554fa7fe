"""Every scenario that ships runs the conformance class."""

from __future__ import annotations

import gymnasium
import pytest
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import max_cycles_test

from outskirts.envs.scenarios import circle, desk, negotiation, support
from outskirts.envs.scenarios.circle import SCENARIO as CIRCLE
from outskirts.envs.scenarios.desk import SCENARIO as DESK
from outskirts.envs.scenarios.negotiation import SCENARIO as NEGOTIATION
from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.envs.testing import ScenarioConformance
from outskirts.experiments.gym import IDS


class TestSupport(ScenarioConformance):
    scenario = SUPPORT


class TestNegotiation(ScenarioConformance):
    scenario = NEGOTIATION


class TestCircle(ScenarioConformance):
    scenario = CIRCLE


class TestDesk(ScenarioConformance):
    scenario = DESK


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")  # text is no Box, and the suites say so
@pytest.mark.parametrize("module", [support, negotiation, circle, desk], ids=lambda m: m.SCENARIO.name)
def test_the_module_has_pettingzoos_three_ways_in(module):
    max_cycles_test(module)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", sorted(IDS))
def test_gymnasiums_checker_passes_and_several_can_be_made(name):
    check_env(gymnasium.make(name).unwrapped, skip_render_check=True)
    several = gymnasium.make_vec(name, num_envs=2, vectorization_mode="sync")
    observations, _ = several.reset(seed=1)
    assert [o.agent for o in observations] == ["target_0", "target_0"]
    several.close()


def test_every_scenario_has_a_gymnasium_id():
    assert set(IDS.values()) == {s.name for s in (SUPPORT, NEGOTIATION, CIRCLE, DESK)}
