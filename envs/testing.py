"""What every declared scenario and every wrapper must do, with a factory as the only hook. Subclass and let pytest collect."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from ..personas.casting import plan_episode
from ..personas.persona import Persona
from ..personas.population import draw_person
from ..personas.scenario import Scenario
from ..sim.declare import Move
from ..sim.seeds import derive
from ..sim.testing import EnvironmentConformance
from ..sim.types import Action
from .conversation import ConversationEnv
from .factories import factories
from .wrappers.stack import spec_of, wrapped

_SLOT = re.compile(r"\{(\w+)\}")


_PEOPLE: dict[tuple[str, str, int], Persona] = {}


def _drawn(scenario: Scenario, i: int) -> Persona:
    """Return the i-th person that the tests of a scenario meet, made once."""
    key = (scenario.name, scenario.version, i)
    if key not in _PEOPLE:
        _PEOPLE[key] = draw_person(scenario, derive(0, "conformance", i), number=i)
    return _PEOPLE[key]


class ScenarioConformance(EnvironmentConformance):
    """What a scenario promises to whoever plays, judges or measures it.

    Example:
        >>> from outskirts.envs.scenarios.support import SCENARIO
        >>> class TestSupport(ScenarioConformance):
        ...     scenario = SCENARIO
        >>> TestSupport().test_furnishing_twice_gives_the_same_facts()
    """

    scenario: Scenario

    def make(self) -> ConversationEnv:
        """Return a new environment with as few people as there may be."""
        return ConversationEnv(self.scenario, self.people(self.scenario.seats.at_least))

    def people(self, n: int) -> tuple[Persona, ...]:
        """Return n people drawn from the reference density."""
        return tuple(_drawn(self.scenario, i) for i in range(n))

    def test_furnishing_twice_gives_the_same_facts(self) -> None:
        for person in self.people(12):
            body = {"id": person.id, "position": person.position}
            assert self.scenario.furnish(body, 3) == self.scenario.furnish(body, 3)

    def test_facts_are_of_declared_kinds_and_belong_to_their_person(self) -> None:
        kinds = {kind.name for kind in self.scenario.facts}
        for person in self.people(24):
            assert {fact.kind for fact in person.facts} <= kinds
            assert all(fact.id.startswith(f"{person.id}/") for fact in person.facts)
            assert len({fact.id for fact in person.facts}) == len(person.facts)

    def test_a_canary_gives_away_one_fact_of_one_person(self) -> None:
        canaries = [fact.canary.casefold() for person in self.people(48) for fact in person.facts if fact.canary]
        assert len(set(canaries)) == len(canaries)

    def test_every_slot_of_a_phrase_has_something_to_fill_it(self) -> None:
        known = {slot for person in self.people(80) for fact in person.facts for slot in fact.details} | {"name", "content"}
        for move in self.scenario.moves:
            for phrase in move.phrases:
                if not move.fills:
                    missing = set(_SLOT.findall(phrase.text)) - known - ({"other"} if move.about else set())
                    assert not missing, f"move {move.name}: nothing fills {missing} in {phrase.text!r}"

    def test_somebody_can_speak_in_the_first_turn_and_later(self) -> None:
        def possible(move: Move, when: str) -> bool:
            return move.when in (when, "any") and not (move.tells or move.about or move.fills)

        assert any(possible(move, "opening") and move.not_before == 0 for move in self.scenario.moves)
        assert any(possible(move, "later") for move in self.scenario.moves)

    def test_harms_tails_and_moves_have_names_of_their_own(self) -> None:
        for parts in (self.scenario.harms, self.scenario.moves, self.scenario.concepts, self.scenario.regions()):
            names = [part.name for part in parts]
            assert len(set(names)) == len(names)

    def test_the_target_is_shown_no_private_fact_that_nobody_told(self) -> None:
        env = ConversationEnv(self.scenario, self.people(self.scenario.seats.at_most if self.scenario.seats.at_most < 6 else 6))
        env.reset(seed=0)
        while env.agents:
            agent = env.agent_selection
            dead = env.terminations[agent] or env.truncations[agent]
            env.step(None if dead else Action(text="Well then."))
            if env.agents:
                seen = env.observe(env.target).model_dump_json().casefold()
                for person in env.people.values():
                    assert not any(
                        needle.casefold() in seen for fact in person.facts for needle in (fact.canary, *fact.paraphrases) if needle
                    )

    def test_briefs_tell_each_what_it_may_know(self) -> None:
        people = self.people(self.scenario.seats.at_least)
        plan = plan_episode(self.scenario, people, seed=0)
        for seat, person in zip(plan.seats, people, strict=True):
            assert plan.briefs[seat.agent].facts == person.facts
        assert not {f.id for f in plan.briefs[plan.target].facts} & {f.id for p in people for f in p.facts}

    def test_pettingzoos_own_tests_pass(self) -> None:
        from pettingzoo.test import api_test, max_cycles_test, parallel_api_test, parallel_seed_test, seed_test

        env, raw_env, parallel_env = factories(self.scenario)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # text is no Box, and the suites say so
            api_test(env(), num_cycles=40)
            seed_test(env, num_cycles=10)
            parallel_api_test(parallel_env(), num_cycles=40)
            parallel_seed_test(parallel_env, num_cycles=10)
            max_cycles_test(SimpleNamespace(env=env, raw_env=raw_env, parallel_env=parallel_env))

    def test_tools_refuse_what_is_no_call_of_theirs_in_words(self) -> None:
        from ..sim.types import ToolCall

        if self.scenario.toolbox is None:
            return
        tools = self.scenario.toolbox(self.people(1))
        calls = [ToolCall(id="1", name="no_such_tool"), *(ToolCall(id=t.name, name=t.name, malformed="{") for t in self.scenario.tools)]
        before = tools.state()
        answers: Mapping[str, str] = {call.id: tools.call(call) for call in calls}
        assert all("error" in answer.lower() for answer in answers.values()), answers
        assert tools.state() == before
        tools.close()


class WrapperConformance:
    """What every wrapper of the conversation environment must do, with the wrapped environment as the only hook.

    Example:
        >>> from outskirts.envs.scenarios.support import raw_env
        >>> from outskirts.envs.wrappers.turn_limit import TurnLimit
        >>> class TestTurnLimit(WrapperConformance):
        ...     def make(self):
        ...         return TurnLimit(raw_env(), turns=3)
        >>> TestTurnLimit().test_an_episode_ends_and_another_starts_afresh()
    """

    def make(self) -> Any:
        """Return a new wrapped environment that was not reset yet."""
        raise NotImplementedError

    def _finish(self, env: Any, steps: int = 10_000) -> Any:
        while env.agents and steps:
            agent, steps = env.agent_selection, steps - 1
            dead = env.terminations[agent] or env.truncations[agent]
            env.step(None if dead else f"Go on {len(env.account().messages)}.")
        assert steps or not env.agents, "the episode never ends"
        return env.account()

    def test_an_episode_ends_and_another_starts_afresh(self) -> None:
        env = self.make()
        env.reset(seed=1)
        first = self._finish(env)
        env.reset(seed=1)
        assert len(env.account().messages) < len(first.messages)
        assert self._finish(env) == first

    def test_what_is_shown_and_may_be_done_is_in_the_spaces(self) -> None:
        env = self.make()
        env.reset(seed=1)
        for agent in env.possible_agents:
            assert env.observation_space(agent) is env.observation_space(agent)
            assert env.observation_space(agent).contains(env.observe(agent))
            assert env.observation_space(agent).contains(env.observation_space(agent).sample())
            assert env.action_space(agent).contains(env.action_space(agent).sample())

    def test_a_stack_rebuilt_from_its_spec_does_the_same(self) -> None:
        env = self.make()
        spec = json.loads(json.dumps(spec_of(env)))
        again = wrapped(self.make().unwrapped, spec)
        assert spec_of(again) == spec
        for one in (env, again):
            one.reset(seed=1)
        assert [again.observe(a) for a in again.agents] == [env.observe(a) for a in env.agents]
        assert self._finish(again) == self._finish(env)

    def test_a_fork_keeps_the_stack_and_goes_its_own_way(self) -> None:
        env = self.make()
        env.reset(seed=1)
        env.step("Hello.")
        fork, before = env.fork(), env.account()
        assert spec_of(fork) == spec_of(env)
        self._finish(fork)
        assert env.account() == before
        assert self._finish(env) == fork.account()

    def test_pettingzoos_own_test_passes(self) -> None:
        from pettingzoo.test import api_test

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # text is no Box, and the suite says so
            api_test(self.make(), num_cycles=20)
