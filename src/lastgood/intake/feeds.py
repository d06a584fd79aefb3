"""Feeds of third parties (RSS 2.0, Atom): their status pages and changelogs, an entry as a change outside.

The feed's own title is the third party; `<entry>` and `<item>` are the entries.
"""

from lastgood.decoding.change import change
from lastgood.decoding.feeds import feed_of, looks_like_a_feed
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import Rows
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal


def recognise(given: Input) -> Claim | None:
    """XML whose first element is that of RSS or Atom."""
    if given.is_folder or not looks_like_a_feed(given.head):
        return None
    return Claim("feed of a third party", 0.9, "its first element is that of RSS or Atom")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change of a third party for each entry; one without a time is a reject."""
    del claim, settings
    with given.open() as stream:
        content, problem = read_whole(stream)
    feed = feed_of(content)
    if feed is None:
        yield Reject(
            1,
            "no whole feed, or one that declares entities",
            content[:REJECT_TEXT].decode("utf-8", "replace"),
        )
        yield Tally(lines=1)
        return
    rows = Rows()
    for number, one in enumerate(feed.entries, 1):
        words = f"{one.title}: {one.text}" if one.text and one.text != one.title else one.title
        rows.add(
            *change(
                "third_party", one.at, id=f"feed/{one.identity}", service=feed.title, title=f"{feed.title}: {words}", url=one.url,
                actor=one.author, source="feed",
            ),
            number,
        )  # fmt: skip
    for number, title in enumerate(feed.timeless, len(feed.entries) + 1):
        yield Reject(number, "not understood: an entry without a time", title[:REJECT_TEXT])
    yield from rows.rest()
    yield Tally(lines=len(feed.entries) + len(feed.timeless), events=len(feed.entries))
    if problem is not None:
        raise problem


SOURCE = Source("feeds", frozenset({Signal.CHANGES}), recognise, decode)
