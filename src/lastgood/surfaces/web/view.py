"""The view of one incident: what its page shows, in words; nothing is computed here that the record does not hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lastgood.model import figures
from lastgood.model.entry import Triaged
from lastgood.model.incident import Incident, Status
from lastgood.model.message import Due
from lastgood.surfaces import wording
from lastgood.surfaces.incident_page import due_time, notified_line
from lastgood.surfaces.web.answer_view import (
    Answer,
    Option,
    Route,
    Share,
    agreeing,
    answer_of,
    option_of,
    route_of,
    sentence,
    share_of,
    who,
    who_hint,
)
from lastgood.surfaces.web.changed_view import MOST_CHANGES, Suspect, conclusion, suspects
from lastgood.surfaces.web.plots import Mark, Plot, Stretch, plot, shown_at
from lastgood.surfaces.web.timeline_view import History, history_of
from lastgood.workbench.incident_pages import Seen

MOST_UNKNOWN = 4
_STATUS = {
    Status.OPEN: ("Investigating", 1),
    Status.MITIGATED: ("Monitoring", 3),
    Status.RESOLVED: ("Resolved", 4),
    Status.CLOSED: ("Closed", 4),
}
_SIGNALS = (("Errors", "errors", "share"), ("Latency", "latency", "ms"), ("Traffic", "traffic", "1/s"))


@dataclass(frozen=True, slots=True)
class Measuring:
    """An action whose effect is not known yet: nothing else is to be done before."""

    number: int
    text: str
    because: str


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
    due: str  # `team: first update due 15:21 UTC, in 5 min`
    due_to: str  # `team`
    due_when: str  # `due 15:21 UTC, in 5 min`
    overdue: bool
    over: bool
    acknowledged: str
    last: int  # entry
    answered: int  # entry of the answer; 0: none
    answer: Answer | None
    measuring: Measuring | None
    options: tuple[Option, ...]
    ended: str  # when the impact ended; empty while it lasts
    dont: str
    workaround: str
    say: str
    unknown: tuple[str, ...]
    unknown_more: tuple[str, ...]
    who: tuple[Share, ...]
    who_share: str
    who_hint: tuple[str, ...]
    where: Route | None
    where_agree: str
    where_hint: tuple[str, ...]
    plots: tuple[Plot, ...]
    saturation: str  # its shape; empty: not known
    suspects: tuple[Suspect, ...]
    suspects_more: tuple[Suspect, ...]
    changed: str
    checked: str
    history: History
    cited: Mapping[str, int]
    recipients: tuple[tuple[str, str, bool], ...]  # name, whether and when notified, overdue


def view_of(seen: Seen, now: datetime) -> View:
    """The view as of now."""
    incident, said, document = seen.incident, seen.incident.triaged, seen.document or {}
    status, steps = _STATUS[incident.status]
    due = seen.owed[0] if seen.owed else None
    unknown = tuple(document.get("unknown") or ())
    ranked = tuple(suspects(document, incident))
    return View(
        number=incident.number,
        title=incident.title,
        severity=str(incident.severity or ""),
        opened=f"opened {figures.clock(incident.opened_at, now)} UTC by {incident.opened_by}",
        status=status,
        steps=steps,
        affected=_affected(incident, now),
        due=_due(due, now),
        due_to=due.audience if due else "",
        due_when=due_time(due, now).removeprefix("first ").removeprefix("update ") if due else "none is due",
        overdue=due is not None and due.at < now,
        over=incident.status.over,
        acknowledged=f"{incident.lead} leads" if incident.lead else "",
        last=seen.entries[-1].sequence,
        answered=next((e.sequence for e in reversed(seen.entries) if isinstance(e.payload, Triaged)), 0),
        answer=answer_of(said, document, incident, now) if said else None,
        measuring=_measuring(incident),
        options=tuple(map(option_of, said.mitigations)) if said else (),
        ended=f"{figures.clock(incident.ended_at, now)} UTC" if incident.ended_at else "",
        dont=sentence(said.not_roll_back) if said and said.not_roll_back else "",
        workaround=f"For users: {said.workaround}." if said and said.workaround else "",
        saturation=_saturation(document),
        say=wording.say_by(str(document.get("say") or ""), seen.next_update, now),
        unknown=unknown[:MOST_UNKNOWN],
        unknown_more=unknown[MOST_UNKNOWN:],
        who=tuple(who(said)) if said else (),
        who_share=share_of(said),
        who_hint=tuple(who_hint(said, document)) if said else (),
        where=route_of(said.path) if said and said.path else None,
        where_agree=agreeing(said) if said else "",
        where_hint=tuple(culprit.because for culprit in said.culprits[:1]) if said else (),
        plots=tuple(_plots(seen, ranked)),
        suspects=ranked[:MOST_CHANGES],
        suspects_more=ranked[MOST_CHANGES:],
        changed=conclusion(document),
        checked=figures.counted(len(document.get("changes") or ()), "change") + " checked",
        history=history_of(seen.timeline, seen.entries, now, incident.resolved_at or now),
        cited=seen.cited,
        recipients=tuple((one.name, notified_line(one, now), one.late(now)) for one in seen.recipients),
    )


def _measuring(incident: Incident) -> Measuring | None:
    pending = next((one for one in reversed(incident.actions) if one.open), None)
    if pending is None or incident.status.over:
        return None
    effect = pending.effect
    again = (
        f" Measure again at {figures.minute(effect.look_again, pending.done_at)}."
        if effect and effect.look_again
        else ""
    )
    text = f"{wording.plain(pending.begun.what)} {pending.begun.target} since {figures.clock(pending.begun_at, pending.begun_at)}"
    because = sentence(effect.because) if effect else "Its effect is not measured yet. One change at a time."
    return Measuring(pending.number, text, because + again)


def _affected(incident: Incident, now: datetime) -> str:
    since = incident.since
    if since is None:
        return "not known"
    ended = incident.ended_at or incident.resolved_at
    lasted = figures.duration(((ended or now) - since).total_seconds())
    return f"{lasted}, ended" if ended else lasted


def _due(due: Due | None, now: datetime) -> str:
    return f"{due.audience}: {due_time(due, now)}" if due else "none is due"


def _saturation(document: Mapping[str, Any]) -> str:
    return str((document.get("signals") or {}).get("saturation") or "")


def _plots(seen: Seen, ranked: Sequence[Suspect]) -> Iterator[Plot]:
    said = seen.incident.triaged
    if said is None:
        return
    real = said.verdict.value == "yes"
    stretch = Stretch(said.since_low, said.since_high, said.ended) if real else Stretch()
    marks = [
        Mark(one.moment, str(one.place), f"{one.at} {one.title} ({one.word})", one.shape == "likely")
        for one in ranked
        if one.shape != "out"
    ]
    shapes = (seen.document or {}).get("signals") or {}
    drawn = [(n, k, next((s for s in seen.pulse if s.unit == unit), None)) for n, k, unit in _SIGNALS]
    for name, key, series in (*drawn, ("Saturation", "saturation", seen.used)):
        if series is not None and len(series.times) > 1:
            here = [mark for mark in marks if shown_at(series, mark.at) is not None]
            word = shapes.get(key) or ""
            yield plot(name, series, stretch, here, up=real and word == "up", word=word)
