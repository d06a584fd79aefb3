"""The severity follows what is measured, and is not guessed where nothing is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from cases import FAILING, finding_of
from lastgood.inspections.severity import SEVERITY_SURE, severity
from lastgood.model.answers import Confirmation, Severity, SeverityLevel
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START, Times, World, step, store_counter

HALF = Comparison(
    Window(START, START + timedelta(minutes=30)),
    Window(START + timedelta(minutes=30), START + timedelta(minutes=60)),
    given=True,
)


def asked(store: Store) -> Finding:
    """The finding, half an hour against the half hour before."""
    _, findings = investigate(store, now=HALF.bad.end, comparison=HALF, only="severity")
    return findings[-1]


def proposed(finding: Finding) -> SeverityLevel:
    """The level, which must be there."""
    assert isinstance(finding.answer, Severity), finding
    return finding.answer.proposed


@pytest.mark.parametrize(
    ("share", "level"),
    [(0.9, SeverityLevel.SEV1), (0.05, SeverityLevel.SEV2), (0.012, SeverityLevel.SEV3)],
)
def test_the_share_of_failures_decides(store: Store, share: float, level: SeverityLevel) -> None:
    """Most requests, one in twenty, one in eighty."""
    World(rate=5, errors=step(1800, 0.001, share)).store_spans(store)

    finding = asked(store)

    assert (level, SEVERITY_SURE) == (proposed(finding), finding.confidence)


@pytest.mark.parametrize(
    ("after", "level"),
    [(4000.0, SeverityLevel.SEV2), (300.0, SeverityLevel.SEV3), (105.0, SeverityLevel.SEV4)],
)
def test_slowness_counts_by_the_median(store: Store, after: float, level: SeverityLevel) -> None:
    """Seconds longer, a quarter of a second, hardly to be noticed."""
    World(rate=5, milliseconds=step(1800, 50.0, after)).store_spans(store)

    assert level is proposed(asked(store))


@pytest.mark.parametrize("traffic", [step(1800, 1.0, 0.1)])
def test_lost_traffic_is_an_outage(store: Store, traffic: Callable[[Times], Times]) -> None:
    """Nine of ten requests no longer come."""
    World(rate=5, traffic=traffic).store_spans(store)

    assert SeverityLevel.SEV1 is proposed(asked(store))


def test_without_requests_it_is_not_known(store: Store) -> None:
    """Error lines affected a person, but not how many."""
    World(rate=5, errors=step(1800, 0.001, 0.3)).store_lines(store)

    finding = asked(store)

    assert (Verdict.UNKNOWN, None) == (finding.verdict, finding.answer)
    assert "no requests" in finding.because


def test_users_are_those_of_the_confirmation(store: Store) -> None:
    """One count: affected of those identified, by the same requests."""
    named = World(
        rate=5, errors=step(1800, 0.001, 0.05), attributes=lambda i, _t, _f: {"user.id": f"u{i % 90}"}
    )
    named.store_spans(store)
    case, findings = investigate(store, now=HALF.bad.end, comparison=HALF, only="severity")
    impact, severity = case.earlier(Confirmation), findings[-1].answer

    assert isinstance(severity, Severity)
    assert impact is not None
    assert 90 == impact.impact.identified
    assert severity.users_share == (impact.impact.users or 0) / 90


def test_what_fails_throughout_is_weighed_without_a_past(store: Store) -> None:
    """There is nothing to compare with, and its share is known."""
    World(rate=5, errors=step(0, 0.9, 0.9)).store_spans(store)
    _, findings = investigate(store, now=HALF.bad.end, only="severity")

    assert SeverityLevel.SEV1 is proposed(findings[-1])
    assert "throughout the data" in findings[-1].because


def test_without_anything_wrong_there_is_no_severity(store: Store) -> None:
    """Nor a fault of the question itself."""
    World(rate=5).store_spans(store)
    _, findings = investigate(store, now=HALF.bad.end, only="severity")

    assert (Verdict.UNKNOWN, "user impact is not confirmed") == (findings[-1].verdict, findings[-1].because)


def test_metrics_alone_give_a_severity_by_share(store: Store) -> None:
    """They count requests by how they ended, and no users."""
    well, failures = [100.0 * n for n in range(120)], [0.0] * 60 + [50.0 * n for n in range(1, 61)]
    store_counter(store, "shop", "http_requests_total", {"code": "200"}, well)
    store_counter(store, "shop", "http_requests_total", {"code": "503"}, failures)

    finding = asked(store)

    assert SeverityLevel.SEV2 is proposed(finding)
    assert "by metrics" in finding.because


def test_what_is_open_has_no_severity(store: Store) -> None:
    """As many fail, and it is not decided that this is more than chance."""
    World(rate=5, errors=step(1800, 0.001, 0.05)).store_spans(store)
    open_, sure = (finding_of(store, severity, HALF, replace(FAILING, decided=one)) for one in (False, True))

    assert SeverityLevel.SEV2 is proposed(sure)
    assert (Verdict.UNKNOWN, None) == (open_.verdict, open_.answer)
