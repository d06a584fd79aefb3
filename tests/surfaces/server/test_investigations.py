"""Investigations beside each other: waiting, running, cancelled, resumed; on one server and on two."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

import postgres
from lastgood.incidents.claims import Claims
from lastgood.incidents.database import open_database
from lastgood.incidents.record import open_record
from lastgood.model.entry import Opened, Triaged
from lastgood.surfaces.server.investigations import Investigations, Phase
from lastgood.surfaces.server.log import Log
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from senders import alert, grpc_spans, send, shop
from servers import INGEST, Server, now, serving, until
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
        await every.cancel(1)
        await asyncio.wait_for(one.task, 10)
        await every.start(1)
        assert one.task is not None
        await asyncio.wait_for(every.close(), 20)

    asyncio.run(work())


def test_what_another_server_has_is_left_to_it(service: Service) -> None:
    """Until that one lets go; a cancellation there holds here."""

    async def work() -> None:
        every, other = Investigations(service, lambda _: b"{}", Log(service.clock)), _other(service)
        assert other.take(1)
        await every.start(1)
        task = every.of(1).task
        assert task is not None
        await asyncio.wait_for(task, 10)
        assert not every.of(1).problem
        other.release()
        other.cancel(1)
        await every.resume()
        await asyncio.wait_for(_task(every), 10)
        assert not every.of(1).problem
        await every.start(1)
        for _ in range(200):
            if every.of(1).problem:
                break
            await asyncio.sleep(0.05)
        assert every.of(1).problem
        await asyncio.wait_for(every.close(), 20)
        assert other.take(1)

    asyncio.run(work())


def _task(every: Investigations) -> "asyncio.Task[None]":
    task = every.of(1).task
    assert task is not None
    return task


def _other(service: Service) -> Claims:
    return Claims(open_database(service.config.record), "another server")


@pytest.mark.slow
def test_two_servers_open_one_room_and_the_other_goes_on_when_one_is_killed(tmp_path: Path) -> None:
    """One alert is delivered to both at once. The record is shared; each has a store of its own."""
    with postgres.cluster() as folder:
        shared = {"LASTGOOD_RECORD": postgres.new_database(folder)}
        with serving(tmp_path / "one", shared) as one, serving(tmp_path / "other", shared) as other:
            both, end = (one, other), now()
            spans = shop(end - timedelta(minutes=30), end, end - timedelta(minutes=5), every=2.0)
            for server in both:
                send(grpc_spans(server.grpc, INGEST), spans)
            fired = alert("CheckoutErrorRate", "checkout", end - timedelta(minutes=3))
            with ThreadPoolExecutor(2) as pool:
                answers = pool.map(lambda server: server.post("/api/alerts", fired).json()["incidents"], both)
                assert [[1], [1]] == list(answers)
            until(lambda: _looks(one) + _looks(other), 90)
            with open_record(shared["LASTGOOD_RECORD"], now) as record:
                entries = record.entries(1)
            assert 1 == sum(isinstance(entry.payload, Opened) for entry in entries)
            assert 1 == sum(isinstance(entry.payload, Triaged) for entry in entries)
            assert 1 == sum("fires, since" in str(entry.payload) for entry in entries)
            assert {True, False} == {bool(_looks(server)) for server in both}

            holder, rest = both if _looks(one) else both[::-1]
            holder.process.kill()
            holder.process.wait(30)
            until(lambda: _looks(rest), 120)


def _looks(server: Server) -> int:
    """How many investigations it has ended."""
    return sum('"event": "investigation"' in line for line in server.said)
