"""Tiers of people: how much is told of them, from a line of demographics to a description (after arXiv 2503.16527).

The same seed gives the same positions, names and fields in every tier, so that tiers pair person by person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, field_validator

from ...sim.types import Frozen
from ..persona import ProfileField
from ..programs import default
from ..programs._asking import LONGEST, Batch, ask
from ..programs._names import name_of
from .fields import HABIT, KINDS, OUTLOOK, Axes, Kind, fields_of

Tier = Literal["meta", "tabular", "descriptive"]
Fields = Mapping[str, ProfileField]

TIERS: tuple[Tier, ...] = ("meta", "tabular", "descriptive")

NOTHING_TOLD = "A person of whom nothing is told."
"""The text of somebody whose every field is withheld."""

_KNOWN = ("sex", "age", "household", "education", "occupation", "region", "income")
_IN = {"large city": "in a large city", "town": "in a town", "countryside": "in the countryside"}
_AT = {"morning": "in the morning", "midday": "at midday", "afternoon": "in the afternoon", "evening": "in the evening"}
_WORK = {"student or trainee": "I am a student or trainee.", "looking for work": "I am looking for work.", "retired": "I am retired."}
_HURRY = {"no hurry": "I am in no hurry.", "a few minutes": "I have a few minutes.", "great hurry": "I am in a great hurry."}
_COMPANY = {"nobody near": "Nobody is near.", "people near": "There are people near.", "somebody looking on": "Somebody is looking on."}
_PROMPT = """Situation: {context}

What is known of {name}:
{lines}

Write this person's self-description in the first person, as natural prose of about {words} words. Keep everything that is known,
how often each habit holds and how firmly each opinion is held. Add no other facts, no numbers and no mood. Answer with the text alone."""


class TierOptions(Frozen):
    """Options of the generator ``tiers``."""

    tier: Tier = Field(default="descriptive")  # what the text is: a line of demographics, a table of all fields, or prose
    without: tuple[Kind, ...] = ()  # kinds of fields kept out of the text, a list or joined by commas; the profile holds them all

    @field_validator("without", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Tiers:
    """A generator program whose people are told about in one tier.

    Args:
        options: Which tier, and what the text leaves out.
    """

    options: TierOptions

    def place(self, context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
        """Place 75 % to fill the space, faces and corners included, and 25 % by the reference density, in every tier alike."""
        return default.place(context, axes, n, seed, llm)

    def portray(
        self,
        context: str,
        axes: Axes,
        people: Sequence[Mapping[str, Any]],
        seed: int,
        llm: Batch | None = None,
        feedback: Mapping[str, Mapping[str, Mapping[str, float]]] | None = None,
    ) -> list[dict[str, Any]]:
        """Write each person's text from the fields that the tier shows; a language model may write prose, and only prose."""
        heard = feedback or {}
        names = [name_of(str(person["id"]), seed) for person in people]
        asked = llm is not None and self.options.tier == "descriptive"
        out: list[dict[str, Any]] = []
        told: list[Fields] = []
        for name, person in zip(names, people, strict=True):
            fields = fields_of(axes, person, seed, heard.get(str(person["id"])))
            shown = self._shown(fields)
            text = _WRITERS[self.options.tier](shown) or NOTHING_TOLD
            out.append(
                {
                    "name": name,
                    "description": text,
                    "private_facts": [],
                    "source": "text",
                    "profile": fields,
                }
            )
            if asked:
                told.append(shown)
        if llm is not None and any(told):
            for portrait, better in zip(out, _written(llm, context, names, told, [p["description"] for p in out]), strict=True):
                if better:
                    portrait |= {"description": better, "source": "model"}
        return out

    def density(self, axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
        """Return the placement density at points: 0.75 + 0.25 times the reference density."""
        return default.density(axes, points)

    def _shown(self, fields: Fields) -> dict[str, ProfileField]:
        """Return the fields that the text may tell."""
        kinds = {"demographic"} if self.options.tier == "meta" else set(KINDS)
        told = kinds.difference(self.options.without)
        return {name: field for name, field in fields.items() if field.kind in told}


def make_tiers(tier: Tier = "descriptive", without: Sequence[Kind] = ()) -> Tiers:
    """Return the generator program of a tier.

    Args:
        tier: ``meta`` (a line of demographics), ``tabular`` (all fields as lines), ``descriptive`` (prose).
        without: Kinds of fields that the text withholds.

    Raises:
        pydantic.ValidationError: If there is no such tier or kind.
    """
    return Tiers(TierOptions.model_validate({"tier": tier, "without": tuple(without)}))


def meta_line(fields: Fields) -> str:
    """Return the demographic fields in a plain line; "" without any."""
    told = [str(fields[name].value) for name in _KNOWN if name in fields]
    if not told:
        return ""
    *most, income = told
    return ", ".join([*most, f"{income} income"]).capitalize() + "."


def table(fields: Fields) -> str:
    """Return one line a field, its name without what follows the dot."""
    return "\n".join(f"{name.partition('.')[0]}: {field.value}" for name, field in fields.items())


def prose(fields: Fields) -> str:
    """Return the fields in full sentences, kind by kind, an axis's outlook beside its habit."""
    told = {name: str(field.value) for name, field in fields.items()}
    axes = list(dict.fromkeys(name.partition(".")[2] for name in told if "." in name))
    own = [f"{told[key]}." for axis in axes for key in (f"{HABIT}.{axis}", f"{OUTLOOK}.{axis}") if key in told]
    return " ".join([*_demographics(told), *own, *_circumstances(told)])


def _demographics(told: Mapping[str, str]) -> list[str]:
    """Return sentences on who the person is; none where that is withheld."""
    if "age" not in told:
        return []
    return [
        f"I am a {told['sex']} and my age is {told['age']}.",
        f"I live {told['household']}, {_IN[told['region']]}.",
        f"I went as far as {told['education']}." if told["education"] != "university degree" else "I have a university degree.",
        _WORK.get(told["occupation"], f"I do {told['occupation']}."),
        f"My income is {told['income']}.",
    ]


def _circumstances(told: Mapping[str, str]) -> list[str]:
    """Return sentences on where and when; none where that is withheld."""
    if "device" not in told:
        return []
    where = f"I am writing on a {told['device']}, {told['place']}, {_AT[told['time']]}."
    return [where, _HURRY[told["hurry"]], _COMPANY[told["company"]]]


def _written(llm: Batch, context: str, names: Sequence[str], shown: Sequence[Fields], texts: Sequence[str]) -> list[str]:
    """Return the model's prose, "" for those whose reply is empty or too long."""
    prompts = [
        _PROMPT.format(context=context, name=name, lines=table(fields), words=max(40, 10 * (len(text.split()) // 10)))
        for name, fields, text in zip(names, shown, texts, strict=True)
    ]
    return [reply if len(reply) <= LONGEST else "" for reply in ask(llm, prompts)]


_WRITERS = {"meta": meta_line, "tabular": table, "descriptive": prose}
