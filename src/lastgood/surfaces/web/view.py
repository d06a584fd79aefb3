"""The view of one incident: what its page shows, in words; nothing is computed here that the record does not hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lastgood.model import figures
from lastgood.model.answers import Mitigation, Segment
from lastgood.model.entry import Entry, Frozen, Triaged
from lastgood.model.incident import Incident, Status
from lastgood.model.message import Due
from lastgood.surfaces import wording
from lastgood.surfaces.entries import entry_line
from lastgood.surfaces.incident_page import due_time
from lastgood.surfaces.web.plots import Mark, Plot, Stretch, plot, shown_at
from lastgood.workbench.incident_pages import Seen

MOST_CHANGES, MOST_UNKNOWN, MOST_SEGMENTS, MOST_ENTRIES, MOST_OTHERS = 4, 6, 3, 200, 3
_VERDICTS = {
    "yes": ("Confirmed", "yes"),
    "no": ("Not confirmed", "no"),
    "unknown": ("Inconclusive", "possible"),
}
_STATUS = {
    Status.OPEN: ("Investigating", 1),
    Status.MITIGATED: ("Monitoring", 3),
    Status.RESOLVED: ("Resolved", 4),
    Status.CLOSED: ("Closed", 4),
}
_DEEDS = {
    "rollback": "Roll back",
    "roll_forward": "Roll forward",
    "failover": "Fail over",
    "flag_off": "Switch off the flag",
    "flag_on": "Switch on the flag",
    "config_revert": "Revert the configuration of",
    "circuit_break": "Open the circuit breaker for",
    "stop_job": "Stop the job",
    "route_away": "Route traffic away from",
    "scale": "Scale up",
    "rate_limit": "Limit the rate of",
    "shed_load": "Shed load of",
    "renew_certificate": "Renew the certificate of",
    "hide": "Hide the broken option of",
}
_SIGNALS = (("Errors", "errors", "share"), ("Latency", "latency", "ms"), ("Traffic", "traffic", "1/s"))


@dataclass(frozen=True, slots=True)
class Answer:
    """The first block."""

    word: str
    shape: str
    confidence: str
    as_of: str
    headline: tuple[str, ...]
    since: str
    failed: str
    users: str


@dataclass(frozen=True, slots=True)
class Option:
    """Something to do."""

    text: str
    because: str
    meta: str


@dataclass(frozen=True, slots=True)
class Share:
    """A row of Who: a part of the requests and how many of it fail."""

    name: str
    share: float
    failed: str
    percent: str
    bad: bool


@dataclass(frozen=True, slots=True)
class Suspect:
    """A row of What changed."""

    place: int
    word: str
    shape: str
    percent: str
    title: str
    kind: str
    sign: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the timeline."""

    sequence: int
    at: str
    actor: str
    text: str
    evidence: bool
    key: bool


@dataclass(frozen=True, slots=True)
class View:
    """Everything on the page of an incident."""

    number: int
    title: str
    severity: str
    opened: str
    status: str
    steps: int
    affected: str
    due: str
    overdue: bool
    over: bool
    acknowledged: str
    last: int  # entry
    answered: int  # entry of the answer; 0: none
    answer: Answer | None
    options: tuple[Option, ...]
    dont: str
    workaround: str
    say: str
    unknown: tuple[str, ...]
    unknown_more: tuple[str, ...]
    who: tuple[Share, ...]
    who_hint: tuple[str, ...]
    where: tuple[str, str, bool] | None  # last good, first bad, external
    where_agree: str
    where_hint: tuple[str, ...]
    plots: tuple[Plot, ...]
    saturation: str
    suspects: tuple[Suspect, ...]
    changed: str
    checked: str
    timeline: tuple[Line, ...]


def view_of(seen: Seen, now: datetime) -> View:
    """The view as of now."""
    incident, said, document = seen.incident, seen.incident.triaged, seen.document or {}
    status, steps = _STATUS[incident.status]
    due = seen.owed[0] if seen.owed else None
    unknown = tuple(document.get("unknown") or ())
    suspects = tuple(_suspects(document, incident))
    return View(
        number=incident.number,
        title=incident.title,
        severity=str(incident.severity or ""),
        opened=f"opened {figures.clock(incident.opened_at, now)} UTC by {incident.opened_by}",
        status=status,
        steps=steps,
        affected=_affected(incident, now),
        due=_due(due, now),
        overdue=due is not None and due.at < now,
        over=incident.status.over,
        acknowledged=f"acknowledged by {incident.acknowledged_by}" if incident.acknowledged_by else "",
        last=seen.entries[-1].sequence,
        answered=next((e.sequence for e in reversed(seen.entries) if isinstance(e.payload, Triaged)), 0),
        answer=_answer(said, document, incident, now) if said else None,
        options=tuple(map(_option, said.mitigations)) if said else (),
        dont=_sentence(said.not_roll_back) if said and said.not_roll_back else "",
        workaround=f"For users: {said.workaround}." if said and said.workaround else "",
        saturation=_saturation(document),
        say=str(document.get("say") or ""),
        unknown=unknown[:MOST_UNKNOWN],
        unknown_more=unknown[MOST_UNKNOWN:],
        who=tuple(_who(said)) if said else (),
        who_hint=tuple(_who_hint(said, document)) if said else (),
        where=(said.path.last_good or "", said.path.first_bad, said.path.external)
        if said and said.path
        else None,
        where_agree=_agree(said) if said else "",
        where_hint=tuple(culprit.because for culprit in said.culprits[:1]) if said else (),
        plots=tuple(_plots(seen, document, suspects)),
        suspects=suspects[:MOST_CHANGES],
        changed=_changed(document),
        checked=figures.counted(len(document.get("changes") or ()), "change") + " checked",
        timeline=tuple(_timeline(seen.entries, now)),
    )


def _affected(incident: Incident, now: datetime) -> str:
    since = incident.since
    if since is None:
        return "not known"
    ended = incident.resolved_at or incident.mitigated_at or (incident.triaged and incident.triaged.ended)
    lasted = figures.duration(((ended or now) - since).total_seconds())
    return f"{lasted}, ended" if ended else lasted


def _due(due: Due | None, now: datetime) -> str:
    return f"{due.audience}: {due_time(due, now)}" if due else "none is due"


def _answer(said: Triaged, document: Mapping[str, Any], incident: Incident, now: datetime) -> Answer:
    word, shape = _VERDICTS[said.verdict.value]
    confidence = (document.get("confirmed") or {}).get("confidence")
    as_of = incident.triaged_at or now
    return Answer(
        word,
        shape,
        f"{figures.percent(round(confidence, 2))} confidence" if confidence else "",
        f"as of {figures.clock(as_of, now)} UTC",
        tuple(_headline(said)),
        _since(said, document, now),
        _failed(said),
        figures.count(said.impact.users) if said.impact and said.impact.users is not None else "",
    )


def _headline(said: Triaged) -> Iterator[str]:
    impact = said.impact
    if said.verdict.value != "yes" or impact is None or impact.failure_share is None:
        yield _sentence(said.because)
    elif impact.baseline_share is not None:
        yield (
            f"{figures.percent(impact.failure_share)} of {wording.requests_of(impact)} fail, "
            f"baseline {figures.percent(impact.baseline_share)}."
        )
    else:
        yield f"{figures.percent(impact.failure_share)} of {wording.requests_of(impact)} fail."
    if said.verdict.value == "yes" and said.segments:
        first = said.segments[0]
        hurt = figures.percent(first.share_of_failures)
        yield f"{hurt} of {wording.harm_of(impact)} have {wording.described(first)}."


def _sentence(text: str) -> str:
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith((".", "?", "!")) else f"{whole}."


def _since(said: Triaged, document: Mapping[str, Any], now: datetime) -> str:
    if said.since is None:
        return ""
    around = ""
    if said.since_low and said.since_high:
        low, high = (figures.clock(time, said.since) for time in (said.since_low, said.since_high))
        around = f" (between {low} and {high})"
    trend = (document.get("onset") or {}).get("trend")
    course = (
        f"until {figures.clock(said.ended, now)}"
        if said.ended
        else ", ".join(filter(None, ("ongoing", trend)))
    )
    return f"{figures.clock(said.since, now)}{around}, {course}"


def _failed(said: Triaged) -> str:
    impact = said.impact
    if impact is None or impact.requests is None or impact.failed is None:
        return ""
    span = f" in {figures.duration(said.comparison.bad.seconds)}" if said.comparison else ""
    return f"{figures.count(impact.failed)} of {figures.count(impact.requests)}{span}"


def deed(option: Mitigation) -> str:
    """`Roll back payments`."""
    plain = wording.plain(option.kind)
    return f"{_DEEDS.get(option.kind, plain[:1].upper() + plain[1:])} {option.target}"


def _option(option: Mitigation) -> Option:
    meta = [
        f"works in about {figures.duration(option.minutes * 60)}" if option.minutes is not None else "",
        "reversible" if option.reversible else "cannot be undone",
        f"destroys evidence: {option.evidence_lost}" if option.evidence_lost else "destroys no evidence",
    ]
    return Option(deed(option), _sentence(option.because), " · ".join(part for part in meta if part))


def _saturation(document: Mapping[str, Any]) -> str:
    found = (document.get("signals") or {}).get("saturation")
    return str(found) if found else "not known. No metric of CPU, memory or a pool has arrived"


def _who(said: Triaged) -> Iterator[Share]:
    shown = said.segments[:MOST_SEGMENTS]
    for segment in shown:
        yield _share(wording.described(segment), segment.failures, segment.requests, bad=True)
    rest = _rest(said, shown)
    if rest is not None:
        yield _share("All others", *rest, bad=False)


def _rest(said: Triaged, shown: Sequence[Segment]) -> tuple[int, int] | None:
    """Failures and requests outside of the one segment; None where they were not counted."""
    impact = said.impact
    if len(shown) != 1 or impact is None or impact.requests is None or impact.failed is None:
        return None
    failed, requests = impact.failed - shown[0].failures, impact.requests - shown[0].requests
    return (failed, requests) if failed >= 0 and requests > 0 else None


def _share(name: str, failed: int, requests: int, *, bad: bool) -> Share:
    share = failed / requests if requests else 0.0
    counts = f"{figures.count(failed)} of {figures.count(requests)}"
    return Share(name, share, counts, figures.percent(share), bad)


def _who_hint(said: Triaged, document: Mapping[str, Any]) -> Iterator[str]:
    for segment in said.segments[:1]:
        yield (
            f"{wording.described(segment)} is {figures.percent(segment.share_of_failures)} of failures "
            f"and {figures.percent(segment.share_of_traffic)} of traffic."
        )
    if cleared := (document.get("blast_radius") or {}).get("not"):
        yield f"Tested, and not it: {wording.listed(cleared, 8)}."


def _agree(said: Triaged) -> str:
    path = said.path
    if path is None:
        return ""
    return f"{figures.count(path.agree)} of {figures.counted(path.traces, 'failing trace')} agree"


def _changed(document: Mapping[str, Any]) -> str:
    if not document.get("changes"):
        return "No change is recorded in this period. Deploys that are not sent are not visible."
    explained = document.get("no_change_explains_it") or {}
    if explained.get("verdict") == "yes":
        cause = f" Likely cause: {wording.plain(explained['cause'])}." if explained.get("cause") else ""
        return f"None of your changes explains it.{cause}"
    return ""


def _suspects(document: Mapping[str, Any], incident: Incident) -> Iterator[Suspect]:
    near = incident.since or incident.opened_at
    for place, change in enumerate(document.get("changes") or (), 1):
        verdict = change["verdict"]
        likely = verdict in {"likely", "possible"}
        reasons = change["for"] if likely else change["against"] or change["for"]
        yield Suspect(
            place,
            wording.plain(verdict),
            "out" if verdict == "ruled_out" else verdict,
            figures.percent(round(change["confidence"], 2)) if likely else "",
            change.get("title") or change["id"],
            wording.plain(change["kind"]),
            "+" if likely else "\u2212",
            "; ".join(reasons[:2]),
            figures.clock(_moment(change["at"]), near),
        )


def _plots(seen: Seen, document: Mapping[str, Any], suspects: Sequence[Suspect]) -> Iterator[Plot]:
    said = seen.incident.triaged
    if said is None:
        return
    real = said.verdict.value == "yes"
    stretch = Stretch(said.since_low, said.since_high, said.ended) if real else Stretch()
    marks = [
        Mark(
            _moment(change["at"]), str(one.place), f"{one.at} {one.title} ({one.word})", one.shape == "likely"
        )
        for change, one in zip(document.get("changes") or (), suspects, strict=True)
        if one.shape != "out"
    ]
    shapes = document.get("signals") or {}
    for name, key, unit in _SIGNALS:
        series = next((one for one in seen.pulse if one.unit == unit and len(one.times) > 1), None)
        if series is not None:
            here = [mark for mark in marks if shown_at(series, mark.at) is not None]
            word = shapes.get(key) or ""
            yield plot(name, series, stretch, here, up=real and word == "up", word=word)


def _timeline(entries: Sequence[Entry], now: datetime) -> Iterator[Line]:
    for entry in reversed(entries[-MOST_ENTRIES:]):
        yield Line(
            entry.sequence,
            figures.clock(entry.at, now),
            entry.actor,
            entry_line(entry),
            isinstance(entry.payload, Frozen),
            not isinstance(entry.payload, Frozen),
        )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
