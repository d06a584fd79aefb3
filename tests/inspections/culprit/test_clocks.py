"""Clocks that jumped: by the machine's own lines, by the time that it tells, and by what others refuse."""

from datetime import timedelta

import numpy as np
import pytest

from cases import case_of
from lastgood.algorithms.blame import Suspicion
from lastgood.inspections.culprit.clocks import clock_suspicions
from lastgood.inspections.culprit.weights import (
    CLOCK_ALONE,
    CLOCK_APART,
    CLOCK_JUMPED,
    CLOCK_LINES,
    CLOCK_MACHINES,
    CLOCK_REFUSALS,
    CLOCK_REFUSED_ALSO,
    CLOCK_REFUSES_ALONE,
    CLOCK_STALE,
)
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.tables import GAUGES, LOGS
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

MIDDLE = START + timedelta(minutes=10)
GIVEN = Comparison(Window(START, MIDDLE), Window(MIDDLE, START + timedelta(minutes=20)), given=True)


def lines(store: Store, service: str, host: str, body: str, *minutes: float) -> None:
    """The same line at these minutes."""
    many = len(minutes)
    columns = {
        "Timestamp": nanoseconds(np.array(minutes) * 60.0), "ServiceName": [service] * many, "Body": [body] * many,
        "ResourceAttributes": [{"host.name": host}] * many,
    }  # fmt: skip
    put(store, LOGS, columns, f"{service}{host}{body}{many}")


def told(store: Store, host: str, off: float) -> None:
    """What a machine says the time is, each minute; from the middle on it is off."""
    at = np.arange(20) * 60.0
    epoch = START.timestamp()
    columns = {
        "TimeUnix": nanoseconds(at), "ServiceName": ["node"] * 20, "MetricName": ["node_time_seconds"] * 20,
        "Value": [epoch + t + (off if t >= 600 else 0.0) for t in at],
        "ResourceAttributes": [{"service.instance.id": f"{host}:9100"}] * 20,
    }  # fmt: skip
    put(store, GAUGES, columns, host)


def found(store: Store) -> list[Suspicion]:
    """The clocks that are suspected."""
    return list(clock_suspicions(case_of(store, GIVEN)).found)


@pytest.mark.parametrize(
    ("off", "seen"),
    [
        (float(CLOCK_APART), True),
        (CLOCK_APART - 1.0, False),
        (-CLOCK_STALE, False),
        (-CLOCK_STALE - 1.0, True),
    ],
)
def test_the_time_that_a_machine_tells(store: Store, off: float, seen: bool) -> None:
    """One ahead is off; one behind may be an old value, up to five minutes."""
    told(store, "sign-1", 0.0)
    told(store, "sign-2", off)

    assert (["clock of sign-2"] if seen else []) == [one.component for one in found(store)]


@pytest.mark.parametrize(
    "said",
    [
        "Clock change detected. Flushing caches.",
        "System clock was stepped by 61.204 seconds",
        "Time has been changed",
    ],
)
def test_the_systems_own_line(store: Store, said: str) -> None:
    """It is the host's, and the service that writes there is named; as ever it tells nothing."""
    lines(store, "signer", "sign-2", "signed", *range(20))
    lines(store, "systemd", "sign-2", said, *([15.0] * CLOCK_LINES))
    lines(store, "systemd", "sign-3", said, 2.0, 15.0)

    (one,) = found(store)

    assert ("signer", "sign-2", float(CLOCK_JUMPED)) == (one.service, one.instance, one.strength)


def test_a_clock_is_surer_where_times_are_refused(store: Store) -> None:
    """From so many refusals on."""
    told(store, "sign-2", 90.0)
    lines(store, "desk", "desk-1", "token refused: issued in the future", *([12.0] * (CLOCK_REFUSALS - 1)))
    before = found(store)[0].strength
    lines(store, "desk", "desk-1", "Request refused: RequestTimeTooSkewed", 13.0)

    assert (float(CLOCK_JUMPED), float(CLOCK_REFUSED_ALSO)) == (before, found(store)[0].strength)


@pytest.mark.parametrize(
    ("refusing", "others", "named"),
    [
        (20, 0, True),
        (20, int(20 / CLOCK_ALONE - 20) + 1, False),  # others refuse as well: the issuer's clock may be wrong
        (CLOCK_REFUSALS - 1, 0, False),
    ],
)
def test_one_machine_that_refuses_for_the_time_has_a_wrong_clock(
    store: Store, refusing: int, others: int, *, named: bool
) -> None:
    """Its peers take what it refuses."""
    lines(store, "gate", "gate-a", "lane 2 opened", 1.0, 12.0)
    lines(store, "gate", "gate-b", "Jwt used before 2026-02-05T05:21:40Z", *([12.0] * refusing))
    lines(store, "gate", "gate-a", "Jwt used before 2026-02-05T05:21:40Z", *([12.0] * others))

    assert [(one.instance, one.strength) for one in found(store)] == (
        [("gate-b", float(CLOCK_REFUSES_ALONE))] if named else []
    )


@pytest.mark.parametrize(
    "said",
    [
        "token is not valid yet", "JWT not yet valid", "signature not valid before 05:21:40", "ticket issued in the future",
        "message used too early", "Jwt used before 05:21:40", "RequestTimeTooSkewed", "Clock Skew too great",
        "KRB_AP_ERR_SKEW", "ImmatureSignatureError", "iat in the future", "nbf: too early", "iat is not yet valid",
        "timestamp in the future", "timestamp too far ahead",
    ],
)  # fmt: skip
def test_every_kind_of_refusal_is_looked_for(store: Store, said: str) -> None:
    """The words that are looked for first are in whatever the pattern finds."""
    told(store, "sign-2", 90.0)
    lines(store, "desk", "desk-1", said, *([12.0] * CLOCK_REFUSALS))

    assert float(CLOCK_REFUSED_ALSO) == found(store)[0].strength


def test_of_one_machine_it_is_not_known_whose_clock_is_wrong(store: Store) -> None:
    """There is no other of its kind."""
    lines(store, "gate", "gate-b", "Jwt used before 2026-02-05T05:21:40Z", *([12.0] * 20))

    assert [] == found(store)
    assert CLOCK_MACHINES > 1
