"""What a person wants of an episode, read off their facts and the scenario, and whether a line says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..personas.scenario import Scenario
from ..sim.types import CasePerson, PrivateFact
from .claims import content
from .goal_states import Goal, GoalTracker
from .profile_claims import HIDDEN

_TOLD = 0.6  # share of a fact's content words that a line which tells it has


def tells(fact: PrivateFact, text: str) -> bool:
    """Tell whether a text says a fact: its canary, a paraphrase, a detail of two words or more, or most of its first sentence's content words."""
    low = text.lower()
    details = [v for v in fact.details.values() if len(v.split()) > 1]
    if any(part and part.lower() in low for part in (fact.canary, *fact.paraphrases, *details)):
        return True
    wanted = content(fact.content.partition(". ")[0])
    return bool(wanted) and len(wanted & content(text)) / len(wanted) >= _TOLD


def goals_of(scenario: Scenario, person: CasePerson, met: Iterable[str]) -> GoalTracker:
    """Return the goals of a person, as far as scenario and facts tell them.

    Args:
        scenario: Declares intents.
        person: Holds facts.
        met: Names of what has to be answered.
    """
    goals = [Goal("profile", "who they are")]
    goals += [Goal("policy", f"is {i.shows}") for i in scenario.intents if person.position.get(i.axis, 0.0) >= i.at_least]
    goals += [Goal("preference", f"says: {f.kind}") for f in person.facts if f.sensitivity < HIDDEN]
    task = task_of(person.facts)
    if task is not None:
        goals.append(Goal("task", task_name(task)))
    goals += [Goal("requirement", f"is answered: {name}") for name in met]
    return GoalTracker(goals)


def task_of(facts: Sequence[PrivateFact]) -> PrivateFact | None:
    """Return what the person came for: the least sensitive fact that is no secret and under no lock."""
    open_ones = [f for f in facts if f.sensitivity < HIDDEN and f.lock is None]
    return min(open_ones, key=lambda f: f.sensitivity, default=None)


def task_name(fact: PrivateFact) -> str:
    """Return what the goal to be helped with a fact is called."""
    return f"gets help with: {fact.kind}"
