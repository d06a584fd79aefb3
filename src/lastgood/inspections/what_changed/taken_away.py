"""Names that a change takes away and that new errors ask for: a host, a record of DNS, an address of a service, or a site that may call."""

import re
from collections.abc import Iterable

from lastgood.algorithms.code_places import signed_lines
from lastgood.inspections.what_changed.weights import TAKES_NAME, TAKES_PART
from lastgood.model.answers import Segment
from lastgood.model.judgement import Reason

# Three labels at least: two are also a member of a module.
_NAME = re.compile(r"(?<![\w.@/-])(?:[a-z0-9_-]+\.){2,}[a-z][a-z0-9-]+(?![\w(-])")


def names_gone(diff: str) -> frozenset[str]:
    """The names of hosts on lines that a unified diff removes, and on none that it adds."""
    removed, added = (
        {name for line in signed_lines(diff, sign) for name in _NAME.findall(line.replace("://", " "))}
        for sign in "-+"
    )
    return frozenset(removed - added)


def taking_away(gone: frozenset[str], errors: Iterable[str], part: Segment | None = None) -> list[Reason]:
    """That new errors name what a change has removed, as a whole, or that the requests that have it are those that fail."""
    if name := min(gone & _named(errors), default=""):
        return [Reason(TAKES_NAME, name=name)]
    values = part.where.values() if part is not None else ()
    name = min(gone & _named(values), default="")
    return [Reason(TAKES_PART, name=name)] if name else []


def _named(texts: Iterable[str]) -> set[str]:
    return {name for text in texts for name in _NAME.findall(text.replace("://", " ").replace("/", " "))}
