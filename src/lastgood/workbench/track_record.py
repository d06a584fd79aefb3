"""Track record: how long incidents took to be detected, mitigated and resolved, and what of them is left undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from lastgood.algorithms.trend import Trend, trend
from lastgood.config import Config
from lastgood.incidents.follow_ups import follow_ups
from lastgood.incidents.record import open_record
from lastgood.incidents.state import incident_of
from lastgood.incidents.timeline import timeline_of
from lastgood.model.answers import SeverityLevel
from lastgood.model.clock import Clock
from lastgood.model.follow_up import FollowUp, Stage
from lastgood.model.incident import Incident
from lastgood.model.timeline import Lapse, Timeline
from lastgood.workbench.room import histories

VERDICTS_COUNTED = (Lapse.TTD, Lapse.TTM, Lapse.TTR)
_MONTH = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Spread:
    """One duration over some incidents, in seconds; `known` of them have it."""

    lapse: Lapse
    known: int
    median: float | None
    low: float | None
    high: float | None
    trend: Trend | None  # in seconds a month; None where there are too few


@dataclass(frozen=True, slots=True)
class Group:
    """Incidents of one severity, or of one month, or all of them."""

    name: str
    incidents: int
    spreads: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Everything over all incidents."""

    whole: Group
    severities: tuple[Group, ...]
    months: tuple[Group, ...]  # by the opening, in UTC
    open_follow_ups: int
    overdue: int
    unverified: int  # done, and no one has seen that it works
    without_postmortem: tuple[int, ...]  # numbers of those that are over and need one


@dataclass(frozen=True, slots=True)
class _Reported:
    incident: Incident
    timeline: Timeline


def track_record(config: Config, clock: Clock, today: date) -> TrackRecord:
    """The figures of the record; an incident that is going on counts with what is known of it."""
    with open_record(config.record, clock) as record:
        every = histories(record)
    reported = [_Reported(incident_of(mine), timeline_of(mine)) for mine in every]
    promised: list[FollowUp] = [one for mine in every for one in follow_ups(mine)]
    return TrackRecord(
        whole=_group("all", reported),
        severities=tuple(
            _group(level.value, mine)
            for level in SeverityLevel
            if (mine := [one for one in reported if one.incident.severity is level])
        ),
        months=tuple(
            _group(month, [one for one in reported if _month(one.incident.opened_at) == month])
            for month in sorted({_month(one.incident.opened_at) for one in reported})
        ),
        open_follow_ups=sum(one.stage is Stage.OPEN for one in promised),
        overdue=sum(one.overdue(today) for one in promised),
        unverified=sum(one.stage is Stage.DONE for one in promised),
        without_postmortem=tuple(one.incident.number for one in reported if _owed(one.incident)),
    )


def _owed(incident: Incident) -> bool:
    over = incident.status.over
    return over and incident.needs_postmortem and incident.accepted_at is None


def _group(name: str, reported: Sequence[_Reported]) -> Group:
    return Group(name, len(reported), tuple(_spread(lapse, reported) for lapse in VERDICTS_COUNTED))


def _spread(lapse: Lapse, reported: Sequence[_Reported]) -> Spread:
    known = [
        (one.incident.opened_at.timestamp() / _MONTH, seconds)
        for one in reported
        if (seconds := one.timeline.seconds(lapse)) is not None
    ]
    if not known:
        return Spread(lapse, 0, None, None, None, None)
    times, values = zip(*known, strict=True)
    return Spread(lapse, len(known), median(values), min(values), max(values), trend(times, values))


def _month(time: datetime) -> str:
    return f"{time:%Y-%m}"
