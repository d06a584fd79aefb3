"""What callers' metrics say of those they call: failing calls by callee, where nothing traces them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from lastgood.algorithms.blame import Suspicion
from lastgood.algorithms.counts import VERY_CLEAR, wilson
from lastgood.algorithms.culprit_kinds import kind_of_peer
from lastgood.algorithms.metric_meaning import FAILURES, words
from lastgood.algorithms.upstream_names import upstream_names
from lastgood.inspections.culprit.weights import CLIENT_CALLS, CLIENTS_FAIL, CLIENTS_SCALE
from lastgood.model.attributes import CALLEE_LABELS, ERROR_LABELS, OUTCOME_LABELS, TARGET_LABELS
from lastgood.model.evidence import Table
from lastgood.model.figures import count
from lastgood.model.judgement import Reason
from lastgood.readings.case import Case
from lastgood.readings.measured import ended_badly
from lastgood.readings.suspicions import Suspicions, grown
from lastgood.telemetry.derived import first_of

# Counters and histograms of calls, what each gained in either window; buckets and sums would count them again.
CLIENTS = f"""
SELECT service, metric, callee, ended, error, sumIf(amount, phase = 'good') AS good, sumIf(amount, phase = 'bad') AS bad
FROM (
    SELECT service, metric, phase, {first_of(["attributes"], (*TARGET_LABELS, *CALLEE_LABELS))} AS callee,
           {first_of(["attributes"], OUTCOME_LABELS)} AS ended, {first_of(["attributes"], ERROR_LABELS)} AS error,
           arraySort(groupArray((ts, if(kind = 'histogram', toFloat64(count), value)))) AS points,
           max(cumulative) AS grows,
           if(grows, arraySum(step -> greatest(step, 0), arrayDifference(points.2)), arraySum(points.2)) AS amount
    FROM lg_points
    WHERE phase != '' AND isFinite(value) AND kind IN ('sum', 'histogram') AND positionCaseInsensitive(metric, 'client') > 0
      AND NOT match(metric, '_(bucket|sum)$')
    GROUP BY service, metric, instance, attributes, phase)
WHERE callee != '' AND callee != service GROUP BY service, metric, callee, ended, error
ORDER BY service, metric, callee, ended, error LIMIT 20000"""
_FINE = frozenset({"", "none", "ok", "0", "success"})


def client_suspicions(case: Case, known: Collection[str]) -> Suspicions:
    """Callees whose calls fail more by their callers' counters; who calls whom comes with it. `known`: services."""
    read = case.query(CLIENTS)
    rows = read.dicts()
    named = upstream_names({row["callee"] for row in rows}, known)
    counted = _counted(row | {"callee": named[row["callee"]]} for row in rows)
    if not counted:
        return Suspicions()
    callees: dict[str, set[str]] = defaultdict(set)
    for caller, callee in counted:
        callees[caller].add(callee)
    table = Table(
        "Calls by their callers' counters",
        ("caller", "callee", "failed before", "of", "failed", "of now"),
        tuple(
            (*ends, *(round(n) for side in sides for n in side))
            for ends, sides in sorted(counted.items())[:20]
        ),
        read.provenance,
    )
    return Suspicions(tuple(failing(counted, callees)), (table,), callees=dict(callees))


Sides = tuple[tuple[float, float], tuple[float, float]]  # good and bad: failed, of calls


def _counted(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, str], Sides]:
    """Failed and all calls of each edge: of one metric that tells both, or of failures beside calls."""
    failed: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(
        lambda: defaultdict(lambda: [0.0, 0.0])
    )
    calls: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(
        lambda: defaultdict(lambda: [0.0, 0.0])
    )
    for row in rows:
        ends, metric = (row["service"], row["callee"]), row["metric"]
        fails = bool(set(words(metric)) & FAILURES)
        for counts, wanted in (
            (failed, fails or ended_badly(row["ended"]) or row["error"].lower() not in _FINE),
            (calls, not fails),
        ):
            if wanted:
                counts[ends][metric][0] += row["good"]
                counts[ends][metric][1] += row["bad"]
    found: dict[tuple[str, str], Sides] = {}
    for ends, metrics in calls.items():
        of = max(metrics.values(), key=lambda sides: sides[1])
        bad = max(failed[ends].values(), key=lambda sides: sides[1], default=[0.0, 0.0])
        found[ends] = (min(bad[0], of[0]), of[0]), (min(bad[1], of[1]), of[1])
    return found


def failing(counted: Mapping[tuple[str, str], Sides], callees: Mapping[str, set[str]]) -> Iterator[Suspicion]:
    """Suspicions of callees whose calls fail more, as their callers count them; of the caller where others' calls do not."""
    ill: dict[str, list[tuple[float, str, Sides]]] = defaultdict(list)
    spared: dict[str, list[str]] = defaultdict(list)
    for (caller, callee), (good, bad) in sorted(counted.items()):
        if min(good[1], bad[1]) < CLIENT_CALLS:
            continue
        lift = (
            wilson(round(bad[0]), round(bad[1]), VERY_CLEAR)[0]
            - wilson(round(good[0]), round(good[1]), VERY_CLEAR)[1]
        )
        if lift > 0:
            ill[callee].append((lift, caller, (good, bad)))
        else:
            spared[callee].append(caller)
    for callee, edges in ill.items():
        lift, worst, (good, bad) = max(edges)
        alone = len(edges) == 1 and bool(spared[callee])
        others = f"; so do those of {len(edges) - 1} others" if len(edges) > 1 else ""
        if alone:
            others += f"; those of {', '.join(spared[callee])} do not"
        why = Reason(
            CLIENTS_FAIL, scale=grown(lift, CLIENTS_SCALE), bad=count(bad[0]), bad_of=count(bad[1]), good=count(good[0]),
            good_of=count(good[1]), caller=worst, callee=callee, others=others,
        )  # fmt: skip
        kind = kind_of_peer(callee)
        yield Suspicion(
            worst if alone else callee,
            "code" if kind == "external" else kind,
            why.ratio,
            why.reported,
            caught=bool(callees.get(worst if alone else callee)),  # whom it calls may be why
            component=f"its calls to {callee}" if alone else None,
            damage=sum(sides[1][0] for _, _, sides in edges),
        )
