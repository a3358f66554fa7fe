"""Every scenario that ships runs the conformance class."""

from __future__ import annotations

from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.envs.testing import ScenarioConformance


class TestSupport(ScenarioConformance):
    scenario = SUPPORT
