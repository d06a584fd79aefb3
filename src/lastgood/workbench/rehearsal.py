"""Rehearsal: a fault drawn into a copy of the last hour, the questions asked of it, and which were answered right."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pyarrow as pa

from lastgood.algorithms.drawn_fault import change_of, draw, lines_of, renamed
from lastgood.decoding.scenario.grammar import ScenarioError, effect_of, seconds, share
from lastgood.errors import NoDataError, UsageError
from lastgood.model import figures
from lastgood.model.answers import ImpactKind
from lastgood.model.attributes import VERSIONS
from lastgood.model.finding import Verdict
from lastgood.model.incident import Incident
from lastgood.model.rehearsal import Effect, Rehearsal
from lastgood.model.window import Window
from lastgood.telemetry.tables import CHANGES, LOGS, PATTERN_ALIASES, REJECTS, SHAPES, SPANS, TABLES
from lastgood.telemetry.whole_rows import EPOCH, dictionaries, present, rows_between
from lastgood.telemetry.writer import Writer
from lastgood.workbench.readiness import readiness, whole_of
from lastgood.workbench.rehearsal_questions import questions
from lastgood.workbench.store import Store
from lastgood.workbench.triage import triage

COPIED, FAULTY = timedelta(hours=1), timedelta(minutes=10)  # of telemetry; its end, in which the fault is
DEPLOY_LEADS = timedelta(seconds=30)  # between the deploy at fault and the first failure
MOST_COPIED = 1_000_000  # rows
LAST_HOURS = timedelta(hours=3)  # from the end of a copy, for an incident in it
BESIDE_INCIDENTS = timedelta(minutes=5)  # between the copy and an incident, whose beginning is not copied
SHORTEST_COPY = timedelta(minutes=30)  # of a copy: the fault, and twice that before it
MOST_INCIDENTS_PASSED = 5
REHEARSED_DELAY = 2.0  # seconds, of an incident that was slow: how slow is not on its record
NOT_COPIED = {REJECTS.name, SHAPES.name, PATTERN_ALIASES.name}


@dataclass(frozen=True, slots=True)
class Copied:
    """Rows by table, the window they are of, and when the incident started that is left out beside it."""

    tables: Mapping[str, pa.Table]
    window: Window
    beside: datetime | None = None


def effect_in(text: str) -> Effect:
    """The effect of `payments errors=40% latency=2s where region=eu`.

    Raises:
        UsageError: it is not of the scenario language.
    """
    hint = "Such as: payments errors=40% where region=eu"
    try:
        service, step = effect_of(text, EPOCH)
    except ScenarioError as problem:
        raise UsageError(f"The effect cannot be read: {problem}.", hint=hint) from problem
    known = {"errors", "latency", "error"}
    if not {"errors", "latency"} & {*step.settings} or step.settings.keys() - known:
        raise UsageError("An effect has errors, latency or both, and error for its type.", hint=hint)
    return Effect(
        service, share(step.settings.get("errors", "0")), seconds(step.settings.get("latency", "0s")),
        step.settings.get("error", "Rehearsed"), tuple(step.where.items()),
    )  # fmt: skip


def effect_like(incident: Incident, service: str | None = None) -> Effect:
    """What an incident of the record did: its service, its share of failures, its segment.

    Raises:
        UsageError: no telemetry confirmed it.
    """
    said = incident.confirmed
    at_fault = service or (
        next((one.service for one in said.culprits), None) or next(iter(said.services), None)
        if said
        else None
    )
    if said is None or said.impact is None or at_fault is None:
        raise UsageError(
            f"No telemetry confirmed incident {incident.number}.", hint="Name an effect instead."
        )
    slow = said.impact.kind in {ImpactKind.LATENCY, ImpactKind.BOTH}
    where = next(iter(said.segments), None)
    return Effect(
        at_fault, said.impact.failure_share or (0.0 if slow else 0.3), REHEARSED_DELAY if slow else 0.0,
        where=tuple(where.where.items()) if where else (),
    )  # fmt: skip


def copied(store: Store, *, within: Window | None = None) -> Copied:
    """The last hour without an incident that a store holds (`within` a time): a real one would be taken for the rehearsed one.

    Raises:
        NoDataError: it holds no telemetry, or no such time.
        UsageError: it is too much.
    """
    window = whole_of(store.survey()[0])
    if within is not None:
        if not within.overlaps(window):
            raise NoDataError(
                "There is no telemetry in that time.", hint="See what there is: lastgood holdings"
            )
        window = Window(max(window.start, within.start), min(window.end, within.end))
    last, beside = _quiet(store, window)
    there, found, rows = present(store.engine), {}, 0
    for table in TABLES:
        if table.name in there and table.name not in NOT_COPIED:
            start = window.start if table is CHANGES else last.start
            found[table.name] = rows_between(store.engine, table, start, last.end + timedelta(microseconds=1))
            rows += found[table.name].num_rows
        if rows > MOST_COPIED:
            raise UsageError(
                f"The last hour has more than {figures.count(MOST_COPIED)} rows.",
                hint="Load a sample of it into a store of its own, and name it with --store.",
            )
    return Copied(found, last, beside)


def _quiet(store: Store, whole: Window) -> tuple[Window, datetime | None]:
    """The last time without an incident, an hour at most; and the start of the incident beside it, if there is one.

    Raises:
        NoDataError: incidents are as far back as is looked.
    """
    end, beside = whole.end, None
    for _ in range(MOST_INCIDENTS_PASSED):
        looked = Window(max(whole.start, end - LAST_HOURS), end)
        sitrep = triage(store, now=end, window=looked)
        if sitrep.is_real is not Verdict.YES or sitrep.began is None:
            return Window(max(whole.start, end - COPIED), end), beside
        over, beside = sitrep.began.ended, sitrep.began.at
        if over and end - over >= SHORTEST_COPY + BESIDE_INCIDENTS:
            return Window(max(over + BESIDE_INCIDENTS, end - COPIED), end), beside
        end = sitrep.began.low - BESIDE_INCIDENTS
        if end - whole.start < SHORTEST_COPY:
            break
    raise NoDataError(
        f"There is no quiet time to rehearse on: an incident started at {beside:%Y-%m-%d %H:%M} UTC.",
        hint=f"It takes {figures.length(SHORTEST_COPY)} without an incident. Name an earlier time, such as --to now-1d.",
    )


def rehearsed(copy: Copied, effect: Effect, empty: Store) -> Rehearsal:
    """The fault drawn into the copy, which is written into an empty store and asked.

    Raises:
        NoDataError: no request of the service is in the last minutes of the copy.
    """
    bad = Window(copy.window.end - FAULTY, copy.window.end)
    writer, hit = Writer(empty.engine, f"rehearsal {effect.text}"), 0
    for table, rows, count in _drawn(copy, effect, bad):
        writer.add(next(one for one in TABLES if one.name == table), rows)
        hit += count
    if not hit:
        raise _none_hit(copy, effect)
    writer.flush()
    gaps = readiness(empty).gaps
    sitrep = triage(empty, now=copy.window.end)
    return Rehearsal(effect, copy.window, bad, hit, tuple(questions(sitrep, effect, bad, gaps)), copy.beside)


def _none_hit(copy: Copied, effect: Effect) -> NoDataError:
    """Why no request was hit: those of the service are not of this segment, or it has none in spans."""
    whole, bad = replace(effect, where=()), Window(copy.window.end - FAULTY, copy.window.end)
    hint = "A fault is drawn into spans. Name a service that has spans: lastgood holdings"
    if effect.where and any(count for _, _, count in _drawn(copy, whole, bad)):
        hint = f"Leave out the segment: lastgood readiness --rehearse {shlex.quote(whole.text)}"
    part = f" with {' '.join(map('='.join, effect.where))}" if effect.where else ""
    looked = figures.duration(FAULTY.total_seconds())
    return NoDataError(f"No request of {effect.service}{part} is in the last {looked}.", hint=hint)


def _drawn(copy: Copied, effect: Effect, bad: Window) -> Iterator[tuple[str, pa.Table, int]]:
    """Every table with the fault, and how many requests are hit."""
    at = bad.start - DEPLOY_LEADS
    spans, lines, changes = (
        dictionaries(copy.tables[one.name]) if one.name in copy.tables else []
        for one in (SPANS, LOGS, CHANGES)
    )
    deploy = change_of(effect, at, changes)
    hit = draw([row for row in spans if row["Timestamp"] >= bad.start], effect)
    own = [row for row in lines if row["ServiceName"] == effect.service]
    lines += lines_of(hit, own, effect)
    if deploy:  # the lines of the fault are of the new version too
        renamed((*spans, *lines), effect, VERSIONS, at)
        changes.append(deploy)
    changed = {SPANS.name: (SPANS, spans), LOGS.name: (LOGS, lines), CHANGES.name: (CHANGES, changes)}
    for table, rows in copy.tables.items():
        if table not in changed:
            yield table, rows, 0
    for name, (kind, rows) in changed.items():
        if rows:
            made = kind.rows({column: [row[column] for row in rows] for column in kind.columns})
            yield name, made, len(hit) if kind is SPANS else 0
