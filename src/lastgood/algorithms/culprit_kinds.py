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
# Names of loggers that are those of where a program runs, or of all of it.
_NO_PLACES = frozenset(
    {"production", "prod", "staging", "development", "dev", "local", "testing", "test", "app", "main", "root"}
)
# Tables in what drivers and stores say: of a key, a statement, a relation, a sequence.
_TABLES = re.compile(
    r"for key '(?P<key>\w+)\.\w+'|\b(?:insert into|delete from|update|alter table)\s+[`\"\[]?(?:\w+[`\"\]]?\.[`\"\[]?)?(?P<statement>\w+)"
    r"|\b(?:relation|table)\s+[`\"'](?:\w+\.)?(?P<table>\w+)[`\"']|sequence\s+[`\"'](?:\w+\.)?(?P<sequence>\w+?)_\w+_seq[`\"']",
    re.IGNORECASE,
)
# Hosts of other parties have a public domain; those of a private network end otherwise.
_PUBLIC = re.compile(
    r"^[\w-]+(\.[\w-]+)*\.(?!internal$|local$|svc$|cluster$|lan$|corp$|intranet$)[a-z]{2,}(:\d+)?$"
)
# A class, by its capital behind a dot, and a package, whose domain stands the other way round.
_CLASS = re.compile(
    r"(?:^|\.)[A-Z]\w*[a-z]\w*\.?|^(?:com|org|net|edu|javax?|jakarta|kotlinx?|scala|akka)\.\w"
)
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


def is_outside_name(name: str) -> bool:
    """Whether a peer has the name of a host of another party: a public domain, no database by its name, and no class of a program."""
    return bool(_PUBLIC.match(name.lower())) and not is_store(name) and not _CLASS.search(name)


def place_in(text: str, kind: str, logger: str) -> str:
    """Where in a service an error is: the table that a store's trouble names, else the logger, unless that is all of it."""
    table = _TABLES.search(text) if kind == "database" else None
    named = next(filter(None, table.groups()), "") if table else ""
    return named or ("" if kind in CALLED_KINDS or logger.lower() in _NO_PLACES else logger)
