"""Names that a change adds and that new errors quote: a constraint, a column, a key that nothing had before."""

import re
from collections.abc import Iterable

from lastgood.inspections.what_changed.weights import ADDED_NAME_LETTERS, HOLDS_QUOTED, QUOTES_ADDED
from lastgood.model.judgement import Reason

# Of several words: single ones are words of any text.
_COMPOUND = (
    r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+"
)
_NAME = re.compile(rf"(?<![\w.]){_COMPOUND}(?!\w)")
_QUOTED = re.compile(rf"[\"'`]({_COMPOUND})[\"'`]")


def names_added(diff: str) -> frozenset[str]:
    """The names of several words on lines that a unified diff adds, and on no other of its lines."""
    added, others = set[str](), set[str]()
    for line in diff.splitlines():
        if line.startswith(("+++", "---", "@@", "diff ", "index ")):
            continue
        (added if line.startswith("+") else others).update(_NAME.findall(line[1:]))
    return frozenset(name for name in added - others if len(name) >= ADDED_NAME_LETTERS)


def quoting(added: frozenset[str], errors: Iterable[str]) -> list[Reason]:
    """That new errors quote what a change has added, as a whole: where it takes effect, and what it does."""
    asked = {name for text in errors for name in _QUOTED.findall(text)}
    name = min(added & asked, default="")
    return [Reason(HOLDS_QUOTED, name=name), Reason(QUOTES_ADDED, name=name)] if name else []
