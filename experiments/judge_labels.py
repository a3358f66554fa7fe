"""Labelled transcripts: what they are read from, and how well the judges of a run read them."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field, ValidationError

from ..agents.judge_error import Confusion
from ..agents.model_calls import gathered
from ..personas.scenario import Scenario
from ..sim.errors import BudgetExceeded, InputError, UnknownNameError
from ..sim.protocols import Judge
from ..sim.types import Case, CasePerson, Frozen, Judgement, Message
from ..sim.waiting import contained, within
from .settings_file import read_text
from .statistics.estimates import Figure
from .statistics.misclassification import Accuracy, accuracy
from .statistics.panels import baseline_votes
from .store.kept_lines import Kept, KeptLines

_KEYS = {"case", "messages", "harms", "failed"}
_ROLES = {"user": "persona", "assistant": "target"}


class Labelled(NamedTuple):
    """One transcript and what somebody says happened in it."""

    case: Case
    harmed: Mapping[str, bool]  # persona id -> whether any harm was done to this person


class Sheet(NamedTuple):
    """A file of labelled transcripts."""

    labelled: tuple[Labelled, ...]
    unlabelled: int  # lines without a label
    digest: str  # hash of the file


class LabelledJudges(Figure):
    """How well the judges of the run read transcripts that were labelled; unit: one (transcript, person), any harm or none."""

    transcripts: int  # with a label
    unlabelled: int = 0  # lines of the file without one
    unreadable: int = 0  # transcripts that some judge could not be read on; not counted below
    invalid: int = 0  # transcripts in which a simulated person was not played as one; not counted below, as in rates
    together: Accuracy  # all judges together, as they decide a verdict
    judges: dict[str, Accuracy] = Field(default_factory=dict)  # each alone; NAME:baseline is the single judge beside a panel


class _Kept(Frozen):
    """What is kept of a measurement, so that a resumed run does not pay for it again."""

    key: str
    figures: LabelledJudges


def read_labels(path: str | Path, scenario: Scenario) -> Sheet:
    """Read a file of labelled transcripts, one JSON object a line.

    A line holds ``messages``, a list of ``{"role": "user" | "assistant", "content": text}`` between one person and the target, or
    ``case``, an episode as ``outskirts label`` writes it; and the label: ``harms``, a list of names (for several people a list for each,
    by persona id), empty where none was done; or ``failed``, true or false. A line whose label is null is left out.

    Raises:
        InputError: If the file cannot be read or a line is wrong; names the line.
        UnknownNameError: If a harm is not declared.
    """
    text = read_text(Path(path), "judge_labels")
    labelled, unlabelled = [], 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _line(line, f"{path}, line {number}", scenario, number)
        if found is None:
            unlabelled += 1
        else:
            labelled.append(found)
    if not labelled:
        hint = "Fill in harms (a list of names, or []) or failed (true or false) in each line." if unlabelled else ""
        raise InputError("judge_labels", "labelled transcripts, one a line", f"{unlabelled} lines without a label", hint)
    return Sheet(tuple(labelled), unlabelled, hashlib.sha256(text.encode()).hexdigest()[:16])


def _line(line: str, where: str, scenario: Scenario, number: int) -> Labelled | None:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(where, "a JSON object", line, str(error)) from None
    if not isinstance(row, dict):
        raise InputError(where, "a JSON object", row)
    unknown = next((key for key in row if key not in _KEYS), None)
    if unknown is not None:
        raise InputError(where, "the keys case or messages, and harms or failed", unknown)
    if ("case" in row) == ("messages" in row):
        raise InputError(where, "either case or messages", ", ".join(row) or "neither")
    case = _case(row["case"], where) if "case" in row else _chat(row["messages"], where, scenario, number)
    if row.get("harms") is None and row.get("failed") is None:
        return None
    return Labelled(case, _harmed(row, case, where, scenario))


def _case(given: object, where: str) -> Case:
    try:
        return Case.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            f"{where}, case.{'.'.join(map(str, first['loc']))}", "an episode as outskirts label writes it", first["msg"]
        ) from None


def _chat(given: object, where: str, scenario: Scenario, number: int) -> Case:
    messages: list[Message] = []
    for i, one in enumerate(given if isinstance(given, list) else [None]):
        if not isinstance(one, dict) or one.get("role") not in _ROLES or not isinstance(one.get("content"), str):
            raise InputError(f"{where}, messages", 'a list of {"role": "user" or "assistant", "content": text}', one)
        turn = sum(m.sender == scenario.agent("persona") for m in messages) - (one["role"] == "assistant")
        messages.append(Message(index=i, turn=max(turn, 0), sender=scenario.agent(_ROLES[one["role"]]), text=one["content"]))
    person = CasePerson(persona="person", agent=scenario.agent("persona"), position={})
    target = scenario.agent("target")
    return Case(
        scenario=scenario.name, target=target, people=(person,), messages=tuple(messages), turns=scenario.turns, episode=f"label/{number}"
    )


def _harmed(row: Mapping[str, Any], case: Case, where: str, scenario: Scenario) -> dict[str, bool]:
    people = [person.persona for person in case.people]
    harms, failed = row.get("harms"), row.get("failed")
    if harms is None:
        if not isinstance(failed, bool):
            raise InputError(f"{where}, failed", "true or false", failed)
        if len(people) > 1 and failed:
            raise InputError(
                f"{where}, harms", "a list of harms for each person, by persona id", "failed", f"The people are {', '.join(people)}."
            )
        return dict.fromkeys(people, failed)
    if isinstance(harms, list) and (len(people) == 1 or not harms):
        harms = dict.fromkeys(people, harms)
    if not isinstance(harms, dict) or not set(harms) <= set(people) or not all(isinstance(names, list) for names in harms.values()):
        raise InputError(f"{where}, harms", "a list of harms, or one for each person by persona id", row["harms"])
    known = [harm.name for harm in scenario.harms]
    unknown = next((name for names in harms.values() for name in names if name not in known), None)
    if unknown is not None:
        raise UnknownNameError(f"{where}, harms", str(unknown), known)
    found = {person: bool(harms.get(person)) for person in people}
    if failed is not None and failed != any(found.values()):
        raise InputError(f"{where}, failed", "what harms say", failed)
    return found


class Reading(Kept):
    """What one judge said of one labelled transcript."""

    transcript: int  # number among those with a label
    judgement: Judgement


async def measure_judges(
    judges: Sequence[Judge],
    sheet: Sheet,
    *,
    wait: float | None = None,
    at_once: int = 64,
    kept: KeptLines[Reading] | None = None,
) -> LabelledJudges:
    """Let judges read labelled transcripts and hold what they say against the labels.

    Args:
        judges: Those of the run.
        sheet: The transcripts.
        wait: Longest wait for one judge and transcript, seconds.
        at_once: Most transcripts at once.
        kept: What judges said of them before; what they say now is added.

    Raises:
        BudgetExceeded: If an open limit is met.
        InputError: If no transcript could be read by all judges; says why.
    """
    places = asyncio.Semaphore(at_once)
    faults: list[str] = []

    async def said_by(judge: Judge, number: int, case: Case) -> Judgement | None:
        key = _hash([sheet.digest, number, f"{judge.name}@{judge.version}"])
        before = None if kept is None else kept.get(key)
        if before is not None:
            return before.judgement
        judgement = await _judged(judge, case, wait, faults)
        if kept is not None and judgement is not None:
            kept.keep(Reading(key=key, transcript=number, judgement=judgement))
        return judgement

    async def read(number: int, one: Labelled) -> list[Judgement | None]:
        async with places:
            return [await said_by(judge, number, one.case) for judge in judges]

    said = await gathered(read(number, one) for number, one in enumerate(sheet.labelled))
    read_by_all = [(one, found) for one, found in zip(sheet.labelled, said, strict=True) if None not in found]
    if not read_by_all:
        raise InputError("judge_labels", "a transcript that every judge can be read on", "none", faults[0] if faults else "")
    valid = [(one, found) for one, found in read_by_all if not any(f.about == "simulator" for j in found if j for f in j.findings)]
    return LabelledJudges(
        transcripts=len(sheet.labelled),
        unlabelled=sheet.unlabelled,
        unreadable=len(sheet.labelled) - len(read_by_all),
        invalid=len(read_by_all) - len(valid),
        together=accuracy(_confusion([(one, {p for j in found if j for p in _harmed_by(j)}) for one, found in valid])),
        judges=_each(judges, sheet.labelled, said),
    )


async def _judged(judge: Judge, case: Case, wait: float | None, faults: list[str]) -> Judgement | None:
    try:
        with contained:
            return await within(wait, judge.judge(case))
    except BudgetExceeded:
        raise
    except Exception as error:
        faults.append(f"judge {judge.name}: {error}")
        return None


def _each(judges: Sequence[Judge], labelled: Sequence[Labelled], said: Sequence[Sequence[Judgement | None]]) -> dict[str, Accuracy]:
    """Return the accuracy of each judge that speaks of the target, and of the single judge beside a panel."""
    found: dict[str, Accuracy] = {}
    for i, judge in enumerate(judges):
        if getattr(judge, "about", "target") == "simulator":
            continue
        own = [(one, row[i]) for one, row in zip(labelled, said, strict=True) if row[i] is not None]
        found[judge.name] = accuracy(_confusion([(one, _harmed_by(j)) for one, j in own if j]))
        failing = getattr(getattr(judge, "options", None), "failing", None)
        votes = [(one, baseline_votes(j.assessments, failing)) for one, j in own if j and failing is not None]
        if any(vote for _, vote in votes):
            asked = [(one, {person for (person, _), yes in vote.items() if yes}) for one, vote in votes]
            found[f"{judge.name}:baseline"] = accuracy(_confusion(asked))
    return found


def _harmed_by(judgement: Judgement) -> set[str]:
    return {person for f in judgement.findings if f.about == "target" for person in f.harmed}


def _confusion(units: Sequence[tuple[Labelled, set[str]]]) -> Confusion:
    pairs = [(label, person in found) for one, found in units for person, label in one.harmed.items()]
    return Confusion(
        tp=sum(label and said for label, said in pairs),
        fp=sum(said and not label for label, said in pairs),
        fn=sum(label and not said for label, said in pairs),
        tn=sum(not label and not said for label, said in pairs),
    )


def label_key(judges: Sequence[Judge], sheet: Sheet) -> str:
    """Return what a measurement depends on: the file, and the judges with their versions."""
    return _hash([sheet.digest, [f"{judge.name}@{judge.version}" for judge in judges]])


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:24]


def kept_figures(file: Path, key: str) -> LabelledJudges | None:
    """Return what an earlier session measured with the same file and judges, if one did."""
    try:
        kept = _Kept.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return kept.figures if kept.key == key else None


def kept_text(key: str, figures: LabelledJudges) -> str:
    """Return what :func:`kept_figures` reads."""
    return _Kept(key=key, figures=figures).model_dump_json(indent=2) + "\n"
