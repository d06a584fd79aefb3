"""Feeds of third parties, RSS 2.0 and Atom: their status pages (AWS Health, Azure, incident.io and others) and changelogs.

A feed holds its last entries only; the address is that of the feed itself.
"""

from lastgood.decoding.feeds import feed_of
from lastgood.errors import NotFetchedError
from lastgood.model.clock import from_nanoseconds, to_nanoseconds
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.wire import Wire


def detect(wire: Wire) -> bool:
    """Whether it is a feed."""
    try:
        return feed_of(wire.get("")) is not None
    except NotFetchedError:
        return False


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """The feed as it is; that it does not reach back to the window is said."""
    body = wire.get("")
    feed = feed_of(body)
    if feed is None:
        raise NotFetchedError(f"{wire.url} answers, but not with a feed (RSS or Atom).")
    if not feed.entries:
        return
    yield Document("feed.xml", body)
    oldest = min(one.at for one in feed.entries)
    if oldest > to_nanoseconds(asking.window.start):
        yield Limit(
            f"{feed.title}: entries before {from_nanoseconds(oldest):%Y-%m-%d %H:%M} UTC are not in the feed"
        )


def holds(wire: Wire, asking: Asking) -> Held:
    """How many entries it has; none is as it should be on a status page."""
    del asking
    feed = feed_of(wire.get(""))
    if feed is None:
        raise TypeError("not a feed")
    return Held(f"{counted(len(feed.entries), 'entry', 'entries')} of {feed.title}")


CONNECTOR = Connector("feed", "changes of a third party", fetch, detect, holds, frozenset({Signal.CHANGES}))
