"""Built-in targets that a scenario declares: rules over concepts, in order, or a function of what the target sees."""

from __future__ import annotations

import copy

from ..personas.scenario import Scenario
from ..sim.declare import Glance, Policy, PolicyRule, Program
from ..sim.errors import UnknownNameError
from ..sim.protocols import Target
from ..sim.seeds import Stream
from ..sim.types import Action, Brief, Observation
from .reading import Reader, reader_of


def builtin_target(name: str, scenario: Scenario) -> Target:
    """Return the built-in target that a scenario declares under this name.

    Raises:
        UnknownNameError: If it declares none.
    """
    program = next((p for p in scenario.programs if p.name == name), None)
    return PolicyTarget(name, scenario) if program is None else ProgramTarget(program, scenario)


class ProgramTarget:
    """Acts by a declared :class:`Program`. Like any target it knows its brief and what it can read.

    Args:
        program: The program.
        scenario: Whose concepts it reads by.
    """

    stateless = True

    def __init__(self, program: Program, scenario: Scenario) -> None:
        self.program = program
        self.name = program.name
        self.found = reader_of(scenario.concepts).found

    def begin(self, brief: Brief, stream: Stream) -> _ProgramActor:
        """Start an episode."""
        return _ProgramActor(self, brief, stream)


class _ProgramActor:
    """One episode of a program, which remembers nothing."""

    def __init__(self, target: ProgramTarget, brief: Brief, stream: Stream) -> None:
        self._target = target
        self._brief = brief
        self._stream = stream

    def fork(self, stream: Stream) -> _ProgramActor:
        """Return a copy that draws from ``stream``."""
        return _ProgramActor(self._target, self._brief, stream)

    async def act(self, observation: Observation) -> Action:
        """Do what the program says."""
        return self._target.program.act(Glance(self._brief, observation, self._stream.generator.random, self._target.found))


class PolicyTarget:
    """Speaks by a declared :class:`Policy`. Like any target it knows the transcript only.

    Args:
        policy: The policy, or the name of one that the scenario declares.
        scenario: Whose concepts to read by.

    Raises:
        UnknownNameError: If the scenario declares no policy of this name.
    """

    def __init__(self, policy: Policy | str, scenario: Scenario) -> None:
        if isinstance(policy, str):
            declared = {p.name: p for p in scenario.policies}
            if policy not in declared:
                raise UnknownNameError("policy", policy, declared)
            policy = declared[policy]
        self.policy = policy
        self.name = policy.name
        self._reader = reader_of(scenario.concepts)

    def begin(self, brief: Brief, stream: Stream) -> _PolicyActor:
        """Start an episode with nothing said yet."""
        return _PolicyActor(self.policy.rules, self._reader, brief.agent, stream)


class _PolicyActor:
    """One episode of a policy."""

    def __init__(self, rules: tuple[PolicyRule, ...], reader: Reader, agent: str, stream: Stream) -> None:
        self._rules = rules
        self._reader = reader
        self._agent = agent
        self._stream = stream
        self._replies = 0
        self._used = [0] * len(rules)
        self._orders: dict[tuple[str, ...], list[str]] = {}  # wordings left, by rule's wordings, last first
        self._last: dict[tuple[str, ...], str] = {}
        self._ever: frozenset[str] = frozenset()

    def fork(self, stream: Stream) -> _PolicyActor:
        """Return a copy that has heard and said the same and draws from ``stream`` from now on."""
        other = copy.copy(self)
        other._stream = stream
        other._used, other._last = list(self._used), dict(self._last)
        other._orders = {say: list(left) for say, left in self._orders.items()}
        return other

    async def act(self, observation: Observation) -> Action:
        """Answer what was said since this agent last spoke."""
        now = self._listen(observation)
        parts: list[str] = []
        for number, rule in enumerate(self._rules):
            if not self._applies(rule, number, now):
                continue
            self._used[number] += 1
            parts.append(self._wording(rule.say))
            if not rule.adds:
                break
        self._replies += 1
        return Action(text=" ".join(parts))

    def _listen(self, observation: Observation) -> frozenset[str]:
        """Return what was expressed since this agent last spoke: by who is answered in private, or by all but those."""
        now: frozenset[str] = frozenset()
        answered: set[str] = set()  # in private, since this agent last spoke to all
        only = observation.private_to
        for message in reversed(observation.messages):
            if message.sender == self._agent:
                if message.to == (only,) if only else not message.to:
                    break
                answered.update(message.to)
            elif (message.sender == only and self._agent in message.to) if only else not (message.to and message.sender in answered):
                now |= self._reader.found(message.text)
        self._ever |= now
        return now

    def _applies(self, rule: PolicyRule, number: int, now: frozenset[str]) -> bool:
        return (
            (not rule.when or rule.when in now)
            and (not rule.ever or rule.ever in self._ever)
            and self._used[number] < rule.at_most
            and self._replies >= rule.not_before
        )

    def _wording(self, say: tuple[str, ...]) -> str:
        """Return the next wording; all are used before one returns, and none twice running."""
        left = self._orders.get(say)
        if not left:
            first = left is None
            order = self._stream.generator.permutation(len(say))
            left = [say[i] for i in order]
            if not first and len(say) > 1 and left[-1] == self._last[say]:
                left[0], left[-1] = left[-1], left[0]
            self._orders[say] = left
        text = left.pop()
        self._last[say] = text
        return text
