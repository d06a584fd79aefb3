"""CloudWatch Logs: the events of log groups in the window, the newest first, by queries of Logs Insights.

After docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference: DescribeLogGroups, StartQuery, GetQueryResults. A query gives
at most 10,000 events; its times are whole seconds, so an event may come twice and is kept once.
"""

from datetime import UTC, datetime
from typing import Any

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._pages import Page, paged
from lastgood.outside.connectors._registry import Asking, Connector, Fetched, Held, Limit
from lastgood.outside.connectors._sigv4 import asked
from lastgood.outside.connectors.wire import Wire

_EVENTS = 10_000  # of one query
_GROUPS = 50  # that one query may read
_DELAYS = (0.3, 0.5, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0)  # s between two looks at whether a query has ended


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """Pages of events; `parts` are log groups, else all whose names begin with `target`; `select` is a filter of Insights."""
    groups = list(asking.parts) or _groups(wire, asking)
    if not groups:
        raise NotFetchedError(f"There is no log group that begins with {asking.target!r}.")
    if len(groups) > _GROUPS:
        yield Limit(f"log groups behind {groups[_GROUPS - 1]} were left out: name them in parts")
    chosen = f" | filter {asking.select}" if asking.select else ""
    query = f"fields @timestamp, @message, @logStream, @log{chosen} | sort @timestamp desc | limit {_EVENTS}"
    start, seen = int(asking.window.start.timestamp()), set[str]()

    def ask(end: int) -> Page:
        rows = _answer(wire, groups[:_GROUPS], query, start, end)
        fresh = [one for one in rows if one.get("@ptr", "") not in seen]
        seen.update(one.get("@ptr", "") for one in rows)
        full = len(rows) >= _EVENTS and bool(fresh)
        return [_event(one) for one in fresh], _seconds(rows[-1]["@timestamp"]) if full else None

    yield from paged(
        "events", ask, "log events", lambda one: one["timestamp"], first=int(asking.window.end.timestamp()),
        written=lambda rows: orjson.dumps({"events": rows}),
    )  # fmt: skip


def _asked(wire: Wire, action: str, **document: Any) -> Any:
    return asked(wire, "logs", "1.1", f"Logs_20140328.{action}", document)


def _groups(wire: Wire, asking: Asking) -> list[str]:
    """Names of log groups, one more than a query may read."""
    prefix = {"logGroupNamePrefix": asking.target} if asking.target else {}
    answer = _asked(wire, "DescribeLogGroups", limit=_GROUPS, **prefix)
    found = [str(one["logGroupName"]) for one in answer.get("logGroups") or ()]
    return [*found, ""] if answer.get("nextToken") else found


def _answer(wire: Wire, groups: list[str], query: str, start: int, end: int) -> list[dict[str, str]]:
    """The rows of a query, when it has ended."""
    about = _asked(
        wire,
        "StartQuery",
        logGroupNames=groups,
        startTime=start,
        endTime=end,
        queryString=query,
        limit=_EVENTS,
    )
    for delay in _DELAYS:
        answer = _asked(wire, "GetQueryResults", queryId=about["queryId"])
        if answer["status"] == "Complete":
            return [{one["field"]: one["value"] for one in row} for row in answer["results"]]
        if answer["status"] not in {"Scheduled", "Running", "Unknown"}:
            raise NotFetchedError(f"The query of Logs Insights ended as {answer['status']}.")
        wire.sleep(delay)
    raise NotFetchedError("The query of Logs Insights did not end in time.")


def _event(row: dict[str, str]) -> dict[str, str]:
    """As FilterLogEvents names it; the group's last word says whose it is where the stream does not."""
    group = row.get("@log", "").partition(":")[2] or row.get("@log", "")
    return {
        "timestamp": row["@timestamp"].replace(" ", "T") + "Z", "message": row.get("@message", ""), "logGroup": group,
        "logStreamName": row.get("@logStream", ""), "functionName": group.rstrip("/").rpartition("/")[2],
    }  # fmt: skip


def _seconds(written: str) -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp())


def holds(wire: Wire, asking: Asking) -> Held:
    """How many log groups there are."""
    groups = _groups(wire, asking)
    return Held(counted(len(groups), "log group"), empty=not groups)


CONNECTOR = Connector("cloudwatch-logs", "log lines of AWS", fetch, None, holds, frozenset({Signal.LOGS}))
