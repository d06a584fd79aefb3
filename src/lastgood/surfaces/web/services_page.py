"""Services on their page: who calls whom, what each sends of each signal, how much, and since when nothing."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from lastgood.model import figures
from lastgood.model.signal import TELEMETRY, Signal
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.web.listing import RECENT_SECONDS, ago, freshness
from lastgood.surfaces.web.map_drawing import drawn
from lastgood.surfaces.web.pages import page
from lastgood.surfaces.web.times import address, span
from lastgood.workbench.incoming import Incoming, incoming
from lastgood.workbench.service_map import Called, ServiceMap, service_map


@dataclass(frozen=True, slots=True)
class Sent:
    """What a service sends of one signal."""

    text: str
    last: str
    late: bool


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service and its signals, in the order of the columns."""

    name: str
    logs: str  # address of its lines
    signals: tuple[Sent | None, ...]


@dataclass(frozen=True, slots=True)
class CallRow:
    """A pair of services of which one calls the other."""

    caller: str
    callee: str
    calls: str
    share: str
    failed: str
    p95: str
    failing: bool
    outside: bool
    logs: str  # address of the caller's errors of that time


async def show(request: Request, desk: Desk) -> Response:
    """The page."""
    now = desk.service.clock()
    came = await desk.run(incoming, desk.service.store, now)
    async with desk.browsing:
        found = await desk.run(service_map, desk.service, now)
    silent = came.silent_services(now)
    paused = [one for one in came.silent(now) if one.service not in silent]
    names = sorted(TELEMETRY)
    rows = [_row(name, came, now, names) for name in came.holdings.telemetry_services]
    held = [
        (
            one.signal.value,
            figures.count(one.rows),
            ago(one.window.end if one.window else None, now),
            len(one.gaps),
        )
        for one in came.holdings.items
    ]
    return page(
        request,
        desk,
        "services.html",
        rows=rows,
        signals=names,
        held=held,
        silent=sorted(silent),
        paused=sorted(f"{one.signal.value} of {one.service or 'unnamed service'}" for one in paused),
        map=found,
        calls=[_call(one, found) for one in found.calls] if found else [],
        drawing=drawn(found, silent) if found and found.calls else "",
        times=[f"{at:%H:%M:%S}" for at in (found.window.start, found.window.end)] if found else [],
        fresh=freshness(came.holdings, now),
    )


def _call(one: Called, found: ServiceMap) -> CallRow:
    return CallRow(
        one.caller,
        one.callee,
        figures.count(one.calls),
        figures.percent(one.failed / one.calls),
        f"{figures.count(one.failed)} of {figures.count(one.calls)}",
        figures.duration(one.p95_ns / 1e9),
        one.failing,
        one.outside,
        address("/logs", q=f'service:"{one.caller}" AND level:>=warn', **span(found.window)),
    )


def _row(name: str, came: Incoming, now: datetime, signals: list[Signal]) -> ServiceRow:
    silent = {(one.signal, one.service) for one in came.silent(now)}
    flows = {(one.signal, one.service): one for one in came.flows}
    sent = list[Sent | None]()
    for signal in signals:
        flow, holding = flows.get((signal, name)), came.holdings.of(signal)
        if flow is not None:
            rate = figures.amount(flow.recent / RECENT_SECONDS, digits=2)
            sent.append(Sent(f"{rate}{figures.NBSP}/s", ago(flow.last, now), (signal, name) in silent))
        elif holding is not None and name in holding.services:
            sent.append(Sent("none in the last hour", "", late=True))
        else:
            sent.append(None)
    return ServiceRow(name, address("/logs", q=f'service:"{name}"'), tuple(sent))
