"""The sitrep: what was found, and what cannot be known."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from lastgood.model.answers import BlastRadius, Segment
from lastgood.model.evidence import Provenance, Table
from lastgood.model.figures import spaced
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Window
from lastgood.telemetry.tables import ALERTS, LOGS
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import Store
from lastgood.workbench.triage import decided, triage
from worlds import START, World, put

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TABLE = Table(
    "Requests", ("n",), ((1,),), Provenance("SELECT 1", {}, Window(NOON, NOON + timedelta(hours=1)), 1, 0.0)
)


def test_what_cannot_be_known_is_said(store: Store) -> None:
    """Ten quiet log lines: nothing is confirmed or blamed, and every gap has its reason."""
    writer = Writer(store.engine, "ten lines")
    times = [NOON + timedelta(minutes=minute) for minute in range(10)]
    writer.add(LOGS, LOGS.rows({"Timestamp": times, "ServiceName": ["orders"] * 10, "Body": ["tick"] * 10}))
    writer.flush()

    sitrep = triage(store, now=NOON + timedelta(minutes=11))

    assert sitrep.is_real is not Verdict.YES
    assert (None, None) == (sitrep.onset, sitrep.path)
    assert sitrep.unknown
    assert {f.because for f in sitrep.findings if f.verdict is Verdict.UNKNOWN} <= {
        reason.removeprefix(f"{f.question} ") for f in sitrep.findings for reason in sitrep.unknown
    }


def lines(store: Store, seconds: np.ndarray) -> None:
    """A line of access log at each of these times, every one answered well."""
    n = len(seconds)
    columns: dict[str, list[Any]] = {
        "Timestamp": [NOON + timedelta(seconds=float(second)) for second in seconds],
        "ServiceName": ["shop"] * n, "SeverityText": ["INFO"] * n, "SeverityNumber": [9] * n,
        "Body": ["taken"] * n, "LogAttributes": [[("http.response.status_code", "200")]] * n,
    }  # fmt: skip
    put(store, LOGS, columns, "access lines")


def test_a_line_is_counted_once(store: Store) -> None:
    """1,800 access lines, which are requests too, are 1,800 events."""
    lines(store, np.arange(0, 3600, 2.0))

    sitrep = triage(store, now=NOON + timedelta(hours=1))

    assert sitrep.confirmed is not None
    assert Verdict.NO is sitrep.is_real
    assert " over 1 800 events" in spaced(sitrep.confirmed.because)
    assert "metrics" not in sitrep.confirmed.because


def test_a_hole_in_the_middle_is_reported(store: Store) -> None:
    """Twenty minutes without a line, where 600 would be usual."""
    times = np.arange(0, 7200, 2.0)
    lines(store, times[(times < 3000) | (times >= 4200)])

    sitrep = triage(store, now=NOON + timedelta(hours=2))

    (hole,) = [text for text in sitrep.unknown if " expected)" in text]
    assert "no logs from 12:50:00 to 13:10:00 UTC (20 min; about" in spaced(hole).replace(
        "12:49:59", "12:50:00"
    )


@pytest.mark.parametrize(("rate", "said"), [("10", True), ("1", False), ("", False)])
def test_counts_of_sampled_spans_are_said_to_be_of_those(store: Store, rate: str, said: bool) -> None:
    """As spans say that they stand for others like them."""
    World(seconds=3600, attributes=lambda _i, _t, _f: {"SampleRate": rate} if rate else {}).store_spans(store)

    unknown = triage(store, now=START + timedelta(hours=1)).unknown

    assert said is ("only 10 % of spans were kept by a sampler: counts are of those" in map(spaced, unknown))
    assert said is any("sampler" in one for one in unknown)


def test_pauses_as_usual_are_no_holes(store: Store) -> None:
    """A job that writes for a minute in every ten."""
    times = np.arange(0, 7200, 1.0)
    lines(store, times[times % 600 < 60])

    sitrep = triage(store, now=NOON + timedelta(hours=2))

    assert not [text for text in sitrep.unknown if " expected)" in text]


def part(**differs: float) -> Finding:
    """Who is affected: one tariff, of whose 400 requests 9 % fail, unless something differs."""
    values = {
        "failures": 36,
        "requests": 400,
        "failure_share": 0.09,
        "more_low": 0.05,
        "users": 30,
        **differs,
    }
    segment = Segment(
        {"tariff": "night"}, 0.4, 0.05, int(values["failures"]), int(values["requests"]), values["failure_share"],
        more_low=values["more_low"], users=int(values["users"]),
    )  # fmt: skip
    answer = BlastRadius(("shop",), (segment,), (), everyone=False)
    return Finding(Verdict.YES, "tariff=night", 0.9, answer, (TABLE,), name="blast_radius")


@pytest.mark.parametrize(
    ("radius", "verdict"),
    [
        (part(), Verdict.UNKNOWN),
        (part(users=1), Verdict.NO),
        (part(failures=4), Verdict.NO),
        (part(failure_share=0.02), Verdict.NO),
        (part(more_low=-0.01), Verdict.NO),
    ],
    ids=["many", "one user", "few", "rarely", "by chance"],
)
def test_harm_to_some_is_not_no_incident(radius: Finding, verdict: Verdict) -> None:
    """Unknown, where a part of the requests fails though all together are as before; not of one user, few, or chance."""
    quiet = Finding(Verdict.NO, "as before", 0.9, None, (TABLE,), name="confirm")

    found = decided((quiet, radius))

    assert found is not None
    assert verdict is found.verdict
    assert (verdict is Verdict.UNKNOWN) == ("36 of 400 requests with tariff=night fail" in found.because)


def test_alerts_are_in_the_sitrep_of_an_outage_without_a_past(store: Store) -> None:
    """It is real from the start of the data on, with the alert that fires."""
    World(seconds=900, rate=2.0, errors=lambda t: np.full(len(t), 0.9)).store_spans(store)
    at = START + timedelta(minutes=3)
    columns: dict[str, list[Any]] = {
        "Id": ["a"], "Timestamp": [at], "EndTimestamp": [at], "Name": ["ErrorRate"], "Service": ["shop"],
        "State": ["firing"], "Severity": ["page"],
    }  # fmt: skip
    put(store, ALERTS, columns, "alert")

    sitrep = triage(store, now=START + timedelta(minutes=15))

    assert Verdict.YES is sitrep.is_real
    assert [("ErrorRate", at)] == [(alert.name, alert.since) for alert in sitrep.alerts]
    assert sitrep.onset is not None
    assert sitrep.onset.comparison is None
    assert sitrep.severity is not None
    assert "SEV1" == sitrep.severity.proposed
