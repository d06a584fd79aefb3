"""History: what was done to the system, and which alerts fired, as they were recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lastgood.model.attributes import SENTRY_EVENT, TICKET_ID
from lastgood.model.change import Change
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.telemetry.reader import Reader, Rows

_FEED = """
SELECT id, ts, until, kind, service, title, actor, version, previous, state, within, url, source,
       length(files) AS touched, additions, deletions
FROM lg_changes WHERE {every:UInt8} OR service IN {services:Array(String)}
ORDER BY ts DESC, id LIMIT {most:UInt64}"""
_FIRED = """
SELECT ts, until, name, service, severity, summary
FROM lg_alerts ORDER BY ts, name LIMIT 1000"""

_REPORTED = "SELECT uniqExact(attributes[{key:String}]) AS ids, count() AS n FROM lg_lines WHERE attributes[{key:String}] != ''"


@dataclass(frozen=True, slots=True)
class FeedChange:
    """One change as it was recorded."""

    change_id: str
    at: datetime
    until: datetime
    kind: str
    service: str
    title: str
    actor: str
    version: str
    previous_version: str
    state: str
    within: str
    url: str
    source: str
    files: int
    additions: int
    deletions: int


def newest_changes(
    reader: Reader, window: Window, services: tuple[str, ...], limit: int
) -> tuple[tuple[FeedChange, ...], bool]:
    """The newest changes of a window, oldest first, and whether there are more; of all services where none is named."""
    bound = {"every": int(not services), "services": list(services), "most": limit + 1}
    rows = reader.query(_FEED, bound, window).dicts()
    return tuple(_change(row) for row in reversed(rows[:limit])), len(rows) > limit


def fired_alerts(reader: Reader, window: Window) -> Rows:
    """Alerts that began to fire in a window, the first one first."""
    return reader.query(_FIRED, {}, window)


def _change(row: Mapping[str, Any]) -> FeedChange:
    return FeedChange(
        row["id"], row["ts"].astimezone(UTC), row["until"].astimezone(UTC), row["kind"], row["service"], row["title"],
        row["actor"], row["version"], row["previous"], row["state"], row["within"], row["url"], row["source"],
        row["touched"], row["additions"], row["deletions"],
    )  # fmt: skip


def shown_of(change: Change) -> FeedChange:
    """A change that telemetry shows, as if it were recorded."""
    return FeedChange(
        change.change_id, change.at, change.until, change.kind.value, change.service, change.title, "", change.version,
        change.previous, change.state, change.within, "", "telemetry", 0, 0, 0,
    )  # fmt: skip


def reported_events(case: Case, window: Window) -> int:
    """How many events of Sentry there are."""
    return int(case.query(_REPORTED, window=window, key=SENTRY_EVENT).dicts()[0]["n"])


def opened_tickets(case: Case, window: Window) -> int:
    """How many tickets customers opened, each once, however often it was fetched."""
    return int(case.query(_REPORTED, window=window, key=TICKET_ID).dicts()[0]["ids"])
