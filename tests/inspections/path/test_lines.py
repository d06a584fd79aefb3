"""Whose error is first, where clocks do not tell it."""

import numpy as np
import pytest

from cases import case_of
from inspections.test_path import BAD, GIVEN
from lastgood.inspections.path.lines import LIMIT, TIED, by_lines
from lastgood.model.failure import FailurePath
from lastgood.model.finding import Finding, Verdict
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import nanoseconds, put

SAID = "upstream inventory answered 500 for currency=JPY"


def told(store: Store, *lines: tuple[float, str, str]) -> Finding:
    """What is said of five requests with these error lines each: seconds, service and text."""
    rows = [(BAD + n + late, f"{n + 1:032x}", who, text) for n in range(5) for late, who, text in lines]
    at, trace, service, body = zip(*rows, strict=True)
    columns = {
        "Timestamp": nanoseconds(np.array(at)), "TraceId": trace, "ServiceName": service,
        "SeverityNumber": [17] * len(rows), "LogAttributes": [{}] * len(rows), "Body": body,
    }  # fmt: skip
    put(store, LOGS, columns, "path")
    found = by_lines(case_of(store, GIVEN))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("late", "said", "hop"),
    [
        (0.0, SAID, ("bookings", "inventory")),
        (0.006, SAID, ("bookings", "inventory")),
        (-0.001, SAID, ("bookings", "inventory")),
        (-0.001, "cannot serve the rooms", (None, "bookings")),
        (0.006, "cannot serve the rooms", (None, "inventory")),
    ],
)
def test_who_answered_badly_is_behind_who_says_so(
    store: Store, late: float, said: str, hop: tuple[str | None, str]
) -> None:
    """Whatever the clocks say: no one can report an answer that was not given."""
    finding = told(store, (0.1, "inventory", "ValueError"), (0.1 + late, "bookings", said))

    assert isinstance(finding.answer, FailurePath)
    assert hop == (finding.answer.last_good, finding.answer.first_bad)
    assert (LIMIT,) == finding.limits


@pytest.mark.parametrize("said", ["cannot serve the rooms", "inventory of rooms is wrong"])
def test_errors_at_one_time_do_not_tell(store: Store, said: str) -> None:
    """A name alone is no answer, and the order of the alphabet is none of time."""
    finding = told(store, (0.1, "inventory", "ValueError"), (0.1, "bookings", said))

    assert (Verdict.UNKNOWN, TIED) == (finding.verdict, finding.because)


def test_two_that_blame_each_other_do_not_tell(store: Store) -> None:
    """Each says that the other answered badly."""
    finding = told(store, (0.1, "inventory", "upstream bookings failed"), (0.1, "bookings", SAID))

    assert Verdict.UNKNOWN is finding.verdict
