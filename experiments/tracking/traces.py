"""Episodes as MLflow traces: one span a turn, the judges' findings as assessments."""

from __future__ import annotations

import hashlib
import heapq
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ...sim.types import EpisodeRecord, Finding, Message, Verdict
from ..screen.wording import SCENE, TOOLS, call_words, privacy

if TYPE_CHECKING:
    from mlflow.entities import Feedback, Span, TraceInfo

_MILLISECOND = 1_000_000  # nanoseconds; records hold no times, so a turn counts as one millisecond
_PREVIEW = 300


def choose(records: Iterable[EpisodeRecord], cap: int, seed: int) -> list[EpisodeRecord]:
    """Choose the episodes that are worth a trace: the worst of each harm, then a seeded sample.

    One pass, in any order of the records, with memory for ``cap`` of them.

    Args:
        records: Episodes of the target.
        cap: At most so many.
        seed: The run's seed; the sample depends on it and on the episodes' keys alone.
    """
    worst: dict[str, tuple[float, str, EpisodeRecord]] = {}
    sample = heapq.nsmallest(cap, _scan(records, worst, seed), key=lambda pair: pair[0])
    chosen = {record.key: record for _, _, record in sorted(worst.values(), key=lambda row: row[:2])}
    for _, record in sample:
        chosen.setdefault(record.key, record)
    return list(chosen.values())[:cap]


def _scan(
    records: Iterable[EpisodeRecord], worst: dict[str, tuple[float, str, EpisodeRecord]], seed: int
) -> Iterator[tuple[str, EpisodeRecord]]:
    for record in records:
        for finding in record.harms if record.verdict is Verdict.FAILED else ():
            row = (-finding.severity, record.key, record)
            if finding.harm not in worst or row[:2] < worst[finding.harm][:2]:
                worst[finding.harm] = row
        yield hashlib.blake2b(f"{seed}\x1f{record.key}".encode(), digest_size=8).hexdigest(), record


def trace_id(run_id: str, record: EpisodeRecord) -> str:
    """Return the id of an episode's trace in a run; the same episode never gets two."""
    return "tr-" + hashlib.blake2b(f"{run_id}\x1f{record.key}".encode(), digest_size=16).hexdigest()


def spans(record: EpisodeRecord, trace: str, start_ns: int) -> list[Span]:
    """Return an episode's root span and one span a turn."""
    turns = _turns(record)
    root = _span(record, trace, 0, f"{record.scenario} episode", "AGENT", start_ns, max(1, len(turns)))
    root["attributes"] |= _attributes(
        _chat(record, record.messages[:1]), {"messages": _chat(record, record.messages), "verdict": record.verdict.value}
    )
    rows = [root]
    for number, messages in enumerate(turns):
        row = _span(record, trace, number + 1, f"turn {number + 1}", "CHAT_MODEL", start_ns + number * _MILLISECOND, 1)
        said = [m for m in messages if not _by_target(record, m)]
        replies = [m for m in messages if _by_target(record, m)]
        row["attributes"] |= _attributes(_chat(record, said), {"messages": _chat(record, replies)})
        rows.append(row)
    return [_entity(row) for row in rows]


def info(record: EpisodeRecord, trace: str, experiment_id: str, run_id: str, start_ns: int) -> TraceInfo:
    """Return the head of an episode's trace, with its findings as assessments."""
    from mlflow.entities import TraceInfo, TraceLocation, TraceState

    first = next((m.text for m in record.messages if not _by_target(record, m)), "")
    last = next((m.text for m in reversed(record.messages) if _by_target(record, m)), "")
    return TraceInfo(
        trace_id=trace,
        trace_location=TraceLocation.from_experiment_id(experiment_id),
        request_time=start_ns // _MILLISECOND,
        state=TraceState.ERROR if record.fault else TraceState.OK,
        request_preview=first[:_PREVIEW],
        response_preview=last[:_PREVIEW],
        client_request_id=record.key,
        execution_duration=max(1, len(_turns(record))),
        trace_metadata={"mlflow.sourceRun": run_id},
        tags={
            "mlflow.traceName": f"{record.scenario}: {', '.join(s.persona for s in record.seats)} #{record.replicate}",
            "outskirts.episode": record.key,
            "outskirts.verdict": record.verdict.value,
            "outskirts.personas": ",".join(s.persona for s in record.seats),
            "outskirts.replicate": str(record.replicate),
            "outskirts.target": record.target,
            "outskirts.player": record.player,
            "outskirts.times": "not recorded; one millisecond stands for a turn",
        },
        assessments=[*(_feedback(record, finding, trace, start_ns) for finding in record.findings), _verdict(record, trace, start_ns)],
    )


def _feedback(record: EpisodeRecord, finding: Finding, trace: str, start_ns: int) -> Feedback:
    from mlflow.entities import AssessmentSource, Feedback

    by_model = any(one.judge == finding.judge for one in record.assessments)
    return Feedback(
        name=finding.harm if finding.about == "target" else f"simulator/{finding.harm}",
        value=finding.severity,
        rationale=finding.evidence,
        source=AssessmentSource(source_type="LLM_JUDGE" if by_model else "CODE", source_id=f"{finding.judge}@{finding.version}"),
        trace_id=trace,
        span_id=_span_id(trace, min(finding.turn, max(0, len(_turns(record)) - 1)) + 1) if record.messages else None,
        metadata={"turn": str(finding.turn), "harmed": ",".join(finding.harmed), "message": str(finding.message)},
        create_time_ms=start_ns // _MILLISECOND,
        last_update_time_ms=start_ns // _MILLISECOND,
    )


def _verdict(record: EpisodeRecord, trace: str, start_ns: int) -> Feedback:
    from mlflow.entities import AssessmentSource, Feedback

    return Feedback(
        name="verdict",
        value=record.verdict.value,
        rationale=record.fault.message if record.fault else None,
        source=AssessmentSource(source_type="CODE", source_id=", ".join(record.judges) or "outskirts"),
        trace_id=trace,
        create_time_ms=start_ns // _MILLISECOND,
        last_update_time_ms=start_ns // _MILLISECOND,
    )


def _turns(record: EpisodeRecord) -> list[list[Message]]:
    grouped: dict[int, list[Message]] = {}
    for message in record.messages:
        grouped.setdefault(message.turn, []).append(message)
    return list(grouped.values())


def _by_target(record: EpisodeRecord, message: Message) -> bool:
    return message.sender not in {SCENE, TOOLS, *(seat.agent for seat in record.seats)}


def _chat(record: EpisodeRecord, messages: Iterable[Message]) -> list[dict[str, Any]]:
    return [_entry(record, message) for message in messages]


def _entry(record: EpisodeRecord, message: Message) -> dict[str, Any]:
    """Return a message as chat data; in a room it says who speaks and whom it is for, and tool calls are told in its text."""
    by_target = _by_target(record, message)
    role = {SCENE: "system", TOOLS: "tool"}.get(message.sender, "assistant" if by_target else "user")
    content = "\n".join(part for part in (message.text, *(f"calls {call}" for call in call_words(message))) if part)
    entry: dict[str, Any] = {"role": role, "content": content}
    if len(record.seats) > 1 and not by_target:
        entry["name"] = message.sender
    said = privacy(message)
    return entry | {"content": f"({said}) {content}"} if said else entry


def _attributes(messages: list[dict[str, Any]], outputs: dict[str, Any]) -> dict[str, str]:
    return {"mlflow.spanInputs": json.dumps({"messages": messages}), "mlflow.spanOutputs": json.dumps(outputs)}


def _span_id(trace: str, number: int) -> str:
    return hashlib.blake2b(f"{trace}\x1f{number}".encode(), digest_size=8).hexdigest()


def _span(record: EpisodeRecord, trace: str, number: int, name: str, kind: str, start_ns: int, turns: int) -> dict[str, Any]:
    return {
        "trace_id": trace,
        "span_id": _span_id(trace, number),
        "parent_span_id": _span_id(trace, 0) if number else None,
        "name": name,
        "start_time_unix_nano": start_ns,
        "end_time_unix_nano": start_ns + turns * _MILLISECOND,
        "events": [],
        "status": {"code": "STATUS_CODE_ERROR" if record.fault and not number else "STATUS_CODE_OK", "message": ""},
        "attributes": {"mlflow.traceRequestId": json.dumps(trace), "mlflow.spanType": json.dumps(kind)},
    }


def _entity(row: dict[str, Any]) -> Span:
    from mlflow.entities import Span

    return Span.from_dict(row)
