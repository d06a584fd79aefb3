"""Feeds as XML: RSS and Atom, and what is neither."""

import pytest

from lastgood.decoding.feeds import feed_of, looks_like_a_feed
from lastgood.model.clock import from_nanoseconds
from platforms import ATOM, RSS


def test_entries_of_rss() -> None:
    """Times are those of mails; markup is taken off; what has no time is kept apart."""
    found = feed_of(RSS)

    assert found is not None
    first, second = found.entries
    assert ("Amazon Web Services Service Status", ("without a time",)) == (found.title, found.timeless)
    assert ("2026-11-30T09:10:00+00:00", "https://status.aws.test/#sqs_1") == (
        from_nanoseconds(first.at).isoformat(), first.identity
    )  # fmt: skip
    assert "We are investigating increased error rates & latencies." == first.text
    assert ("Before", "b") == (second.title, second.identity)


def test_entries_of_atom() -> None:
    """When one was published counts, not when it was last written."""
    found = feed_of(ATOM)

    assert found is not None
    (entry,) = found.entries
    assert ("2026-11-30T01:40:00+00:00", "Investigating", "https://payments.test/1", "Kim") == (
        from_nanoseconds(entry.at).isoformat(), entry.text, entry.url, entry.author
    )  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"<html></html>",
        b"<rss",
        b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>',
        b'<rss version="2.0"><!ENTITY a "b"></rss>',
        b"{}",
        b"",
    ],
)
def test_what_is_none(content: bytes) -> None:
    """Entities could grow without end: a document that declares some is not read."""
    assert feed_of(content) is None


def test_a_beginning_is_enough_to_tell() -> None:
    """Behind a mark of UTF-8, a declaration, a style sheet and a comment."""
    assert looks_like_a_feed(
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<?xml-stylesheet href="x"?><!-- a -->\n<feed xmlns="x">'
    )
    assert not looks_like_a_feed(b'<?xml version="1.0"?><project>')
