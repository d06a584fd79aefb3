"""The story of an incident in real browsers: from the alert to the postmortem, seen by two people, on every kind of page."""

import time
from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from senders import alert, grpc_spans, send, shop
from servers import INGEST, PASSWORD, Server, now, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATIENCE = 60_000.0  # milliseconds
SOON = 10_000.0  # one second is the aim; a loaded machine may take longer
HEAVIEST = 200_000  # bytes of a page with all that it loads, before compression
WIDE = """[...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
  .map(one => `${one.tagName} ${one.className} ${one.textContent.slice(0, 60)}`).slice(0, 8)"""
SHIFTS = """
window.shifted = 0;
window.moved = [];
new PerformanceObserver(list => { for (const one of list.getEntries()) if (!one.hadRecentInput) {
  window.shifted += one.value;
  for (const from of one.sources) moved.push([from.node?.outerHTML?.slice(0, 120) ?? from.node?.data, JSON.stringify(from.previousRect), JSON.stringify(from.currentRect)]);
} })
  .observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("served")) as found:
        end = now()
        spans = shop(end - timedelta(minutes=30), end, end - timedelta(minutes=5), every=2.0)
        send(grpc_spans(found.grpc, INGEST), spans)
        found.post("/api/alerts", alert("CheckoutErrorRate", "checkout", end - timedelta(minutes=3)))
        yield found


@pytest.fixture(scope="module")
def people(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A browser that is logged in."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, timezone_id="Asia/Kolkata")
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.goto(f"{server.url}/login")
    page.fill("input[name=name]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.go")
    page.wait_for_url(f"{server.url}/")
    page.close()
    yield context
    context.close()


def room(people: BrowserContext, server: Server) -> Page:
    page = people.new_page()
    page.goto(f"{server.url}/incidents/1")
    page.wait_for_selector(".answer .v.yes", timeout=PATIENCE)
    return page


def test_the_story(people: BrowserContext, server: Server) -> None:
    """Answer, evidence, hypothesis, action, effect, update, end and postmortem; the other browser sees each entry."""
    wrong = list[str]()
    page = room(people, server)
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    other = room(people, server)
    other.focus("#note")
    other.evaluate("scrollTo(0, 120)")
    first = page.evaluate(
        "['#h-answer', '.now .act', '#changed', '#h-unknown'].map(one => document.querySelector(one).getBoundingClientRect().bottom)"
    )
    assert max(first) <= 800, first

    _rests_on_rows(page)
    _supposes(page, other)
    _acts(page)
    _informs(page)
    _ends(page, server)
    assert [] == wrong


def _rests_on_rows(page: Page) -> None:
    """A number leads to its claim and rows; run again it says what differs; Esc leads back to the number."""
    page.click(".answer .head a.ev >> nth=0")
    page.wait_for_selector(".drawer table.rows", timeout=SOON)
    assert "/evidence/" in page.url
    page.keyboard.press("r")
    page.wait_for_selector(".drawer [role=status]", timeout=PATIENCE)
    assert "Run again at" in page.inner_text(".drawer [role=status]")
    page.keyboard.press("Escape")
    page.wait_for_url("**/incidents/1")
    assert "ev" == page.evaluate("document.activeElement.className")


def _supposes(page: Page, other: Page) -> None:
    """A hypothesis is seen by the other, whose place and focus stay; checked, it is supported."""
    page.fill("#hypothesis", "The issuer ANZ declines")
    page.fill("#predictions", "fails(card.issuer=ANZ) > 50%")
    before = other.evaluate("[scrollY, document.activeElement.id]")
    started = time.monotonic()
    page.click("text='Add'")
    other.wait_for_selector("[data-show-entries]", timeout=SOON)
    assert time.monotonic() - started < SOON / 1000
    assert before == other.evaluate("[scrollY, document.activeElement.id]")
    page.click("text=Check all")
    page.wait_for_selector("#hypotheses h3 .v.likely", timeout=PATIENCE)


def _ends(page: Page, server: Server) -> None:
    """Resolved, with what the postmortem lacks; a part is written."""
    page.goto(f"{server.url}/incidents/1")
    page.click("text=Status and severity")
    page.select_option("#to", "resolved")
    page.fill("#because", "The issuer answers again")
    page.click("text='Record'")
    page.wait_for_selector("text=Write down what happened", timeout=SOON)
    page.click(".now a[href$=postmortem]")
    page.wait_for_selector("#missing .no")
    page.fill("#part-again", "Yes, until an alert watches declines by issuer.")
    page.locator("form:has(#part-again) button").click()
    page.wait_for_selector("text=Yes, until an alert watches", timeout=SOON)


def _acts(page: Page) -> None:
    """Start the first action, or one that a person thought of; measure what it does."""
    if page.locator(".now a.btn.go").count():
        page.click(".now a.btn.go")
        page.wait_for_selector(".drawer form", timeout=SOON)
        page.click(".drawer >> text=I do it by hand now")
    else:
        page.goto(f"{page.url.partition('#')[0]}/act?kind=failover&target=payments")
        page.click("text=I do it by hand now")
    page.wait_for_selector("text=Measure its effect", timeout=PATIENCE)
    page.click("#actions >> text=Measure its effect")
    page.wait_for_selector("#actions .part p.dim", timeout=PATIENCE)
    assert "effect measured" not in page.inner_text("#actions .part h3")


def _informs(page: Page) -> None:
    """What is vague is refused while it is typed; what is specific is sent."""
    page.fill("#field-doing", "We are looking into it")
    page.wait_for_selector("#checks .no", timeout=SOON)
    page.fill("#field-doing", "payments is failed over to the second acquirer, seen at 15:30 UTC")
    page.wait_for_selector("#checks button:has-text('Send to')", timeout=SOON)
    page.click("#checks button:has-text('Send to')")
    page.wait_for_selector("#timeline li:has-text('update to team')", timeout=SOON)


def test_a_note_is_kept_while_the_server_is_gone(people: BrowserContext, server: Server) -> None:
    """Shown as not sent, sent once when it is back; meanwhile nothing can be started."""
    page = room(people, server)
    page.route("**/*", lambda route: route.abort())
    page.fill("#note", "seen while away")
    page.click("text='Add note'")
    page.wait_for_selector("#unsent:has-text('seen while away')", timeout=SOON)
    page.unroute("**/*")
    page.reload()
    page.wait_for_selector("#timeline li:has-text('seen while away')", timeout=SOON)
    assert 1 == page.locator("#timeline li:has-text('seen while away')").count()
    assert not page.is_visible("#unsent")
    page.close()


def test_nothing_moves_and_pages_are_light(people: BrowserContext, server: Server) -> None:
    """No layout shift after the first paint; everything that a page loads is small."""
    page, weight = people.new_page(), list[int]()
    page.on(
        "response",
        lambda answer: (
            weight.append(len(answer.body())) if answer.ok and "/events" not in answer.url else None
        ),
    )
    page.goto(f"{server.url}/incidents/1")
    page.wait_for_selector(".answer .v")
    page.wait_for_timeout(1500)
    assert 0 == page.evaluate("shifted"), page.evaluate("moved")
    assert sum(weight) <= HEAVIEST, sum(weight)
    page.goto(f"{server.url}/logs/live")
    page.wait_for_selector("[data-tail-state]:has-text('Live.')", timeout=SOON)
    page.wait_for_timeout(500)
    assert 0 == page.evaluate("shifted"), page.evaluate("moved")
    page.close()


LATE = """data: {"answer": 99999, "entries": 99999, "phase": "running", "questions": 17, "answered": 3, "problem": ""}

"""


@pytest.mark.parametrize("size", [(1280, 800), (900, 800), (390, 844)])
def test_what_the_server_says_late_moves_nothing(
    people: BrowserContext, server: Server, size: tuple[int, int]
) -> None:
    """A newer answer, new entries and questions that are asked again have their places from the first paint."""
    room(people, server).close()  # there is an answer, so a later one is newer
    page = people.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.route(
        "**/events", lambda route: route.fulfill(status=200, content_type="text/event-stream", body=LATE)
    )
    page.goto(f"{server.url}/incidents/1")
    page.wait_for_selector("#newer:not([hidden])", timeout=SOON)
    page.wait_for_selector("[data-show-entries]", state="attached", timeout=SOON)
    page.evaluate("document.getElementById('gone').hidden = false")
    page.wait_for_timeout(500)

    page.wait_for_selector("#progress:has-text('asking again: 17 questions, 3 answered')", timeout=SOON)
    assert page.is_visible("#newer button")
    assert 0 == page.evaluate("shifted")
    page.close()


PAGES = (
    "/",
    "/incidents/1",
    "/incidents/1/at/now",
    "/incidents/1/postmortem",
    "/incidents/1/evidence/{evidence}",
    "/incidents/1/handover",
    "/incidents/1/update",
    "/incidents/1/act?kind=failover&target=payments",
    "/ask",
    "/nothing-is-here",
    "/changes",
    "/services",
    "/readiness",
    "/review",
    "/logs",
    "/logs/live",
    "/compare?by=card.issuer",
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(people: BrowserContext, server: Server, theme: Any) -> None:
    """On every kind of page, in both themes, and on a phone, where nothing scrolls sideways."""
    axe = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    page, found = people.new_page(), list[str]()
    page.emulate_media(color_scheme=theme)
    page.goto(f"{server.url}/incidents/1")
    evidence = page.locator(".answer a.ev").first.get_attribute("href")
    assert evidence is not None
    for size in ({"width": 1280, "height": 800}, {"width": 390, "height": 844}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for path in PAGES:
            page.goto(server.url + path.replace("{evidence}", evidence.rpartition("/")[2]))
            page.evaluate(axe)
            results = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
            found += [
                f"{path} {size['width']} {one['id']}: {node['html'][:140]}"
                for one in results["violations"]
                for node in one["nodes"][:3]
            ]
            assert size["width"] >= page.evaluate("document.documentElement.scrollWidth"), (
                path,
                page.evaluate(WIDE),
            )
    assert [] == found
    page.close()
