"""Readiness: what tonight's incident could not answer, from the telemetry and the change feed alone.

Each piece of instrumentation is one query: how often it is there, of how often it could be. How late data arrive is not
measured: the tables do not keep when a row came.
"""

from collections.abc import Iterator

from lastgood.errors import NoDataError
from lastgood.model.readiness import Measured, Piece, Readiness
from lastgood.model.signal import TELEMETRY, Holdings, Signal
from lastgood.model.window import Window
from lastgood.workbench.store import Store

# A name with a dot is that of a host outside, one with a database or a broker behind it sends no spans.
_CALLED = """
SELECT peer AS service FROM lg_spans
WHERE kind IN ('Client', 'Producer') AND peer != '' AND position(peer, '.') = 0
  AND attributes['db.system.name'] = '' AND attributes['db.system'] = '' AND attributes['messaging.system'] = ''"""
_TRACED = "SELECT service FROM lg_spans"
_HEALTH_PATH = "(?i)(^|[ /])(healthz?|readyz?|livez?|ping|status)/?$"


def _best_of(column: str) -> str:
    """Of spans and lines the signal that has it more often: questions read whichever has it."""
    counted = f"countIf({column} != '') AS n, count() AS total"
    return f"""
SELECT service, '' AS peer, argMax(n, n / total) AS good, argMax(total, n / total) AS of FROM (
    SELECT service, {counted} FROM lg_spans GROUP BY service
    UNION ALL SELECT service, {counted} FROM lg_lines GROUP BY service
) WHERE service != '' GROUP BY service"""


_QUERIES = {
    Piece.SPANS: f"""
SELECT service, '' AS peer, toUInt64(service IN ({_TRACED})) AS good, 1 AS of
FROM (SELECT service FROM lg_lines UNION DISTINCT {_CALLED} UNION DISTINCT {_TRACED})
WHERE service != '' GROUP BY service""",
    Piece.TRACES: f"""
SELECT service, peer, countIf(notEmpty(children)) AS good, count() AS of FROM lg_hops
WHERE kind IN ('Client', 'Producer') AND NOT failed AND peer IN ({_TRACED}) AND peer != service GROUP BY service, peer""",
    Piece.USERS: """
SELECT service, '' AS peer, countIf(user != '') AS good, count() AS of FROM lg_requests GROUP BY service""",
    Piece.VERSIONS: _best_of("version"),
    Piece.INSTANCES: _best_of("instance"),
    Piece.LINES: """
SELECT service, '' AS peer, toUInt64(service IN (SELECT service FROM lg_lines)) AS good, 1 AS of
FROM lg_spans WHERE service != '' GROUP BY service""",
    Piece.TRACE_IDS: f"""
SELECT service, '' AS peer, countIf(trace_id != '') AS good, count() AS of FROM lg_lines
WHERE service IN ({_TRACED}) GROUP BY service""",
    Piece.LEVELS: """
SELECT service, '' AS peer, countIf(severity > 0) AS good, count() AS of FROM lg_lines GROUP BY service""",
    Piece.METRICS: """
SELECT service, '' AS peer, toUInt64(service IN (SELECT service FROM lg_points)) AS good, 1 AS of
FROM lg_spans WHERE service != '' GROUP BY service""",
    Piece.DEPLOYS: "SELECT '' AS service, '' AS peer, least(countIf(kind = 'deploy'), 1) AS good, 1 AS of FROM lg_changes",
    Piece.FLAGS: "SELECT '' AS service, '' AS peer, least(countIf(kind = 'flag'), 1) AS good, 1 AS of FROM lg_changes",
    Piece.HEALTH: f"""
SELECT service, '' AS peer, countIf(NOT well) AS good, count() AS of FROM (
    SELECT service, toStartOfMinute(ts) AS minute,
        countIf(kind = 'Server' AND match(name, '{_HEALTH_PATH}') AND http_status = 200) > 0 AS well,
        countIf(kind = 'Server' AND match(name, '{_HEALTH_PATH}')) AS asked,
        countIf(kind = 'Client') AS calls, countIf(kind = 'Client' AND failed) AS broken
    FROM lg_spans GROUP BY service, minute
    HAVING asked > 0 AND calls >= 3 AND broken * 2 >= calls
) GROUP BY service""",
}


def readiness(store: Store, *, window: Window | None = None) -> Readiness:
    """Every piece measured, over a window (default: all that is held).

    Raises:
        NoDataError: the store holds no telemetry.
    """
    holdings, reader = store.survey()
    looked = window or _whole(holdings)
    found = [
        Measured(piece, int(row["good"]), int(row["of"]), row["service"], row["peer"])
        for piece, sql in _QUERIES.items()
        for row in reader.query(sql, {}, looked).dicts()
    ]
    return Readiness(looked, tuple(_without_false_entries([one for one in found if one.out_of])))


def _without_false_entries(found: list[Measured]) -> Iterator[Measured]:
    """Where traces break, requests seem to enter at the service that is called: who they are for is not asked there."""
    torn = {one.peer for one in found if one.piece is Piece.TRACES and one.is_gap}
    return (one for one in found if one.piece is not Piece.USERS or one.service not in torn)


def _whole(holdings: Holdings) -> Window:
    """From the first telemetry or change to the last."""
    windows = [
        one.window for one in holdings.items if one.window and one.signal in {*TELEMETRY, Signal.CHANGES}
    ]
    if not any(one.window and one.signal in TELEMETRY for one in holdings.items):
        raise NoDataError(
            "There is no telemetry to measure.", hint="Load logs, spans or metrics: lastgood load."
        )
    return Window(min(one.start for one in windows), max(one.end for one in windows))
