"""The last good and the first bad hop, from errors, from time, and from log lines without spans."""

from pathlib import Path

from lastgood.model.answers import FailurePath
from lastgood.model.evidence import TraceExcerpt
from lastgood.model.finding import Finding, Verdict
from lastgood.workbench.store import Store
from reported import asked

CHAIN = """
scenario  a chain
seed      5
time      2026-11-20 10:00 .. 10:06
spans     web "POST /pay"  rate=2/s latency=8ms
call      web "POST /pay" -> payments Charge  latency=10ms {payments}
call      payments Charge -> bank.example "POST /charge"  external status=402 latency=9ms {bank}
"""
LINES = """
scenario  only lines
seed      5
time      2026-11-20 10:00 .. 10:06
logs      web info "GET /cart"  rate=2/s
logs      web error "cart failed"  rate=1/min
"""


def answered(finding: Finding) -> FailurePath:
    """The path, which must be there."""
    assert isinstance(finding.answer, FailurePath), finding
    return finding.answer


def test_errors_that_begin_outside(store: Store, tmp_path: Path) -> None:
    """The bank refuses: payments is the last good hop, the bank the first bad one."""
    finding = asked(store, tmp_path, CHAIN.format(payments="", bank="then errors=30% at 10:03"), "path", 3)
    found = answered(finding)

    assert ("payments", "bank.example", True) == (found.last_good, found.first_bad, found.external)
    assert 0 < found.agree <= found.traces
    (example,) = (e for e in finding.evidence if isinstance(e, TraceExcerpt))
    assert any(service == "payments" and failed for _, service, _, _, failed in example.spans)


def test_errors_that_begin_inside(store: Store, tmp_path: Path) -> None:
    """Payments fails by itself: web is the last good hop."""
    found = answered(
        asked(store, tmp_path, CHAIN.format(payments="then errors=30% at 10:03", bank=""), "path", 3)
    )

    assert ("web", "payments", False) == (found.last_good, found.first_bad, found.external)


def test_slowness_without_errors(store: Store, tmp_path: Path) -> None:
    """Payments takes its time; every trace of the bad window agrees."""
    found = answered(
        asked(store, tmp_path, CHAIN.format(payments="then latency=500ms at 10:03", bank=""), "path", 3)
    )

    assert ("web", "payments") == (found.last_good, found.first_bad)
    assert found.agree > 0.9 * found.traces


def test_lines_that_nothing_ties_together_give_no_path(store: Store, tmp_path: Path) -> None:
    """Without spans and request ids it is not known, and it says why."""
    finding = asked(store, tmp_path, LINES, "path", 3)

    assert Verdict.UNKNOWN is finding.verdict
    assert "request ids" in finding.because
