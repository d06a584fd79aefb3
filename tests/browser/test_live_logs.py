"""Logs as they come in, in a real browser: soon, held while a person reads, bounded, and ended by log-out."""

import json
from collections.abc import Iterator
from datetime import datetime
from statistics import median
from time import monotonic
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from browsed import PATIENCE, SOON, broken_shop, reader
from lastgood.model.clock import to_nanoseconds
from servers import Server, now

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BEHIND = 3.0  # seconds, on a loaded machine; alone it is below one


def log(server: Server, *bodies: str, service: str = "payments", at: datetime | None = None) -> None:
    """Send lines as OTLP; they are stored when this returns."""
    time = to_nanoseconds(at or now())
    lines = [
        {
            "timeUnixNano": str(time + n),
            "severityNumber": 17,
            "severityText": "ERROR",
            "body": {"stringValue": body},
        }
        for n, body in enumerate(bodies)
    ]
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    sent = {"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": lines}]}]}
    assert 200 == server.otlp_post("/v1/logs", json.dumps(sent).encode(), "application/json").status_code


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with broken_shop(tmp_path_factory.mktemp("served")) as found:
        log(found, "the first line")
        yield found


@pytest.fixture
def people(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    context = reader(browser, server)
    yield context
    context.close()


def live(people: BrowserContext, server: Server, query: str = "") -> Page:
    page = people.new_page()
    page.goto(f"{server.url}/logs/live?q={query}")
    page.wait_for_selector("[data-tail-state]:has-text('Live.')", timeout=PATIENCE)
    return page


def test_lines_come_soon_and_only_those_asked_for(people: BrowserContext, server: Server) -> None:
    """Within a second of being stored; what looks like markup is text, and what is redacted stays so."""
    page = live(people, server, "service:payments")
    took = list[float]()
    for n in range(5):
        started = monotonic()
        log(server, f"declined {n} <img src=x> card 4111 1111 1111 1111")
        page.wait_for_selector(f"[data-tail] >> text=declined {n}", timeout=SOON)
        took.append(monotonic() - started)
    assert median(took) < BEHIND, took
    log(server, "of another service", service="web")
    log(server, "the last one")
    page.wait_for_selector("[data-tail] >> text=the last one", timeout=SOON)
    text = page.inner_text("[data-tail]")
    assert "of another service" not in text
    assert "4111 1111 1111 1111" not in text
    assert 1 == text.count("declined 1")
    assert 0 == page.locator("[data-tail] img").count()
    page.goto(str(page.get_attribute("[data-permalink]", "href")))  # the same lines in absolute times
    assert {"from", "to"} <= parse_qs(urlsplit(page.url).query).keys()
    assert "the last one" in page.inner_text(".lines")
    page.close()


def test_nothing_moves_while_it_is_read(people: BrowserContext, server: Server) -> None:
    """Paused, or with a line open, new ones wait; resumed, they are shown, and the page keeps 500."""
    page = live(people, server)
    log(server, "before the pause")
    page.wait_for_selector("[data-tail] >> text=before the pause", timeout=SOON)
    page.focus("[data-pause]")
    page.keyboard.press("Enter")
    log(server, "during the pause")
    page.wait_for_selector("[data-tail-count]:has-text('1 new lines wait')", timeout=SOON)
    assert "during the pause" not in page.inner_text("[data-tail]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-tail] >> text=during the pause", timeout=SOON)

    page.click("[data-tail] summary >> nth=-1")
    log(server, "while one is open")
    page.wait_for_selector("[data-tail-state]:has-text('Held')", timeout=SOON)
    page.click("[data-tail] summary >> nth=-1")
    page.focus("[data-pause]")
    page.wait_for_selector("[data-tail] >> text=while one is open", timeout=SOON)

    for batch in range(4):
        log(server, *(f"many {batch} {n}" for n in range(180)))
        page.wait_for_selector(f"[data-tail] >> text='many {batch} 179'", timeout=SOON)
    assert 500 == page.locator("[data-tail] > li").count()
    page.close()


def test_log_out_ends_it(people: BrowserContext, server: Server) -> None:
    """The page says so, and gets nothing more."""
    page = live(people, server)
    other = people.new_page()
    other.goto(server.url)
    other.click("text=log out")
    page.wait_for_selector("[data-tail-state]:has-text('You are logged out')", timeout=PATIENCE)
    log(server, "after the log-out")
    page.wait_for_timeout(1500)
    assert "after the log-out" not in page.inner_text("[data-tail]")


def test_a_wrong_query_is_said(people: BrowserContext, server: Server) -> None:
    """As on the page of lines."""
    page = people.new_page()
    page.goto(f"{server.url}/logs/live?q=servis:web")
    assert "The query was not understood" in page.inner_text("main")
    page.close()
