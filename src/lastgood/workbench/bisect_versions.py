"""Bisect by version: from which version on a service fails, by a signal that production already gave. Nothing is run.

A step alone is no proof: something else may have changed at that time. So older versions that served beside the new one
have to be better at the same time, and the new one has to be bad from its start.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from lastgood.algorithms.version_step import Floats, Step, dispersion_of, step_of
from lastgood.errors import NoDataError, UsageError
from lastgood.model.bisection import VersionBisection, VersionShare
from lastgood.model.figures import chance, count, counted, percent
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.unversioned import unversioned_failures
from lastgood.readings.views.versions import (
    VersionCounts,
    service_with_versions,
    version_counts,
    versions_seen,
)
from lastgood.workbench.store import Store
from lastgood.workbench.windows import cut, held_window

FEWEST_BESIDE = 30  # requests of older versions beside the new one, from which they are compared
FEWEST_OF_VERSION = 30  # requests of a version, from which its share counts against a step
START_PART = 0.2  # of the requests of the first bad version: it has to fail from its start
VERSION_SURE = 0.98
VERSION_UNSEEN = 0.01  # of the requests at a proxy may fail without a version
ALONE = "no older version served beside it, so another change at that time is possible"


def bisect_versions(
    store: Store, service: str, now: datetime, window: Window | None, ends: tuple[str, str] = ("", "")
) -> VersionBisection:
    """From which version on the service fails more; `ends` name a good and a later bad version, if any.

    Raises:
        NoDataError: there are no requests, or no service has two versions.
        UsageError: a version that is named is not in the telemetry.
    """
    holdings, reader = store.survey()
    held = held_window(holdings)
    looked = cut(window, held, now) if window else held
    spans = Signal.SPANS in holdings.signals
    chosen = service or service_with_versions(reader, looked, spans=spans)
    seen = versions_seen(reader, looked, chosen, spans=spans) if chosen else ()
    if len(seen) < 2:
        named = f"{chosen}: {counted(len(seen), 'version')}" if chosen else "no service has a version"
        raise NoDataError(
            f"There are no two versions to compare ({named}).",
            hint="Versions come from service.version. Name the service with --service.",
        )
    names = _between([version for version, _, _ in seen], ends)
    rows = [one for one in version_counts(reader, looked, chosen, spans=spans) if one.version in names]
    kept = [name for name in names if any(one.version == name for one in rows)]
    judged = _judged(chosen, kept, {version: first for version, first, _ in seen}, rows)
    unseen = unversioned_failures(
        lambda sql, bound: reader.query(sql, bound, looked), (chosen,), VERSION_UNSEEN
    )
    return replace(judged, first_bad="", last_good="", problem=unseen.said) if unseen else judged


def _between(names: list[str], ends: tuple[str, str]) -> list[str]:
    good, bad = ends
    for one in filter(None, ends):
        if one not in names:
            raise UsageError(
                f"No request has the version {one!r}.", hint=f"Versions: {', '.join(names[-8:])}."
            )
    first, last = names.index(good) if good else 0, names.index(bad) if bad else len(names) - 1
    if first >= last:
        raise UsageError(f"{good} was not seen before {bad}.", hint="They are the wrong way round.")
    return names[first : last + 1]


def _judged(
    service: str, names: Sequence[str], first_seen: dict[str, datetime], rows: Sequence[VersionCounts]
) -> VersionBisection:
    bad, of = _table(names, rows)
    step = step_of(bad, of, _dispersion(rows))
    listed = tuple(
        VersionShare(name, first_seen[name], int(of[n].sum()), int(bad[n].sum()))
        for n, name in enumerate(names)
    )
    if not step.first_bad:
        total = f"{count(int(bad.sum()))} of {count(int(of.sum()))} requests fail"
        return VersionBisection(
            service,
            listed,
            "",
            "",
            step.certainty,
            total,
            "no version fails clearly more than those before it",
        )
    name = names[step.first_bad]
    beside = _beside(rows, set(names[: step.first_bad]), first_seen[name])
    because = f"{percent(step.since)} of requests fail since it, {percent(step.before)} before"
    alone = beside[1] < FEWEST_BESIDE
    if not alone:
        because += f"; {percent(beside[0] / beside[1])} of {count(beside[1])} of older versions beside it"
    problem = _problem(step, (bad, of), names, rows, beside)
    last_good = names[step.first_bad - 1]
    return VersionBisection(
        service, listed, name, last_good, step.certainty, because, problem, ALONE if alone else ""
    )


def _problem(
    step: Step,
    table: tuple[Floats, Floats],
    names: Sequence[str],
    rows: Sequence[VersionCounts],
    beside: tuple[int, int],
) -> str:
    """Why the step is not an answer, if so."""
    bad, of = table
    middle = (step.before * step.since) ** 0.5 if step.before else step.since / 3
    if step.certainty < VERSION_SURE:
        return f"the counts are too few: {chance(step.certainty)} sure"
    if beside[1] >= FEWEST_BESIDE and beside[0] / beside[1] > middle:
        return f"older versions fail as well since then ({percent(beside[0] / beside[1])}): not the version alone"
    for n, name in enumerate(names):
        share = float(bad[n].sum() / max(1.0, of[n].sum()))
        if of[n].sum() >= FEWEST_OF_VERSION and (share > middle) != (n >= step.first_bad):
            return f"{name} does not fit: {percent(share)} of its requests fail"
    if _late(rows, names[step.first_bad], middle):
        return f"{names[step.first_bad]} worked at first: something later made it fail"
    return ""


def _late(rows: Sequence[VersionCounts], version: str, middle: float) -> bool:
    """Whether the first part of its requests hardly failed."""
    own = [one for one in rows if one.version == version]
    total, taken, failed = sum(one.requests for one in own), 0, 0
    for one in own:
        if taken >= START_PART * total:
            break
        taken += one.requests
        failed += one.failures
    return taken >= FEWEST_OF_VERSION and taken < total and failed / taken < middle


def _beside(rows: Sequence[VersionCounts], older: set[str], since: datetime) -> tuple[int, int]:
    """Failures and requests of older versions from a time on."""
    own = [one for one in rows if one.version in older and one.block >= since.timestamp()]
    return sum(one.failures for one in own), sum(one.requests for one in own)


def _table(names: Sequence[str], rows: Sequence[VersionCounts]) -> tuple[Floats, Floats]:
    """Failures and requests by version and operation."""
    operations = {name: n for n, name in enumerate(dict.fromkeys(one.operation for one in rows))}
    places = {name: n for n, name in enumerate(names)}
    bad, of = (np.zeros((len(names), len(operations))) for _ in range(2))
    for one in rows:
        bad[places[one.version], operations[one.operation]] += one.failures
        of[places[one.version], operations[one.operation]] += one.requests
    return bad, of


def _dispersion(rows: Sequence[VersionCounts]) -> float:
    blocks = {block: n for n, block in enumerate(dict.fromkeys(one.block for one in rows))}
    cells = {cell: n for n, cell in enumerate(dict.fromkeys((one.version, one.operation) for one in rows))}
    bad, of = (np.zeros((len(blocks), len(cells))) for _ in range(2))
    for one in rows:
        place = blocks[one.block], cells[one.version, one.operation]
        bad[place] += one.failures
        of[place] += one.requests
    return dispersion_of(bad, of)
