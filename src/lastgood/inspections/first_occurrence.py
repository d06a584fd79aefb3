"""What was the first bad line, and how did it spread?

What it asks
    Which line of the trouble was written first, by which service, what came just before it there, and when
    the trouble reached the other services and instances.
Why on-call asks it
    The first line often names the cause; those that follow in other services name its effects.
Reads
    lg_lines, lg_shapes, lg_pattern_aliases.
How
    Bad lines are those of the patterns that are new or louder (see log_patterns), as far as they are
    warnings, errors or speak of failure; when there are none of these, of any new pattern. The earliest of
    them since the end of the good window is the first occurrence; for a louder pattern, which was there
    before, the earliest in the bad window. What came before it is read from the same trace, or else from the
    same service. The spread is the first bad line of every service and instance.
Stays silent when
    There is no comparison, or no log pattern is new or louder.
Known traps
    Clocks of hosts differ: an order within their difference is no order. A service that buffers its
    lines, or logs only the end of a long call, writes late. The first line to be written need not be the
    cause: a cause that does not log is only seen in what it does to others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from lastgood.inspections._registry import Stage, inspection
from lastgood.model.answers import FirstOccurrence, Onset, PatternChanges, PatternCount
from lastgood.model.clock import to_nanoseconds
from lastgood.model.evidence import Evidence, LogSample, Table
from lastgood.model.figures import length
from lastgood.model.finding import Finding, Verdict
from lastgood.model.judgement import Amount, Count, Time
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.patterns import is_alarming, read_patterns
from lastgood.telemetry.reader import Rows

# fmt: off
READ_BEFORE = Time(60, "s before the first line, of which lines are shown", "judgement: what led to it is nearer")
LINES_BEFORE = Count(10, "lines before the first that are shown", "judgement: so that a table stays readable")
CLOCKS_DIFFER = Time(0.1, "s by which clocks of hosts may differ", "judgement: hosts that keep time by NTP differ by less")
PLACES_SHOWN = Count(50, "services and instances in the table", "judgement: so that a table stays readable")
ORDER_SURE = Amount(0.8, "of confidence in the order of services", "judgement: lines are written late, and some are lost")
ORDER_UNSURE = Amount(0.6, "of confidence in it, where clocks may have turned it", "judgement: more than a coin, for clocks mostly differ by less")
ENOUGH_OF_TRACE = Count(2, "lines of its trace: with fewer those of its service are shown", "judgement: the first line alone says nothing of what led to it")
# fmt: on

PRESENT = "SELECT DISTINCT service, shape FROM lg_lines"
FIRSTS = """
SELECT service, instance, shape, level, min(ts) AS first, argMin(leftUTF8(body, 4096), (ts, body)) AS text,
       argMin(trace_id, (ts, body)) AS trace, count() AS lines
FROM lg_lines
WHERE has({shapes:Array(UInt64)}, shape)
  AND toUnixTimestamp64Nano(ts) >= if(has({louder:Array(UInt64)}, shape), {bad_ns:Int64}, {since_ns:Int64})
GROUP BY service, instance, shape, level ORDER BY first, service, instance, shape, level"""
SAME_TRACE = """
SELECT ts, service, leftUTF8(body, 4096) AS body FROM lg_lines
WHERE trace_id = {trace:String} ORDER BY ts DESC, service, body LIMIT {most:UInt32}"""
SAME_SERVICE = """
SELECT ts, service, leftUTF8(body, 4096) AS body FROM lg_lines
WHERE service = {service:String} ORDER BY ts DESC, service, body LIMIT {most:UInt32}"""


@dataclass(frozen=True, slots=True)
class First:
    """The first bad line of a service on an instance."""

    at: datetime
    service: str
    instance: str
    body: str
    trace: str
    lines: int


@inspection(
    "What was the first bad line?",
    stage=Stage.SCOPE,
    needs={Signal.LOGS},
    uses=(Onset, PatternChanges),
    gives=FirstOccurrence,
)
def first_occurrence(case: Case) -> Iterator[Finding]:
    """The first bad line, what came before it, and when it reached whom."""
    changes, compared = case.earlier(PatternChanges), case.comparison
    if compared is None:
        yield Finding(Verdict.UNKNOWN, "there is no good and bad window to compare")
        return
    new, louder = _bad(changes.new if changes else ()), _bad(changes.more if changes else ())
    if not new and not louder and changes:
        new = changes.new
    if not new and not louder:
        yield Finding(Verdict.UNKNOWN, "no log pattern is new or more frequent")
        return
    yield _answered(case, compared, new, louder)


def _bad(patterns: Sequence[PatternCount]) -> tuple[PatternCount, ...]:
    return tuple(p for p in patterns if is_alarming(p.level, p.template))


def _since(compared: Comparison) -> datetime:
    """From when a new line counts: the onset is not sharper than the end of the good window."""
    between = compared.good.end <= compared.bad.start and not compared.given
    return compared.good.end if between else compared.bad.start


def _answered(
    case: Case, compared: Comparison, new: Sequence[PatternCount], louder: Sequence[PatternCount]
) -> Finding:
    found, rows = _firsts(case, compared, new, louder)
    if not found:
        return Finding(Verdict.UNKNOWN, "the bad lines were not found again in the bad window")
    first = found[0]
    services: dict[str, datetime] = {}
    for place in found:
        services.setdefault(place.service, place.at)
    answer = FirstOccurrence(first.at, first.service, first.body, tuple(services.items()))
    order = ", then ".join(f"{name or 'unnamed'} at {at:%H:%M:%S.%f}" for name, at in services.items())
    near = [name for name, at in services.items() if name != first.service and at - first.at < CLOCKS_DIFFER]
    limits = (
        (f"{', '.join(near)} followed within {length(CLOCKS_DIFFER)}, less than usual clock skew",)
        if near
        else ()
    )
    evidence = (*_before(case, first), _spread(found, rows))
    return Finding(
        Verdict.YES, f"first {order}", ORDER_UNSURE if near else ORDER_SURE, answer, evidence, limits
    )


def _firsts(
    case: Case, compared: Comparison, new: Sequence[PatternCount], louder: Sequence[PatternCount]
) -> tuple[list[First], Rows]:
    """The first bad line of every service and instance, earliest first."""
    window = Window(_since(compared), compared.bad.end)
    query = partial(case.query, window=window)
    present = [(row["service"], row["shape"]) for row in query(PRESENT).dicts()]
    patterns = read_patterns(query, present)
    levels = {(p.service, p.pattern_id, p.level) for p in (*new, *louder)}
    loud = {(p.service, p.pattern_id) for p in louder}
    wanted = {(p.service, p.pattern_id) for p in (*new, *louder)}
    shapes = {
        shape: (s.service, s.pattern) for shape in present if (s := patterns.shapes.get(shape)) is not None
    }
    rows = query(
        FIRSTS,
        shapes=sorted({shape for (_, shape), pattern in shapes.items() if pattern in wanted}),
        louder=sorted({shape for (_, shape), pattern in shapes.items() if pattern in loud}),
        bad_ns=to_nanoseconds(compared.bad.start),
        since_ns=to_nanoseconds(window.start),
    )
    found: dict[tuple[str, str], First] = {}
    for row in rows.dicts():
        pattern = shapes.get((row["service"], row["shape"]), ("", ""))
        if (*pattern, row["level"]) in levels:
            _keep(found, row)
    return sorted(found.values(), key=lambda f: (f.at, f.service, f.instance)), rows


def _keep(found: dict[tuple[str, str], First], row: Mapping[str, Any]) -> None:
    """Add a row, which come earliest first, to what its service and instance have."""
    place = (row["service"], row["instance"])
    was = found.get(place)
    if was is None:
        found[place] = First(row["first"], *place, row["text"], row["trace"], row["lines"])
    else:
        found[place] = replace(was, lines=was.lines + row["lines"])


def _before(case: Case, first: First) -> Iterator[Evidence]:
    """The first line, with what came just before it on its trace or in its service."""
    start = min(first.at - READ_BEFORE, first.at)
    window = Window(start, first.at + timedelta(microseconds=1))
    rows = None
    if first.trace:
        rows = case.query(SAME_TRACE, window=window, trace=first.trace, most=LINES_BEFORE + 1)
    if rows is None or len(rows) < ENOUGH_OF_TRACE:
        rows = case.query(SAME_SERVICE, window=window, service=first.service, most=LINES_BEFORE + 1)
    lines = tuple((row["ts"], row["service"], row["body"]) for row in reversed(rows.dicts()))
    yield LogSample("What came before it, and the first bad line", lines, rows.provenance)


def _spread(found: Sequence[First], rows: Rows) -> Table:
    lines = tuple((f.at, f.service, f.instance, f.lines, f.body) for f in found[:PLACES_SHOWN])
    columns = ("first", "service", "instance", "lines", "text")
    return Table("The first bad line of every service and instance", columns, lines, rows.provenance)
