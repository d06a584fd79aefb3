"""Data that arrive shortly before code fails on them."""

from datetime import timedelta
from pathlib import Path

import pytest

from cases import case_of, reported
from inspections.scenes import ONSET, SCENE
from lastgood.inspections.what_changed.data_arrived import data_arrived
from lastgood.inspections.what_changed.weights import (
    DATA_ARRIVED_BEFORE,
    DATA_HALF_LIFE,
    DATA_PUBLISHED,
    DATA_RARE,
    DATA_WARNED,
)
from lastgood.model.judgement import Reason
from lastgood.workbench.store import Store

WORLD = f"""
scenario  data that arrive
seed      5
time      {ONSET - timedelta(minutes=50):%Y-%m-%d %H:%M} .. {ONSET + timedelta(minutes=10):%H:%M}
logs      shop info "served" rate=1/s
"""


def near(store: Store, folder: Path, lines: str) -> list[Reason]:
    """What tells of data."""
    return list(data_arrived(case_of(store, reported(store, folder, WORLD + lines, 50)), SCENE))


def once(what: str, minutes: float, times: int = 1) -> str:
    """A line of the scenario that comes so often, within a minute, so many minutes before the onset."""
    begin = ONSET - timedelta(minutes=minutes)
    end = begin + timedelta(minutes=1)
    return f"logs      {what} rate=0/s then rate={times}/min at {begin:%H:%M:%S} then rate=0/s at {end:%H:%M:%S}\n"


PUBLISH = 'cms info "done" http.request.method={} url.path={} http.response.status_code={}'
WARNED = 'feeds warn "column vpe is empty in all rows"'


@pytest.mark.parametrize(
    ("method", "path", "status", "minutes", "times", "told"),
    [
        ("POST", "/admin/tables/57/publish", 302, 3, 1, True),
        ("POST", "/admin/tables/57/publish", 422, 3, 1, False),
        ("GET", "/admin/tables/57/publish", 200, 3, 1, False),
        ("POST", "/basket/57/items", 200, 3, 1, False),
        ("POST", "/admin/import", 200, DATA_ARRIVED_BEFORE / timedelta(minutes=1) + 3, 1, False),
        ("POST", "/admin/import", 200, 3, 4 * DATA_RARE, False),
    ],
)
def test_a_request_that_publishes_data_is_told(
    store: Store,
    tmp_path: Path,
    method: str,
    path: str,
    status: int,
    *,
    minutes: float,
    times: int,
    told: bool,
) -> None:
    """A rare one that succeeded shortly before the onset."""
    found = near(store, tmp_path, once(PUBLISH.format(method, path, status), minutes, times))

    assert ([DATA_PUBLISHED] if told else []) == [reason.row for reason in found]


def test_a_warning_of_an_importer_is_told(store: Store, tmp_path: Path) -> None:
    """Lighter, the longer ago."""
    (found,) = near(store, tmp_path, once(WARNED, 4, 3))

    assert found.row is DATA_WARNED
    assert found.ratio <= DATA_WARNED * 0.5 ** (timedelta(minutes=2.9) / DATA_HALF_LIFE)


def test_an_importer_that_warns_all_the_time_is_no_news(store: Store, tmp_path: Path) -> None:
    """What comes oftener comes without harm."""
    assert [] == near(store, tmp_path, once(WARNED, 4, 6 * DATA_RARE))
