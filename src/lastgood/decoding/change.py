"""One change, alert or log line as a row of its table, and the JSON documents that such rows are read from."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, tzinfo
from typing import Any

import orjson

from lastgood.algorithms.json_text import json_text
from lastgood.decoding.input import REJECT_TEXT, Decoded, Input, Reject, Tally
from lastgood.decoding.instants import FIRST, LAST, guessed_epoch, iso
from lastgood.decoding.rows import BAD, Rows, until_broken
from lastgood.decoding.whole import pieces
from lastgood.model.change import ChangeKind
from lastgood.telemetry.tables import ALERTS, CHANGES, LOGS, StoreTable

_NO_LETTER = re.compile(r"[^a-z]")
Row = tuple[StoreTable, dict[str, Any]]
# What feeds call the kinds of change that are distinguished.
KINDS = {kind.value: kind.value for kind in ChangeKind} | {
    "deployment": "deploy", "release": "deploy", "rollout": "deploy", "rollback": "deploy", "revert": "deploy", "ship": "deploy",
    "promotion": "deploy", "upgrade": "deploy", "configuration": "config", "config change": "config", "setting": "config",
    "feature flag": "flag", "feature_flag": "flag", "feature-flag": "flag", "flag change": "flag", "toggle": "flag",
    "experiment": "flag", "schema": "migration", "database": "migration", "job": "cron", "batch": "cron", "scheduled": "cron",
    "task": "cron", "scale": "scaling", "autoscaling": "scaling", "infra": "infrastructure", "maintenance": "infrastructure",
    "merge": "commit", "push": "commit", "pull_request": "commit", "cert": "certificate", "vendor": "third_party",
}  # fmt: skip
UNKNOWN = (
    "config"  # what a change of a kind that we have no word for counts as: something of your own was changed
)
LONGEST_TITLE = 500


def change(kind: str, time: int, **given: Any) -> Row:
    """A change: `time` and `until` in nanoseconds, the rest as in the table, in snake case; empty if not given."""
    texts = {
        "Service": "service", "Actor": "actor", "Version": "version", "PreviousVersion": "previous_version",
        "State": "state", "Within": "within", "Diff": "diff", "Url": "url", "Source": "source",
    }  # fmt: skip
    title = str(given.get("title") or "")[:LONGEST_TITLE]
    return CHANGES, {
        "Id": str(given.get("id") or f"{kind}/{time}/{given.get('service', '')}/{title}"),
        "Timestamp": time,
        "EndTimestamp": max(given.get("until") or time, time),
        "Kind": kind,
        "Title": title,
        **{column: str(given.get(name) or "") for column, name in texts.items()},
        "Files": list(given.get("files") or ()),
        "Additions": int(given.get("additions") or 0),
        "Deletions": int(given.get("deletions") or 0),
        "Attributes": said(given.get("attributes") or {}),
    }


def kind_of(word: str) -> str:
    """The kind that a feed's word means, empty for one that is not known."""
    return KINDS.get(word.strip().lower(), "")


def alert(name: str, time: int, **given: Any) -> Row:
    """An alert: a hint where and when to look."""
    return ALERTS, {
        "Id": str(given.get("id") or f"{name}/{time}"),
        "Timestamp": time,
        "EndTimestamp": max(given.get("until") or time, time),
        "Name": name,
        "Service": str(given.get("service") or ""),
        "State": str(given.get("state") or ""),
        "Severity": str(given.get("severity") or ""),
        "Summary": str(given.get("summary") or ""),
        "Url": str(given.get("url") or ""),
        "Labels": said(given.get("labels") or {}),
    }


_LEVELS = {"DEBUG": 5, "INFO": 9, "WARN": 13, "ERROR": 17, "FATAL": 21}


def logged(body: str, time: int, level: str = "INFO", **given: Any) -> Row:
    """A log line beside changes: what was reported while something was changed, or that nothing was."""
    return LOGS, {
        "Timestamp": time,
        "ServiceName": str(given.get("service") or ""),
        "SeverityText": level,
        "SeverityNumber": _LEVELS.get(level, 0),
        "ScopeName": str(given.get("source") or ""),
        "Body": body,
        "TraceId": str(given.get("trace") or ""),
        "LogAttributes": said(given.get("attributes") or {}),
        "ResourceAttributes": said(given.get("resource") or {}),
    }


def said(values: Mapping[str, Any]) -> dict[str, str]:
    """The values that say something, as texts."""
    return {name: text(value) for name, value in values.items() if value not in (None, "", [], {})}


def text(value: Any) -> str:
    """A JSON value as people would write it."""
    return value if isinstance(value, str) else json_text(value).decode()


def at(value: Any, zone: tzinfo = UTC) -> int:
    """Nanoseconds of a time as ISO 8601, or as a number since 1970 in any unit.

    Raises:
        ValueError: it is neither, or out of any sensible range.
    """
    written = str(value).strip()
    found = iso(zone)(written)
    if found is None:
        found = guessed_epoch(written)
    if found is None or not FIRST < found < LAST:
        raise ValueError(f"{written[:40]!r} is not a time")
    return found


def at_first(row: Mapping[str, Any], *names: str) -> int:
    """The time in the first of these fields that has one."""
    for name in names:
        if row.get(name):
            return at(row[name])
    raise ValueError(f"none of {', '.join(names)} has a time")


def inside(row: Any, *path: str) -> Any:
    """What is found along a path of names; None where it breaks off."""
    for name in path:
        row = row.get(name) if isinstance(row, Mapping) else None
    return row


def names(text: str) -> tuple[str, ...]:
    """Names of fields, folded, as one text with blanks between them."""
    return tuple(text.split())


def folded(*rows: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of objects by their folded names, of several the first: case and what is no letter do not count."""
    fields: dict[str, Any] = {}
    for row in rows:
        for name, value in row.items():
            fields.setdefault(_NO_LETTER.sub("", str(name).lower()), value)
    return fields


def first_field(fields: Mapping[str, Any], wanted: tuple[str, ...]) -> Any:
    """The value of the first of these folded names that has one; empty text where none has."""
    return next((fields[name] for name in wanted if fields.get(name) not in (None, "", [], {})), "")


def glimpses(given: Input, most: int = 20) -> list[dict[str, Any]]:
    """The first JSON objects in an input's head: documents and what their lists hold, or parts of one that goes on."""
    head = given.head.decode("utf-8", "ignore").lstrip("\ufeff \t\r\n")
    found: list[dict[str, Any]] = []
    if not head.startswith(("{", "[")):
        return found
    decoder, position = json.JSONDecoder(), 0
    for _ in range(most):
        position = head.find("{", position)
        if position < 0:
            break
        with suppress(ValueError, RecursionError):
            row, end = decoder.raw_decode(head, position)
            found += [row, *_within(row)]
            position = end
            continue
        position += 1
    return found


def _within(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if by_name := _by_name(document):
        yield from by_name[:3]
        return
    for value in document.values():
        if isinstance(value, list):
            yield from (element for element in value[:3] if isinstance(element, dict))


# Names of lists that say what is in them, rather than whose it is.
_LISTS = frozenset(
    "commits deploys deployments releases rollbacks changes items data events history results value values records entries audit tickets log logs metrics "
    "traces spans alerts flags jobs builds stages errors warnings series".split()
)


def _by_name(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The elements of lists that stand under the names of what they are of, each with that name as its service; else none."""
    lists = [value for value in document.values() if isinstance(value, list) and value]
    if (
        len(lists) < max(2, len(document))
        or _LISTS & {str(name).lower() for name in document}
        or any(not isinstance(one, dict) for value in lists for one in value)
    ):
        return []
    return [{"service": str(name), **one} for name, value in document.items() for one in value]


def decoded(
    given: Input, lists: Sequence[str], rows_of: Callable[[Mapping[str, Any]], Iterator[Row]]
) -> Decoded:
    """Rows of every element of a JSON array, of the list inside a document, or of JSON lines.

    `lists` are the names under which a document may keep its elements. An element that cannot be
    taken is a reject.
    """
    rows = Rows()
    elements = rejects = 0
    problem: Exception | None = None
    for found in until_broken(_elements(given, lists)):
        if isinstance(found, Exception):
            problem = found
            break
        element, raw = found
        elements += 1
        try:
            taken = list(rows_of(_object(element)))
        except BAD as wrong:
            rejects += 1
            yield Reject(elements, f"not understood: {wrong}", (raw or text(element))[:REJECT_TEXT])
            continue
        for table, row in taken:
            rows.add(table, row, elements)
        yield from rows.full()
    yield from rows.rest()
    yield Tally(lines=elements, events=elements - rejects)
    if problem is not None:
        raise problem


def _object(element: Any) -> Mapping[str, Any]:
    if not isinstance(element, dict):
        raise TypeError("it is not an object")
    return element


def _elements(given: Input, lists: Sequence[str]) -> Iterator[tuple[Any, str]]:
    with given.open() as stream:
        for piece in pieces(stream):
            yield from _of_piece(piece, lists)


def _of_piece(whole: bytes, lists: Sequence[str]) -> Iterator[tuple[Any, str]]:
    try:
        yield from _of_document(orjson.loads(whole), lists)
    except orjson.JSONDecodeError:
        for line in whole.splitlines():
            if line.strip():
                try:
                    parsed = orjson.loads(line)
                except orjson.JSONDecodeError:
                    yield None, line.decode("utf-8", "replace")
                    continue
                yield from _of_document(parsed, lists)


def _of_document(document: Any, lists: Sequence[str]) -> Iterator[tuple[Any, str]]:
    if isinstance(document, dict) and (named := _by_name(document)):
        document = named
    elif isinstance(document, dict):
        document = next(
            (document[name] for name in lists if isinstance(document.get(name), list)), [document]
        )
    for element in document if isinstance(document, list) else [document]:
        yield element, ""
