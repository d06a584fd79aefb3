"""Changes on their page: a time axis and a list, with the onset of open incidents between them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from lastgood.model import figures
from lastgood.model.window import Window
from lastgood.surfaces import wording
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.web.pages import page
from lastgood.surfaces.web.times import absolute, address, span, window_in
from lastgood.workbench import explore, incident_pages
from lastgood.workbench.changes import FeedChange, newest

AXIS, MOST_FED, PARTS = timedelta(hours=6), 300, 6


@dataclass(frozen=True, slots=True)
class Happened:
    """A change, or the onset of an incident."""

    at: datetime
    clock: str
    text: str
    kind: str
    detail: str
    along: int  # percent of the axis
    onset: int  # the number of the incident; 0 for a change
    ask: str  # address of the questions for the time around it


async def show(request: Request, desk: Desk) -> Response:
    """The page."""
    now = desk.service.clock()
    window = window_in(request, now)
    if window is None:
        end = (await desk.run(explore.latest, desk.service.store, now)).end
        return absolute(request, **span(Window(end - AXIS, end)))
    found = await desk.run(newest, desk.service.store, window, MOST_FED)
    incidents = await desk.run(incident_pages.every, desk.service)
    onsets = [(one.number, one.title, one.since or one.opened_at) for one, _ in incidents]
    rows = [_change(one, window) for one in found]
    rows += [_onset(number, title, at, window) for number, title, at in onsets if window.holds(at)]
    earlier, later = (
        Window(window.start - window.length, window.start),
        Window(window.end, window.end + window.length),
    )
    return page(
        request,
        desk,
        "changes.html",
        rows=sorted(rows, key=lambda one: one.at, reverse=True),
        window=span(window),
        ticks=[f"{window.start + window.length * n / PARTS:%d %b %H:%M}" for n in range(PARTS + 1)],
        earlier=address("/changes", **span(earlier)),
        later=address("/changes", **span(later)),
        full=len(found) >= MOST_FED,
    )


def _change(one: FeedChange, window: Window) -> Happened:
    versions = " \u2192 ".join(filter(None, (one.previous_version, one.version)))
    title = " ".join(
        filter(None, (one.service, versions or "", one.title if one.title != one.version else ""))
    )
    size = (
        f"{figures.counted(one.files, 'file')}, +{one.additions} \u2212{one.deletions}" if one.files else ""
    )
    detail = ", ".join(filter(None, (f"by {one.actor}" if one.actor else "", one.state, size)))
    return _placed(one.at, title or one.change_id, wording.plain(one.kind), detail, window, 0)


def _onset(number: int, title: str, at: datetime, window: Window) -> Happened:
    return _placed(at, f"Onset of #{number} {title}", "onset", "", window, number)


def _placed(at: datetime, text: str, kind: str, detail: str, window: Window, onset: int) -> Happened:
    around = Window(at, at + timedelta(minutes=15))
    along = round(100 * ((at - window.start) / window.length))
    ask = address("/ask", **span(around))
    return Happened(at, figures.clock(at, window.end), text, kind, detail, along, onset, ask)
