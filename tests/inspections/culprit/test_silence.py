"""Silence: who stopped for longer than it ever paused, while others go on."""

from pathlib import Path

from lastgood.model.answers import Culprits
from lastgood.model.finding import Finding
from lastgood.workbench.store import Store
from told import asked

WORLD = """
scenario  a worker and those beside it
seed      5
time      2026-11-20 10:00 .. 10:20
spans     web "POST /message"  rate=2/s latency=8ms {web}
spans     index "GET /index"  rate=2/s latency=8ms
spans     mailer "consume mail"  rate=1/s latency=30ms {mailer}
logs      mailer info "Mail {{hex8}} sent"  each=request:mailer
logs      mailer info "Heartbeat"  rate=10/min {heart}
"""


def culprits(finding: Finding) -> list[tuple[str, str]]:
    """Who is named, and what for."""
    return (
        [(c.service, c.kind) for c in finding.answer.ranked] if isinstance(finding.answer, Culprits) else []
    )


def world(web: str = "", mailer: str = "", heart: str = "") -> str:
    """The world with what stops in it."""
    return WORLD.format(web=web, mailer=mailer, heart=heart)


def test_a_worker_that_stops_is_named(store: Store, tmp_path: Path) -> None:
    """No span, no line, while the others are as before."""
    finding = asked(
        store, tmp_path, world(mailer="then rate=0/s at 10:12", heart="then rate=0/s at 10:12"), "culprit", 12
    )

    assert [("mailer", "infrastructure")] == culprits(finding)


def test_who_has_nothing_to_do_still_speaks(store: Store, tmp_path: Path) -> None:
    """No more mail comes, but its heart beats."""
    finding = asked(store, tmp_path, world(mailer="then rate=0/s at 10:12"), "culprit", 12)

    assert [] == culprits(finding)


def test_a_pause_as_long_as_those_before_is_none(store: Store, tmp_path: Path) -> None:
    """It works for a minute in every five."""
    turns = " ".join(f"then rate=4/s at 10:{m:02d} until 10:{m + 1:02d}" for m in (0, 5, 10, 15))
    mostly = world(mailer=f"then rate=0/s at 10:00 {turns}", heart="then rate=0/s at 10:00")
    finding = asked(store, tmp_path, mostly, "culprit", 16)

    assert [] == culprits(finding)


def test_who_is_asked_by_others_is_not_named_for_its_silence(store: Store, tmp_path: Path) -> None:
    """Only lines, of requests that another service tells of first."""
    text = """
scenario  a caller that fails before it asks
seed      6
time      2026-11-20 10:00 .. 10:20
service   front version=v1
logs      front info "Heartbeat"  rate=20/min
spans     front "GET /buy"  rate=2/s latency=8ms sampled=0%
call      front "GET /buy" -> ledger Book  latency=5ms then rate=0/s at 10:12
logs      front info "Buying {hex8}"  each=request:front
logs      ledger info "Booked {hex8}"  each=request:ledger
"""
    finding = asked(
        store, tmp_path, text.replace("sampled=0%", "sampled=0% then errors=100% at 10:12"), "culprit", 12
    )

    assert "ledger" not in [name for name, _ in culprits(finding)][:1]
