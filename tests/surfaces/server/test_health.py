"""Health: which check failed, and metrics that a scraper reads."""

import asyncio
from types import SimpleNamespace
from typing import Any

import orjson
from prometheus_client.parser import text_string_to_metric_families

from lastgood.errors import CannotRunError
from lastgood.surfaces.server.committer import Committer
from lastgood.surfaces.server.health import healthz, metrics, readyz
from lastgood.surfaces.server.keeping import Keeping
from lastgood.surfaces.server.pace import Pace


class Desk:
    """A desk whose store may be broken."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken
        self.service = SimpleNamespace(check_store=self.check, check_record=lambda: None)
        self.ports = {"otlp_grpc": True}
        self.closing = asyncio.Event()
        self.committer = Committer(lambda _: [])
        self.pace = Pace()
        self.keeping = Keeping(None, None, self.committer, None, free=7)  # type: ignore[arg-type] # only its counts are read

    def check(self) -> None:
        if self.broken:
            raise CannotRunError("the disk is gone")

    async def run(self, work: Any, *given: Any) -> Any:
        return work(*given)


def answered(work: Any, desk: Desk) -> tuple[int, bytes]:
    async def asked() -> tuple[int, bytes]:
        answer = await work(None, desk)
        return answer.status_code, bytes(answer.body)

    return asyncio.run(asked())


def test_it_is_ready_when_every_check_is_fine() -> None:
    """503 otherwise, with the check that failed; alive it is all the same."""
    assert 200 == answered(readyz, Desk())[0]
    status, body = answered(readyz, Desk(broken=True))

    assert 503 == status
    assert {"store": "cannot-run", "record": "ok", "otlp_grpc": "ok"} == orjson.loads(body)["checks"]
    assert 200 == answered(healthz, Desk(broken=True))[0]


def test_a_server_that_ends_is_not_ready() -> None:
    """So that nothing more is sent to it."""
    desk = Desk()
    desk.closing.set()

    assert 503 == answered(readyz, desk)[0]


def test_metrics_are_prometheus_text() -> None:
    """Every family has its type and help."""
    text = answered(metrics, Desk())[1].decode()
    found = {family.name: family for family in text_string_to_metric_families(text)}

    assert {"counter", "gauge", "histogram"} == {family.type for family in found.values()}
    assert all(family.documentation for family in found.values())
    assert 5 == len(found["lastgood_otlp_stored"].samples)
