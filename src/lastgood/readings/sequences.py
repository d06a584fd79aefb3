"""Evidence of sequences of calls: what a unit of work used to call next, and no longer does."""

from collections.abc import Iterable, Mapping
from typing import Any

from lastgood.algorithms.blame import Sign, Suspicion
from lastgood.algorithms.steps import END, START, Break, Step, breaks
from lastgood.model.evidence import Table
from lastgood.readings.case import Case
from lastgood.readings.suspicions import break_strength, recovered
from lastgood.readings.traces import TRACE_BUCKETS
from lastgood.telemetry.reader import Rows

# Steps are counted in traces, not in spans: what one trace repeats a hundred times was decided once.
STEPS = f"""
SELECT service, name, step.1 AS after, step.2 AS next,
       uniqExactIf(trace_id, phase = 'good') AS good, uniqExactIf(trace_id, phase = 'bad') AS bad,
       arraySort(groupUniqArrayIf({TRACE_BUCKETS})(toUInt16(trace_hash % {TRACE_BUCKETS}), phase = 'bad')) AS buckets,
       uniqExactIf(trace_id, phase = 'bad' AND kind = 'Client' AND NOT failed) AS answered,
       minIf(trace_id, phase = 'bad') AS example
FROM (SELECT service, name, kind, failed, phase, trace_id, trace_hash,
             arrayMap(c -> if(c.2 = service, c.3, concat(c.2, ' → ', c.3)), children) AS events,
             arrayJoin(arrayZip(arrayPushFront(events, ''), arrayPushBack(events, ''))) AS step
      FROM lg_sample)
GROUP BY service, name, after, next ORDER BY good + bad DESC, service, name, after, next LIMIT 50000"""


def read_steps(case: Case, every: int) -> Rows:
    """What followed what, in every unit of work."""
    return case.query(STEPS, every=every)


def broken(steps: Rows) -> list[Suspicion]:
    """Suspicions of services whose usual next step is missing."""
    rows = steps.dicts()
    ways = {(r["service"], r["name"], r["after"], r["next"]): r for r in rows}
    found = []
    for item in _breaks(rows):
        service, name = item.unit
        gone = item.after == START and item.then == END and " → " in item.usual
        target = item.usual.split(" → ")[0] if gone else service
        usual = item.usual or "the end"
        row = ways[service, name, item.after, item.then]
        if gone and row["answered"] > item.bad / 2:
            continue  # its client was answered: what stopped is the callee's telemetry
        found.append(
            Suspicion(
                target,
                "code",
                break_strength(item),
                f"{name}: {item.then or 'nothing'} follows {item.after or 'its start'} in {item.bad} of {item.bad_of} cases "
                f"({item.good} of {item.good_of} before), usually {usual}",
                caught=not gone,
                component=f"between {item.after or name} and {usual}",
                sign=Sign.BREAKS if item.usual else Sign.LONGER,
                traces=frozenset(row["buckets"]),
                example=row["example"],
                damage=float(item.bad),
                reporter=service if gone else "",
            )
        )
    return found


def _breaks(rows: Iterable[Mapping[str, Any]]) -> list[Break]:
    found = breaks(Step((r["service"], r["name"]), r["after"], r["next"], r["good"], r["bad"]) for r in rows)
    # What a unit begins with is chosen by its input; only beginning with nothing at all is a break.
    return [
        item
        for item in found
        if (item.after != START or item.then == END) and not recovered(item.usual, item.then)
    ]


def steps_table(steps: Rows) -> tuple[Table, ...]:
    """The ten most broken steps as evidence; nothing where none is."""
    found = _breaks(steps.dicts())[:10]
    if not found:
        return ()
    return (
        Table(
            "Changed call sequences",
            ("service", "operation", "after", "now", "usually", "bad", "of", "good", "of good"),
            tuple((*b.unit, b.after, b.then, b.usual, b.bad, b.bad_of, b.good, b.good_of) for b in found),
            steps.provenance,
        ),
    )
