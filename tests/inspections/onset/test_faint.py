"""What evidence that is not sure by itself means for the windows, and for what is reported."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from inspections.onset.drawn import GRID, candidate, drawn_series
from lastgood.inspections.onset.faint import compared_until, faint, long_over
from lastgood.inspections.onset.weights import LATELY, SURE_CHANCE
from lastgood.model.answers import Onset
from lastgood.model.finding import Check, Verdict
from lastgood.readings.series import Symptom
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, nanoseconds, put

SURE, FAINT = candidate(SURE_CHANCE), candidate(SURE_CHANCE + 0.1)
END = GRID.window.end
SECOND = timedelta(seconds=1)


def test_evidence_is_faint_where_others_could_change_what_is_reported() -> None:
    """From SURE_CHANCE on none could."""
    assert [False, True] == [faint(SURE), faint(FAINT)]


def test_what_is_faint_and_has_just_stopped_is_compared_to_the_end() -> None:
    """It comes seldom; what is sure, was longer ago, or is measured all the time ended when it did."""
    just, before = END - LATELY, END - LATELY - SECOND
    level = replace(FAINT, series=drawn_series(Symptom.LEVEL))

    assert [END, END] == [compared_until(FAINT, just), compared_until(SURE, None)]
    assert [before, just, just] == [
        compared_until(FAINT, before), compared_until(SURE, just), compared_until(level, just),
    ]  # fmt: skip


def test_what_is_faint_and_long_over_may_not_be_what_is_meant() -> None:
    """Longer ago than LATELY, with what would tell."""
    before = END - LATELY - SECOND
    (check,) = long_over(FAINT, before, END)

    assert isinstance(check, Check)
    assert "pass --since" in check
    assert [()] * 3 == [
        long_over(FAINT, END - LATELY, END),
        long_over(SURE, before, END),
        long_over(FAINT, None, END),
    ]


@pytest.mark.parametrize(("minutes", "verdict"), [(0, Verdict.YES), (60, Verdict.UNKNOWN)])
def test_a_few_errors_of_an_hour_ago_may_not_be_what_is_meant(
    store: Store, minutes: int, verdict: Verdict
) -> None:
    """A burst of lines that is sure enough to be none of chance: reported, and not as what whoever asks was called for."""
    end = 1200 + 60 * minutes
    ill = np.arange(1100, 1106)
    at = np.concatenate((np.arange(0, end, 2), ill)).astype(float)
    columns = {
        "Timestamp": nanoseconds(at), "ServiceName": ["web"] * len(at),
        "SeverityNumber": [9] * (len(at) - len(ill)) + [17] * len(ill),
        "Body": ["served a page"] * (len(at) - len(ill)) + ["cannot read the file"] * len(ill),
    }  # fmt: skip
    put(store, LOGS, columns, "lines")
    findings = investigate(store, now=START + timedelta(seconds=end), only="onset")[1]
    found = findings[-1].answer

    assert isinstance(found, Onset)
    assert (verdict, minutes > 0, True) == (findings[-1].verdict, found.stale, found.faint)
    assert (minutes > 0) == any("ended" in limit for limit in findings[-1].limits)
