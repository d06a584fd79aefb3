"""The first page: what is wrong now, every incident, and what flows in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from lastgood.model import figures
from lastgood.model.flow import Flow
from lastgood.model.incident import Incident
from lastgood.model.message import Due
from lastgood.model.signal import TELEMETRY, Holdings
from lastgood.surfaces import wording
from lastgood.surfaces.incident_page import due_time
from lastgood.surfaces.retention import kept_line
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.web.pages import page
from lastgood.workbench import incident_pages
from lastgood.workbench.incoming import Incoming, incoming

RECENT_SECONDS = 300
LATE_SECONDS = 120  # since the newest row: telemetry comes every minute at the latest


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the table of incidents."""

    number: int
    title: str
    severity: str
    status: str
    line: str
    affected: str
    mitigated: str
    todo: str
    over: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class Flowing:
    """A row of what comes in."""

    name: str
    signal: str
    rows: str
    rate: str
    last: str
    hint: str
    late: bool


async def listing(request: Request, desk: Desk) -> Response:
    """The page."""
    service, now = desk.service, desk.service.clock()
    found = await desk.run(incident_pages.every, service)
    came = await desk.run(incoming, service.store, now)
    rows = [_listed(incident, owed, now) for incident, owed in found]
    return page(
        request,
        desk,
        "incidents.html",
        rows=rows,
        open_ones=[row for row in rows if not row.over],
        flows=list(flowing(came, now)),
        silent=len(came.silent(now)),
        fresh=freshness(came.holdings, now),
        changes=[
            (figures.clock(one.at, now), one.title or one.change_id, wording.plain(one.kind))
            for one in came.changes
        ],
        rejected=sum(desk.committer.totals.rejected.values()),
        kept=kept_line(service.config.settings.retention),
        dropped=sum(desk.keeping.rows.values()),
        full=desk.committer.full,
    )


def _listed(incident: Incident, owed: Sequence[Due], now: datetime) -> Listed:
    due = owed[0] if owed else None
    since, end = incident.since, incident.ended_at or incident.resolved_at
    affected = "not known"
    if since is not None:
        lasted = figures.duration(((end or now) - since).total_seconds())
        affected = f"{figures.clock(since, now)}, {lasted if end else 'ongoing'}"
    mitigated = figures.duration((end - (since or incident.opened_at)).total_seconds()) if end else "not yet"
    return Listed(
        incident.number,
        incident.title,
        str(incident.severity or ""),
        incident.status.value,
        incident.triaged.because if incident.triaged else "no answer yet",
        affected,
        mitigated,
        f"{due.audience}: {due_time(due, now)}" if due else "nothing",
        incident.status.over,
        due is not None and due.at < now,
    )


def flowing(came: Incoming, now: datetime) -> Iterator[Flowing]:
    """The silent ones first, then every signal as a whole."""
    for flow in came.silent(now):
        yield _silent(flow, now, known=flow.service not in came.silent_services(now))
    for holding in came.holdings.items:
        mine = [flow for flow in came.flows if flow.signal is holding.signal]
        by_event = holding.signal not in TELEMETRY
        per_second = sum(flow.recent for flow in mine) / RECENT_SECONDS
        yield Flowing(
            "",
            holding.signal.value,
            figures.count(holding.rows),
            "by event" if by_event else f"{figures.amount(per_second, digits=2)}{figures.NBSP}/s",
            ago(holding.window.end if holding.window else None, now),
            wording.listed(holding.services, 6) if holding.services else "",
            late=False,
        )


def _silent(flow: Flow, now: datetime, *, known: bool) -> Flowing:
    lasted = max((flow.last - flow.first).total_seconds(), 1.0)
    usual = figures.amount(flow.rows / lasted, digits=2)
    hint = f"silent; baseline {usual}{figures.NBSP}/s. "
    hint += "Other signals still come from there." if known else "What happens there now is not known."
    return Flowing(
        flow.service or "unnamed service",
        flow.signal.value,
        figures.count(flow.rows),
        f"0{figures.NBSP}/s",
        ago(flow.last, now),
        hint,
        late=True,
    )


def ago(time: datetime | None, now: datetime) -> str:
    """`12 s ago`; `never`."""
    if time is None:
        return "never"
    seconds = (now - time).total_seconds()
    return f"{figures.duration(round(seconds))} ago" if seconds >= 1 else "now"


def freshness(holdings: Holdings, now: datetime) -> tuple[str, bool]:
    """`last data 12 s ago`, and whether that is late."""
    window = holdings.telemetry_window
    if window is None:
        return "no data yet", True
    return f"last data {ago(window.end, now)}", (now - window.end).total_seconds() > LATE_SECONDS
