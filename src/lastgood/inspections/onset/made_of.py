"""What an incident is made of: when the kind of failure began that nearly all of its failures are of.

A few failures of other kinds shortly before are the usual ones, come together by chance. They would set the onset early, and
clear what was changed after them.
"""

from datetime import datetime, timedelta

import numpy as np

from lastgood.algorithms.change_point import split
from lastgood.inspections.onset.deviations import Candidate
from lastgood.inspections.onset.weights import KIND_CELLS, KIND_HOLDS, KIND_LATER, KIND_USUALLY
from lastgood.model.attributes import SERVER_ADDRESS
from lastgood.model.clock import to_nanoseconds
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.series import Symptom, Trust

# A status and who answered it, instances of one alike.
_KIND = (
    f"concat(toString(http_status), ' ', replaceRegexpOne(attributes['{SERVER_ADDRESS}'], '[-_0-9.:]+$', ''))"
)
_KINDS = f"""
SELECT {_KIND} AS kind, countIf(ts >= fromUnixTimestamp64Nano({{begin:Int64}}, 'UTC')) AS inside, count() - inside AS before
FROM lg_requests WHERE failed AND service = {{service:String}} AND (operation = {{operation:String}} OR {{operation:String}} = '')
GROUP BY kind ORDER BY inside DESC, kind LIMIT 50"""
_TIMES = f"""
SELECT ts FROM lg_requests
WHERE failed AND service = {{service:String}} AND (operation = {{operation:String}} OR {{operation:String}} = '')
  AND {_KIND} = {{kind:String}} ORDER BY ts LIMIT 100000"""

When = tuple[datetime, datetime, datetime]


def by_its_kind(case: Case, first: Candidate, when: When) -> When:
    """The best time and the interval that holds it; later ones where the kind of failure began later."""
    one = first.series
    if one.trust is not Trust.REQUESTS or one.symptom is not Symptom.ERRORS:
        return when
    at, low, high = when
    until = one.grid.end(first.deviation.stop - 1)
    place = {"service": one.service, "operation": one.operation}
    window = Window(one.grid.window.start, until)
    kinds = case.query(_KINDS, window=window, begin=to_nanoseconds(at), **place).dicts()
    inside = sum(row["inside"] for row in kinds)
    if len(kinds) < 2 or kinds[0]["inside"] < KIND_HOLDS * inside:
        return when
    times = case.query(_TIMES, window=window, kind=kinds[0]["kind"], **place).column("ts")
    around = Window(max(window.start, at - KIND_LATER), min(until, at + KIND_LATER))
    seconds = (
        np.asarray(times).astype("datetime64[ns]").astype(np.int64) - to_nanoseconds(around.start)
    ) / 1e9
    cells = np.histogram(seconds, bins=KIND_CELLS, range=(0.0, around.seconds))[0].astype(float)
    cell = around.seconds / KIND_CELLS
    before = (low - window.start).total_seconds()
    if (
        kinds[0]["before"]
        > KIND_USUALLY * max(before, 1.0) / max((until - at).total_seconds(), 1.0) * kinds[0]["inside"]
    ):
        return when
    usual = max(kinds[0]["before"], 0.5) / max(before, cell)
    found = split(cells, np.full(KIND_CELLS, cell), usual, share=False, rise=True, noise=1.0)
    begins = seconds[(seconds >= found.at * cell) & (seconds < around.seconds)]
    if not len(begins) or (began := around.start + timedelta(seconds=float(begins[0]))) <= high:
        return when
    return began, low, max(began, around.start + timedelta(seconds=(found.high + 1) * cell))
