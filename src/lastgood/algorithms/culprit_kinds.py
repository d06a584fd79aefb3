"""What kind of thing a suspect is: by the words of the trouble it tells, and by what a peer is called."""

import re
from collections.abc import Mapping

from lastgood.algorithms.trouble_words import error_kinds, is_store
from lastgood.model.failure import ErrorKind

CULPRIT_OF_ERRORS: Mapping[ErrorKind, str] = {
    ErrorKind.DISK_FULL: "disk",
    ErrorKind.MEMORY: "memory",
    ErrorKind.CERTIFICATE: "certificate",
    ErrorKind.DNS: "dns",
    ErrorKind.HANDLES: "handles",
    ErrorKind.LOCKS: "database",
    ErrorKind.RANGE: "database",
    ErrorKind.POOL: "database",
    ErrorKind.NETWORK: "network",
}
CALLED_KINDS = frozenset({"external", "database", "cache", "queue"})  # of what others call
_CACHE = re.compile(r"redis|memcache|valkey|varnish|cache", re.IGNORECASE)
_QUEUE = re.compile(r"kafka|rabbit|amqp|\bsqs\b|pubsub|pulsar|\bnats\b|activemq|queue|broker", re.IGNORECASE)


def kind_of_trouble(text: str, otherwise: str) -> str:
    """The kind that an error's text speaks of, deepest first; `otherwise` when it does not say."""
    return next(
        (CULPRIT_OF_ERRORS[kind] for kind in error_kinds(text) if kind in CULPRIT_OF_ERRORS), otherwise
    )


def is_cache(name: str) -> bool:
    """Whether a peer is a cache, by its name."""
    return bool(_CACHE.search(name))


def kind_of_peer(name: str, store: str = "", messages: str = "") -> str:
    """What a peer that tells nothing of itself is: cache, queue, database or external.

    By the system that its callers' spans say it is, of stores or of messages, and else by its name.
    """
    if is_cache(store or name):
        return "cache"
    if messages or _QUEUE.search(name):
        return "queue"
    return "database" if store or is_store(name) else "external"
