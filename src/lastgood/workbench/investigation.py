"""Investigation: the answer about one incident, asked again while data arrive, recorded when it differs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event

from lastgood.errors import BudgetError
from lastgood.incidents.state import incident_of
from lastgood.model.entry import Triaged
from lastgood.model.finding import Verdict
from lastgood.model.incident import Incident
from lastgood.model.judgement import Time
from lastgood.model.signal import Holdings, Signal
from lastgood.model.sitrep import Sitrep
from lastgood.model.window import Comparison, Window
from lastgood.readings.views.latest import differs
from lastgood.workbench.assess import looked, recorded, triaged
from lastgood.workbench.probes_seen import probes_seen
from lastgood.workbench.room import Room, histories
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store

ACTOR = "lastgood"
BEFORE = timedelta(hours=2)  # the opening: what is looked at for a baseline
ASKED_AGAIN = Time(
    5,
    "min after which every question is asked again, whatever the newest data are like",
    "judgement: half of the shortest time between two updates",
)
Progress = Callable[[int, int], None]  # questions answered, questions in all
Watermark = tuple[tuple[str, int, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class Investigated:
    """What came of one look: the answer, None where no data came since the last one."""

    watermark: Watermark
    sitrep: Sitrep | None
    recorded: bool


def investigate_room(  # noqa: PLR0913 - what to ask about, and how it is watched and ended
    service: Service,
    store: Store,
    number: int,
    document: Callable[[Sitrep], bytes],
    *,
    since: Watermark | None,
    asked: datetime | None = None,
    progress: Progress,
    stop: Event,
) -> Investigated:
    """Ask every question about an incident as of now; record the answer where it says something else than the last.

    `since` is the watermark of the last look: without a new row nothing is asked. `asked` is when every question was asked last:
    while the newest data are like those before, that answer stands. `stop` ends it early.

    Raises:
        NoDataError: there is no telemetry of its time.
        LastgoodError: store or record failed.
    """
    now = service.clock()
    store = replace(store, progress=progress, budget=replace(store.budget, stop=stop)).surveyed()
    mark = watermark(store.known[0]) if store.known else ()
    if mark == since:
        return Investigated(mark, None, recorded=False)
    room = Room(service.record, service.record.entries(number), ACTOR, now)
    if since and asked and _stands(store, room.incident, (since, mark), asked, now):
        return Investigated(mark, None, recorded=False)
    window = Window(room.incident.opened_at - BEFORE, now)
    look = looked(store, now=now, window=window, probes=probes_seen(room))
    if stop.is_set():
        return Investigated(mark, None, recorded=False)
    before = room.incident.triaged
    differs = before is None or reported(triaged(look.sitrep, "")) != reported(before)
    if differs:
        recorded(room, look, document)
    return Investigated(mark, look.sitrep, recorded=differs)


def _stands(
    store: Store, incident: Incident, marks: tuple[Watermark, Watermark], asked: datetime, now: datetime
) -> bool:
    """Whether a sure answer need not be given again: no change or alert came, and the data since are like those before it."""
    said, (holdings, reader) = incident.triaged, store.survey()
    held = holdings.telemetry_window
    if said is None or said.verdict is not Verdict.YES or not said.culprits or said.ended is not None:
        return False
    if held is None or now - asked >= ASKED_AGAIN or held.end <= asked or _told(marks[0]) != _told(marks[1]):
        return False
    try:
        windows = Comparison(
            Window(asked - ASKED_AGAIN, asked), Window(asked, min(held.end, now)), given=True
        )
        return not differs(reader, holdings.signals, windows)
    except BudgetError:
        return False


def _told(mark: Watermark) -> frozenset[tuple[str, int, datetime | None]]:
    """What of a watermark is of changes and alerts."""
    return frozenset(one for one in mark if one[0] in {Signal.CHANGES.value, Signal.ALERTS.value})


def watermark(holdings: Holdings) -> Watermark:
    """What is there of each signal: rows, and the last of them."""
    return tuple(
        (one.signal.value, one.rows, one.window.end if one.window else None) for one in holdings.items
    )


def reported(said: Triaged) -> tuple[object, ...]:
    """What a person would act on: where it is the same, an answer with newer numbers is not another answer."""
    return (
        said.verdict,
        said.severity,
        said.ended is None,
        said.path and said.path.first_bad,
        said.failure_class and said.failure_class.name,
        tuple((one.service, one.component, one.kind) for one in said.culprits[:1]),
        tuple((one.change_id, one.verdict) for one in said.changes[:1]),
        tuple((one.kind, one.target) for one in said.mitigations[:1]),
        tuple(tuple(sorted(one.where.items())) for one in said.segments[:1]),
    )


def unfinished(service: Service) -> tuple[int, ...]:
    """The incidents that are ongoing and have no files of their own: those that a server looks after."""
    found = map(incident_of, histories(service.record))
    return tuple(one.number for one in found if not one.status.over and not one.opened.inputs)
