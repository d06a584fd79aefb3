"""What kind of thing a suspect is: by the words of the trouble it tells, and by what a peer is called."""

import re

from lastgood.algorithms.trouble_words import is_store, trouble_kinds

OF_TROUBLE = {
    "disk_full": "disk",
    "resource_memory": "memory",
    "certificate": "certificate",
    "dns": "dns",
    "lock_contention": "database",
    "pool_starvation": "database",
    "network": "network",
}
_CACHE = re.compile(r"redis|memcache|valkey|varnish|cache", re.IGNORECASE)
_QUEUE = re.compile(r"kafka|rabbit|amqp|\bsqs\b|pubsub|pulsar|\bnats\b|activemq|queue|broker", re.IGNORECASE)


def kind_of_trouble(text: str, otherwise: str) -> str:
    """The kind that an error's text speaks of, deepest first; `otherwise` when it does not say."""
    return next((OF_TROUBLE[kind] for kind in trouble_kinds(text) if kind in OF_TROUBLE), otherwise)


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
