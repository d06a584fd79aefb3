"""The way that requests take, over time: gaps by edge, and what follows what."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from cases import reported
from inspections.onset.drawn import GRID
from lastgood.inspections.onset.ways import _steps, own_series, step_series
from lastgood.inspections.onset.weights import ENOUGH_OF_WAY
from lastgood.model.evidence import Provenance
from lastgood.telemetry.reader import Rows
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import START

SHOP = """
scenario  a shop of two services
time      2026-11-18 13:00 .. 13:10
service   shop   instances=shop-1
service   stock  instances=stock-1
spans     shop "POST /order"  rate=3/s latency=10ms
"""


def test_the_gap_before_a_callee_is_a_series_of_its_own(store: Store, tmp_path: Path) -> None:
    """By edge, and no one's own time: the network to the stock takes 300 ms from the sixth minute on."""
    text = f'{SHOP}call shop "POST /order" -> stock Take latency=15ms network=1ms then network=300ms at 13:06'
    reported(store, tmp_path, text, 6)
    case, _ = investigate(store, now=START, only="onset")

    slow = [one for one in own_series(case) if one.operation == "Take → stock" and one.histogram is not None]

    assert slow
    later = np.arange(slow[0].grid.buckets) * slow[0].grid.step >= 360
    assert 0 == slow[0].observed[~later].sum()
    assert slow[0].observed[later].sum() > 0


def test_a_call_that_is_left_out_is_another_step(store: Store, tmp_path: Path) -> None:
    """From the sixth minute on an order ends without asking the stock: a share that was none becomes all."""
    text = f'{SHOP}call shop "POST /order" -> stock Take latency=15ms share=100% then share=0% at 13:06'
    reported(store, tmp_path, text, 6)
    case, _ = investigate(store, now=START, only="onset")

    (ends,) = [one for one in step_series(case) if one.service == "shop" and one.example == "\n"]

    later = np.arange(ends.grid.buckets) * ends.grid.step >= 360
    assert 0 == ends.observed[~later].sum()
    assert ends.observed[later].sum() == ends.exposure[later].sum() > 0


def test_a_way_that_hardly_any_request_takes_is_no_series() -> None:
    """From ENOUGH_OF_WAY of them on it is one."""
    ways = [("Take", ENOUGH_OF_WAY), ("Ask", ENOUGH_OF_WAY - 1)]
    rows = [
        {"service": "shop", "name": "Order", "after": "Pay", "then": then, "bucket": 3, "n": n}
        for then, n in ways
    ]
    found = _steps(Rows(pa.Table.from_pylist(rows), Provenance("", {}, None, 2, 0.0)), GRID)

    assert ["Pay\nTake"] == [one.example for one in found]
