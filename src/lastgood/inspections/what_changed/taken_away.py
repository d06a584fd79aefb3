"""Names that a change takes away and that new errors ask for: a host, a record of DNS, an address of a service."""

import re
from collections.abc import Iterable

from lastgood.inspections.what_changed.weights import TAKES_NAME
from lastgood.model.judgement import Reason

# Three labels at least: two are also a member of a module.
_NAME = re.compile(r"(?<![\w.@/-])(?:[a-z0-9_-]+\.){2,}[a-z][a-z0-9-]+(?![\w(-])")


def names_gone(diff: str) -> frozenset[str]:
    """The names of hosts on lines that a unified diff removes, and on none that it adds."""
    removed, added = (
        {
            name
            for line in diff.splitlines()
            if line.startswith(sign) and not line.startswith(sign * 3)
            for name in _NAME.findall(line[1:])
        }
        for sign in "-+"
    )
    return frozenset(removed - added)


def taking_away(gone: frozenset[str], errors: Iterable[str]) -> list[Reason]:
    """That new errors name what a change has removed, as a whole."""
    asked = {name for text in errors for name in _NAME.findall(text.replace("://", " ").replace("/", " "))}
    name = min(gone & asked, default="")
    return [Reason(TAKES_NAME, name=name)] if name else []
