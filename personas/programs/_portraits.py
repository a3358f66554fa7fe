"""The one mechanism of all portraits: a text from the axes, and a language model's in its place where there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import _styles
from ._asking import LONGEST, Axes, Batch, Scale, archetypes, ask, wordy
from ._dice import Dice
from ._grading import LEVELS, Stand, stand
from ._sitters import Feedback, Heard, Person, Sitter, Style, Writer, aims_of, missed, sitter_of

__all__ = ["Axes", "Batch", "Dice", "Feedback", "Style", "aims_of", "rules_and_opinions", "write"]

_TRIES = 12


def write(
    style: Style,
    context: str,
    axes: Axes,
    people: Sequence[Person],
    seed: int,
    llm: Batch | None = None,
    feedback: Feedback | None = None,
) -> list[dict[str, Any]]:
    """Portray people: each gets the text built from the axes, or the language model's where that is of use.

    A text depends on the seed, the person's id and where they stand, so any subset gives the same texts, but for
    the rare pair that would otherwise read alike.

    Args:
        style: What kind of portrait.
        context: The situation.
        axes: Axis dicts.
        people: ``{"id", "position"}`` each.
        seed: Gives names and wordings.
        llm: A batch of prompts to as many texts, or None.
        feedback: Where people were measured and where they should be, by id.

    Returns:
        ``{"name", "description", "private_facts", "source"}`` a person; source is ``text``, ``model``, or ``model``
        with the axes for which the statements stand in for archetypes that could not be had.

    Raises:
        ValueError: If the model gives more or fewer replies than it was asked for.
    """
    heard = feedback or {}
    sitters = [sitter_of(style, axes, person, heard.get(str(person["id"])), seed) for person in people]
    texts = _texts(style.text, [str(person["id"]) for person in people], sitters, seed)
    return finished(style, context, axes, people, sitters, texts, llm, heard)


def finished(
    style: Style,
    context: str,
    axes: Axes,
    people: Sequence[Person],
    sitters: Sequence[Sitter],
    texts: list[str],
    llm: Batch | None,
    heard: Feedback,
) -> list[dict[str, Any]]:
    """Return portraits of texts that stand: as they are, or as the language model tells them where there is one.

    Args:
        style: What the model is asked for.
        context: The situation.
        axes: Axis dicts.
        people: ``{"id", "position"}`` each.
        sitters: The same people as writers see them.
        texts: One a person.
        llm: A batch of prompts to as many texts, or None.
        heard: Where people were measured and where they should be, by id.

    Raises:
        ValueError: If the model gives more or fewer replies than it was asked for.
    """
    written, source = [""] * len(texts), "model"
    if llm is not None and style.tasks and people:
        scales, source = _scales(style, llm, context, axes)
        written = _chain(style, llm, context, scales, sitters, texts, [_correction(p, heard.get(str(p["id"]))) for p in people])
    return [
        {"name": sitter.name, "description": better or text, "private_facts": [], "source": source if better else "text"}
        for sitter, text, better in zip(sitters, texts, written, strict=True)
    ]


def rules_and_opinions(axes: Axes, person: Person, aims: Mapping[str, float], dice: Dice) -> str:
    """Write the rules and opinions of the default portrait for some axes alone; "" for none.

    Args:
        axes: Axis dicts, those to write about.
        person: ``{"id", "position"}``.
        aims: What the text aims at on each of the axes, [-0.5, 1.5].
        dice: Gives the wordings.
    """
    stands = tuple(stand(axis, float(person["position"][axis["name"]]), aims[str(axis["name"])]) for axis in axes)
    return _styles.rules_and_opinions(Sitter(0, "", stands), dice)


def _texts(writer: Writer, ids: Sequence[str], sitters: Sequence[Sitter], seed: int) -> list[str]:
    """Return a text each, tried again where two would read alike."""
    seen: set[str] = set()
    texts: list[str] = []
    for person_id, sitter in zip(ids, sitters, strict=True):
        text = ""
        for attempt in range(_TRIES):
            before, text = text, writer(sitter, Dice(seed, "portray", person_id, attempt))
            if text not in seen or text == before:
                break
        seen.add(text)
        texts.append(text)
    return texts


def _scales(style: Style, llm: Batch, context: str, axes: Axes) -> tuple[list[Scale], str]:
    """Return what prompts say of each axis, and what to call texts that rest on it."""
    known = archetypes(llm, context, axes) if style.archetypes else [None] * len(axes)
    plain = [Scale(wordy(axis["name"]), "", str(axis["low"]), str(axis["high"])) for axis in axes]
    lacking = [scale.name for scale, found in zip(plain, known, strict=True) if style.archetypes and found is None]
    source = "model; statements in place of archetypes for " + ", ".join(lacking) if lacking else "model"
    return [found or scale for found, scale in zip(known, plain, strict=True)], source


def _chain(
    style: Style, llm: Batch, context: str, scales: list[Scale], sitters: Sequence[Sitter], texts: list[str], corrections: list[str]
) -> list[str]:
    """Return the model's portraits, "" for those of whom a part came back empty or too long."""
    parts: dict[int, list[str]] = {i: [] for i in range(len(sitters))}
    for task in style.tasks:
        prompts = [
            task.format(
                context=context,
                name=sitters[i].name,
                axes="\n".join(_placed(scale, _cited(style, at)) for scale, at in zip(scales, sitters[i].stands, strict=True)),
                heard=corrections[i],
                before="\n\n".join(before),
                text=texts[i],
            )
            for i, before in parts.items()
        ]
        replies = ask(llm, prompts)
        parts = {i: [*before, reply] for (i, before), reply in zip(parts.items(), replies, strict=True) if 0 < len(reply) <= LONGEST}
    return ["\n\n".join(parts.get(i, ())) for i in range(len(sitters))]


def _placed(scale: Scale, cited: str) -> str:
    """Return where a person stands on a scale, for a prompt."""
    meaning = f" ({scale.meaning})" if scale.meaning else ""
    return f"- {scale.name}{meaning}: {cited}\n  at 0: {scale.low}\n  at 1: {scale.high}"


def _cited(style: Style, at: Stand) -> str:
    """Return a position as prompts cite it: the assigned one, whatever feedback says."""
    return next(word for bound, word in LEVELS if at.score < bound) if style.levels else f"{at.score:.2f}"


def _correction(person: Person, heard: Heard | None) -> str:
    """Return what feedback says, in words."""
    lines = [
        f"- {wordy(axis)}: understood as {measured:.2f}, meant is {wanted:.2f}; say it {'more' if wanted > measured else 'less'} strongly"
        for axis, (measured, wanted) in missed(person["position"], heard).items()
    ]
    return "\n\nAn earlier text about this person was misunderstood:\n" + "\n".join(lines) if lines else ""
