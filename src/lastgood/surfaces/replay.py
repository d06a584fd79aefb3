"""A replay in words and as JSON: the verdict, what differs between the answers, and between the requests."""

from collections.abc import Iterator
from typing import Any

from lastgood.model import figures
from lastgood.model.replay import (
    CapturedRequest,
    Difference,
    HttpAnswer,
    Part,
    Replayed,
    ReplayReport,
    Shrunk,
)
from lastgood.surfaces.wording import PLAIN

MOST_SHOWN = 30
LONGEST_BODY = 2_000  # characters of the smallest request on a screen
ABSENT = "absent"


def replay_text(report: ReplayReport) -> str:
    """For a terminal."""
    lines = (line.replace("\n", " ") for line in _lines(report))  # none of them adds another
    return "".join(f"{line}\n" for line in lines).translate(PLAIN)


def replay_document(report: ReplayReport) -> dict[str, Any]:
    """The same as JSON values; no body is in it but the smallest request's."""
    return {
        "verdict": report.verdict.value,
        "because": report.because,
        "target": report.target,
        "failing": _request(report.failing),
        "working": report.working and _request(report.working),
        "answers": {"failing": [*map(_answer, report.answers)], "working": [*map(_answer, report.beside)]},
        "differences": [*map(_difference, report.differences)],
        "requests_differ": [*map(_difference, report.sent)],
        "masked_as_noise": list(report.noise),
        "smallest": report.shrunk and _shrunk(report.shrunk),
    }


def exit_status(report: ReplayReport) -> int:
    """0 not reproduced, 1 reproduced, 3 inconclusive."""
    return {Replayed.NOT_REPRODUCED: 0, Replayed.REPRODUCED: 1, Replayed.INCONCLUSIVE: 3}[report.verdict]


def _lines(report: ReplayReport) -> Iterator[str]:
    yield f"{report.verdict.upper()}: {report.because}"
    yield f"target    {report.target}"
    yield from _sent("failing", report.failing, report.answers)
    if report.working is not None:
        yield from _sent("working", report.working, report.beside)
    else:
        yield "working   none to compare with"
    yield from _table("ANSWERS DIFFER", report.differences)
    yield from _table("REQUESTS DIFFER", report.sent)
    if report.noise:
        yield f"MASKED    different at each sending: {', '.join(report.noise[:MOST_SHOWN])}"
    yield from _smallest(report)
    for one in report.failing.missing:
        yield f"MISSING   {one}"


def _smallest(report: ReplayReport) -> Iterator[str]:
    found = report.shrunk
    if found is None:
        return
    body = " ".join((found.request.body or "").split())
    yield f"SMALLEST  {found.request.name} {body[:LONGEST_BODY]}".rstrip() + (
        "…" if len(body) > LONGEST_BODY else ""
    )
    sent = figures.counted(found.requests, "request")
    yield f"          {found.left} of {figures.counted(found.parts, 'part')} left, {sent} in {figures.duration(found.seconds)}"
    yield from (f"          {one}" for one in found.notes)


def _sent(which: str, request: CapturedRequest, answers: tuple[HttpAnswer, ...]) -> Iterator[str]:
    reported = ", ".join(f"{one.status or one.problem} in {figures.duration(one.seconds)}" for one in answers)
    if not any(one.status for one in answers):
        reported = f"no answer: {reported}" if answers else "not sent"
    else:
        reported = f"answered {reported}"
    yield f"{which:<9} {request.name}  {reported}"


def _table(title: str, found: tuple[Difference, ...]) -> Iterator[str]:
    if not found:
        return
    yield f"{title} (failing | working)"
    for one in found[:MOST_SHOWN]:
        name = f"{one.part} {one.field}".strip()
        hidden = one.failing == one.working  # once what is secret or personal was taken out
        shown = "two values, hidden" if hidden else f"{_value(one.failing)} | {_value(one.working)}"
        yield f"  {name:<28} {shown}"
    if len(found) > MOST_SHOWN:
        yield f"  and {len(found) - MOST_SHOWN} more"


def _value(value: str | None) -> str:
    return ABSENT if value is None else " ".join(value.split())


def _request(request: CapturedRequest) -> dict[str, Any]:
    return {
        "method": request.method, "path": request.path, "recorded_status": request.status,
        "trace_id": request.trace_id or None, "source": request.source, "missing": list(request.missing),
    }  # fmt: skip


def _shrunk(found: Shrunk) -> dict[str, Any]:
    return {
        "method": found.request.method, "path": found.request.path, "body": found.request.body, "parts": found.parts,
        "left": found.left, "requests": found.requests, "seconds": found.seconds, "notes": list(found.notes),
    }  # fmt: skip


def _answer(answer: HttpAnswer) -> dict[str, Any]:
    return {"status": answer.status, "seconds": answer.seconds, "problem": answer.problem or None}


def _difference(one: Difference) -> dict[str, Any]:
    part: Part = one.part
    return {"part": part.value, "field": one.field, "failing": one.failing, "working": one.working}
