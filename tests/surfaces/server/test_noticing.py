"""Noticing: in one event loop, beside everything else."""

import asyncio
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import apis
from apis import KEY, api
from lastgood.config import FileSink, Pagerduty, Settings
from lastgood.model.answers import SeverityLevel
from lastgood.model.entry import SeveritySet
from lastgood.surfaces.server.log import Log
from lastgood.surfaces.server.noticing import MOST_WAITING, Noticing
from lastgood.workbench.store import Store
from records import ticking
from rooms import room_in
from services import service_over
from workbench.test_announce import configured, row


async def until(noticing: Noticing, holds: Callable[[], bool]) -> None:
    """Run it until something holds, for five seconds at most."""
    running = asyncio.create_task(noticing.run())
    for _ in range(500):
        await asyncio.sleep(0.01)
        if holds():
            break
    running.cancel()


def test_what_is_decided_on_a_page_is_sent_at_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And reported in the log."""
    monkeypatch.setenv("K", KEY)
    stream = io.StringIO()
    with api(apis.pagerduty) as duty, service_over(store, tmp_path) as service:
        sink = Pagerduty(name="duty", key="$K", url=duty.url, allow=("127.0.0.1",))
        live = replace(service, config=replace(service.config, settings=Settings(sink=(sink,))))
        with room_in(tmp_path) as room:
            room.append(SeveritySet(SeverityLevel.SEV1, "all"))
        noticing = Noticing(live, Log(ticking(), stream))

        async def decided() -> None:
            noticing.wake()
            await until(noticing, lambda: "duty" in stream.getvalue())

        asyncio.run(decided())
    assert 1 == len(duty.taken)
    assert '"event": "page"' in stream.getvalue()


def test_accepted_changes_are_posted(store: Store, tmp_path: Path) -> None:
    """Whoever sent them does not wait; what is too much is reported, and dropped."""
    stream, path = io.StringIO(), tmp_path / "u.md"
    with service_over(store, tmp_path) as service:
        config: Any = configured(tmp_path, FileSink(name="file", path=str(path), changes=True))

        async def accepted() -> None:
            noticing = Noticing(replace(service, config=config), Log(ticking(), stream))
            noticing.accepted([{"Id": "of another shape"}])
            noticing.accepted([row()])
            await until(noticing, lambda: "deploy" in (path.read_text() if path.exists() else ""))
            for _ in range(MOST_WAITING + 1):
                noticing.accepted([row()])
            idle = Noticing(service, Log(ticking(), stream))
            idle.accepted([row()])
            assert idle.waiting.empty()

        asyncio.run(accepted())
    assert "payments v2.46.0" in path.read_text()
    assert "too many wait" in stream.getvalue()
    assert "KeyError" in stream.getvalue()
