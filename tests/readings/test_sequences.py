"""Sequences of calls: what no longer follows, also where hardly any trace is from before."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.compute as pc

from lastgood.model.answers import Culprits
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.tables import SPANS
from lastgood.telemetry.writer import Writer
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from reported import asked
from scenario_language.grammar import parse
from scenario_language.world import make, tables

WORLD = """
scenario  a call that is no longer made
seed      5
time      2026-11-20 10:00 .. 10:08
spans     web "POST /order"  {rate} latency=8ms
call      web "POST /order" -> checkout Place  latency=10ms
call      checkout Place -> stock Reserve  latency=10ms
call      checkout Place -> payments Charge  latency=10ms {payments}
metric    stock process.cpu.utilization  level=0.2 noise=5% every=10s
"""


def test_the_caller_of_what_is_no_longer_called_is_named(store: Store, tmp_path: Path) -> None:
    """Nothing fails and nothing is slow; the orders are just not paid."""
    text = WORLD.format(rate="rate=2/s", payments="then share=20% at 10:04")
    answer = asked(store, tmp_path, text, "culprit", 4).answer

    assert isinstance(answer, Culprits)
    assert ("checkout", "code") == (answer.ranked[0].service, answer.ranked[0].kind)
    assert "Reserve" in (answer.ranked[0].component or "")


def test_the_first_spans_of_the_bad_window_stand_in_for_a_past(store: Store, tmp_path: Path) -> None:
    """Traces begin with the bad window, and are well for its first minute."""
    text = WORLD.format(rate="rate=0/s then rate=2/s at 10:04", payments="then share=20% at 10:05")
    finding = asked(store, tmp_path, text, "culprit", 4)

    assert isinstance(finding.answer, Culprits)
    assert "checkout" == finding.answer.ranked[0].service
    assert any("hardly any spans" in limit for limit in finding.limits)


def test_who_is_still_answered_is_not_broken_off_from(store: Store, tmp_path: Path) -> None:
    """The callee's spans stop, its callers' calls of it succeed as before: only its telemetry is lost."""
    path = tmp_path / "lost.txt"
    path.write_text(WORLD.format(rate="rate=2/s", payments=""), "utf-8")
    scenario = parse(path)
    half = datetime(2026, 11, 20, 10, 4, tzinfo=UTC)
    writer = Writer(store.engine, "lost")
    for table, rows in tables(make(scenario)):
        late = (pc.field("ServiceName") == "payments") & (pc.field("Timestamp") >= half)
        writer.add(table, rows.filter(~late) if table is SPANS else rows)
    writer.flush()
    whole = scenario.whole
    windows = Comparison(Window(whole.start, half), Window(half, whole.end))
    _, findings = investigate(store, now=whole.end, comparison=windows, only="culprit")

    assert findings[-1].answer is None
