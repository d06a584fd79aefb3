"""What a check of the telemetry says: the number that it looks at, against its row and its baseline."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from math import isnan
from typing import Any

import numpy as np

from lastgood.algorithms.change_point import Floats
from lastgood.algorithms.trouble_words import error_kinds, is_store
from lastgood.inspections.trouble import checks as table
from lastgood.inspections.trouble.looked import Looked, Texts
from lastgood.inspections.trouble.weights import (
    DISK_AT_LIMIT,
    ERROR_LETTERS,
    ERRORS_READ,
    PEER_CALLS,
    RUNBOOK_PLACES,
    TEXTS_LEAST,
    TEXTS_MORE,
    TOTAL_STEPS,
    USE_HIGH,
    USE_MORE,
    USE_NEW,
)
from lastgood.model.evidence import Evidence, Provenance, Table
from lastgood.model.figures import amount, count, counted, duration, multiple, nanoseconds, percent
from lastgood.model.signal import Signal
from lastgood.model.trouble import CheckVerdict
from lastgood.readings.resource_use import Use
from lastgood.telemetry.reader import Rows

YES, NO, CANNOT_TELL, ASK = CheckVerdict
_NOWHERE = Provenance("", {}, None, 0, 0.0)
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)+(:\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found: its verdict, the reason with its numbers, evidence, and what to run."""

    verdict: CheckVerdict
    because: str
    evidence: tuple[Evidence, ...] = ()
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A resource at one place: its value now and before."""

    use: Use
    now: float
    before: float

    @property
    def where(self) -> str:
        at = f" ({self.use.instance})" if self.use.instance not in {"", *self.use.services} else ""
        return f"{self.use.name} of {', '.join(self.use.services[:3])}{at}"


def judged(now: str, *, over: bool, fresh: bool, past: bool, evidence: tuple[Evidence, ...]) -> Seen:
    """Yes where the number is over its row and above the baseline; as before it is a no, unless no baseline is known."""
    if not over:
        return Seen(NO, now, evidence)
    if fresh:
        return Seen(YES, now, evidence)
    if past:
        return Seen(NO, f"{now}: as in the baseline", evidence)
    return Seen(CANNOT_TELL, f"{now}: as before, and no good window is known", evidence)


def use(look: table.Use, looked: Looked) -> Seen:
    """The place that is fullest, or whose amount is largest."""
    places = [
        one for one in _places(look.names, looked) if look.unit == table.Unit.SHARE or not _climbs(one.use)
    ]
    if not places:
        return Seen(CANNOT_TELL, f"no metric of it; it would come from {look.lacking}")

    def fresh(one: _Place) -> bool:
        if look.sure is not None and one.now >= look.sure:
            return True
        if np.isnan(one.before):
            return False
        risen = one.now - one.before
        return risen >= USE_NEW if look.unit == table.Unit.SHARE else one.now >= USE_MORE * one.before

    worst = max(places, key=lambda one: (one.now >= look.at and fresh(one), one.now, one.where))
    written = _WRITTEN[look.unit]
    before = "unknown before" if np.isnan(worst.before) else f"{written(worst.before)} before"
    over = sum(one.now >= look.at for one in places)
    beside = f"; {count(over)} of {count(len(places))} places are over it" if len(places) > 1 else ""
    said = f"{worst.where}: {written(worst.now)}, {before}; yes from {written(look.at)} on{beside}"
    return judged(
        said,
        over=worst.now >= look.at,
        fresh=fresh(worst),
        past=looked.of_incident,
        evidence=(_table(places),),
    )


def fills(look: table.Fills, looked: Looked) -> Seen:
    """The place that is full first, at the pace of the bad window."""
    places = _places(look.names, looked)
    if not places or looked.comparison is None:
        return Seen(CANNOT_TELL, f"no metric of it; it would come from {look.lacking}")
    left = {
        id(one): seconds
        for one in places
        if (seconds := one.use.full_in(looked.comparison.bad)) is not None and one.now < 1
    }
    evidence = (_table(places),)
    fullest = max(places, key=lambda one: (one.now, one.where))
    if fullest.now >= DISK_AT_LIMIT:
        return Seen(YES, f"{fullest.where} is full already: {percent(fullest.now)}", evidence)
    if not left:
        return Seen(NO, f"none of {counted(len(places), 'place')} fills steadily", evidence)
    first = min((one for one in places if id(one) in left), key=lambda one: left[id(one)])
    said = f"{first.where}: {percent(first.now)}, full in {duration(left[id(first)])} at the present pace"
    return Seen(YES if left[id(first)] <= look.at.total_seconds() else NO, said, evidence)


def expires(look: table.Expires, looked: Looked) -> Seen:
    """The certificate that expires first."""
    known = [
        (one, one.values[np.isfinite(one.values)][-1]) for one in _named(("certificate expiry",), looked)
    ]
    if not known or looked.case is None:
        return Seen(CANNOT_TELL, f"no metric of it; it would come from {look.lacking}")
    first, at = min(known, key=lambda pair: (pair[1], pair[0].name))
    left = float(at) - looked.case.now.timestamp()
    evidence = Table(
        "Expiry of certificates", ("certificate", "seconds left"), ((first.name, left),), first.provenance
    )
    who = f"{first.part or first.instance or ', '.join(first.services)}"
    said = f"{who}: expires in {duration(left)}" if left > 0 else f"{who}: expired {duration(left)} ago"
    return Seen(YES if left <= look.at.total_seconds() else NO, said, (evidence,))


def rose(look: table.Rose, looked: Looked) -> Seen:
    """Metrics of a kind that left their past."""
    known = [one for one in looked.rose if one.level.meant.kind == look.kind]
    if not known:
        return Seen(CANNOT_TELL, f"no metric with a past; it would come from {look.lacking}")
    up = sorted((one for one in known if one.up), key=lambda one: (-one.spreads, one.name))
    shown = up or sorted(known, key=lambda one: (-one.spreads, one.name))
    first = shown[0]
    columns = ("metric", "usual", "now", "spreads")
    rows = tuple((one.name, one.usual, one.now, one.spreads) for one in shown[:RUNBOOK_PLACES])
    evidence = Table("Metrics against their past", columns, rows, first.level.series.provenance)
    said = f"{first.name}: {amount(first.usual)} → {amount(first.now)}; {count(len(up))} of {count(len(known))} rose"
    return Seen(YES if len(up) >= look.at else NO, said, (evidence,))


def texts(look: table.Texts, looked: Looked) -> Seen:
    """Errors that report it, in log lines and in spans, against the rate of the baseline."""
    slow = look.of == table.SLOW_STATEMENT
    sources = (looked.statements,) if slow else (looked.lines, looked.spans)
    read = [one for one in sources if one is not None]
    if not read or looked.comparison is None:
        return Seen(CANNOT_TELL, "there are no logs and no spans")
    pattern = re.compile(look.pattern, re.IGNORECASE) if look.pattern else None
    found = [_Reported.of(one, lambda text: _reports(text, look, pattern)) for one in read]
    scale = looked.comparison.bad.seconds / looked.comparison.good.seconds
    most = max(found, key=lambda one: one.now)
    evidence = tuple(one.evidence for one in found if one.rows)
    if most.now < look.at and any(len(one.rows) >= ERRORS_READ for one in read):
        return Seen(
            CANNOT_TELL,
            f"{count(most.now)} among the {ERRORS_READ} most frequent errors; others were not read",
        )
    if not most.now and slow:
        return Seen(
            CANNOT_TELL, "its log, with log_min_duration_statement set, would show it: no line of it is here"
        )
    if not most.now:
        named = {Signal.LOGS: "error line", Signal.SPANS: "failing span"}
        which = " and no ".join(words for signal, words in named.items() if looked.has(signal))
        return Seen(NO, f"no {which} reports it", tuple(_nothing(one) for one in read))
    expected = most.before * scale
    said = f"{counted(most.now, look.of)} ({count(expected)} expected), such as {most.sample}"
    fresh = most.now >= TEXTS_MORE * expected
    return judged(said, over=most.now >= look.at, fresh=fresh, past=looked.of_incident, evidence=evidence)


def calls(look: table.Calls, looked: Looked) -> Seen:
    """The worst dependency by the spans of its callers."""
    if looked.calls is None:
        return Seen(CANNOT_TELL, "there are no spans of calls")
    every = looked.outside if look.stores is False else looked.calls.dicts()
    rows = [row for row in every if row["calls"] >= PEER_CALLS and (not look.stores or is_store(row["peer"]))]
    if not rows:
        what = {True: "a database", False: "a dependency outside", None: "a dependency"}[look.stores]
        return Seen(CANNOT_TELL, f"fewer than {PEER_CALLS} spans of calls to {what} in the bad window")
    return _MEASURES[look.measure](look, rows, looked)


def _slower(look: table.Calls, rows: list[dict[str, Any]], looked: Looked) -> Seen:
    known = [row for row in rows if row["calls_before"] >= PEER_CALLS and row["p95_before"] > 0]
    if not known:
        return Seen(CANNOT_TELL, f"fewer than {PEER_CALLS} calls in the baseline")
    worst = max(known, key=lambda row: (row["p95"] / row["p95_before"], row["peer"]))
    ratio = worst["p95"] / worst["p95_before"]
    said = f"{worst['peer']}: p95 {nanoseconds(worst['p95'])}, {nanoseconds(worst['p95_before'])} before ({multiple(ratio)})"
    return Seen(YES if ratio >= look.at else NO, said, (_called(known, looked),))


def _fails(look: table.Calls, rows: list[dict[str, Any]], looked: Looked) -> Seen:
    worst = max(rows, key=lambda row: (row["failing"] / row["calls"], row["peer"]))
    counts = worst["failing"], worst["failed_before"]
    return _share(look, worst, counts, "fail", (_called(rows, looked),), past=looked.of_incident)


def _statuses(look: table.Calls, rows: list[dict[str, Any]], looked: Looked) -> Seen:
    read = looked.statuses
    counts: dict[str, tuple[int, int]] = {row["peer"]: (0, 0) for row in rows}
    for row in read.dicts() if read else ():
        if row["status"] in look.statuses and row["peer"] in counts:
            now, before = counts[row["peer"]]
            counts[row["peer"]] = now + row["calls"], before + row["calls_before"]
    worst = max(rows, key=lambda row: (counts[row["peer"]][0] / row["calls"], row["peer"]))
    which = " or ".join(map(str, look.statuses))
    shown = tuple((peer, *numbers) for peer, numbers in counts.items())[:RUNBOOK_PLACES]
    origin = read.provenance if read else _NOWHERE
    evidence = (Table(f"Calls that return {which}", ("peer", "bad", "good"), shown, origin),)
    return _share(look, worst, counts[worst["peer"]], f"return {which}", evidence, past=looked.of_incident)


def _share(
    look: table.Calls | table.Answered, row: dict[str, Any], counts: tuple[int, int], verb: str, evidence: tuple[Evidence, ...],
    *, past: bool,
) -> Seen:  # fmt: skip
    """Of one dependency the share of its calls, now and before."""
    now, before = counts
    share = now / row["calls"]
    usual = before / row["calls_before"] if row["calls_before"] else 0.0
    said = f"{row['peer']}: {count(now)} of {count(row['calls'])} calls {verb} ({percent(share)}), {percent(usual)} before"
    over = share >= look.at and now >= TEXTS_LEAST
    return judged(said, over=over, fresh=share >= TEXTS_MORE * usual, past=past, evidence=evidence)


def answered(look: table.Answered, looked: Looked) -> Seen:
    """How all requests ended."""
    read = looked.answered(look.statuses)
    row = read.dicts()[0] if read else {"calls": 0}
    if read is None or row["calls"] < PEER_CALLS:
        return Seen(CANNOT_TELL, f"fewer than {PEER_CALLS} requests in the bad window")
    which = " or ".join(map(str, look.statuses))
    evidence = Table(f"Requests that return {which}", tuple(row), (tuple(row.values()),), read.provenance)
    said, counts = {**row, "peer": "all requests"}, (row["now"], row["before"])
    return _share(look, said, counts, f"return {which}", (evidence,), past=looked.of_incident)


def recorded(look: table.Recorded, looked: Looked) -> Seen:
    """Changes of these kinds in both windows; that none is recorded says little."""
    read = looked.recorded(kind.value for kind in look.kinds)
    every = read.dicts() if read else []
    rows = [row for row in every if re.search(look.pattern, row["title"], re.IGNORECASE)]
    if read is None or looked.comparison is None or not every:
        return Seen(CANNOT_TELL, "none is recorded; a feed of them may be missing")
    if not rows:
        return Seen(
            NO, f"none of {counted(len(every), 'change')} of this kind reports it", (_changed(every, read),)
        )
    first = rows[0]
    if look.pattern:
        now, before = (sum(row["phase"] == phase for row in rows) for phase in ("bad", "good"))
        expected = before * looked.comparison.bad.seconds / looked.comparison.good.seconds
        said = f"{counted(now, 'event')} ({count(expected)} expected), such as {first['service']}: {_short(first['title'])}"
        fresh = now >= TEXTS_MORE * expected
        return judged(
            said, over=now >= look.at, fresh=fresh, past=looked.of_incident, evidence=(_changed(rows, read),)
        )
    said = f"{counted(len(rows), 'change')}, the latest at {first['ts']:%H:%M:%S}: {first['title'] or first['service']}"
    return Seen(YES, said, (_changed(rows, read),))


def _changed(rows: list[dict[str, Any]], read: Rows) -> Table:
    shown = tuple((row["ts"], row["kind"], row["service"], row["title"]) for row in rows[:RUNBOOK_PLACES])
    return Table("Changes", ("time", "kind", "service", "title"), shown, read.provenance)


def paste(look: table.Paste, looked: Looked) -> Seen:
    """The command, about the dependency that fails most where one is named."""
    peer = next((row["peer"] for row in looked.outside if _HOST.fullmatch(row["peer"])), "HOST")
    command = tuple(f"https://{peer}" if word == "PEER" else word for word in look.command)
    return Seen(ASK, look.because, (), command)


@dataclass(frozen=True, slots=True)
class _Reported:
    """How many errors of one signal report something, now and before, with an example."""

    now: int
    before: int
    sample: str
    rows: tuple[dict[str, Any], ...]
    evidence: Table = field(repr=False)

    @classmethod
    def of(cls, read: Texts, reports: Callable[[str], bool]) -> "_Reported":
        rows = tuple(row for row in read.rows if reports(row["text"]))
        first = max(rows, key=lambda row: row["bad"], default=None)
        sample = f"{first['service'] or 'an unnamed service'}: “{_short(first['text'])}”" if first else ""
        shown = tuple(
            (row["service"], row["good"], row["bad"], _short(row["text"])) for row in rows[:RUNBOOK_PLACES]
        )
        table = Table(
            "Errors that report it", ("service", "good", "bad", "text"), shown, read.read.provenance
        )
        return cls(sum(row["bad"] for row in rows), sum(row["good"] for row in rows), sample, rows, table)


def _reports(text: str, look: table.Texts, pattern: re.Pattern[str] | None) -> bool:
    return bool(pattern.search(text)) if pattern else bool(set(error_kinds(text)) & set(look.kinds))


def _nothing(read: Texts) -> Table:
    columns = ("service", "good", "bad", "text")
    written = [row for row in read.rows if row["text"].strip()]
    rows = tuple(
        (row["service"], row["good"], row["bad"], _short(row["text"])) for row in written[:RUNBOOK_PLACES]
    )
    return Table("What was read, the most frequent first", columns, rows, read.read.provenance)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= ERROR_LETTERS else flat[: ERROR_LETTERS - 1] + "…"


def _named(names: tuple[str, ...], looked: Looked) -> list[Use]:
    return [one for one in looked.uses if one.family.name in names]


def _places(names: tuple[str, ...], looked: Looked) -> list[_Place]:
    """The resources of these names that have values in the bad window."""
    if looked.comparison is None:
        return []
    known = (
        (one, one.inside(looked.comparison.bad), one.inside(looked.comparison.good))
        for one in _named(names, looked)
    )
    return [_Place(one, _high(now), _high(before)) for one, now, before in known if len(now)]


def _high(values: Floats) -> float:
    return float(np.quantile(values, USE_HIGH)) if len(values) else float("nan")


def _climbs(one: Use) -> bool:
    """Whether an amount a second is a running total of which nothing says so: it never falls, and grows at most steps."""
    if not one.family.name.endswith("a second"):
        return False
    grown = np.diff(one.values[np.isfinite(one.values)])
    return len(grown) >= TOTAL_STEPS and bool((grown >= 0).all()) and 2 * int((grown > 0).sum()) > len(grown)


def _table(places: list[_Place]) -> Table:
    shown = sorted(places, key=lambda one: (-one.now, one.where))[:RUNBOOK_PLACES]
    rows = tuple((one.where, one.before, one.now) for one in shown)
    return Table("Resources", ("resource", "good", "bad"), rows, shown[0].use.provenance)


def _called(rows: list[dict[str, Any]], looked: Looked) -> Table:
    columns = ("peer", "calls_before", "calls", "failed_before", "failing")
    shown = tuple(
        (*(row[name] for name in columns), *(_milliseconds(row[name]) for name in ("p95_before", "p95")))
        for row in rows[:RUNBOOK_PLACES]
    )
    origin = looked.calls.provenance if looked.calls else _NOWHERE
    return Table("Calls by dependency", (*columns, "p95_ms_before", "p95_ms"), shown, origin)


def _milliseconds(nanoseconds: float) -> float | None:
    """None where there were no calls."""
    return None if isnan(nanoseconds) else round(nanoseconds / 1e6, 1)


_WRITTEN: dict[table.Unit, Callable[[float], str]] = {
    table.Unit.SHARE: percent, table.Unit.SECONDS: duration, table.Unit.NUMBER: amount,
}  # fmt: skip
_MEASURES = {"slower": _slower, "fails": _fails, "statuses": _statuses}
