"""Diffs that feeds tell in words: a setting with its old and its new value, in attributes or in a title."""

import re
from collections.abc import Mapping

_NAMES = ("key", "setting", "name", "parameter", "config.key", "property", "variable")
_OLD = ("old", "old_value", "oldValue", "previous", "previous_value", "from", "before")
_NEW = ("new", "new_value", "newValue", "value", "to", "after")
_TITLE = re.compile(
    r"(?<![\w.\-])(?P<name>[A-Za-z_][\w.\-]*(?: [a-z]+)?)[:=]? (?:from )?(?P<old>\S+) ?(?:->|→|=>|to) ?(?P<new>\S+)"
)


def spoken_diff(title: str, attributes: Mapping[str, str]) -> str:
    """A diff of one setting out of what a feed says in words; empty where it says none."""
    name, old, new = (_first(attributes, keys) for keys in (_NAMES, _OLD, _NEW))
    if old and new and old != new:
        return f"-{name or 'value'}: {old}\n+{name or 'value'}: {new}\n"
    match = _TITLE.search(title)
    if match is None or not re.search(
        r"\d|true|false|\bon\b|\boff\b", f"{match['old']} {match['new']}", re.IGNORECASE
    ):
        return ""
    key = match["name"].replace(" ", "_")
    return f"-{key}: {match['old']}\n+{key}: {match['new'].rstrip('.,;)')}\n"


def _first(attributes: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((attributes[name] for name in names if attributes.get(name)), "")
