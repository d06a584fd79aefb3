"""Quiet metrics tell nothing of failures that may be in others, which are not understood."""

import numpy as np

from lastgood.inspections.onset.unread import unread
from lastgood.inspections.onset.weights import UNREAD_NAMED
from lastgood.model.finding import Finding, Verdict
from lastgood.readings.levels import levels
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, store_counter, store_gauge

POINTS = [(float(t), 5.0) for t in np.arange(0, 3600, 60)]


def said(store: Store) -> Finding | None:
    """What is said of the metrics in the store."""
    case, _ = investigate(store, now=START, only="onset")
    return unread(case, levels(case))


def test_metrics_that_are_not_understood_are_named(store: Store) -> None:
    """UNREAD_NAMED of them; as soon as one that counts failures is understood, nothing is left to say."""
    store_gauge(store, "shop", "RequestCount", "", POINTS)
    assert said(store) is None

    for n in range(UNREAD_NAMED + 2):
        store_gauge(store, "shop", f"Zork{'abcdefgh'[n]}", "", POINTS)
    finding = said(store)

    assert finding is not None
    assert Verdict.UNKNOWN is finding.verdict
    assert UNREAD_NAMED == finding.because.count("Zork")
    assert "and 2 more" in finding.because
    assert "RequestCount" not in finding.because

    store_gauge(store, "shop", "ErrorCount", "", POINTS)
    assert said(store) is None


def test_requests_by_their_status_tell_of_failures(store: Store) -> None:
    """No failure among them yet is an answer too."""
    store_gauge(store, "shop", "Zork", "", POINTS)
    store_counter(store, "shop", "http_requests_total", {"code": "200"}, [10.0 * n for n in range(80)])

    assert said(store) is None
