"""Fields: which attributes log lines carry."""

from lastgood.model.window import Window
from lastgood.telemetry.reader import Reader

_CARRIED = """
SELECT 1 AS one FROM lg_lines WHERE mapContains(attributes, {name:String}) OR mapContains(resource, {name:String})
LIMIT 1"""
_KEYS = """
SELECT DISTINCT arrayJoin(arrayConcat(mapKeys(attributes), mapKeys(resource))) AS name FROM lg_lines
ORDER BY name LIMIT 5000"""


def carried(reader: Reader, name: str, window: Window) -> bool:
    """Whether any line has an attribute of this name."""
    return bool(len(reader.query(_CARRIED, {"name": name}, window)))


def names_carried(reader: Reader, window: Window) -> list[str]:
    """The names of all attributes that lines have, sorted; 5 000 at most."""
    return reader.query(_KEYS, {}, window).table["name"].to_pylist()  # type: ignore[no-any-return] # of the relation
