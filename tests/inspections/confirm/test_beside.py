"""What deviates beside requests that are as before."""

from datetime import timedelta

import numpy as np

from cases import case_of
from lastgood.inspections.confirm.beside import beside
from lastgood.inspections.confirm.weights import CONFIRM_SURE
from lastgood.model.evidence import Absence, Provenance
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

MIDDLE = START + timedelta(minutes=10)
WINDOWS = Comparison(Window(START, MIDDLE), Window(MIDDLE, START + timedelta(minutes=20)))
NONE = Absence("failures", Provenance("SELECT 1", {}, WINDOWS.hull, 0, 0.0))
WELL = Finding(Verdict.NO, "0 of 600 requests fail", CONFIRM_SURE, evidence=(NONE,))


def lines(store: Store, errors: int) -> None:
    """A line each second, of which the last so many are errors."""
    count = 1200
    severities = [17 if n >= count - errors else 9 for n in range(count)]
    columns = {
        "Timestamp": nanoseconds(np.arange(count) * 1.0), "ServiceName": ["mailer"] * count,
        "Body": ["sent" if one < 17 else "lost" for one in severities], "SeverityNumber": severities,
    }  # fmt: skip
    put(store, LOGS, columns, "lines")


def test_new_error_lines_keep_no_from_being_said(store: Store) -> None:
    """It says what would tell."""
    lines(store, 300)
    found = beside(case_of(store, WINDOWS), WINDOWS, WELL)

    assert (Verdict.UNKNOWN, None) == (found.verdict, found.confidence)
    assert "mailer logs 300 error lines" in found.because
    assert "support" in found.limits[0]


def test_quiet_lines_leave_it(store: Store) -> None:
    """And what is no "no" stays as it is."""
    lines(store, 0)
    unsure = Finding(Verdict.UNKNOWN, "too few")

    assert WELL is beside(case_of(store, WINDOWS), WINDOWS, WELL)
    assert unsure is beside(case_of(store, WINDOWS), WINDOWS, unsure)
