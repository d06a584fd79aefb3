"""Pages at 200 % zoom and on a phone: nothing is beside the screen or over something else, and what is to be done is on the first."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from browsed import WIDE, broken_shop, reader, room
from servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PATHS = (
    "/",
    "/incidents/1",
    "/incidents/1/at/now",
    "/incidents/1/postmortem",
    "/changes",
    "/services",
    "/logs",
    "/review",
    "/compare?by=card.issuer",
)
SIZES = {"200 %": (640, 400, 2.0), "phone": (390, 844, 3.0)}
# Texts of different elements whose boxes lie on each other, outside of what scrolls by itself and of what floats.
OVERLAPS = """() => {
  const floats = one => { for (let at = one; at; at = at.parentElement) if (['fixed', 'sticky'].includes(getComputedStyle(at).position)) return true; return false; };
  const found = [], boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !parent.checkVisibility({ visibilityProperty: true }) || parent.closest('.vh, .skip, svg, .plot, dialog, .scroll, thead') || floats(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) boxes.push([box, parent, text.data.trim().slice(0, 30)]);
  }
  for (const [a, one, said] of boxes) for (const [b, other, more] of boxes) {
    if (one === other || one.contains(other) || other.contains(one)) continue;
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 2 && high > 6) found.push(`${said} | ${more}`);
  }
  return found.slice(0, 6);
}"""
# Texts that are wider than their box, which hides the rest.
CUT = """() => [...document.querySelectorAll('main *, header *')].filter(one => one.offsetParent && one.scrollWidth > one.clientWidth + 1
  && ['hidden', 'clip'].includes(getComputedStyle(one).overflowX) && !one.closest('.vh, thead') && one.clientWidth > 1)
  .map(one => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 40)}`).slice(0, 6)"""

# Words of at most 24 letters that stand on two lines.
BROKEN = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) for (const word of walker.currentNode.data.matchAll(/[A-Za-z]{2,24}/g)) {
    const range = document.createRange();
    range.setStart(walker.currentNode, word.index);
    range.setEnd(walker.currentNode, word.index + word[0].length);
    if (new Set([...range.getClientRects()].filter(box => box.width).map(box => Math.round(box.top))).size > 1) found.push(word[0]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with broken_shop(tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture(scope="module")
def people(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    context = reader(browser, server)
    room(context, server).close()  # there is an answer
    yield context
    context.close()


@pytest.mark.parametrize("name", SIZES)
def test_nothing_is_cut_or_covered(
    browser: Browser, people: BrowserContext, server: Server, name: str
) -> None:
    """Every page fits its width; no text lies on another, and none is cut."""
    wide, high, scale = SIZES[name]
    state: Any = people.storage_state()
    narrow = browser.new_context(
        viewport={"width": wide, "height": high}, device_scale_factor=scale, storage_state=state
    )
    page = narrow.new_page()
    for path in PATHS:
        page.goto(server.url + path)
        assert wide >= page.evaluate("document.documentElement.scrollWidth"), (path, page.evaluate(WIDE))
        assert [] == page.evaluate(WIDE), path
        assert [] == page.evaluate(OVERLAPS), path
        assert [] == page.evaluate(CUT), path
    narrow.close()


@pytest.mark.parametrize("size", [(1280, 800), (768, 900), (390, 844)])
def test_no_word_is_broken(people: BrowserContext, server: Server, size: tuple[int, int]) -> None:
    """A column is as wide as its longest word; a title goes onto a line of its own."""
    page = people.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    found = {}
    for path in (*PATHS, "/readiness"):
        page.goto(server.url + path)
        found[path] = page.evaluate(BROKEN)
    page.close()
    assert {} == {path: words for path, words in found.items() if words}


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_what_to_do_is_on_the_first_screen(
    people: BrowserContext, server: Server, size: tuple[int, int]
) -> None:
    """The one action with its button and the one not to take stand whole above the fold and above the bar of the thumb."""
    page = people.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{server.url}/incidents/1")
    fold = _top(page, ".thumb") or size[1]
    for selector in (".now .act", ".now .btn.go", ".now .dont"):
        box = page.locator(selector).bounding_box()
        assert box is not None, selector
        assert box["y"] >= 0
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0], selector
        assert box["y"] + box["height"] <= fold, (selector, box, fold)
    page.close()


def _top(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    return box["y"] if box else 0.0


def test_the_map_of_services_scrolls_by_itself(people: BrowserContext, server: Server) -> None:
    """By keys too; each failing pair is in the table beside, in words."""
    page = people.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}/services")
    page.focus("[aria-label='Map of services']")
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('[aria-label=\"Map of services\"]').scrollLeft > 0")
    assert page.locator(".map .failing").count() == page.locator("tr.is-failing").count() > 0
    assert "checkout calls payments" in page.inner_text("tr.is-failing >> nth=0")
    page.close()


def test_the_four_signals_are_drawn(people: BrowserContext, server: Server) -> None:
    """Saturation with the resource that rose, as a share of its limit; its number leads to the rows."""
    page = people.new_page()
    page.goto(f"{server.url}/incidents/1")
    chart = page.locator(".chart:has(h3:text-is('Saturation'))")
    assert 4 == page.locator(".chart svg").count()
    assert "payments process.cpu.utilization , baseline 40 %" in " ".join(chart.inner_text().split())
    assert "97" in chart.locator("output").inner_text()
    assert page.evaluate(
        "[...document.querySelectorAll('figcaption')].every(one => one.scrollWidth <= one.clientWidth + 1)"
    )
    chart.locator("output a").click()
    page.wait_for_selector(".drawer table.rows", timeout=10_000)
    assert "the resource whose use rose most" in page.inner_text(".drawer h1")
    page.close()
