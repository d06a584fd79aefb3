"""The page: whole in itself, without script, safe whatever the data say."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from lastgood.surfaces.html import sitrep_html
from sitreps import CONFIRMED, broken, quiet


class Outline(HTMLParser):
    """Tags and addresses of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in {"src", "href", "xlink:href", "data"}
        ]


def outline(page: str) -> Outline:
    """The tags and addresses of a page."""
    parser = Outline()
    parser.feed(page)
    return parser


def test_the_page_needs_nothing_else() -> None:
    """No script and no address outside the page; the policy forbids both."""
    page = sitrep_html(broken())

    assert "script" not in outline(page).tags
    assert [] == [address for address in outline(page).addresses if not address.startswith("#")]
    assert "default-src 'none'" in page


def test_data_cannot_become_markup() -> None:
    """A headline, a reason and a parameter with tags in them are text."""
    hostile = replace(CONFIRMED, because='<script>alert("1")</script>')
    page = sitrep_html(replace(broken(), findings=(hostile,), confirmed=hostile))

    assert "script" not in outline(page).tags
    assert "&lt;script&gt;" in page
    assert "checkout &lt;b&gt;" in page


def test_every_chart_speaks() -> None:
    """A drawing has a label that tells what it shows."""
    assert re.search(r'role="img" aria-label="failing requests: from 0\.2', sitrep_html(broken()))


def test_queries_are_there_to_run_again() -> None:
    """Each piece of evidence carries its SQL and parameters."""
    page = sitrep_html(quiet())

    assert "SELECT count() FROM lg_requests" in page
    assert "from_ns = 1" in page


def test_the_page_has_no_character_that_steers() -> None:
    """A page is read in a pager too."""
    evil = "pay\x1b[2J\x00\x9b31m\r\u202egnp\u2066.exe"
    page = sitrep_html(replace(quiet(), findings=(replace(CONFIRMED, because=evil),)))

    assert [] == re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", page)
    assert "pay\ufffd[2J" in page
