"""Resources: past their own floor, and not merely past a past that never moved."""

from dataclasses import replace

from lastgood.algorithms.metric_meaning import meaning
from lastgood.algorithms.shift import Shift
from lastgood.readings.measured import Measured, measured
from lastgood.readings.resources import SHARED_HOST, _resource


def series(service: str, metric: str, good: float, bad: float, unit: str = "") -> Measured:
    """A series that was level on both sides."""
    return read(service, metric, [good] * 20, [bad] * 5, unit)


def read(
    service: str, metric: str, good: list[float], bad: list[float], unit: str = "", counter: int = 0
) -> Measured:
    """A series as the query gives it."""
    (found,) = measured(
        [{"service": service, "instance": "", "metric": metric, "unit": unit, "counter": counter, "labels": "{}",
          "good": good, "bad": bad}]
    )  # fmt: skip
    return found


def test_a_busy_processor() -> None:
    """20 % to 90 % of its limit: strong, and its own."""
    found = _resource(series("cart", "cpu.utilization", 0.2, 0.9, "1"))

    assert found is not None
    assert ("cpu", False) == (found.kind, found.caught)
    assert found.strength > 0.9


def test_a_rise_below_the_floor_is_nothing_however_constant_the_past() -> None:
    """Ten points over a series without any spread."""
    assert _resource(series("cart", "cpu.utilization", 0.2, 0.3, "1")) is None


def test_a_counter_is_read_by_its_steps() -> None:
    """A counter of restarts that stands still and then climbs."""
    found = _resource(read("cart", "restarts", [7.0] * 9, [7.0, 9.0, 11.0, 13.0], counter=1))

    assert found is not None
    assert "infrastructure" == found.kind


def test_what_is_at_its_limit_cannot_grow_by_half() -> None:
    """70 % to all of it is a bottleneck; 40 % to 57 % is neither half more nor at the limit."""
    found = _resource(read("cart", "cpu.utilization", [0.6, 0.7, 0.7, 0.8] * 5, [1.0] * 5, "1"))

    assert found is not None
    assert _resource(series("cart", "cpu.utilization", 0.4, 0.57, "1")) is None


def test_nobody_waits_for_a_processor_that_is_half_idle() -> None:
    """From 5 % to 40 % is seen, but says half as much as from 5 % to 60 %."""
    half, most = (_resource(series("cart", "cpu.utilization", 0.05, now, "1")) for now in (0.4, 0.6))

    assert half is not None
    assert most is not None
    assert half.strength < 0.6 * most.strength


def test_what_ran_out_counts_though_it_rose_by_little() -> None:
    """A disk from 92 % to all of it, by less than its floor; from 92 % to 96 % half of what was left is left."""
    known = meaning("disk.utilization", "1")
    assert known is not None
    limited = replace(known, limit=1.0)
    full, high = (
        Measured("docs", "", "disk.utilization", "1", limited, Shift(0.92, now, 0.02), now, 20)
        for now in (1.0, 0.96)
    )

    assert _resource(high) is None
    found = _resource(full)
    assert found is not None
    assert full.meaning.weight == found.strength


def test_a_shared_machine_counts_less() -> None:
    """By the share that is its service's."""
    one = series("cart", "cpu.utilization", 0.2, 0.9, "1")
    alone, shared = _resource(one), _resource(one, 1.0, SHARED_HOST)

    assert alone is not None
    assert shared is not None
    assert alone.strength * SHARED_HOST == shared.strength
