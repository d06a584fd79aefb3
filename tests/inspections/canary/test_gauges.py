"""What a canary uses, beside what the baseline uses: of metrics in a store."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from inspections.test_canary import asked, failed, requests
from lastgood.algorithms.canary import FALSE_FAIL
from lastgood.inspections.canary.gauges import GAUGE_MARGIN, MOST_GAUGES, WARMING
from lastgood.model.canary import CanaryAsked, Check, Measure, Outcome
from lastgood.telemetry.tables import GAUGES, SPANS, SUMS
from lastgood.workbench.store import Store
from worlds import nanoseconds, put

MEMORY, CPU = "process.memory.usage", "process_cpu_seconds_total"
MORE = 1 + GAUGE_MARGIN + 0.1  # times as much: more than is allowed
LESS = 1 + GAUGE_MARGIN - 0.1
NAMED = CanaryAsked(gauges=("queue.depth",))


def points(
    store: Store, version: str, level: Callable[[float], float], *, metric: str = MEMORY, unit: str = "MB", since: float = 0,
    instances: int = 1, labelled: bool = True, spread: float = 0.02,
) -> None:  # fmt: skip
    """A value every 15 s of each instance, with noise that depends on the value before."""
    for instance in range(instances):
        chance = np.random.default_rng([instance, *version.encode()])
        times = np.arange(since, 1200, 15)
        noise = np.convolve(chance.normal(0, spread, len(times) + 4), np.ones(5) / 5**0.5, "valid")
        values = [level(time) * (1 + one) for time, one in zip(times, noise, strict=True)]
        name = f"{version}-{instance}"
        resource = {"service.instance.id": name, **({"service.version": version} if labelled else {})}
        columns: dict[str, Any] = {
            "TimeUnix": nanoseconds(times), "ServiceName": ["shop"] * len(times), "MetricName": [metric] * len(times),
            "MetricUnit": [unit] * len(times), "Value": values, "Attributes": [{}] * len(times),
            "ResourceAttributes": [resource] * len(times),
        }  # fmt: skip
        table = GAUGES
        if metric == CPU:
            table, columns["Value"] = SUMS, np.cumsum(np.array(values) * 15).tolist()
            columns |= {"AggregationTemporality": [2] * len(times), "IsMonotonic": [True] * len(times)}
        put(store, table, columns, f"{metric} {version} {instance} {labelled}")


def served(store: Store, rate: float = 20) -> None:
    """As many requests of both versions; the canary starts after ten minutes."""
    requests(store, "1.0", rate=20)
    requests(store, "1.1", since=600, seed=2, rate=rate)


def check(store: Store, metric: str, what: CanaryAsked = CanaryAsked()) -> Check:  # noqa: B008
    """The comparison of a metric."""
    verdict, _ = asked(store, what)
    return next(one for one in verdict.checks if (one.measure, one.where) == (Measure.RESOURCES, metric))


@pytest.mark.parametrize(("times", "outcome"), [(MORE, Outcome.FAIL), (LESS, Outcome.PASS)])
def test_memory_beyond_the_margin_fails(store: Store, times: float, outcome: Outcome) -> None:
    """Of both sides' means; with the metric, both means with their unit, and how many steps were above."""
    served(store)
    points(store, "1.0", lambda _: 400)
    points(store, "1.1", lambda _: 400 * times, since=600)
    verdict, finding = asked(store)

    assert outcome is verdict.outcome
    assert ((Measure.RESOURCES, MEMORY) in failed(verdict)) == (outcome is Outcome.FAIL)
    if outcome is Outcome.FAIL:
        assert finding.because.replace("\u00a0", " ").startswith(f"{MEMORY} is ")
        assert "MB against" in finding.because.replace("\u00a0", " ")
        assert (one := check(store, MEMORY)).failed_after is not None
        assert one.failed_after > WARMING


def test_one_instance_of_many_that_uses_most_is_no_reason(store: Store) -> None:
    """The canary has to be above most instances of the baseline, not above their mean alone."""
    served(store)
    points(store, "1.1", lambda _: 400 * MORE, since=600)
    points(store, "1.0", lambda _: 400, instances=4)
    alone = check(store, MEMORY)
    for times in (2.0, 2.1):
        points(store, f"1.0 like {times}", lambda _, times=times: 400 * times, labelled=False)  # type: ignore[misc]
    spans: dict[str, Any] = {
        "Timestamp": nanoseconds(np.arange(2.0)), "TraceId": ["a", "b"], "SpanId": ["a", "b"], "ServiceName": ["shop"] * 2,
        "SpanName": ["GET /list"] * 2, "SpanKind": ["Server"] * 2, "StatusCode": ["Ok"] * 2,
        "ResourceAttributes": [
            {"service.version": "1.0", "service.instance.id": f"1.0 like {times}-0"} for times in (2.0, 2.1)
        ],
    }  # fmt: skip
    put(store, SPANS, spans, "more instances")

    assert alone.failed_after is not None
    assert (
        0 == check(store, MEMORY).canary_bad
    )  # points without a version are of the side of their instance's spans


def test_a_busier_canary_is_not_a_worse_one(store: Store) -> None:
    """CPU, a counter here, is compared for each request too."""
    served(store, rate=40)
    points(store, "1.0", lambda _: 1.0, metric=CPU, unit="s")
    points(store, "1.1", lambda _: 2.0, metric=CPU, unit="s", since=600)

    one = check(store, CPU)

    assert one.canary_bad == 0 < one.canary_all
    assert 1.9 < one.canary_share < 2.1


def test_more_cpu_for_the_same_requests_fails(store: Store) -> None:
    """A counter's rate, twice as high at equal traffic."""
    served(store)
    points(store, "1.0", lambda _: 1.0, metric=CPU, unit="s")
    points(store, "1.1", lambda _: 2.0, metric=CPU, unit="s", since=600)

    assert check(store, CPU).failed_after is not None


def test_warming_up_is_not_compared(store: Store) -> None:
    """Five times as much at first, and then the same."""
    served(store)
    points(store, "1.0", lambda _: 400)
    points(store, "1.1", lambda time: 2000 if time < 600 + WARMING else 400, since=600)

    assert 0 == check(store, MEMORY).canary_bad


@pytest.mark.parametrize("level", [None, 1.0])
def test_a_named_metric_is_needed_for_a_pass(store: Store, level: float | None) -> None:
    """Without values it is inconclusive, whatever else passes; other spellings of its name will do."""
    served(store)
    if level is not None:
        points(store, "1.0", lambda _: 10, metric="queue_depth", unit="")
        points(store, "1.1", lambda _: 10, metric="queue_depth", unit="", since=600)
    verdict, finding = asked(store, NAMED)

    assert (Outcome.INCONCLUSIVE if level is None else Outcome.PASS) is verdict.outcome
    assert ("queue.depth has no values on both sides" in finding.because) == (level is None)
    assert Outcome.PASS is asked(store)[0].outcome


def test_a_named_metric_without_the_canarys_values_is_inconclusive(store: Store) -> None:
    """Also where the baseline has it, and where the canary has too few."""
    served(store)
    points(store, "1.0", lambda _: 10, metric="queue.depth", unit="")
    assert Outcome.INCONCLUSIVE is asked(store, NAMED)[0].outcome
    points(store, "1.1", lambda _: 10, metric="queue.depth", unit="", since=1150)
    verdict, finding = asked(store, NAMED)

    assert Outcome.INCONCLUSIVE is verdict.outcome
    assert "queue.depth is not decided: above the baseline in 0 of" in finding.because.replace("\u00a0", " ")


def test_more_metrics_ask_for_more_evidence(store: Store) -> None:
    """All that are compared share one chance of a false alarm; not more than MOST_GAUGES are."""
    served(store)
    for side, since in (("1.0", 0), ("1.1", 600)):
        points(store, side, lambda _: 400, since=since)
    one = check(store, MEMORY).threshold
    for n in range(int(MOST_GAUGES) + 2):
        for side, since in (("1.0", 0), ("1.1", 600)):
            points(store, side, lambda _: 400, metric=f"a{n}.memory.usage", since=since)
    verdict, _ = asked(store)
    compared = [each for each in verdict.checks if each.measure is Measure.RESOURCES]

    assert MOST_GAUGES == len(compared)
    assert np.isclose(compared[0].threshold - one, np.log(MOST_GAUGES))
    assert one > np.log(1 / FALSE_FAIL)


@pytest.mark.parametrize("value", [1e308, -1e308, float("inf"), float("nan")])
def test_a_value_that_cannot_be_added_up_is_none(store: Store, value: float) -> None:
    """One instance that reports nonsense does not cost the verdict."""
    served(store)
    points(store, "1.0", lambda _: value, spread=0.0, instances=2)
    points(store, "1.1", lambda _: value, since=600, spread=0.0, instances=2)
    verdict, _ = asked(store)
    assert Outcome.PASS is verdict.outcome
