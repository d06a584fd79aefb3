"""Changes: everything that was done to the system, in order of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lastgood.errors import NoDataError
from lastgood.model.answers import Onset
from lastgood.model.finding import Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.telemetry.reader import Reader
from lastgood.workbench.investigate import investigate
from lastgood.workbench.known import check_services
from lastgood.workbench.store import Store

_FEED = """
SELECT id, ts, until, kind, service, title, actor, version, previous, state, within, url, source,
       length(files) AS touched, additions, deletions
FROM lg_changes WHERE {every:UInt8} OR service IN {services:Array(String)}
ORDER BY ts DESC, id LIMIT {most:UInt64}"""


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


@dataclass(frozen=True, slots=True)
class Feed:
    """Changes, oldest first, with the onset they are read against."""

    changes: tuple[FeedChange, ...]
    window: Window
    onset: Onset | None
    cut_off: bool


def feed(
    store: Store,
    *,
    now: datetime,
    window: Window | None = None,
    services: tuple[str, ...] = (),
    limit: int,
) -> Feed:
    """The newest changes of a window (default: all that are held), with the onset if one is found.

    Raises:
        NoDataError: no changes are held.
        UsageError: there is nothing of a service asked about.
    """
    holdings, reader = store.survey()
    held = holdings.of(Signal.CHANGES)
    if held is None or held.window is None:
        raise NoDataError(
            "No changes are on record.",
            hint="Load deploys, flags, commits or a git repository: lastgood load.",
        )
    check_services(services, holdings)
    looked = window or held.window
    found = _newest(reader, looked, services, limit + 1)
    return Feed(found[:limit][::-1], looked, _onset(store, now, window), cut_off=len(found) > limit)


def newest(store: Store, window: Window, most: int) -> tuple[FeedChange, ...]:
    """The newest changes of a window, the last one first, without an onset to read them against."""
    return _newest(store.survey()[1], window, (), most)


def _newest(reader: Reader, window: Window, services: tuple[str, ...], most: int) -> tuple[FeedChange, ...]:
    bound = {"every": int(not services), "services": list(services), "most": most}
    return tuple(map(_change, reader.query(_FEED, bound, window).dicts()))


def _onset(store: Store, now: datetime, window: Window | None) -> Onset | None:
    try:
        case, findings = investigate(store, now=now, window=window, only="confirm")
    except NoDataError:  # changes alone: there is nothing to have an onset
        return None
    return None if any(one.verdict is Verdict.NO for one in findings) else case.earlier(Onset)


def _change(row: Mapping[str, Any]) -> FeedChange:
    return FeedChange(
        row["id"], row["ts"].astimezone(UTC), row["until"].astimezone(UTC), row["kind"], row["service"], row["title"],
        row["actor"], row["version"], row["previous"], row["state"], row["within"], row["url"], row["source"],
        row["touched"], row["additions"], row["deletions"],
    )  # fmt: skip
