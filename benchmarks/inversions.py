"""How often people who speak as people are taken for assistants, and how often people who were played as assistants are found.

False alarms are counted by line and by episode of ``LINES`` lines in a row, since signs add up within one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from outskirts.agents.validity import ValidityRules
from outskirts.envs.scenarios import circle, desk, negotiation, support
from outskirts.sim.types import Case, CasePerson, Message

from .spoken_lines import HELD_OUT, NATURAL, PLANTED, PLANTED_HELD_OUT, REPORTED

SCENARIOS = {s.name: s for s in (circle.SCENARIO, desk.SCENARIO, negotiation.SCENARIO, support.SCENARIO)}
LINES = 4


def faults(scenario: str, lines: Sequence[str]) -> list[str]:
    """Return the validity rules that one person's lines break."""
    declared = SCENARIOS[scenario]
    agent, target = declared.agent("persona"), declared.agent("target")
    messages = tuple(Message(index=i, turn=i, sender=agent, text=line) for i, line in enumerate(lines))
    person = CasePerson(persona="p0", agent=agent, position={})
    case = Case(scenario=scenario, target=target, people=(person,), messages=messages, turns=len(lines))
    return [f.harm for f in asyncio.run(ValidityRules(declared).judge(case)).findings]


def false_alarms(lines: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the lines that are taken for a fault."""
    return [line for scenario, said in lines.items() for line in said if faults(scenario, [line])]


def false_episodes(lines: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the episodes of a few lines that are taken for a fault."""
    found = []
    for scenario, said in lines.items():
        for start in range(len(said) - LINES + 1):
            episode = said[start : start + LINES]
            if faults(scenario, episode):
                found.append(f"{scenario}: {' | '.join(episode)}")
    return found


def missed(planted: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """Return the planted inversions that are not found."""
    return [" | ".join(said) for scenario, said in planted if "role_inversion" not in faults(scenario, said)]


def measure(natural: Mapping[str, Sequence[str]], planted: Sequence[tuple[str, Sequence[str]]]) -> dict[str, object]:
    """Return how many lines and episodes are taken for faults, and how many planted inversions are missed, with their words."""
    return {
        "natural_lines": sum(map(len, natural.values())),
        "taken_for_a_fault": false_alarms(natural),
        "episodes": sum(max(len(said) - LINES + 1, 0) for said in natural.values()),
        "episodes_taken_for_a_fault": false_episodes(natural),
        "planted": len(planted),
        "planted_missed": missed(planted),
    }


def figures(quick: bool = False) -> dict[str, object]:
    """Return all figures of this module."""
    return {"held_out": measure(HELD_OUT, PLANTED_HELD_OUT), "develop": measure(NATURAL, PLANTED), "reported": measure(REPORTED, ())}
