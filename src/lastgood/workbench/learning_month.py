"""Learning month: the incidents of a month, what came back, and follow-ups that were still open when it did."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from lastgood.config import Config
from lastgood.errors import UsageError
from lastgood.incidents.follow_ups import follow_ups
from lastgood.incidents.record import open_record
from lastgood.incidents.state import incident_of
from lastgood.incidents.timeline import timeline_of
from lastgood.model.clock import Clock
from lastgood.model.entry import Entry
from lastgood.model.follow_up import Stage
from lastgood.model.incident import Incident
from lastgood.model.learning import Month, MonthIncident, Recurring, Undone
from lastgood.model.timeline import Lapse
from lastgood.workbench.at_fault import service_at_fault
from lastgood.workbench.room import histories

LAST_ONES = 5  # incidents that are asked what was left undone before them


@dataclass(frozen=True, slots=True)
class _Past:
    """An incident with its entries, its class and its service; empty where they are not known."""

    incident: Incident
    entries: tuple[Entry, ...]

    @property
    def failure_class(self) -> str:
        """As the telemetry showed it."""
        said = self.incident.confirmed
        return str(said.failure_class.name) if said and said.failure_class else ""

    @property
    def service(self) -> str:
        """That it is remembered by, where telemetry confirmed it."""
        return service_at_fault(self.incident) if self.incident.confirmed else ""

    @property
    def kind(self) -> tuple[str, str]:
        """What makes two incidents the same again."""
        return self.service, self.failure_class


def month_of(config: Config, clock: Clock, name: str) -> Month:
    """What a month of the record taught; `name` is such as 2026-11, by the opening of incidents in UTC.

    Raises:
        UsageError: the name is not of a month.
    """
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", name):
        raise UsageError(f"{name!r} is not a month.", hint="Such as --month 2026-11.")
    with open_record(config.record, clock) as record:
        past = [_Past(incident_of(mine), mine) for mine in histories(record)]
    until = [one for one in past if f"{one.incident.opened_at:%Y-%m}" <= name]
    confirmed = [one for one in until if one.incident.confirmed]
    last = confirmed[-LAST_ONES:]
    return Month(
        name,
        tuple(listed(one.entries) for one in until if f"{one.incident.opened_at:%Y-%m}" == name),
        tuple(_recurring(confirmed)),
        tuple(one.incident.number for one in last),
        tuple(found for one in last for found in _undone(one, until)),
    )


def listed(entries: tuple[Entry, ...]) -> MonthIncident:
    """An incident of the record, by its entries."""
    one = _Past(incident_of(entries), entries)
    incident, timeline = one.incident, timeline_of(entries)
    said = incident.confirmed or incident.triaged
    return MonthIncident(
        incident.number, incident.title, incident.severity.value if incident.severity else "", one.service,
        one.failure_class, said.first_alert.name if said and said.first_alert else "",
        incident.confirmed is not None, incident.status.over, timeline.seconds(Lapse.TTD), timeline.seconds(Lapse.TTM),
        tuple(f"{action.begun.what} {action.begun.target}" for action in incident.actions if action.ended_it),
    )  # fmt: skip


def _recurring(past: Sequence[_Past]) -> Iterator[Recurring]:
    by = defaultdict[tuple[str, str], list[int]](list)
    for one in past:
        if all(one.kind):
            by[one.kind].append(one.incident.number)
    for (service, name), numbers in sorted(by.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(numbers) > 1:
            yield Recurring(service, name, tuple(numbers))


def _undone(again: _Past, past: Sequence[_Past]) -> Iterator[Undone]:
    """Follow-ups of earlier incidents of the same kind that were open when this one was opened."""
    at = again.incident.opened_at
    for earlier in past:
        if not all(again.kind) or earlier.kind != again.kind or earlier.incident.opened_at >= at:
            continue
        for one in follow_ups(_until(earlier.entries, at)):
            if one.stage is Stage.OPEN:
                added = one.added
                yield Undone(
                    again.incident.number, one.name, added.text, added.type.value, earlier.incident.number
                )


def _until(entries: Sequence[Entry], at: datetime) -> list[Entry]:
    return [entry for entry in entries if entry.at < at]
