"""Resources: past their own floor, and not merely past a past that never moved."""

from lastgood.readings.measured import Measured, measured
from lastgood.readings.resources import _resource


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
