"""Paging: an alert opens an incident, or comes to one that is ongoing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lastgood.errors import NoIncidentError
from lastgood.incidents.state import incident_of
from lastgood.model.entry import Noted, Opened
from lastgood.workbench.deliveries import Delivered, Row
from lastgood.workbench.service import Service

TOGETHER = timedelta(minutes=30)  # alerts of one service or group that begin within it are about one incident
ACTOR = "alert"
RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Paged:
    """An incident that alerts came to, and whether they opened it."""

    number: int
    opened: bool


def page(service: Service, delivered: Delivered, group: str = "") -> tuple[Paged, ...]:
    """The incidents that alerts came to, each once; what came before comes to the same one.

    `group` is the sender's own: alerts of one belong together. An alert that is resolved opens nothing.

    Raises:
        RecordFailedError: it could not be written; send it again.
    """
    with service.arrivals.alone():
        found: dict[int, Paged] = {}
        for row in sorted(delivered.rows, key=lambda row: row["Timestamp"]):
            came = _came_to(service, row, group)
            if came is not None:
                found.setdefault(came.number, came)
    return tuple(found.values())


def _came_to(service: Service, row: Row, group: str) -> Paged | None:
    began, alert, state = _time(row["Timestamp"]), row["Id"], row["State"]
    known = service.arrivals.incident_of(alert)
    if known is not None:
        if service.arrivals.state_of(alert) != state:
            _note(service, known, row, "was resolved" if state == RESOLVED else state)
            service.arrivals.put(alert, known, group, row["Service"], state, began)
        return Paged(known, opened=False)
    if state == RESOLVED:
        return None
    near = _ongoing(service, service.arrivals.near(group, row["Service"], began, TOGETHER))
    if near is not None:
        _note(service, near, row, "fires too")
        number = near
    else:
        opened = service.record.open(Opened(title_of(row)), actor=ACTOR, at=service.clock())
        number = opened.incident
        _note(service, number, row, "fires")
    service.arrivals.put(alert, number, group, row["Service"], state, began)
    return Paged(number, opened=near is None)


def title_of(row: Row) -> str:
    """What an incident is called that an alert opens: `CheckoutErrorRate: 5 % of checkouts fail`."""
    summary = " ".join(row["Summary"].split())
    where = (
        f" in {row['Service']}" if row["Service"] and row["Service"] not in f"{row['Name']} {summary}" else ""
    )
    return f"{row['Name']}{where}{f': {summary}' if summary else ''}"[:200]


def _ongoing(service: Service, numbers: Sequence[int]) -> int | None:
    """The first of these incidents that is not over."""
    for number in numbers:
        try:
            entries = service.record.entries(number)
        except NoIncidentError:
            continue
        if not incident_of(entries).status.over:
            return number
    return None


def _note(service: Service, number: int, row: Row, what: str) -> None:
    severity = f" ({row['Severity']})" if row["Severity"] else ""
    whose = f" of {row['Service']}" if row["Service"] else ""
    started = _time(row["Timestamp"])
    service.record.append(
        number,
        Noted(f"alert {row['Name']}{severity}{whose} {what}, since {started:%Y-%m-%d %H:%M:%S} UTC"),
        actor=ACTOR,
        at=service.clock(),
    )


def _time(value: datetime) -> datetime:
    return value.astimezone(UTC)
