"""A generation's children: mutators are asked, and asked again where they miss or give a program that is known."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...sim.errors import OutskirtsError
from ...sim.limits import Limit
from ...sim.seeds import Stream, derive
from ...sim.text import said
from ...sim.waiting import contained
from .choosing import Attempt, Chooser
from .identity import fingerprint
from .mutator import Child, Mutator, Parent

_LONGEST_REASON = 200


@dataclass(frozen=True)
class Slot:
    """One child to be made."""

    number: int  # in its generation
    island: int
    aim: str  # place whose elite the parent is; "" for another parent
    parent: Parent
    others: tuple[Parent, ...]  # of the same island, whom to cross with


@dataclass(frozen=True)
class Born:
    """A new program and how it came about; ``attempt.candidate`` is still open."""

    slot: Slot
    attempt: Attempt
    child: Child
    source: str
    fingerprint: str


@dataclass(frozen=True)
class _Call:
    """One call of a mutator that is about to be made."""

    slot: Slot
    number: int
    mutator: Mutator
    other: Parent | None
    stream: Stream


def mutation_stream(seed: int, generation: int, slot: int, number: int) -> Stream:
    """Return the random numbers of one attempt, so that it can be made again."""
    return Stream(seed, "mutate", generation, slot, number)


async def breed(
    slots: Sequence[Slot],
    mutators: Mapping[str, Mutator],
    chooser: Chooser,
    known: Mapping[str, str],
    *,
    seed: int,
    generation: int,
    tries: int,
) -> tuple[list[Born], list[Attempt]]:
    """Make a child for each slot, as far as that can be done in so many tries.

    The calls of one round are made together, in the caller's event loop; what becomes of them is decided in the order
    of slots, so neither speed nor concurrency matters.

    Args:
        slots: Whom to change, for which island.
        mutators: By name.
        chooser: Says which mutator is next; is told nothing.
        known: Fingerprint of every program that was asked before, to its id.
        seed: Of the search.
        generation: Number of the generation.
        tries: Mutations tried a slot.

    Returns:
        Children in order of slots, and the attempts that missed in order of slots and tries.

    Raises:
        OutskirtsError: What a mutator raises of these (a budget, a model out of reach) passes; anything else it raises is a miss.
    """
    seen, planned = dict(known), Counter[str]()
    born: list[Born] = []
    missed: list[Attempt] = []
    waiting = list(slots)
    for number in range(tries):
        calls = []
        for slot in waiting:
            random = derive(seed, "choose", generation, slot.number, number)
            name = chooser.choose(random, planned)
            planned[name] += 1
            other = slot.others[int(random.integers(len(slot.others)))] if slot.others else None
            calls.append(_Call(slot, number, mutators[name], other, mutation_stream(seed, generation, slot.number, number)))
        waiting = []
        for call, (child, money) in zip(calls, await _all(calls), strict=True):
            attempt = _attempt(generation, call, child, money)
            try:
                if child.source is None:
                    raise ValueError(child.edit or "it gave no program")
                found = _new(child.source, seen)
            except ValueError as error:
                missed.append(attempt.model_copy(update={"reason": str(error)[:_LONGEST_REASON]}))
                waiting.append(call.slot)
                continue
            seen[found] = f"another child of generation {generation}"
            born.append(Born(call.slot, attempt, child, child.source, found))
    born.sort(key=lambda one: one.slot.number)
    missed.sort(key=lambda one: (one.slot, one.number))
    return born, missed


def _new(source: str, seen: Mapping[str, str]) -> str:
    """Return the fingerprint of a program that parses and is new.

    Raises:
        ValueError: If it is not.
    """
    found = fingerprint(source)
    if found in seen:
        raise ValueError(f"the same program as {seen[found]}")
    return found


def _attempt(generation: int, call: _Call, child: Child, money: float | None) -> Attempt:
    """Return the record of a call."""
    return Attempt(
        generation=generation,
        slot=call.slot.number,
        number=call.number,
        mutator=call.mutator.name,
        parent=call.slot.parent.candidate.id,
        other=call.other.candidate.id if call.other else None,
        candidate=None,
        calls=child.calls,
        tokens=child.tokens,
        money=money,
    )


async def _all(calls: Sequence[_Call]) -> list[tuple[Child, float | None]]:
    """Make all calls together; the first error that passes cancels the others."""
    tasks = [asyncio.ensure_future(_propose(call)) for call in calls]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _propose(call: _Call) -> tuple[Child, float | None]:
    """Call a mutator, and say what that cost; what it raises becomes a miss. Tokens that were counted replace those it estimates."""
    with Limit("mutation") as spent:
        try:
            with contained:
                child = await call.mutator.propose(call.slot.parent, call.other, call.stream)
        except OutskirtsError:
            raise
        except Exception as error:
            child = Child(source=None, edit=said(error))
    counted = sum(spent.usage().tokens.values())
    return (child.model_copy(update={"tokens": counted}) if counted else child), spent.known_cost
