"""Slow statements: what databases log of statements and how long they took, by table.

PostgreSQL logs them by log_min_duration_statement, MySQL and MariaDB in the slow query log.
"""

import re
from collections.abc import Iterator

from lastgood.algorithms.trouble_words import is_store
from lastgood.model.attributes import DURATION_NS, QUERY_TEXT
from lastgood.model.figures import count
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.grid import grid_of
from lastgood.readings.series import (
    Symptom,
    SymptomSeries,
    Trust,
    counted,
    grouped,
    latency_histogram,
    per_bucket,
)

# fmt: off
STATEMENTS_LEAST = Count(5, "slow statements", "judgement: fewer come by chance")
STATEMENTS_MORE = Amount(3.0, "times as many as before, by the length of the windows", "judgement: surely apart, for they come in bursts")
# fmt: on
_SQL = r"(?:SELECT|INSERT|UPDATE|DELETE|MERGE|REPLACE|WITH|CALL|EXEC(?:UTE)?|COMMIT|COPY|FETCH|LOCK|PREPARE TRANSACTION)\b"
_TIMED = rf"(?is)^duration: \S+ ms\b.*?:\s*({_SQL}.*)"
# Slow logs, whose lines are the statements, after MySQL's figures.
_BARE = rf"(?is)^(?:(?:#|use |SET timestamp)[^\n]*\n)*({_SQL}.*)"
_TABLE = r'(?i)\b(?:from|into|update|join|table)\s+[`"\[]?([\w.]+)'
_MATCHES = tuple(re.compile(pattern) for pattern in (_TIMED, _BARE))


def _quoted(pattern: str) -> str:
    return "'" + pattern.replace("\\", "\\\\").replace("'", "\\'") + "'"


_TEXT = f"if(attributes['{QUERY_TEXT}'] != '', attributes['{QUERY_TEXT}'], body)"
TOOK_NS = (
    f"toUInt64OrZero(attributes['{DURATION_NS}']) + if(attributes['{DURATION_NS}'] = '', "
    "toUInt64(toFloat64OrZero(extract(body, '^duration: ([0-9.]+) ms')) * 1e6), 0)"
)
# Lines that may be statements with a duration: the store, the table, the nanoseconds, and whether they are.
# Whoever reads them counts those that are: as a condition the engine would look for statements in every line.
STATEMENTS = f"""
SELECT ts, phase, service, extract(sql, {_quoted(_TABLE)}) AS operation, took, sql != '' AND took > 0 AS timed FROM (
    SELECT ts, phase, service, {TOOK_NS} AS took,
           if(match(body, {_quoted(_TIMED)}), extract(body, {_quoted(_TIMED)}), extract({_TEXT}, {_quoted(_BARE)})) AS sql
    FROM lg_lines WHERE attributes['{DURATION_NS}'] != '' OR startsWith(body, 'duration: '))"""
BY_TABLE = f"""
SELECT service, operation, intDiv(toUnixTimestamp64Nano(ts) - {{from_ns:Int64}}, {{step_ns:Int64}}) AS bucket,
       toUInt16(1 + log2(greatest(took, 1)) * 4) AS bin, countIf(timed) AS n
FROM ({STATEMENTS})
GROUP BY service, operation, bucket, bin HAVING n > 0 ORDER BY service, operation, bucket, bin LIMIT 500000"""


OF_WINDOWS = f"""
SELECT service, operation AS table, countIf(timed AND phase = 'good') AS good, countIf(timed AND phase = 'bad') AS bad
FROM ({STATEMENTS}) WHERE phase != ''
GROUP BY service, table HAVING good + bad > 0 ORDER BY bad DESC, service, table LIMIT 1000"""


def more_logged(bad: int, good: int, longer: float) -> bool:
    """Whether a log has many more slow statements than before; `longer`: seconds bad per seconds good."""
    return bad >= STATEMENTS_LEAST and bad >= STATEMENTS_MORE * good * longer


def slowed(case: Case) -> tuple[str, str] | None:
    """The database that logs the most slow statements of a table, many more than before, and how many; None: none does."""
    if case.comparison is None or not case.has(Signal.LOGS):
        return None
    longer = case.comparison.bad.seconds / max(case.comparison.good.seconds, 1.0)
    for row in case.query(OF_WINDOWS).dicts():
        if is_store(row["service"]) and more_logged(row["bad"], row["good"], longer):
            of = f" of table {row['table']}" if row["table"] else ""
            return row["service"], f"{count(row['bad'])} slow statements{of} ({count(row['good'])} before)"
    return None


def statement_of(service: str, text: str) -> str:
    """The statement that a log line of a service reports, as slow where it has a duration; empty where it reports none."""
    timed, bare = (pattern.match(text) for pattern in _MATCHES)
    found = timed or (bare if is_store(service) else None)
    return found[1] if found else ""


def says_duration(text: str) -> bool:
    """Whether a log line reports a statement with how long it took."""
    return _MATCHES[0].match(text) is not None


def statement_series(case: Case) -> Iterator[SymptomSeries]:
    """How many timed statements a store logs for each table, with how long they took."""
    grid = grid_of(case, Signal.LOGS)
    if grid is None:
        return
    rows = counted(case, grid, BY_TABLE)
    for (service, table), part in grouped(rows, "service", "operation"):
        yield SymptomSeries(
            Trust.LINES, Symptom.STATEMENTS, service, str(table), per_bucket(part, "n", grid), grid.covered,
            share=False, rise=True, grid=grid, provenance=rows.provenance, histogram=latency_histogram(part, grid),
        )  # fmt: skip
