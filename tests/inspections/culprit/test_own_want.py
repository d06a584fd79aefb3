"""Callers that lack something of their own."""

from datetime import timedelta

import numpy as np
import pytest

from cases import case_of
from lastgood.algorithms.blame import Sign, Suspicion
from lastgood.inspections.culprit.own_want import of_callers, wanting
from lastgood.inspections.culprit.weights import OWN_WANT_LEAST, OWN_WANT_TIMES
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

MIDDLE = START + timedelta(minutes=10)
GIVEN = Comparison(Window(START, MIDDLE), Window(MIDDLE, START + timedelta(minutes=20)), given=True)
GONE = Suspicion("rates", "code", 0.8, "after its start comes nothing", sign=Sign.BREAKS, reporter="till")


def lines(store: Store, body: str, before: int, after: int) -> None:
    """A line so often in either window."""
    at = np.concatenate([np.linspace(1, 590, before), np.linspace(601, 1190, after)])
    put(
        store,
        LOGS,
        {"Timestamp": nanoseconds(at), "ServiceName": ["till"] * len(at), "Body": [body] * len(at)},
        "t",
    )


@pytest.mark.parametrize(
    ("body", "before", "after", "wants"),
    [
        ("dial tcp 10.0.0.2:80: socket: too many open files", 0, OWN_WANT_LEAST, True),
        ("dial tcp 10.0.0.2:80: socket: too many open files", 0, OWN_WANT_LEAST - 1, False),
        ("connect: cannot assign requested address", 5, int(5 * OWN_WANT_TIMES), True),
        ("connect: cannot assign requested address", 5, int(5 * OWN_WANT_TIMES) - 1, False),
        ("rates answered 500: too many open files", 0, 50, False),
    ],
)
def test_what_a_process_lacks_itself(store: Store, body: str, before: int, after: int, wants: bool) -> None:
    """Not what another says that it lacks."""
    lines(store, body, before, after)

    assert ({"till": body} if wants else {}) == wanting(case_of(store, GIVEN))


def test_a_call_that_cannot_be_made_is_the_callers() -> None:
    """With what it says; who lacks nothing is no reason to spare the callee."""
    (mine,) = of_callers([GONE], {"till": "socket: too many open files"})

    assert ("till", "handles", False) == (mine.service, mine.kind, mine.caught)
    assert "till itself says “too many open files”" in mine.because
    assert [GONE] == list(of_callers([GONE], {"mail": "cannot allocate memory"}))
