"""Health checks, over HTTP and WSGI, with dependencies that fail and hang."""

import asyncio
import json
import threading
from collections.abc import Iterator
from time import monotonic

import httpx
import pytest

from lastgood_kit.health import Check, Health


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """What a hanging dependency waits for; set at the end."""
    event = threading.Event()
    yield event
    event.set()


def refused() -> None:
    """A dependency that is down."""
    raise ConnectionRefusedError("port 5432")


def test_all_works() -> None:
    """200, and each check says so."""
    status, document = Health([Check("database", lambda: None)], service="web", version="v1").report()

    assert (200, "pass", "pass", "v1") == (
        status, document["status"], document["checks"]["database"]["status"], document["version"],
    )  # fmt: skip


@pytest.mark.parametrize(("required", "word"), [(True, "fail"), (False, "warn")])
def test_degraded_is_503(required: bool, word: str) -> None:
    """Whatever the dependency; how bad it is stands in the document, with the reason."""
    checks = [Check("database", refused, required=required), Check("cache", lambda: True)]
    status, document = Health(checks).report()

    assert (503, word) == (status, document["status"])
    assert "ConnectionRefusedError: port 5432" == document["checks"]["database"]["reason"]
    assert "pass" == document["checks"]["cache"]["status"]


def test_a_dependency_that_hangs_is_given_up(released: threading.Event) -> None:
    """After the time-out; it is not asked again while it hangs, and another is not held up."""
    asked: list[int] = []

    def hang() -> None:
        asked.append(1)
        released.wait(10)

    health = Health([Check("slow", hang, timeout=0.05), Check("quick", lambda: None)])
    started = monotonic()
    first, second = health.report(), health.report()

    assert monotonic() - started < 5
    assert [(503, "fail", "pass")] * 2 == [
        (status, said["checks"]["slow"]["status"], said["checks"]["quick"]["status"])
        for status, said in (first, second)
    ]
    assert [1] == asked
    assert "no answer after" in first[1]["checks"]["slow"]["reason"]


def test_an_outcome_is_kept_for_a_while() -> None:
    """Many probes are one check; with nothing kept each is one."""
    asked: list[str] = []
    health = Health(
        [Check("a", lambda: asked.append("a"), keep=60), Check("b", lambda: asked.append("b"), keep=0)]
    )
    for _ in range(3):
        health.report()

    assert (1, 3) == (asked.count("a"), asked.count("b"))


def test_it_recovers() -> None:
    """A dependency that works again is seen to."""
    works = [False]
    health = Health([Check("database", lambda: works[0], keep=0)])
    before = health.report()[0]
    works[0] = True

    assert (503, 200) == (before, health.report()[0])


def test_over_http_and_wsgi() -> None:
    """The same document, not to be cached."""
    health = Health([Check("database", refused)])

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=health)
        async with httpx.AsyncClient(transport=transport, base_url="http://web") as client:
            return await client.get("/health")

    answer = asyncio.run(ask())
    reported: list[str] = []
    body = health.wsgi({}, lambda line, _: reported.append(line))  # type: ignore[arg-type, return-value]

    assert (503, "no-store") == (answer.status_code, answer.headers["cache-control"])
    assert ["503 Service Unavailable"] == reported
    assert "fail" == answer.json()["status"] == json.loads(body[0])["status"]


def test_secrets_of_an_error_are_not_shown() -> None:
    """Whoever may ask for the health of a service may not have its passwords."""

    def dead() -> None:
        raise OSError("cannot connect to postgres://app:hunter2@db/shop, password=hunter3")

    _, document = Health([Check("db", dead)]).report()

    assert "hunter" not in json.dumps(document)
    assert "cannot connect to postgres://" in document["checks"]["db"]["reason"]


def test_a_coroutine_is_no_check() -> None:
    """Nothing awaits it, so it would always pass."""

    async def dead() -> None:
        raise OSError

    assert 503 == Health([Check("db", dead)]).report()[0]
