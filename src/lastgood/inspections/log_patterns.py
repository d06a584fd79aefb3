"""Which log patterns are new, louder or gone?

What it asks
    Which kinds of log lines appear for the first time, come more often, or stop, while it is bad; and which
    alarming ones come as often as ever and so are not it.
Why on-call asks it
    Errors are read one by one; kinds of errors against their own past show at a glance what is different.
Reads
    lg_lines, lg_shapes, lg_pattern_aliases.
How
    Lines are grouped to patterns per service, with the level beside the pattern. *New*: none in the reference. Zero in a
    time bounds the old rate (rule of three); a new pattern is so many times that bound, or an error. *More*, *less*,
    *gone*: a two-sided rank test (Mann-Whitney, corrected for ties) on counts in buckets so long that neighbours are
    independent, with false discoveries held over all patterns (Benjamini-Hochberg) and a least ratio. A short good
    window is made longer into the past.
Stays silent when
    There is no comparison, or log lines are missing in one of its windows. A pattern with fewer than 8
    buckets, or fewer than 5 lines seen and expected, is too few to compare.
Known traps
    A start prints lines that a running process does not: patterns under warning of which four in five lines come
    within five minutes of the start of their instance are not new or more. A short reference makes seldom lines look
    new, as the limits say. Of a stack trace only the message counts. Twice the traffic doubles all.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np

from lastgood.algorithms.buckets import Counts
from lastgood.algorithms.patterns.scanning import is_frame
from lastgood.algorithms.rate_change import Counted, Judged, RateChange, rate_changes
from lastgood.algorithms.slices import slices
from lastgood.inspections._registry import Stage, inspection
from lastgood.model.answers import Onset, PatternChanges, PatternCount
from lastgood.model.clock import from_nanoseconds
from lastgood.model.evidence import Evidence, LogSample, Provenance, Scalar, Table
from lastgood.model.figures import duration, multiple, shortened
from lastgood.model.finding import Finding, Verdict
from lastgood.model.judgement import Amount, Count, Time
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.patterns import Patterns, family_names, is_alarming, read_patterns
from lastgood.telemetry.reader import Rows
from lastgood.telemetry.relations import LEVEL

# fmt: off
REFERENCE_LENGTH = Count(10, "bad windows that the reference is to be long", "judgement: a pattern that comes once in a bad window is then surely seen")
NEW_STRONG = Amount(3.0, "times what zero in the reference allows (its 95 % bound), for a pattern to be new", "judgement: below it a rare pattern looks new")
PATTERNS_SHOWN = Count(20, "patterns of each kind", "judgement: so that a table stays readable")
RARE_LINES = Count(3, "lines in the whole reference of a rare pattern, at most", "judgement: more are its rhythm")
STARTING = Amount(0.8, "of a pattern's lines belong to the start of an instance, for it to belong there", "judgement: nearly all")
REFERENCE_BUCKETS = Count(600, "buckets of the reference at most", "judgement: bounds the work")
PATTERN_BUCKET = Time(1, "min of a bucket", "judgement: shorter than most rhythms, longer than bursts")
SHORT_BUCKETS = Count(16, "buckets of a short bad window", "judgement: a rank test has enough of them")
LEAST_BUCKETS = Count(8, "buckets of the bad window at least", "judgement: a rank test of fewer cannot be clear")
LINES_MOVED = Amount(2.0, "times as many lines as a whole, or as few, are said", "judgement: then every pattern's ratio means less")
PATTERNS_MOST_SURE = Amount(0.97, "of confidence at most", "judgement: other windows would show other patterns")
PATTERNS_ALIKE = Amount(0.9, "of confidence that patterns come as often as before", "judgement: small changes are below what can be tested")
# fmt: on
TABLE = "kind level service pattern lines expected first instances family id"
SEVERITY = {"trace": 1, "debug": 2, "info": 3, "": 3, "warn": 4, "error": 5, "fatal": 6}


COUNTS = f"""
SELECT service, shape, {LEVEL} AS level, phase, sum(n) AS lines, toUnixTimestamp64Nano(min(first)) AS first_ns,
       toUnixTimestamp64Nano(max(last)) AS last_ns, arraySort(groupArray((bucket, n))).1 AS buckets,
       arraySort(groupArray((bucket, n))).2 AS counts
FROM (
    SELECT service, shape, severity, phase, count() AS n, min(ts) AS first, max(ts) AS last,
           toUInt32(intDiv(toUnixTimestamp64Nano(ts) - if(phase = 'bad', {{bad_from:Int64}}, {{good_from:Int64}}),
                           {{step_ns:Int64}})) AS bucket
    FROM lg_lines WHERE phase != '' GROUP BY service, shape, severity, phase, bucket
)
GROUP BY service, shape, level, phase ORDER BY service, shape, level, phase"""

DETAILS = """
SELECT service, shape, level, uniqExact(instance) AS instances, count() AS lines,
       countIf(toUnixTimestamp64Nano(born) > {from_ns:Int64} + 300000000000 AND ts < born + INTERVAL 5 MINUTE) AS starting,
       leftUTF8(argMin(body, (phase != 'bad', ts, body)), 4096) AS sample,
       toUnixTimestamp64Nano(min((phase != 'bad', ts)).2) AS sample_ns
FROM lg_lines GLOBAL LEFT JOIN (
    SELECT service, instance, min(ts) AS born FROM lg_lines GROUP BY service, instance
) AS births USING (service, instance)
WHERE phase IN {phases:Array(String)} AND has({shapes:Array(UInt64)}, shape)
GROUP BY service, shape, level ORDER BY service, shape, level"""

GroupId = tuple[str, str, str]  # service, pattern, level


@dataclass
class Group:
    """The lines of one pattern of one service at one level, while good and while bad."""

    key: GroupId
    counts: dict[str, Counts]
    lines: dict[str, int]
    first_bad: int = 0  # nanoseconds since the epoch, 0 for none
    last_good: int = 0

    @property
    def severity(self) -> int:
        """How bad the level is."""
        return SEVERITY.get(self.key[2], 3)


@dataclass(frozen=True, slots=True)
class Row:
    """A group with what became of it and how it reads."""

    group: Group
    judged: Judged
    template: str
    sample: str = ""
    sampled_at: datetime | None = None
    instances: int = 0
    starting: float = 0.0  # share of lines that belong to the start of an instance

    @property
    def alarming(self) -> bool:
        """Whether a person on call would stop at it."""
        return is_alarming(self.group.key[2], self.template)

    @property
    def is_start_up(self) -> bool:
        """Whether it is what a process says when it starts, rather than news."""
        return self.starting >= STARTING and self.group.severity < SEVERITY["warn"]


@inspection(
    "Which log patterns are new, louder or gone?",
    stage=Stage.SCOPE,
    needs={Signal.LOGS},
    uses=(Onset,),
    gives=PatternChanges,
)
def log_patterns(case: Case) -> Iterator[Finding]:
    """The patterns that changed between the good and the bad window."""
    compared = _compared(case)
    if isinstance(compared, str):
        yield Finding(Verdict.UNKNOWN, compared)
        return
    case = replace(case, comparison=compared)
    step = _step(compared)
    rows = case.query(COUNTS, window=compared.hull, step_ns=int(step * 1e9))
    if "good" not in rows.table["phase"].to_pylist():
        yield Finding(Verdict.UNKNOWN, "no line was logged in the reference to compare with")
        return
    yield _answered(case, compared, rows, _groups(case, compared, rows, step))


def _compared(case: Case) -> Comparison | str:
    """The windows to compare, as far as there are lines; or why there are none."""
    given, logs = case.comparison, case.holdings.of(Signal.LOGS)
    if given is None:
        return "there is no good and bad window to compare"
    if logs is None or logs.window is None:
        return "there are no log lines"
    bad_start = given.bad.start
    good_start = given.good.start
    before = given.good.end <= bad_start
    if before and not given.given:
        # The onset is not sharper than its interval: lines between the windows belong to the bad one.
        bad_start = given.good.end
        good_start = min(good_start, max(case.window.start, bad_start - REFERENCE_LENGTH * given.bad.length))
    good_start, bad_end = max(good_start, logs.window.start), min(given.bad.end, logs.window.end)
    if good_start >= given.good.end:
        return f"log lines start at {logs.window.start:%Y-%m-%d %H:%M:%S} UTC, after the good window"
    if bad_end <= bad_start:
        return f"log lines end at {logs.window.end:%Y-%m-%d %H:%M:%S} UTC, before the bad window"
    return Comparison(Window(good_start, given.good.end), Window(bad_start, bad_end), given.given)


def _step(compared: Comparison) -> float:
    """Seconds of a bucket: a minute, less for a short window, more for a long reference."""
    usual = min(PATTERN_BUCKET.total_seconds(), compared.bad.seconds / SHORT_BUCKETS)
    longest = compared.bad.seconds / LEAST_BUCKETS
    return max(1e-3, min(longest, max(usual, compared.good.seconds / REFERENCE_BUCKETS)))


Grouped = tuple[Patterns, dict[GroupId, Group], dict[GroupId, set[int]]]  # the last: shapes of each group


def _groups(case: Case, compared: Comparison, rows: Rows, step: float) -> Grouped:
    found = rows.dicts()
    shapes = {(row["service"], row["shape"]) for row in found}
    patterns = read_patterns(partial(case.query, window=compared.hull), shapes)
    sizes = {"good": int(compared.good.seconds / step + 1e-9), "bad": int(compared.bad.seconds / step + 1e-9)}
    groups: dict[GroupId, Group] = {}
    members: dict[GroupId, set[int]] = defaultdict(set)
    for row in found:
        pattern = patterns.of(row["service"], row["shape"])
        if pattern is None:
            continue
        key = (row["service"], pattern, row["level"])
        if key not in groups:
            empty = {phase: np.zeros(size) for phase, size in sizes.items()}
            groups[key] = Group(key, empty, {"good": 0, "bad": 0})
        members[key].add(row["shape"])
        _add(groups[key], row)
    return patterns, groups, members


def _add(group: Group, row: Mapping[str, Any]) -> None:
    phase = row["phase"]
    group.lines[phase] += row["lines"]
    counts = group.counts[phase]
    buckets = np.asarray(row["buckets"], np.int64)
    whole = buckets < len(counts)  # what is left over at the end is no bucket
    np.add.at(counts, buckets[whole], np.asarray(row["counts"], float)[whole])
    if phase == "bad":
        group.first_bad = min(group.first_bad or row["first_ns"], row["first_ns"])
    else:
        group.last_good = max(group.last_good, row["last_ns"])


def _answered(case: Case, compared: Comparison, rows: Rows, grouped: Grouped) -> Finding:
    patterns, groups, members = grouped
    ordered = [groups[key] for key in sorted(groups)]
    counted = [Counted(g.lines["good"], g.lines["bad"], g.counts["good"], g.counts["bad"]) for g in ordered]
    judged = rate_changes(counted, compared.bad.seconds / compared.good.seconds)
    templates = patterns.templates({group.key[:2] for group in ordered})
    plain = [
        Row(group, judgement, templates[group.key[:2]])
        for group, judgement in zip(ordered, judged, strict=True)
    ]
    kinds = _sorted_by_kind(plain)
    shown, details = _detailed(case, compared, kinds, members)
    kinds = _without_start_up(shown)
    limits = (*_limits(compared, judged, groups, rows), *_start_up_limit(shown, kinds))
    evidence = _evidence(kinds, rows, details)
    return _finding(kinds, judged, evidence, limits)


Kinds = dict[str, list[Row]]


def _sorted_by_kind(rows: Sequence[Row]) -> Kinds:
    """New, more, gone, less, rare and churn, most telling first, PATTERNS_SHOWN of each."""
    kinds: Kinds = {name: [] for name in ("new", "more", "gone", "less", "rare", "churn")}
    for row in rows:
        kind = _kind(row)
        if kind and row.template.strip() and not is_frame(row.template):  # the message says what failed
            kinds[kind].append(row)
    for members in kinds.values():
        members.sort(key=_telling)
    return kinds


def _kind(row: Row) -> str:
    change, group = row.judged.change, row.group
    if change is RateChange.NEW:
        return "new" if row.judged.strength >= NEW_STRONG or group.severity >= SEVERITY["error"] else ""
    if change in {RateChange.MORE, RateChange.GONE, RateChange.LESS}:
        return str(change.value)
    if not row.alarming or not group.lines["bad"]:
        return ""
    return "rare" if group.lines["good"] <= RARE_LINES else "churn"


def _telling(row: Row) -> tuple[float, ...]:
    excess = abs(row.group.lines["bad"] - row.judged.expected)
    return -row.group.severity, -round(row.judged.strength, 6), -excess, row.group.first_bad


def _detailed(
    case: Case, compared: Comparison, kinds: Kinds, members: Mapping[GroupId, set[int]]
) -> tuple[Kinds, Provenance | None]:
    """The rows that are shown, with a sample, instances and how much of it is start-up."""
    cut = {kind: rows[:PATTERNS_SHOWN] for kind, rows in kinds.items()}
    shapes = sorted({shape for rows in cut.values() for row in rows for shape in members[row.group.key]})
    if not shapes:
        return cut, None
    phases = ["good", "bad"] if cut["gone"] else ["bad"]
    found = case.query(DETAILS, window=compared.hull, shapes=shapes, phases=phases)
    by_shape = {(d["service"], d["shape"], d["level"]): d for d in found.dicts()}
    return {
        kind: [_with_details(row, by_shape, members[row.group.key]) for row in rows]
        for kind, rows in cut.items()
    }, found.provenance


def _with_details(row: Row, by_shape: Mapping[tuple[str, int, str], Any], shapes: set[int]) -> Row:
    service, _, level = row.group.key
    found = [by_shape[service, shape, level] for shape in shapes if (service, shape, level) in by_shape]
    if not found:
        return row
    first = min(found, key=lambda d: (d["sample_ns"], d["sample"]))
    return replace(
        row,
        sample=first["sample"],
        sampled_at=from_nanoseconds(first["sample_ns"]),
        instances=max(d["instances"] for d in found),
        starting=sum(d["starting"] for d in found) / sum(d["lines"] for d in found),
    )


def _without_start_up(kinds: Kinds) -> Kinds:
    return {
        kind: [row for row in rows if kind not in {"new", "more"} or not row.is_start_up]
        for kind, rows in kinds.items()
    }


def _start_up_limit(before: Kinds, after: Kinds) -> tuple[str, ...]:
    left_out = sum(len(before[kind]) - len(after[kind]) for kind in before)
    return (f"{left_out} patterns are start-up messages and do not count as new",) if left_out else ()


def _limits(
    compared: Comparison, judged: Sequence[Judged], groups: Mapping[GroupId, Group], rows: Rows
) -> Iterator[str]:
    times = compared.good.seconds / compared.bad.seconds
    if times < REFERENCE_LENGTH:
        yield f"for log patterns the baseline is short ({duration(compared.good.seconds)}, the bad window {duration(compared.bad.seconds)}): rare patterns may look new"
    if few := sum(1 for judgement in judged if judgement.change is RateChange.TOO_FEW):
        yield f"{few} of {len(judged)} log patterns have too few lines to compare"
    good, bad = (sum(group.lines[phase] for group in groups.values()) for phase in ("good", "bad"))
    overall = bad * times / max(good, 1)
    if overall >= LINES_MOVED or overall <= 1 / LINES_MOVED:
        yield f"log volume is {multiple(overall)} its baseline"
    if rows.provenance.cut_off:
        yield "there are more shapes of log lines than were read"


def _evidence(kinds: Kinds, rows: Rows, details: Provenance | None) -> tuple[Evidence, ...]:
    columns = tuple(TABLE.split())
    shared = family_names({row.group.key[:2]: row.template for members in kinds.values() for row in members})
    lines = tuple(_table_row(kind, row, shared) for kind, members in kinds.items() for row in members)
    table = Table("Log patterns", columns, lines, rows.provenance)
    samples = tuple(
        (row.sampled_at, row.group.key[0], row.sample)
        for kind in ("new", "more", "gone")
        for row in kinds[kind]
        if row.sampled_at is not None
    )
    if not samples or details is None:
        return (table,)
    return table, LogSample("One line of each", samples, details)


def _table_row(kind: str, row: Row, shared: Mapping[tuple[str, str], str]) -> tuple[Scalar, ...]:
    group = row.group
    service, pattern, level = group.key
    return (
        kind, level, service, row.template, group.lines["bad"], row.judged.expected, _seen(group), row.instances,
        shared.get((service, pattern)), pattern,
    )  # fmt: skip


def _seen(group: Group) -> datetime:
    return from_nanoseconds(group.first_bad or group.last_good)


def _finding(
    kinds: Kinds, judged: Sequence[Judged], evidence: tuple[Evidence, ...], limits: tuple[str, ...]
) -> Finding:
    changed = [*kinds["new"], *kinds["more"], *kinds["gone"]]
    answer = PatternChanges(
        *(tuple(_count(row) for row in kinds[kind]) for kind in ("new", "more", "gone", "churn"))
    )
    if changed:
        sure = min(PATTERNS_MOST_SURE, max(row.judged.sure for row in changed))
        return Finding(Verdict.YES, _because(kinds), sure, answer, evidence, limits)
    tested = [judgement for judgement in judged if judgement.change is not RateChange.TOO_FEW]
    if not tested:
        because = "every log pattern has too few lines to compare"
        return Finding(Verdict.UNKNOWN, because, None, answer, evidence, limits)
    because = f"{len(tested)} log patterns are at their usual rate"
    return Finding(Verdict.NO, because, PATTERNS_ALIKE, answer, evidence, limits)


def _because(kinds: Kinds) -> str:
    parts = []
    for kind, word in (("new", "new"), ("more", "more frequent"), ("gone", "gone")):
        if kinds[kind]:
            first, count = kinds[kind][0], f"{len(kinds[kind])} {word}"
            service, text = first.group.key[0] or "unnamed", shortened(first.template, 120)
            parts.append(f"{count}, first of them {service}: {text}")
    return "; ".join(parts)


def _count(row: Row) -> PatternCount:
    service, pattern, level = row.group.key
    return PatternCount(
        pattern_id=pattern,
        template=row.template,
        service=service,
        level=level,
        count=row.group.lines["bad"],
        expected=row.judged.expected,
        first=_seen(row.group),
        sample=row.sample,
        over_time=slices(row.group.counts["good"], row.group.counts["bad"]),
    )
