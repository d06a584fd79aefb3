"""Classes from telemetry: the words of errors where they begin, statuses of dependencies, repeated calls."""

from pathlib import Path

import pytest

from cases import CALM, FAILING, OPEN, finding_of, reported
from lastgood.inspections.failure_class import failure_class
from lastgood.model.answers import FailureClass
from lastgood.model.finding import Finding, Verdict
from lastgood.readings.case import UNDECIDED
from lastgood.workbench.store import Store
from reported import asked

SHOP = """
scenario  a shop
seed      3
time      2026-11-20 10:00 .. 10:10
service   web       instances=w-1
service   orders    instances=o-1,o-2
service   payments  instances=p-1
spans     web "POST /order"  rate=2/s latency=8ms {web}
call      web "POST /order" -> orders Place  latency=10ms errors=0.2% {orders}
call      orders Place -> payments Charge  latency=12ms
call      payments Charge -> api.pay.example "POST /charges"  external latency=90ms errors=0.2% {outside}
"""


def shop(**bent: str) -> str:
    """The shop, with settings of its lines bent after five minutes."""
    return SHOP.format(**{"web": "", "orders": "", "outside": "", **bent})


def classed(finding: Finding) -> FailureClass:
    """The class, which must be there."""
    assert isinstance(finding.answer, FailureClass), finding
    return finding.answer


FAILING_NAMES = shop(orders='then errors=50% message="lookup stock.internal: no such host" at 10:05')
WORLDS = {
    "certificate": shop(outside='then errors=60% error=SSLError message="certificate has expired" at 10:05'),
    "pool_starvation": shop(orders='then errors=40% message="QueuePool limit of size 5 overflow 10 reached" at 10:05'),
    "dependency_down": shop(outside="then errors=90% status=503 at 10:05"),
    "dependency_contract_change": shop(outside="then errors=40% status=422 at 10:05"),
    "dependency_slow": shop(outside="then latency=2000ms at 10:05"),
    "rate_limit": shop(outside="then errors=40% status=429 at 10:05"),
    "overload": shop(web="then rate=10/s at 10:05", orders="then latency=400ms at 10:05"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_the_class_is_reported(store: Store, tmp_path: Path, name: str) -> None:
    """One shop, bent in one way, and every question before this one asked."""
    finding = asked(store, tmp_path, WORLDS[name], "failure_class", 5)

    assert (Verdict.YES, name) == (finding.verdict, classed(finding).name)
    assert finding.evidence


def test_errors_of_the_past_are_no_sign(store: Store, tmp_path: Path) -> None:
    """A line about a full disk that was always there does not make a new failure one of the disk."""
    lines = 'logs orders warn "no space left on device {int}"  rate=6/min\n'
    comparison = reported(store, tmp_path, FAILING_NAMES + lines, 5)

    finding = finding_of(store, failure_class, comparison, FAILING)

    assert "dns" == classed(finding).name
    assert "disk_full" not in classed(finding).also
    assert "lookup stock.internal: no such host" in classed(finding).because


def test_while_the_impact_is_open_a_class_is_what_it_would_be(store: Store, tmp_path: Path) -> None:
    """With what speaks for it, and without an answer that others build on."""
    comparison = reported(store, tmp_path, FAILING_NAMES, 5)

    finding = finding_of(store, failure_class, comparison, OPEN)

    assert (Verdict.UNKNOWN, None) == (finding.verdict, finding.answer)
    assert finding.because.startswith(f"{UNDECIDED}; if they are, ")
    assert "lookup stock.internal: no such host" in finding.because
    assert finding.evidence


def test_a_quiet_shop_has_no_class(store: Store, tmp_path: Path) -> None:
    """Nothing is confirmed, so nothing is classed."""
    comparison = reported(store, tmp_path, shop(), 5)

    finding = finding_of(store, failure_class, comparison, CALM)

    assert (Verdict.UNKNOWN, None) == (finding.verdict, finding.answer)
