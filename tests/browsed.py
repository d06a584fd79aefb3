"""An incident in a server for tests of pages: a shop that fails for one issuer, its changes, logs and metrics; and who reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from senders import alert, gauge, grpc_spans, send, shop
from servers import INGEST, PASSWORD, Server, now, serving

PATIENCE, SOON = 60_000.0, 10_000.0  # milliseconds
CHANGES = ((25.0, "deploy", "checkout", "v2.46"), (5.2, "feature_flag", "payments", "acquirer"))
WIDE = """[...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1
  && !one.closest('.scroll, .charts, .tabs')).map(one => `${one.tagName} ${one.className} ${one.textContent.slice(0, 60)}`).slice(0, 8)"""


@contextmanager
def broken_shop(folder: Path) -> Iterator[Server]:
    """The server, with incident 1."""
    with serving(folder) as server:
        end = now()
        spans = shop(end - timedelta(minutes=30), end, end - timedelta(minutes=5), every=2.0)
        send(grpc_spans(server.grpc, INGEST), spans)
        used = [(end - timedelta(minutes=n / 3), 0.97 if n < 15 else 0.4) for n in range(90)]
        body = gauge("payments", "process.cpu.utilization", "1", used)
        assert 200 == server.otlp_post("/v1/metrics", body, "application/json").status_code
        for minutes, kind, service, version in CHANGES:
            at = (end - timedelta(minutes=minutes)).isoformat()
            change = {"time": at, "kind": kind, "service": service, "version": version}
            assert 1 == server.post("/api/changes", change).json()["stored"]
        server.post("/api/alerts", alert("CheckoutErrorRate", "checkout", end - timedelta(minutes=3)))
        yield server


def reader(browser: Browser, server: Server) -> BrowserContext:
    """A browser that is logged in."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{server.url}/login")
    page.fill("input[name=name]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.go")
    page.wait_for_url(f"{server.url}/")
    page.close()
    return context


def room(people: BrowserContext, server: Server) -> Page:
    """The page of the incident, answered."""
    page = people.new_page()
    page.goto(f"{server.url}/incidents/1")
    page.wait_for_selector(".answer .v.yes", timeout=PATIENCE)
    return page
