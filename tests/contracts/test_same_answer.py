"""An incident that is asked of Prometheus, Loki and Tempo has the answer of its files."""

from pathlib import Path

import pytest
from bench.connectors import MOST_REQUESTS, differences, told

from recorded import record
from scenario_language.grammar import parse
from scenario_language.world import make

INCIDENT = """
scenario  a release of checkout cannot price carts
time      2026-11-20 14:00 .. 14:40
seed      16

service   web      instances=web-1 version=v5.1.0
service   checkout instances=checkout-1 version=v3.18.2
service   payments instances=payments-1 version=v2.46.0

spans     web "POST /checkout"  rate=40/min latency=7ms plan=free:70%,plus:30% user.id={user:900}
call      web "POST /checkout" -> checkout PlaceOrder  latency=18ms errors=0.1% then errors=30% error=NoPrice at 14:30
call      checkout PlaceOrder -> payments Charge  latency=11ms

logs      checkout error "Cannot price the cart of {user:900}"  each=failure:checkout
logs      payments info "Charge {hex12} accepted in {int:400} ms"  each=request:payments
metric    web process_cpu_utilization_ratio  level=0.35 noise=8% every=15s

change    deploy checkout v3.18.2 -> v3.19.0  id=checkout-v3.19.0 at 14:29:50
change    config payments "page size 20 to 24"  id=payments-page at 14:12
"""


@pytest.mark.slow
def test_the_answer_is_that_of_the_files(tmp_path: Path) -> None:
    """Same verdict, culprit and change, onset within a step, counts within noise, within the requests that it may cost."""
    scenario = tmp_path / "incident.txt"
    scenario.write_text(INCIDENT)
    record(make(parse(scenario)), tmp_path / "record", entry="web")

    files, fetched = told(tmp_path / "record", tmp_path / "scratch")

    assert {} == differences(files, fetched)
    assert 0 < fetched.requests <= MOST_REQUESTS
    assert "yes" == fetched.sitrep["confirmed"]["verdict"]
    assert "checkout" == fetched.sitrep["culprits"][0]["service"]
    assert "checkout-v3.19.0" == fetched.sitrep["changes"][0]["id"]
