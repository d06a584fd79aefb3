"""Instrumentation: each piece of it as one query, how often it is there, of how often it could be."""

from collections.abc import Iterator

from lastgood.model.attributes import DB_SYSTEM, DB_SYSTEM_OLD, MESSAGING_DESTINATION, MESSAGING_SYSTEM, MONEY
from lastgood.model.readiness import PROMPT_SECONDS, Measured, Piece
from lastgood.model.signal import TOLD
from lastgood.model.window import Window
from lastgood.telemetry.derived import NOT_RECEIVED
from lastgood.telemetry.reader import Reader

# A name with a dot is that of a host outside, one with a database or a broker behind it sends no spans.
_CALLED = f"""
SELECT peer AS service FROM lg_spans
WHERE kind IN ('Client', 'Producer') AND peer != '' AND position(peer, '.') = 0
  AND attributes['{DB_SYSTEM}'] = '' AND attributes['{DB_SYSTEM_OLD}'] = '' AND attributes['{MESSAGING_SYSTEM}'] = ''
  AND attributes['{MESSAGING_DESTINATION}'] = ''"""
# What people wrote in a chat is of no service.
_LINES = f"(SELECT * FROM lg_lines WHERE (service, scope) NOT IN ({', '.join(map(str, TOLD))}))"
_TRACED = "SELECT service FROM lg_spans"
# Traces that a service begins which also serves requests: its own work, such as a job, has no user.
_OWN_WORK = """
SELECT trace_id, service FROM lg_spans WHERE parent_id = '' AND kind IN ('Client', 'Producer', 'Internal')
  AND service GLOBAL IN (SELECT service FROM lg_spans WHERE kind = 'Server')"""
HEALTH_PATH = "(?i)(^|[ /])(healthz?|readyz?|livez?|ping|status)/?$"

# Files of a repository that flags are set in: `flags.yaml`, `demo.flagd.json`, all in a folder `flagd`.
_FLAG_FILE = (
    "(?i)((^|[/._-])(flagd|feature[-_]?(flag|toggle)s?|flags|toggles)|(^|/)(flagd|feature[-_]?(flag|toggle)s?)/.*)"
    "[.](json|ya?ml|toml)$"
)
_MOST_PATHS = 3  # operations that are asked for a kill switch, or for the value of an order
_QUEUE = f"attributes['{MESSAGING_DESTINATION}']"
_PAID = f"trace_id GLOBAL IN (SELECT trace_id FROM lg_spans WHERE arrayExists(k -> match(k, '{MONEY}'), mapKeys(attributes)))"
# Operations that take orders, by their name.
_SELLING = (
    "(?i)(^|[^a-z])(check_?out|orders?|payments?|charges?|purchases?|bookings?|subscriptions?)([^a-z]|$)"
)


def _best_of(column: str) -> str:
    """Of spans and lines the signal that has it more often: questions read whichever has it."""
    counted = f"countIf({column} != '') AS n, count() AS total"
    return f"""
SELECT service, '' AS peer, argMax(n, n / total) AS good, argMax(total, n / total) AS of FROM (
    SELECT service, {counted} FROM lg_spans GROUP BY service
    UNION ALL SELECT service, {counted} FROM {_LINES} GROUP BY service
) WHERE service != '' GROUP BY service"""


_QUERIES = {
    Piece.SPANS: f"""
SELECT service, '' AS peer, toUInt64(service GLOBAL IN ({_TRACED})) AS good, 1 AS of
FROM (SELECT service FROM {_LINES} UNION DISTINCT {_CALLED} UNION DISTINCT {_TRACED})
WHERE service != '' GROUP BY service""",
    Piece.TRACES: f"""
SELECT service, peer, countIf(notEmpty(children)) AS good, count() AS of FROM lg_hops
WHERE kind IN ('Client', 'Producer') AND NOT failed AND peer GLOBAL IN ({_TRACED}) AND peer != service GROUP BY service, peer
UNION ALL
SELECT service, consumer AS peer, countIf((trace_id, consumer) GLOBAL IN (SELECT trace_id, service FROM lg_spans WHERE kind = 'Consumer')) AS good,
       count() AS of
FROM (SELECT service, trace_id, {_QUEUE} AS queue FROM lg_spans WHERE kind = 'Producer' AND NOT failed AND queue != '') AS sent
GLOBAL INNER JOIN (SELECT DISTINCT service AS consumer, {_QUEUE} AS queue FROM lg_spans WHERE kind = 'Consumer' AND queue != '') AS taken
    ON sent.queue = taken.queue
WHERE consumer != service GROUP BY service, peer""",
    Piece.USERS: f"""
SELECT service, '' AS peer, countIf(user != '') AS good, count() AS of FROM lg_requests
WHERE trace_id = '' OR (trace_id, service) GLOBAL NOT IN ({_OWN_WORK}) GROUP BY service""",
    Piece.VERSIONS: _best_of("version"),
    Piece.INSTANCES: _best_of("instance"),
    Piece.LINES: """
SELECT service, '' AS peer, toUInt64(service GLOBAL IN (SELECT service FROM lg_lines)) AS good, 1 AS of
FROM lg_spans WHERE service != '' GROUP BY service""",
    Piece.TRACE_IDS: f"""
SELECT service, '' AS peer, countIf(trace_id != '') AS good, count() AS of FROM lg_lines
WHERE service GLOBAL IN ({_TRACED}) GROUP BY service""",
    Piece.LEVELS: f"""
SELECT service, '' AS peer, countIf(severity > 0) AS good, count() AS of FROM {_LINES} GROUP BY service""",
    Piece.METRICS: """
SELECT service, '' AS peer, toUInt64(service GLOBAL IN (SELECT service FROM lg_points)) AS good, 1 AS of
FROM lg_spans WHERE service != '' GROUP BY service""",
    Piece.DEPLOYS: "SELECT '' AS service, '' AS peer, least(countIf(kind = 'deploy'), 1) AS good, 1 AS of FROM lg_changes",
    Piece.FLAGS: f"""
SELECT '' AS service, anyIf(file, file != '') AS peer, greatest(uniqExactIf(id, file != ''), 1) AS of,
       least(countIf(kind = 'flag'), of) AS good
FROM (SELECT id, kind, arrayFirst(f -> match(f, '{_FLAG_FILE}'), if(kind = 'commit', files, [])) AS file FROM lg_changes)""",
    Piece.HEALTH: f"""
SELECT service, '' AS peer, countIf(NOT well) AS good, count() AS of FROM (
    SELECT service, toStartOfMinute(ts) AS minute,
        countIf(kind = 'Server' AND match(name, '{HEALTH_PATH}') AND http_status = 200) > 0 AS well,
        countIf(kind = 'Server' AND match(name, '{HEALTH_PATH}')) AS asked,
        countIf(kind = 'Client') AS calls, countIf(kind = 'Client' AND failed) AS broken
    FROM lg_spans GROUP BY service, minute
    HAVING asked > 0 AND calls >= 3 AND broken * 2 >= calls
) GROUP BY service""",
    Piece.SWITCHES: f"""
SELECT service, operation AS peer, countIf(trace_id GLOBAL IN (SELECT trace_id FROM lg_flags)) AS good, count() AS of,
       countIf({_PAID}) AS paid
FROM lg_requests WHERE trace_id GLOBAL IN (SELECT trace_id FROM lg_spans) AND NOT match(operation, '{HEALTH_PATH}')
GROUP BY service, operation QUALIFY if(max(paid) OVER () > 0, paid > 0, of = max(of) OVER ())
ORDER BY paid DESC, service, peer LIMIT {_MOST_PATHS}""",
    Piece.VALUES: f"""
SELECT service, operation AS peer, countIf({_PAID}) AS good, count() AS of
FROM lg_requests WHERE trace_id GLOBAL IN (SELECT trace_id FROM lg_spans) AND NOT failed AND method NOT IN ('GET', 'HEAD', 'OPTIONS')
GROUP BY service, operation HAVING good > 0 OR match(operation, '{_SELLING}')
ORDER BY of DESC, service, peer LIMIT {_MOST_PATHS}""",
    Piece.ARRIVAL: f"""
SELECT service, signal AS peer, countIf(late <= {PROMPT_SECONDS}) AS good, count() AS of, quantileExactWeighted(0.99)(late, 1) AS seconds
FROM (
    SELECT service, signal, greatest(0, round(dateDiff('millisecond', ts, received) / 1e3 - lasted, 1)) AS late FROM (
        SELECT service, 'spans' AS signal, ts, received, duration_ns / 1e9 AS lasted FROM lg_spans
        UNION ALL SELECT service, 'log lines', ts, received, 0 FROM {_LINES}
        UNION ALL SELECT service, 'metrics', ts, received, 0 FROM lg_points
    ) WHERE received > {NOT_RECEIVED}
) WHERE service != '' GROUP BY service, signal""",
}


_ROOTED = "SELECT DISTINCT service FROM lg_spans WHERE parent_id = '' AND service != ''"


def rooted(reader: Reader, window: Window) -> frozenset[str]:
    """The services in which traces begin."""
    return frozenset(row["service"] for row in reader.query(_ROOTED, {}, window).dicts())


def measured(reader: Reader, window: Window) -> Iterator[Measured]:
    """Every piece at every service, or between two, of a window."""
    for piece, sql in _QUERIES.items():
        looked = (
            (window.end - window.start).total_seconds() if piece in {Piece.DEPLOYS, Piece.FLAGS} else None
        )
        for row in reader.query(sql, {}, window).dicts():
            yield Measured(
                piece,
                int(row["good"]),
                int(row["of"]),
                row["service"],
                row["peer"],
                row.get("seconds", looked),
            )
