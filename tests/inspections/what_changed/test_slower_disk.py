"""Disks that are busy with the work that they did before with ease."""

from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.inspections.what_changed.slower_disk import slower_disks
from lastgood.inspections.what_changed.weights import (
    DISK_BUSIER,
    DISK_NEVER_IDLE,
    DISK_SAME_WORK,
    DISK_SLOWER,
)
from lastgood.workbench.store import Store

WORLD = """scenario  a disk
time      2026-11-20 06:00 .. 07:00
seed      4

service   store-1 instances=s-1
metric    store-1 system.disk.busy.utilization unit=1 system.device=sda level={before} noise=0% every=30s then level={now} at 06:30
metric    store-1 system.disk.operations unit=/s system.device=sda level=100 noise=0% every=30s then level={work} at 06:30
metric    store-1 system.disk.busy.utilization unit=1 system.device=sdb level=0.1 noise=0% every=30s
metric    store-1 system.disk.operations unit=/s system.device=sdb level=100 noise=0% every=30s then level=300 at 06:30
"""
USUAL, BUSY, SAME = 0.1, float(DISK_NEVER_IDLE) + 0.01, 100 * float(DISK_SAME_WORK) - 1


@pytest.mark.parametrize(
    ("before", "now", "work", "slower"),
    [
        (USUAL, BUSY, SAME, True), (USUAL, BUSY - 0.02, SAME, False), (USUAL, BUSY, SAME + 2, False),
        (BUSY / DISK_BUSIER + 0.01, BUSY, SAME, False),
    ],
)  # fmt: skip
def test_a_disk_at_its_limit_by_the_same_work_is_slower(
    store: Store, tmp_path: Path, before: float, now: float, work: float, slower: bool
) -> None:
    """More work, less than its limit, or hardly more than before is no fault of the disk; each device by itself."""
    given = reported(store, tmp_path, WORLD.format(before=before, now=now, work=work), 30)
    found = list(slower_disks(case_of(store, given), ["store-1"]))

    assert ([DISK_SLOWER] if slower else []) == [reason.row for reason in found]
    assert [] == list(slower_disks(case_of(store, given), ["web"]))
