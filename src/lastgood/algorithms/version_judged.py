"""Version judged: from which version on a service fails, by a signal that production already gave.

A step alone is no proof: something else may have changed at that time. So older versions that served beside the new one
have to be better at the same time, and the new one has to be bad from its start.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

import numpy as np

from lastgood.algorithms.version_step import Floats, Step, dispersion_of, step_of
from lastgood.model.bisection import VersionBisection, VersionCounts, VersionShare
from lastgood.model.figures import chance, count, percent

FEWEST_BESIDE = 30  # requests of older versions beside the new one, from which they are compared
FEWEST_OF_VERSION = 30  # requests of a version, from which its share counts against a step
START_PART = 0.2  # of the requests of the first bad version: it has to fail from its start
VERSION_SURE = 0.98
ALONE = "no older version served beside it, so another change at that time is possible"


def judged(
    service: str, names: Sequence[str], first_seen: Mapping[str, datetime], rows: Sequence[VersionCounts]
) -> VersionBisection:
    """What counts come to: `names` are the versions, the oldest first; each has rows, and a time when it was first seen."""
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
            _no_step(bad, of, names, _dispersion(rows)),
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


def _no_step(bad: Floats, of: Floats, names: Sequence[str], dispersion: float) -> str:
    """Why no version is the first bad one; a later one that works again hides a step, as after a fix."""
    for end in range(len(names) - 1, 1, -1):
        step = step_of(bad[:end], of[:end], dispersion)
        if step.first_bad and step.certainty >= VERSION_SURE:
            return (
                f"{names[step.first_bad]} fails more than those before it, and {names[end]} works again; "
                f"leave that out: --bad {names[end - 1]}"
            )
    return "no version fails clearly more than those before it"


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
    """Whether the first part of its requests hardly failed; whole blocks, as one has all operations."""
    own = sorted((one for one in rows if one.version == version), key=lambda one: one.block)
    total, taken, failed = sum(one.requests for one in own), 0, 0
    for _, block in groupby(own, lambda one: one.block):
        if taken >= START_PART * total:
            break
        for one in block:
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
