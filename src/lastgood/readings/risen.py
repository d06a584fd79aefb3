"""Errors and calls that became more frequent: what fails anew, in its own words, and what is called more often."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from lastgood.algorithms.failure_classes import Dependency, Repeated, Reported
from lastgood.algorithms.trouble_words import error_kinds, said_of
from lastgood.model.failure import ErrorKind
from lastgood.model.judgement import Amount, Count
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.readings.ended import ANSWERED_IN_PROXY, SAID
from lastgood.readings.proxied import Proxied, read_proxied
from lastgood.readings.traces import one_in
from lastgood.telemetry.reader import Rows

# fmt: off
ERROR_SAMPLE = Count(80, "characters of an error that are shown", "judgement: so that a line stays readable")
RISEN_CALLS = Count(20, "calls, to say how often one is made for each request", "judgement: of fewer a ratio is not known")
RISEN_ERRORS = Amount(2.0, "standard deviations (Poisson) more than expected", "judgement: about one in twenty by chance; what is read decides nothing alone")
# fmt: on

ERRORS = """
SELECT service, if(kind = 'Client', peer, '') AS peer, http_status AS status,
       substring(trim(concat(error_type, ' ', message)), 1, 300) AS text,
       countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
FROM lg_sample WHERE failed AND NOT children_failed
GROUP BY service, peer, status, text ORDER BY bad DESC, service, peer, status, text LIMIT 500"""
CALLS = """
SELECT service, if(kind = 'Client', peer, '') AS peer, name, phase, count() AS calls, countIf(failed) AS failed,
       uniq(trace_id) AS traces
FROM lg_sample WHERE NOT entry
GROUP BY service, peer, name, phase ORDER BY calls DESC, service, peer, name, phase LIMIT 2000"""
# Texts are read of the bad window only: reading all of them costs more than counting all lines.
# What breaks off a handshake is reported at any level, for it is no fault of the server that writes it.
_TELLING = "(severity >= 13 OR severity = 0 OR multiSearchAnyCaseInsensitive(body, ['certificate expired', 'certificate has expired', 'certificate unknown', 'certificate verify failed', 'bad certificate', 'unknown_ca', 'unknown ca']))"
# What an exception was caused by stands below its stack trace, the first cause last.
_CAUSES = r"(?m)^\s*(?:Caused by:|---> |\[cause\]:)\s*.{1,200}".replace("\\", "\\\\")
LINES = f"""
SELECT service, '' AS peer, 0 AS status, concat(substring(whole, 1, 400), arrayElement(extractAll(whole, '{_CAUSES}'), -1)) AS text, good, bad
FROM (SELECT service, shape, countIf(phase = 'good') AS good, countIf(phase = 'bad') AS bad
      FROM lg_lines WHERE phase != '' AND {_TELLING} GROUP BY service, shape HAVING bad > 0) AS counted
GLOBAL LEFT JOIN (
      SELECT service, shape, argMin(body, (ts, body)) AS whole
      FROM lg_lines WHERE ts >= fromUnixTimestamp64Nano({{bad_from:Int64}}, 'UTC') AND phase = 'bad' AND {_TELLING}
      GROUP BY service, shape) AS told USING (service, shape)
ORDER BY bad DESC, service, text LIMIT 500"""

Found = list[tuple[dict[str, Any], float]]  # rows of errors, and how many more than expected


@dataclass(frozen=True, slots=True)
class Risen:
    """What became more frequent, and the rows that show it; None where there is no such signal."""

    spans: Found
    lines: Found
    called: list[dict[str, Any]]
    errors_read: Rows | None
    lines_read: Rows | None
    every: int  # one trace in so many was read

    @property
    def words(self) -> dict[ErrorKind, Reported]:
        """What the errors speak of; the share is of the spans' or of that service's lines, whichever says more."""
        counted: dict[ErrorKind, Reported] = {}
        for own, rows in ((False, self.spans), (True, self.lines)):
            for (kind, service), (events, text) in _by_kind(rows).items():
                all_of = sum(extra for row, extra in rows if not own or row["service"] == service)
                sample = said_of(kind, " ".join(text.split()), ERROR_SAMPLE)
                reported = Reported(events, events / all_of, service, sample, text)
                if kind not in counted or reported.events > counted[kind].events:
                    counted[kind] = reported
        return counted

    @property
    def dependency(self) -> Dependency | None:
        """The peer whose calls fail most, when most of what fails begins there."""
        by_peer: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for row, extra in self.spans:
            by_peer[row["peer"]][row["status"]] += extra
        worst = max(by_peer, key=lambda peer: (sum(by_peer[peer].values()), peer), default="")
        if not worst:
            return None
        statuses = by_peer[worst]
        failed = sum(statuses.values())
        status = max(statuses, key=lambda one: (statuses[one], one))
        calls = sum(row["calls"] for row in self.called if row["phase"] == "bad" and row["peer"] == worst)
        return Dependency(worst, calls, failed, status, statuses[status] / failed)

    @property
    def repeated(self) -> Repeated | None:
        """The call whose number in one request grew most, of those made often enough."""
        past = {_place(row): row for row in self.called if row["phase"] == "good"}
        found = []
        for row in self.called:
            before = past.get(_place(row))
            if row["phase"] != "bad" or before is None or min(row["calls"], before["calls"]) < RISEN_CALLS:
                continue
            now, then = row["calls"] / row["traces"], before["calls"] / before["traces"]
            name = f"{row['name']} of {row['peer'] or row['service']}"
            found.append(Repeated(name, then, now, row["failed"] / row["calls"]))
        return max(found, key=lambda one: (one.now / one.before, one.name), default=None)


def read_risen(case: Case) -> Risen:
    """What became more frequent, bad window against good."""
    spans = case.has(Signal.SPANS)
    every = one_in(case) if spans else 1
    errors = case.query(ERRORS, every=every) if spans else None
    calls = case.query(CALLS, every=every) if spans else None
    lines = case.query(LINES) if case.has(Signal.LOGS) else None
    proxied = read_proxied(case)
    reported = errors.dicts() if errors else _of_proxies(proxied) if proxied else []
    return Risen(
        risen(case, reported),
        risen(case, lines.dicts()) if lines else [],
        calls.dicts() if calls else [],
        errors if errors is not None else proxied.read if proxied else None,
        lines,
        every,
    )


def _of_proxies(reported: Proxied) -> list[dict[str, Any]]:
    """How requests of access logs failed, as errors: of the upstream, unless the proxy handed them on to no one."""
    counted: dict[tuple[str, str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for row in reported.rows:
        if row["ended"] != "served":
            # What its upstreams share is ill, none of them.
            before = (
                row["ended"] in ANSWERED_IN_PROXY or not row["upstream"] or reported.shared == row["service"]
            )
            where = row["service"] if before else row["upstream"]
            peer = "" if before or row["ended"] in {"queued", "answered", "unserved"} else row["upstream"]
            counts = counted[where, peer, row["ended"], row["status"]]
            counts[0] += row["good"]
            counts[1] += row["bad"]
    return [
        {
            "service": service,
            "peer": peer,
            "status": status,
            "text": f"{status}: requests {SAID[how]}",
            "good": good,
            "bad": bad,
        }
        for (service, peer, how, status), (good, bad) in sorted(counted.items())
    ]


def risen(case: Case, rows: list[dict[str, Any]]) -> Found:
    """Errors that became more frequent, with how many more than the good window leads to expect."""
    if case.comparison is None or not case.comparison.good.seconds:
        return []
    scale = case.comparison.bad.seconds / case.comparison.good.seconds
    found = ((row, row["bad"] - row["good"] * scale) for row in rows)
    return [
        (row, more)
        for row, more in found
        if more >= max(1.0, row["good"] * scale, RISEN_ERRORS * sqrt(row["bad"] - more))
    ]


def _by_kind(rows: Found) -> dict[tuple[ErrorKind, str], tuple[float, str]]:
    """Events and the most frequent example by kind of trouble and service."""
    found: dict[tuple[ErrorKind, str], tuple[float, str]] = {}
    for row, extra in sorted(rows, key=lambda pair: -pair[1]):
        for kind in error_kinds(row["text"]):
            before, text = found.get((kind, row["service"]), (0.0, row["text"]))
            found[kind, row["service"]] = before + extra, text
    return found


def _place(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["service"], row["peer"], row["name"]
