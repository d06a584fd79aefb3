"""Which windows are compared, and which systems are there."""

from datetime import timedelta
from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.inspections.trouble.looked import Looked, compared
from lastgood.inspections.trouble.weights import LOOKED_SHARE
from lastgood.model.trouble import System, TroublesAsked
from lastgood.workbench.store import Store

TEXT = """
scenario  a shop
seed      3
time      2026-11-20 10:00 .. 10:10
service   orders    instances=o-1
spans     orders "POST /order"  rate=1/s latency=8ms
call      orders "POST /order" -> redis GET external latency=2ms
metric    db pg_stat_activity_count every=10s level=4
metric    db pg_settings_max_connections every=10s level=100
"""


@pytest.mark.slow
def test_without_an_incident_the_end_is_compared_with_what_is_before(store: Store, tmp_path: Path) -> None:
    """The windows of an incident stay."""
    windows = reported(store, tmp_path, TEXT, 5)
    split = compared(case_of(store, None)).comparison
    assert split is not None

    assert windows == compared(case_of(store, windows)).comparison
    assert abs(split.bad.length - LOOKED_SHARE * split.hull.length) < timedelta(seconds=1)
    assert split.good.end == split.bad.start


@pytest.mark.slow
def test_systems_are_known_by_calls_and_metrics(store: Store, tmp_path: Path) -> None:
    """Redis is called, PostgreSQL reports metrics, and one was asked; MySQL is not there."""
    reported(store, tmp_path, TEXT, 5)

    assert {System.REDIS, System.POSTGRESQL} == Looked(case_of(store, None), TroublesAsked()).systems
    assert {System.MYSQL} == Looked(None, TroublesAsked(databases={System.MYSQL: "shop"})).systems
