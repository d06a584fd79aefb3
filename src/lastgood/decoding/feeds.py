"""Feeds of news as XML: RSS 2.0 (rssboard.org) and Atom (RFC 4287)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from html import unescape
from xml.etree import ElementTree as ET

from lastgood.decoding.instants import iso
from lastgood.model.clock import to_nanoseconds

_ATOM = "{http://www.w3.org/2005/Atom}"
_BEGINS = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<\?[^>]*>\s*|<!--.*?-->\s*)*<(?:rss|feed)[\s>]", re.DOTALL)
_MARKUP = re.compile(r"<[^<>]{0,500}>")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: its time in nanoseconds, its text without markup."""

    identity: str
    at: int
    title: str
    text: str = ""
    url: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is called, its entries, and the titles of those that have no time."""

    title: str
    entries: tuple[FeedEntry, ...]
    timeless: tuple[str, ...] = ()


def looks_like_a_feed(head: bytes) -> bool:
    """Whether a document begins as a feed does."""
    return bool(_BEGINS.match(head.removeprefix(b"\xef\xbb\xbf")))


def feed_of(content: bytes) -> Feed | None:
    """The feed; None where it is none, or declares entities: it could grow on its way in."""
    if not looks_like_a_feed(content) or b"<!ENTITY" in content or b"<!DOCTYPE" in content:
        return None
    try:
        root = ET.fromstring(content)  # noqa: S314 - see above
    except (ET.ParseError, ValueError, LookupError):
        return None
    entries: list[FeedEntry] = []
    timeless: list[str] = []
    for one in _rss(root) if root.tag == "rss" else _atom(root):
        if one.at:
            entries.append(one)
        else:
            timeless.append(one.title)
    title = _text(root, "channel/title") if root.tag == "rss" else _text(root, f"{_ATOM}title")
    return Feed(title, tuple(entries), tuple(timeless))


def _rss(root: ET.Element) -> Iterator[FeedEntry]:
    for item in root.iterfind("channel/item"):
        title, url, written = (_text(item, name) for name in ("title", "link", "pubDate"))
        creator = _text(item, "{http://purl.org/dc/elements/1.1/}creator") or _text(item, "author")
        text = _text(item, "description") or _text(item, "{http://purl.org/rss/1.0/modules/content/}encoded")
        yield FeedEntry(_text(item, "guid") or url or title, _moment(written), title, text, url, creator)


def _atom(root: ET.Element) -> Iterator[FeedEntry]:
    for entry in root.iterfind(f"{_ATOM}entry"):
        title, identity = _text(entry, f"{_ATOM}title"), _text(entry, f"{_ATOM}id")
        written = _text(entry, f"{_ATOM}published") or _text(entry, f"{_ATOM}updated")
        text = _text(entry, f"{_ATOM}summary") or _text(entry, f"{_ATOM}content")
        links = [one for one in entry.iterfind(f"{_ATOM}link") if one.get("rel", "alternate") == "alternate"]
        url = links[0].get("href", "") if links else ""
        yield FeedEntry(
            identity or url, _moment(written), title, text, url, _text(entry, f"{_ATOM}author/{_ATOM}name")
        )


def _text(element: ET.Element, path: str) -> str:
    found = element.find(path)
    whole = "".join(found.itertext()) if found is not None else ""
    return " ".join(unescape(_MARKUP.sub(" ", whole)).split())


def _moment(written: str) -> int:
    """Nanoseconds of a time as RFC 5322 or RFC 3339 write it; 0 for what is none."""
    found = iso(UTC)(written)
    if found is not None:
        return found
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, TypeError, OverflowError):
        return 0
    return to_nanoseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
