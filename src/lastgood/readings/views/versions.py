"""Versions: the requests of a service by version, operation and block of time, and when each version was first seen."""

from datetime import datetime

from lastgood.model.bisection import VersionCounts
from lastgood.model.judgement import Count
from lastgood.model.window import Window
from lastgood.telemetry.reader import Reader

VERSIONS_MOST = Count(50, "versions of a service", "judgement: more are builds that no one compares")
VERSION_BLOCK = Count(60, "s of a block", "judgement: bursts of failures are shorter than a minute")
_SERVED = """
SELECT version, {name} AS operation, toUnixTimestamp(ts) AS second, failed FROM {relation}
WHERE service = {{service:String}} AND version != ''{more}"""
_SPANS = _SERVED.format(
    name="name", relation="lg_spans", more=" AND (kind IN ('Server', 'Consumer') OR parent_id = '')"
)
_LINES = _SERVED.format(name="operation", relation="lg_requests", more="")
_COUNTS = """
SELECT version, operation, intDiv(second, {{block:UInt32}}) * {{block:UInt32}} AS block, count() AS requests, countIf(failed) AS failures
FROM ({served}) WHERE version IN (
    SELECT version FROM ({served}) GROUP BY version ORDER BY min(second) DESC LIMIT {{most:UInt32}})
GROUP BY version, operation, block ORDER BY block, version, operation LIMIT 200000"""
_SEEN = """
SELECT version, min(ts) AS first, max(ts) AS last FROM {relation} WHERE service = {{service:String}} AND version != ''
GROUP BY version ORDER BY first, version"""
_SERVICES = """
SELECT service, uniqExact(version) AS versions, countIf(failed) AS failures FROM {relation} WHERE version != ''
GROUP BY service HAVING versions > 1 ORDER BY failures DESC, service LIMIT 1"""


def service_with_versions(reader: Reader, window: Window, *, spans: bool) -> str:
    """The service with several versions and the most failures; empty where there is none."""
    rows = reader.query(_SERVICES.format(relation=_relation(spans=spans)), {}, window).dicts()
    return str(rows[0]["service"]) if rows else ""


def versions_seen(
    reader: Reader, window: Window, service: str, *, spans: bool
) -> tuple[tuple[str, datetime, datetime], ...]:
    """The versions of a service with their first and last time, the oldest first."""
    rows = reader.query(_SEEN.format(relation=_relation(spans=spans)), {"service": service}, window).dicts()
    return tuple((row["version"], row["first"], row["last"]) for row in rows)


def version_counts(reader: Reader, window: Window, service: str, *, spans: bool) -> tuple[VersionCounts, ...]:
    """The counts of the newest versions of a service."""
    bound = {"service": service, "block": int(VERSION_BLOCK), "most": int(VERSIONS_MOST)}
    rows = reader.query(_COUNTS.format(served=_SPANS if spans else _LINES), bound, window).dicts()
    return tuple(
        VersionCounts(row["version"], row["operation"], int(row["block"]), row["requests"], row["failures"])
        for row in rows
    )


def _relation(*, spans: bool) -> str:
    return "lg_spans" if spans else "lg_requests"
