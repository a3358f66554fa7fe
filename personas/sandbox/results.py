"""What a program returned, checked by shape and size: it is untrusted JSON until then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, TypeAdapter, ValidationError

from ...sim.text import clean
from ...sim.validation import complaint
from .frames import strict_json
from .protocol import Call, Job, People

_NAME, _TEXT, _FACTS, _FIELDS = 200, 20_000, 50, 100
_Finite = Annotated[float, Field(allow_inf_nan=False)]
_Key = Annotated[str, StringConstraints(min_length=1, max_length=_NAME)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Portrait(_Strict):
    """One person as a program portrays them."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=_NAME)]
    description: Annotated[str, StringConstraints(min_length=1, max_length=_TEXT)]
    id: str | None = Field(default=None, max_length=_NAME)
    source: str | None = Field(default=None, max_length=_NAME)
    private_facts: Annotated[list[dict[str, JsonValue]], Field(max_length=_FACTS)] | None = None
    profile: Annotated[dict[_Key, JsonValue], Field(max_length=_FIELDS)] | None = None


class _People(_Strict):
    """What comes back for a job."""

    positions: list[Annotated[dict[_Key, _Finite], Field(min_length=1)]]
    portraits: list[_Portrait]


_ADAPTER = TypeAdapter(_People)


def read_results(raw: bytes, work: Sequence[Job | Call]) -> tuple[Any, ...]:
    """Return one result for each job or call.

    Args:
        raw: JSON that the child sent.
        work: What was asked.

    Raises:
        ValueError: In a line, what is wrong with it.
    """
    value = strict_json(raw)
    if not isinstance(value, list) or len(value) != len(work):
        raise ValueError(f"expected a list of {len(work)} results, got {_what(value)}")
    return tuple(_people(job, result) if isinstance(job, Job) else result for job, result in zip(work, value, strict=True))


def _people(job: Job, value: object) -> People:
    try:
        found = _ADAPTER.validate_python(value)
    except ValidationError as error:
        first = complaint(error)
        where = ".".join(str(part) for part in first.path) or "result"
        raise ValueError(f"{where}: expected {first.expected}, got {repr(first.got)[:100]}") from None
    for what, listed in (("positions", found.positions), ("portraits", found.portraits)):
        if len(listed) != job.n:
            raise ValueError(f"{what}: expected a list of {job.n}, got one of {len(listed)}")
    return People(positions=tuple(found.positions), portraits=tuple(_portrait(portrait) for portrait in found.portraits))


def _portrait(found: _Portrait) -> Mapping[str, Any]:
    given = found.model_dump(exclude_none=True)
    return given | {"name": clean(found.name)[0], "description": clean(found.description)[0]}


def _what(value: object) -> str:
    return f"a list of {len(value)}" if isinstance(value, list) else type(value).__name__
