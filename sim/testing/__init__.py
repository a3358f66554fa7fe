"""Scripted fakes and a conformance class for every protocol.

Subclass the class that fits, say how to make yours, and let pytest collect it::

    from outskirts.sim.testing import TargetConformance

    class TestMyTarget(TargetConformance):
        def make(self):
            return MyTarget()
"""

from .conformance import (
    EnvironmentConformance,
    JudgeConformance,
    PlayerConformance,
    RecorderConformance,
    RespondentConformance,
    TargetConformance,
    TextModelConformance,
)
from .fakes import EchoModel, ListRecorder, ScriptedJudge, ScriptedPlayer, ScriptedRespondent, ScriptedTarget

__all__ = [
    "EchoModel",
    "EnvironmentConformance",
    "JudgeConformance",
    "ListRecorder",
    "PlayerConformance",
    "RecorderConformance",
    "RespondentConformance",
    "ScriptedJudge",
    "ScriptedPlayer",
    "ScriptedRespondent",
    "ScriptedTarget",
    "TargetConformance",
    "TextModelConformance",
]
