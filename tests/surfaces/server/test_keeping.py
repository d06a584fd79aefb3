"""Retention as the server does it: counted, said, and a full disk stops intake."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.config import Retention
from lastgood.model.signal import Signal
from lastgood.surfaces.server.committer import Committer, FullError
from lastgood.surfaces.server.keeping import Keeping
from lastgood.surfaces.server.log import Log
from lastgood.workbench.receive import Body
from lastgood.workbench.retention import Limits, limits_of
from lastgood.workbench.store import Store
from lives import NOW, after, write_lines
from services import service_over


def looked(store: Store, folder: Path, limits: Limits) -> tuple[Keeping, str]:
    said = io.StringIO()
    with service_over(store, folder, lambda: NOW) as service:
        keeping = Keeping(service, limits, Committer(lambda _: []), Log(service.clock, said))
        asyncio.run(keeping.look())
    return keeping, said.getvalue()


def test_what_goes_is_counted_and_in_the_log(store: Store, tmp_path: Path) -> None:
    """Rows and bytes by signal, with the reason."""
    write_lines(store, (NOW - timedelta(days=60), "web", 9, "old"), (after(0), "web", 9, "new"))
    keeping, said = looked(store, tmp_path, limits_of(Retention(logs="7d")))

    assert (1, 0) == (keeping.rows[Signal.LOGS], keeping.rows[Signal.SPANS])
    assert keeping.size[Signal.LOGS] > 0
    assert '"because": "older than 7' in said
    assert not keeping.committer.full


def test_a_full_disk_stops_intake_until_there_is_space(store: Store, tmp_path: Path) -> None:
    """The record needs the rest of it; senders come again."""
    keeping, said = looked(store, tmp_path, Limits(limits_of(Retention()).keep, 10**18))
    assert keeping.committer.full
    assert "disk full" in said
    with pytest.raises(FullError):
        asyncio.run(keeping.committer.commit(Body(Signal.LOGS, b"")))
    keeping, _ = looked(store, tmp_path, limits_of(Retention()))
    assert not keeping.committer.full
