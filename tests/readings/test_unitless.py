"""Numbers at the end of access lines, whose unit no line gives."""

from datetime import timedelta

import numpy as np
import pytest

from cases import case_of
from lastgood.model.attributes import DURATION_NS, HTTP_STATUS, LOG_REST
from lastgood.model.window import Comparison, Window
from lastgood.readings.unitless import UNITLESS_LINES, unitless
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

MIDDLE = START + timedelta(minutes=10)
WINDOWS = Comparison(Window(START, MIDDLE), Window(MIDDLE, START + timedelta(minutes=20)))
LEAST = int(UNITLESS_LINES)


def requests(store: Store, service: str, n: int, attributes: dict[str, str]) -> None:
    """Access lines of a service, all alike."""
    columns = {
        "Timestamp": nanoseconds(np.linspace(0, 1199, n)), "SeverityNumber": [9] * n, "ServiceName": [service] * n,
        "Body": ["GET /"] * n, "LogAttributes": [[*attributes.items(), (HTTP_STATUS, "200")]] * n,
    }  # fmt: skip
    put(store, LOGS, columns, f"{service} {attributes}")


@pytest.mark.parametrize(
    ("number", "fits"),
    [("24", "it fits milliseconds"), ("24000", "it fits microseconds"), ("24000000", "no unit")],
)
def test_the_unit_that_fits_other_requests_is_named(store: Store, number: str, fits: str) -> None:
    """None where neither does; it is never read as a latency."""
    requests(store, "tomcat", LEAST, {LOG_REST: f" {number}"})
    requests(store, "cart", LEAST, {DURATION_NS: "30000000"})

    (found,) = unitless(case_of(store, WINDOWS))

    assert found.startswith("latency of tomcat is not read")
    assert fits in found
    assert ("it fits" in fits) == ("it fits" in found)


def test_without_other_durations_no_unit_is_named(store: Store) -> None:
    """The number alone says nothing."""
    requests(store, "tomcat", LEAST, {LOG_REST: " 24"})

    (found,) = unitless(case_of(store, WINDOWS))

    assert found.endswith("has no unit")


def test_other_endings_and_few_lines_are_not_named(store: Store) -> None:
    """Words, lines with a duration, and too few."""
    requests(store, "words", LEAST, {LOG_REST: " upstream=a"})
    requests(store, "timed", LEAST, {LOG_REST: " 24", DURATION_NS: "30000000"})
    requests(store, "few", LEAST - 1, {LOG_REST: " 24"})

    assert [] == list(unitless(case_of(store, WINDOWS)))
