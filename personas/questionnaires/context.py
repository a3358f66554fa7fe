"""A context: a questionnaire with the density of the people who are probable in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from ...sim.declare import Role
from ...sim.types import Frozen, PrivateFact
from ..density import ReferenceDensity
from ..questionnaire import Questionnaire
from ..scenario import Scenario


class Context(Frozen):
    """A situation in which people differ, ready to be measured; nothing is played in it."""

    questionnaire: Questionnaire
    density: ReferenceDensity  # of probable people; uniform where the file declares none
    domain: str = ""  # such as "health"; free text
    source: str = ""  # where the items come from, if they are somebody else's

    @property
    def name(self) -> str:
        """Name of the questionnaire."""
        return self.questionnaire.name

    def scenario(self) -> Scenario:
        """Return a scenario around the questionnaire that holds nothing to play: generators and coverage need no more."""
        return Scenario(
            name=self.name,
            version="0",
            title=self.name,
            context=self.questionnaire.context,
            target_context="",
            roles=(Role(name="person", acts="persona", description=""), Role(name="assistant", acts="target", description="")),
            turns=1,
            questionnaire=self.questionnaire,
            density=self.density,
            furnish=_given_facts,
            moves=(),
            harms=(),
        )


def _given_facts(person: Mapping[str, object], seed: int) -> tuple[PrivateFact, ...]:
    """Return the private facts that the generator gave, checked; none are made up."""
    facts = []
    for number, fact in enumerate(cast("list[object]", person.get("private_facts") or [])):
        body = (
            fact
            if isinstance(fact, PrivateFact)
            else {"id": f"{person['id']}/{number}", "kind": "given", "sensitivity": 0.5, **cast("dict[str, object]", fact)}
        )
        facts.append(PrivateFact.model_validate(body))
    return tuple(facts)
