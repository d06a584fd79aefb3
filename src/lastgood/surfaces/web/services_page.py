"""Services on their page: what each sends of each signal, how much, and since when nothing."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from lastgood.model import figures
from lastgood.model.signal import TELEMETRY, Signal
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.web.listing import RECENT_SECONDS, ago, freshness
from lastgood.surfaces.web.pages import page
from lastgood.surfaces.web.times import address
from lastgood.workbench.incoming import Incoming, incoming


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


async def show(request: Request, desk: Desk) -> Response:
    """The page."""
    now = desk.service.clock()
    came = await desk.run(incoming, desk.service.store, now)
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
        fresh=freshness(came.holdings, now),
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
