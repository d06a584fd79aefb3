"""The culprit is the one whose own evidence explains the failure, not the loudest victim."""

from pathlib import Path

import pytest

from lastgood.model.answers import Culprits
from lastgood.model.finding import Verdict
from lastgood.workbench.store import Store
from told import asked

SHOP = """
scenario  a shop
seed      7
time      2026-11-20 10:00 .. 10:06
spans     web "GET /cart"  rate=2/s latency=8ms
call      web "GET /cart" -> cart Show  latency=10ms {cart}
call      cart Show -> pricing Quote  latency=12ms {pricing}
call      pricing Quote -> rates.example "GET /rates"  external status=200 latency=5ms {rates}
logs      pricing info "Quoted {{float}} for {{hex8}}"  each=request:pricing
metric    cart cpu.utilization  level=0.2 noise=5% every=10s {cpu}
"""
QUIET = {"cart": "", "pricing": "", "rates": "", "cpu": ""}


@pytest.mark.parametrize(
    ("broken", "service", "kind"),
    [
        (
            {"pricing": "then errors=40% error=KeyError message=\"KeyError: 'rate'\" at 10:03"},
            "pricing",
            "code",
        ),
        ({"pricing": "then latency=400ms at 10:03"}, "pricing", "code"),
        ({"cpu": "then level=0.97 noise=1% at 10:03"}, "cart", "cpu"),
        ({"rates": "then errors=50% at 10:03"}, "pricing", "external"),
    ],
)
def test_the_one_at_fault_is_named_first(
    store: Store, tmp_path: Path, broken: dict[str, str], service: str, kind: str
) -> None:
    """Errors, slowness, a processor and an outside party, each at its own place in a chain of calls."""
    finding = asked(store, tmp_path, SHOP.format(**(QUIET | broken)), "culprit", minutes=3)

    assert isinstance(finding.answer, Culprits), finding
    first = finding.answer.ranked[0]
    assert (service, kind) == (first.service, first.kind)
    assert finding.evidence


def test_nothing_out_of_the_ordinary_names_nobody(store: Store, tmp_path: Path) -> None:
    """Two like windows: unknown, with the reason."""
    finding = asked(store, tmp_path, SHOP.format(**QUIET), "culprit", minutes=3)

    assert Verdict.UNKNOWN is finding.verdict
    assert "nothing stands out" in finding.because
    assert finding.answer is None


SLOW = """
scenario  twelve that are slower
seed      7
time      2026-11-20 10:00 .. 10:20
""" + "".join(
    f"metric    {name} http.server.request.duration.p90 unit=s level=0.05 noise=5% every=10s then level=0.1 at 10:10\n"
    for name in "abcdefghijkl"
)


def test_several_alike_name_nobody_and_say_what_would_tell(store: Store, tmp_path: Path) -> None:
    """Metrics alone: all are slower, by as much, and nobody says who calls whom."""
    finding = asked(store, tmp_path, SLOW, "culprit", minutes=10)

    assert Verdict.UNKNOWN is finding.verdict
    assert "nobody says who calls whom" in finding.because


def test_who_only_waits_is_not_blamed_for_being_busy(store: Store, tmp_path: Path) -> None:
    """Pricing is slow; cart repeats its calls, spends no time of its own, and its processor runs hot for it."""
    told = SHOP.format(**QUIET | {"pricing": "then latency=700ms at 10:03", "cpu": "then level=0.8 at 10:03"})
    finding = asked(store, tmp_path, told, "culprit", minutes=3)

    assert isinstance(finding.answer, Culprits)
    assert "pricing" == finding.answer.ranked[0].service
