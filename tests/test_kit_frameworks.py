"""The kit under real frameworks: ids in and out, fields on lines, one report of an error, an honest health check."""

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import django
import httpx
import pytest
from celery import Celery, Task
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from fastapi import FastAPI
from flask import Flask

from lastgood_kit import context, logs
from lastgood_kit.boundary import boundary
from lastgood_kit.edge import Edge, WsgiEdge
from lastgood_kit.health import Check, Health

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADERS = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "x-request-id": "order-7"}
HEALTH = Health([Check("database", lambda: False)], service="payments")
log = logging.getLogger("shop.payments")
Ask = Callable[[str], httpx.Response]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged."""
    stream = io.StringIO()
    handler = logs.set_up("payments", "v2", stream=stream)
    yield stream
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)


def pay() -> str:
    """What a view does: bind its user, log, and answer with the trace that is at hand."""
    with context.bound(**{"user.id": "u1"}):
        log.info("charging")
    return context.ids()[0]


def fail() -> str:
    """A view that breaks."""
    with boundary("charge card", issuer="ANZ"):
        raise ZeroDivisionError


def by_asgi(app: Any) -> Ask:
    """Ask an ASGI application."""

    async def ask(where: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://web") as client:
            return await client.get(where, headers=HEADERS)

    return lambda where: asyncio.run(ask(where))


def by_wsgi(app: Any) -> Ask:
    """Ask a WSGI application."""

    def ask(where: str) -> httpx.Response:
        transport = httpx.WSGITransport(app=app, raise_app_exceptions=False)
        with httpx.Client(transport=transport, base_url="http://web") as client:
            return client.get(where, headers=HEADERS)

    return ask


def fastapi() -> Ask:
    """FastAPI under the middleware, its health check mounted."""
    app = FastAPI()
    app.get("/pay")(pay)
    app.get("/fail")(fail)
    app.mount("/health", HEALTH)
    return by_asgi(Edge(app))


def flask() -> Ask:
    """Flask, whose own handling of errors lets them through to the middleware."""
    app = Flask("shop")
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.add_url_rule("/pay", "pay", pay)
    app.add_url_rule("/fail", "fail", fail)
    app.add_url_rule("/health", "health", lambda: HEALTH.wsgi)
    app.wsgi_app = WsgiEdge(app.wsgi_app)  # type: ignore[method-assign]
    return by_wsgi(app)


def _django() -> None:
    if not settings.configured:
        views = {"pay": lambda _: HttpResponse(pay()), "fail": lambda _: fail(), "health": _django_health}
        urls: Any = ModuleType("urls")
        urls.urlpatterns = [path(name, view) for name, view in views.items()]
        settings.configure(ROOT_URLCONF=urls, ALLOWED_HOSTS=["web"], LOGGING_CONFIG=None)
        django.setup()


def _django_health(_: HttpRequest) -> HttpResponse:
    status, document = HEALTH.report()
    return HttpResponse(json.dumps(document), "application/health+json", status)


def django_asgi() -> Ask:
    """Django's ASGI application."""
    _django()
    return by_asgi(Edge(get_asgi_application()))


def django_wsgi() -> Ask:
    """Django's WSGI application."""
    _django()
    return by_wsgi(WsgiEdge(get_wsgi_application()))


FRAMEWORKS = (fastapi, flask, django_asgi, django_wsgi)


def parsed(lines: io.StringIO, *loggers: str) -> list[dict[str, Any]]:
    """The lines of some loggers."""
    return [one for one in map(json.loads, lines.getvalue().splitlines()) if one["logger"] in loggers]


@pytest.mark.parametrize("made", FRAMEWORKS, ids=lambda one: one.__name__)
def test_ids_and_fields_go_through(made: Callable[[], Ask], lines: io.StringIO) -> None:
    """The view sees the trace of the caller, the answer names the request, each line has both and the view's fields."""
    answer = made()("/pay")

    assert (200, "order-7") == (answer.status_code, answer.headers["x-request-id"])
    assert TRACE in answer.text
    own, access = parsed(lines, "shop.payments", "lastgood_kit.edge")
    assert ("charging", "u1", TRACE) == (own["message"], own["user.id"], own["trace_id"])
    assert (200, "/pay", "order-7") == (
        access["http.response.status_code"],
        access["url.path"],
        access["request.id"],
    )


@pytest.mark.parametrize("made", FRAMEWORKS, ids=lambda one: one.__name__)
def test_an_error_is_reported_once_with_its_context(made: Callable[[], Ask], lines: io.StringIO) -> None:
    """By the boundary; the answer is a 500 that names the request, and the access line says so."""
    answer = made()("/fail")

    assert (500, "order-7") == (answer.status_code, answer.headers["x-request-id"])
    boundaries = parsed(lines, "lastgood_kit.boundary")
    assert [("charge card failed", "ANZ", TRACE)] == [
        (one["message"], one["issuer"], one["trace_id"]) for one in boundaries
    ]
    assert [("ERROR", 500)] == [
        (one["level"].upper(), one["http.response.status_code"]) for one in parsed(lines, "lastgood_kit.edge")
    ]


@pytest.mark.parametrize("made", FRAMEWORKS, ids=lambda one: one.__name__)
def test_a_broken_dependency_is_a_503(made: Callable[[], Ask]) -> None:
    """It names the check."""
    answer = made()("/health" if made is not fastapi else "/health/")

    assert 503 == answer.status_code
    assert "database" in answer.text


def test_the_request_goes_on_in_a_celery_task(lines: io.StringIO) -> None:
    """Its ids travel as headers of the message; an error of the task is reported with them."""

    class Traced(Task):  # type: ignore[misc] # Celery has no types
        """The base class of the how-to."""

        def __call__(self, *given: Any, **named: Any) -> Any:
            headers = self.request.headers or {}
            arrived = context.arriving(headers.get("traceparent", ""), headers.get("x-request-id", ""))
            with context.serving(arrived), boundary(self.name):
                return super().__call__(*given, **named)

    app = Celery("shop", broker="memory://", backend="cache+memory://", task_cls=Traced)
    app.conf.worker_hijack_root_logger = False  # else the lines of tasks are not the kit's

    @app.task(name="charge")  # type: ignore[untyped-decorator]
    def charge(amount: int) -> list[object]:
        return [pay(), amount]

    @app.task(name="refund")  # type: ignore[untyped-decorator]
    def refund() -> None:
        raise ZeroDivisionError

    with start_worker(app, perform_ping_check=False, pool="solo", loglevel="info"):
        with context.serving(context.arriving(HEADERS["traceparent"], "order-7")):
            first = charge.apply_async((5,), headers=context.outgoing())
            second = refund.apply_async(headers=context.outgoing())
        assert [TRACE, 5] == first.get(timeout=20)
        with pytest.raises(ZeroDivisionError):
            second.get(timeout=20)

    assert [(TRACE, "order-7")] == [
        (one["trace_id"], one["request.id"]) for one in parsed(lines, "shop.payments")
    ]
    assert [("refund failed", "order-7")] == [
        (one["message"], one["request.id"]) for one in parsed(lines, "lastgood_kit.boundary")
    ]
