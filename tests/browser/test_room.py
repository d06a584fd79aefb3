"""The page in a real browser: log in, see the answer come, read it without JavaScript, keep it while the server is gone."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from senders import alert, grpc_spans, send, shop
from servers import INGEST, PASSWORD, Server, now, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 60_000.0  # milliseconds


def logged_in(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.url}{path}")
    page.fill("input[name=name]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.go")
    page.wait_for_url(f"{server.url}{path}")


def test_the_answer_comes_to_a_page_that_is_open(browser: Browser, tmp_path: Path) -> None:
    """Log in, open the room before there is an answer, watch it come; nothing is blocked by the policy."""
    with serving(tmp_path) as server:
        end = now()
        spans = shop(end - timedelta(minutes=30), end, end - timedelta(minutes=5), every=2.0)
        send(grpc_spans(server.grpc, INGEST), spans)
        server.post("/api/alerts", alert("CheckoutErrorRate", "checkout", end - timedelta(minutes=3)))
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page, wrong = context.new_page(), list[str]()
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        logged_in(page, server, "/incidents/1")
        page.wait_for_selector(".answer .v.yes", timeout=PATIENCE)
        assert "of requests to web /checkout fail" in page.inner_text("#h-answer")
        assert "issuer=ANZ" in page.inner_text(".who")
        assert 3 == page.locator(".chart svg").count()
        assert [] == wrong

        phone = browser.new_context(
            viewport={"width": 390, "height": 844},
            java_script_enabled=False,
            storage_state=context.storage_state(),
        ).new_page()
        phone.goto(f"{server.url}/incidents/1")
        assert "Confirmed" in phone.inner_text(".answer")

        server.process.kill()
        page.wait_for_selector("#gone:visible", timeout=PATIENCE)
        assert "of requests to web /checkout fail" in page.inner_text("#h-answer")


def test_nothing_scrolls_sideways_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    """Neither the list nor a room with a long title; the theme can be changed and stays."""
    with serving(tmp_path) as server:
        name = "CheckoutErrorRateOfTheWholeShopInAllRegionsIsFarTooHighForTheAgreedObjective" * 2
        server.post("/api/alerts", alert(name, "checkout", now()))
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        logged_in(page, server, "/")
        for path in ("/", "/incidents/1"):
            page.goto(f"{server.url}{path}")
            assert 390 >= page.evaluate("document.documentElement.scrollWidth"), path
        page.click("[data-theme-toggle]")
        chosen = page.evaluate("document.documentElement.dataset.theme")
        page.reload()
        assert chosen == page.evaluate("document.documentElement.dataset.theme")
        assert chosen in {"dark", "light"}
