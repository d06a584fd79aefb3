"""The room without a pointer: every stop is reached, seen and left again by keys alone."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from browsed import PATIENCE, SOON, broken_shop, reader, room
from servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_STOPS = 200
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + Math.min(box.width, innerWidth) / 2, box.top + box.height / 2);
  return {
    name: `${one.tagName} ${one.id || one.className} ${(one.textContent || one.value || '').trim().slice(0, 30)}`,
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: Boolean(at) && (one.contains(at) || at.contains(one)),
    inside: Boolean(one.closest('.drawer')), body: one === document.body,
  };
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with broken_shop(tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture(scope="module")
def people(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    context = reader(browser, server)
    yield context
    context.close()


def focused(page: Page) -> str:
    return str(page.evaluate(FOCUSED)["name"])


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Tab until the focus is there."""
    for _ in range(MOST_STOPS):
        press(page, "Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def test_the_story_by_keys(people: BrowserContext, server: Server) -> None:
    """From the list to the room, a number's evidence, a hypothesis, the preview of an update, and back to the list."""
    room(people, server).close()  # there is an answer
    page = people.new_page()
    page.goto(server.url)
    press(page, "Tab")
    assert "Skip to the content" in focused(page)
    press(page, "Enter")
    tab_to(page, ".alarm h2 a")
    press(page, "Enter")
    page.wait_for_url("**/incidents/1")
    page.wait_for_selector(".answer .v.yes", timeout=PATIENCE)

    _opens_evidence(page)
    press(page, "h")
    assert "hypothesis" in focused(page)
    page.keyboard.type("The issuer ANZ declines")
    press(page, "Tab")
    page.keyboard.type("fails(card.issuer=ANZ) > 50%")
    press(page, "Tab", "Enter")
    page.wait_for_selector("#hypotheses >> text=The issuer ANZ declines", timeout=SOON)

    press(page, "u")
    assert page.evaluate("document.activeElement.name") == "audience", focused(page)
    tab_to(page, "#field-doing")
    press(page, "Control+a")
    page.keyboard.type("We are looking into it")
    page.wait_for_selector("#checks .no", timeout=SOON)
    tab_to(page, "#checks pre.preview")
    assert "We are looking into it" in page.inner_text("#checks pre")
    press(page, "g", "i")
    page.wait_for_url(f"{server.url}/")
    page.close()


def _opens_evidence(page: Page) -> None:
    """Tab stays in the drawer; Esc closes it, and the number has the focus again."""
    press(page, "j")
    number = focused(page)
    press(page, "Enter")
    page.wait_for_selector(".drawer table.rows", timeout=SOON)
    for key in (*("Tab",) * 12, *("Shift+Tab",) * 14):
        press(page, key)
        assert page.evaluate(FOCUSED)["inside"], focused(page)
    press(page, "Escape")
    page.wait_for_url("**/incidents/1")
    assert number == focused(page)


@pytest.mark.parametrize("size", [(1280, 800), (640, 400), (390, 844)])
def test_every_stop_is_seen(people: BrowserContext, server: Server, size: tuple[int, int]) -> None:
    """Each has a ring of 2 pixels and is not behind a bar; Tab comes through to the end of the page."""
    page = room(people, server)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    stops = list[str]()
    for _ in range(MOST_STOPS):
        press(page, "Tab")
        stop = page.evaluate(FOCUSED)
        if stop["body"] or (stops and stop["name"] == stops[0]):
            break
        stops.append(stop["name"])
        assert stop["ring"], stop
        assert stop["seen"], stop
    assert any("Send to" in one for one in stops), stops
    assert any("Start this action" in one for one in stops), stops
    page.close()


def test_the_list_of_keys_and_the_menu(people: BrowserContext, server: Server) -> None:
    """`?` lists the keys, and Esc gives the focus back; where it is narrow, one button leads to every page, and / to its field."""
    page = room(people, server)
    press(page, "j")
    number = focused(page)
    press(page, "?")
    assert page.is_visible("dialog#keys")
    press(page, "Escape")
    assert page.is_hidden("dialog#keys")
    assert number == focused(page)

    page.set_viewport_size({"width": 640, "height": 400})
    assert page.is_hidden(".menu nav")
    page.focus(".menu-button")
    press(page, "Enter")
    assert page.is_visible(".menu nav a >> text=Services")
    press(page, "Escape")
    assert page.is_hidden(".menu nav")
    assert "Menu" in focused(page)
    press(page, "/")
    assert "find" in focused(page)
    press(page, "Escape")
    page.close()


def test_an_audience_is_chosen_without_losing_the_text(people: BrowserContext, server: Server) -> None:
    """The arrow keys change it in place, and the checks are for the new one."""
    page = room(people, server)
    page.fill("#field-doing", "Switching the flag off at 15:30 UTC")
    page.focus("#update select[name=audience]")
    press(page, "ArrowDown")
    chosen = page.input_value("#update select[name=audience]")
    page.wait_for_selector(f"#checks button:has-text('{chosen}'), #checks .no", timeout=SOON)
    assert "/incidents/1" == page.url.removeprefix(server.url)
    assert "Switching the flag off at 15:30 UTC" == page.input_value("#field-doing")
    page.close()


def earlier(one: str, other: str) -> bool:
    """Whether a clock is before another one, by less than half a day: midnight may lie between."""
    seconds = [
        sum(n * int(part) for n, part in zip((3600, 60, 1), at[:8].split(":"), strict=True))
        for at in (one, other)
    ]
    return 0 < (seconds[1] - seconds[0]) % 86_400 < 43_200


def test_a_chart_is_read_and_marked_by_keys(people: BrowserContext, server: Server) -> None:
    """Arrows state time and value; `b` starts and ends a mark; Esc takes it away; Enter asks the questions for it."""
    page = room(people, server)
    tab_to(page, ".cursor")
    stated = "document.activeElement.getAttribute('aria-valuetext')"
    last = page.evaluate(stated)
    press(page, "ArrowLeft")
    before = page.evaluate(stated)
    assert re.fullmatch(r"\d\d:\d\d:\d\d UTC: .+", before)
    assert earlier(before, last)
    press(page, "ArrowRight")
    assert last == page.evaluate(stated)

    press(page, "Enter", "b", "ArrowLeft", "ArrowLeft", "b", "ArrowLeft")
    assert "/incidents/1" == page.url.removeprefix(server.url)  # nothing was marked when Enter was pressed
    start, end = re.findall(r"\d\d:\d\d:\d\d", page.inner_text("#brushed [data-span]"))
    assert earlier(page.evaluate(stated), start)
    assert earlier(start, end)
    assert f"marked {start} to {end}" in page.evaluate(stated)
    press(page, "Escape")
    assert page.is_hidden("#brushed")

    press(page, "Shift+ArrowLeft", "b", "End", "b")
    link = page.get_attribute("#brushed a[data-ask]", "href")
    press(page, "Enter")
    page.wait_for_url(f"{server.url}{urlsplit(str(link)).path}?**", timeout=PATIENCE)
    assert link == page.url
    page.close()


def test_a_review_by_keys(people: BrowserContext, server: Server) -> None:
    """The focus is at what is to be read; a number goes to its rating, and only Enter saves it."""
    page = people.new_page()
    page.goto(server.url)
    press(page, "g", "r")
    page.wait_for_url("**/review")
    assert "Evidence as it was" in focused(page)
    press(page, "Tab")
    page.keyboard.type("Confirm 3 numbers")
    press(page, "Tab", "Enter")
    page.wait_for_selector("#h-answer")
    assert "What happened" in focused(page)
    press(page, "2", "3")
    assert "3 good" in focused(page)
    assert "0 answered today" in page.inner_text("main")
    press(page, "Enter")
    page.wait_for_selector("#decision")
    assert "1 answered today" in page.inner_text("main")
    page.close()
