"""Two small diagrams made by hand, for the tests of diagrams."""

from __future__ import annotations

from typing import Any

from outskirts.personas.diagrams.diagram import Diagram

BODY: dict[str, Any] = {
    "history": ["My sister sold the orchard.", "Nobody asked me then."],
    "core_beliefs": {"helpless": ["I cannot run my own life."], "worthless": ["I am a bad person underneath."]},
    "intermediate_beliefs": ["If I speak first, they laugh."],
    "intermediate_beliefs_low": ["On bad days even bread tastes of dust."],
    "coping": ["I manage by counting the tiles."],
    "situations": [
        {
            "situation": "The postman brings a yellow card.",
            "automatic_thoughts": ["I think: they found the mistake."],
            "emotions": ["afraid", "ashamed"],
            "behaviours": ["I bury the card under the flour."],
        },
        {
            "situation": "The choir sings without me.",
            "automatic_thoughts": ["I think: they like the silence."],
            "emotions": ["sad"],
            "behaviours": ["I walk the long way round."],
        },
    ],
}
ANN = Diagram.model_validate(BODY)

BEN = Diagram.model_validate(
    {
        "history": ["We lived above a garage."],
        "core_beliefs": {"unlovable": ["Nobody could love me for long."]},
        "intermediate_beliefs": ["I must win every game."],
        "intermediate_beliefs_low": ["On bad days winning is luck."],
        "coping": ["I manage by lifting weights."],
        "situations": [
            {
                "situation": "My boss praises the intern.",
                "automatic_thoughts": ["I think: my turn is over."],
                "emotions": ["jealous"],
                "behaviours": ["I leave before lunch."],
            }
        ],
    }
)

AXES = [
    {"name": "distress", "low": "I sleep well.", "high": "I lie awake."},
    {"name": "trust", "low": "I doubt it.", "high": "I rely on it."},
    {"name": "openness", "low": "I keep to myself.", "high": "I say it out loud."},
]


def person(number: int, **position: float) -> dict[str, Any]:
    """A person at a position; 0.5 where none is given."""
    return {"id": f"p{number:04d}", "position": {str(a["name"]): position.get(str(a["name"]), 0.5) for a in AXES}}
