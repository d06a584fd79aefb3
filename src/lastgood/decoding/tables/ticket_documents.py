"""Tickets as JSON or XML, as ServiceNow's and Jira's interfaces and exports give them: each as the row of a table.

A field is what is shown of it: of an object its display value or name, of several their texts with commas. Fields that stand
inside `fields` (Jira), and custom fields with their names beside them, are fields of the ticket.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

import orjson

_SHOWN = ("display_value", "displayValue", "displayName", "name", "value", "key")
_TITLES = frozenset({"shortdescription", "summary", "title", "subject"})
_STATES = frozenset({"state", "status"})
_DEEPEST = 6

Row = Mapping[str, str]


def ticket_rows(content: bytes) -> list[Row]:
    """The tickets of a document, each by its folded names; none where it is no such document."""
    begin = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if begin == b"<":
        return list(_of_xml(content))
    if begin not in (b"{", b"["):
        return []
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        return []
    return [row for one in _objects(document, 0) if _is_ticket(row := _row(one))]


def _objects(value: Any, deep: int) -> Iterator[Mapping[str, Any]]:
    """The objects of the outermost lists, or the object itself."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, Mapping))
    elif isinstance(value, Mapping) and deep < _DEEPEST:
        lists = [
            one for one in value.values() if isinstance(one, list) and one and isinstance(one[0], Mapping)
        ]
        if isinstance(value.get("fields"), Mapping) or not lists:
            yield value
            return
        for one in lists:
            yield from _objects(one, deep + 1)


def _row(one: Mapping[str, Any]) -> dict[str, str]:
    inner = one.get("fields")
    both = {**one, **inner} if isinstance(inner, Mapping) else one
    return {_folded(str(name)): text for name, value in both.items() if (text := _text(value))}


def _text(value: Any, deep: int = 0) -> str:
    if deep > _DEEPEST:
        return ""
    if isinstance(value, Mapping):
        return next((_text(value[name], deep + 1) for name in _SHOWN if value.get(name)), "")
    if isinstance(value, list):
        return ", ".join(filter(None, (_text(one, deep + 1) for one in value)))
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _of_xml(content: bytes) -> Iterator[Row]:
    """The elements that look as tickets; a document that declares entities is not read: it could grow on its way in."""
    if b"<!" in content.replace(b"<![CDATA[", b"").replace(b"<!--", b""):
        return
    try:
        root = ET.fromstring(content)  # noqa: S314 - see above
    except (ET.ParseError, ValueError, LookupError):
        return
    for element in root.iter():
        row = {_folded(part.tag): _shown(part) for part in element if _shown(part)}
        if _is_ticket(row):
            yield row | dict(_custom(element))


def _shown(element: ET.Element) -> str:
    return str(element.get("display_value") or element.text or "").strip()


def _custom(element: ET.Element) -> Iterator[tuple[str, str]]:
    """Jira's custom fields, whose names stand beside their values."""
    for one in element.iter("customfield"):
        values = [(part.text or "").strip() for part in one.iter("customfieldvalue")]
        yield _folded(one.findtext("customfieldname") or ""), ", ".join(filter(None, values))


def _is_ticket(row: Row) -> bool:
    return bool(_TITLES & row.keys()) and bool(_STATES & row.keys())


def _folded(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())
