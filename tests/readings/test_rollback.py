"""Rolling a service back: which deploy counts, and the same answer for whoever asks."""

from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.readings.rollback import read_roll_back
from lastgood.workbench.store import Store

WORLD = """
scenario  a deploy of orders, and another attempt
seed      5
time      2026-11-20 10:00 .. 10:10
service   orders  instances=o-1 version=v1 then version=v2 at 10:05
spans     web "POST /order"  rate=2/s latency=8ms
call      web "POST /order" -> orders Place  latency=10ms errors=0.2% then errors=40% at 10:05
change    deploy orders v1 -> v2  id=d2 at 10:04:50
"""


@pytest.mark.parametrize("state", ["failed", "aborted", "skipped", "rejected", "error", "cancelled"])
def test_a_deploy_that_never_took_effect_is_not_the_last(store: Store, tmp_path: Path, state: str) -> None:
    """What was tried afterwards and did not happen cannot be rolled back."""
    tried = f"change    deploy orders v2 -> v3  id=d3 state={state} at 10:07\n"
    read = read_roll_back(case_of(store, reported(store, tmp_path, WORLD + tried, 5)), "orders")

    assert read is not None
    assert ("d2", "v2", "v1") == (read.answer.deploy, read.answer.version, read.answer.previous)
    assert read.previous.holds is True


def test_without_a_deploy_there_is_nothing_to_go_back_to(store: Store, tmp_path: Path) -> None:
    """Of a service that no deploy on record is of."""
    assert read_roll_back(case_of(store, reported(store, tmp_path, WORLD, 5)), "web") is None
