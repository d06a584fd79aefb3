"""Investigations beside each other: waiting, running, cancelled, resumed."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from lastgood.model.entry import Opened
from lastgood.surfaces.server.investigations import Investigations, Phase
from lastgood.surfaces.server.log import Log
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from services import service_over


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Iterator[Service]:
    with service_over(store, tmp_path) as opened:
        opened.record.open(Opened("checkout fails"), actor="alert")
        yield opened


def test_without_data_it_says_so_and_tries_again_until_it_is_cancelled(service: Service) -> None:
    """A room that was opened before the first span came is not given up."""

    async def work() -> None:
        every = Investigations(service, lambda _: b"{}", Log(service.clock))
        assert Phase.IDLE == every.of(1).phase
        await every.resume()
        one = every.of(1)
        for _ in range(200):
            if one.problem:
                break
            await asyncio.sleep(0.05)
        assert "There are no logs, spans or metrics to look at." == one.problem
        assert one.task is not None
        assert not one.task.done()
        every.cancel(1)
        await asyncio.wait_for(one.task, 10)
        every.start(1)
        assert one.task is not None
        await asyncio.wait_for(every.close(), 20)

    asyncio.run(work())
