"""Health checks in settings: whose names speak of one, and whether it asks for something else."""

from collections.abc import Collection

from lastgood.algorithms.diffs.parts import Edits, Part
from lastgood.algorithms.metric_meaning import words

_PROBING = frozenset({"probe", "healthcheck", "check", "httpchk", "liveness", "readiness"})
_ASKED = frozenset({"path", "uri", "url"})
_WHOLE = (
    {"httpchk"},
    {"http", "check"},
    {"health", "check"},
    {"check", "http", "send"},
)  # all of a request in one line


def probing(said: Collection[str]) -> bool:
    """Whether the words of a name speak of a check that a balancer or a platform makes."""
    return not _PROBING.isdisjoint(said)


def asks_otherwise(new: Part, edits: Edits) -> bool:
    """Whether a changed setting is what a health check asks for."""
    around = (word for name in (*new.place.path, *edits.hunk.above) for word in words(name))
    part_of_one = probing([*new.words, *around]) and not _ASKED.isdisjoint(new.words)
    return part_of_one or set(new.words) in _WHOLE
