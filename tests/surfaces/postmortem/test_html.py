"""The postmortem as HTML."""

import re
from html.parser import HTMLParser
from pathlib import Path

from lastgood.surfaces.postmortem.html import postmortem_html
from postmortems import FOLLOW_UP, over
from rooms import config_in

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Tags(HTMLParser):
    """Which elements are open, and which were closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_the_page_needs_nothing_else(tmp_path: Path) -> None:
    """No script, no address outside itself; what the record says is no markup; charts are in it, evidence opens."""
    with over(tmp_path, FOLLOW_UP) as room:
        page = postmortem_html(room, config_in(tmp_path))

    tags = Tags()
    tags.feed(page)
    assert ([], []) == (tags.open, tags.wrong)
    assert "<script" not in page
    assert [] == [u for u in re.findall(r"(?:href|src)=\"([^\"#][^\"]*)\"", page) if "//" in u]
    assert "3DS &lt;b&gt;response&lt;/b&gt; format" in page
    assert 3 == page.count("<svg")
    assert ["3", "4", "5"] == re.findall(r'<details id="e(\d+)">', page)
    assert re.search(r'<td[^>]*><a href="#e3">E3</a></td>', page)
    assert "SELECT n" in page
    assert all(f'id="{anchor}"' in page for anchor in re.findall(r"href=\"#(\w+)\"", page))
