"""Lastgood's own change feed: one JSON object a line.

{"time": "2026-11-22T14:41:00Z", "kind": "deploy", "service": "payments", "version": "v2.46.0", "id": "…"}

`time` and `kind` are required. Known: id, until, service, title, actor, version, previous_version,
state, within, files, additions, deletions, diff, url; anything else is kept as an attribute. A kind that is not known counts
as `config`; its word is kept as `change.kind`, and stands in the title.
"""

from datetime import UTC, datetime
from typing import Any

import orjson

from lastgood.decoding.change import UNKNOWN, at, kind_of
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import BAD, Rows
from lastgood.decoding.tables.records import as_text
from lastgood.decoding.whole import lines as text_lines
from lastgood.intake._registry import Source
from lastgood.model.clock import from_nanoseconds
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import CHANGES

_LOGGED = frozenset(["level", "severity", "msg", "message"])
_COLUMNS = {
    "id": "Id", "service": "Service", "title": "Title", "actor": "Actor", "version": "Version",
    "previous_version": "PreviousVersion", "state": "State", "within": "Within", "diff": "Diff", "url": "Url",
}  # fmt: skip


def recognise(given: Input) -> Claim | None:
    """A file whose first line is an object with `time` and a `kind` that is known, or that says what was done to whom."""
    first = given.head.lstrip().split(b"\n", 1)[0]
    try:
        row = orjson.loads(first)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(row, dict) or "time" not in row or not isinstance(row.get("kind"), str):
        return None
    reported = (
        "service" in row and bool({"title", "version", "actor"} & row.keys()) and not _LOGGED & row.keys()
    )
    if kind_of(row["kind"]) or reported:
        return Claim("lastgood changes", 0.95, f"first line has time and kind {row['kind']!r}")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Changes, one a line."""
    del claim, settings
    rows = Rows()
    lines = blanks = events = 0
    with given.open() as stream:
        for lines, line in enumerate(text_lines(stream), 1):
            if not line.strip():
                blanks += 1
                continue
            try:
                rows.add(CHANGES, _change(orjson.loads(line), f"{given.name}:{lines}"), lines)
                events += 1
            except BAD as problem:
                yield Reject(lines, f"not a change: {problem}", line[:REJECT_TEXT].decode("utf-8", "replace"))
            yield from rows.full()
    yield from rows.rest()
    yield Tally(lines=lines, events=events, blanks=blanks)


def _change(row: Any, place: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise TypeError("it is not an object")
    word = str(row["kind"]).strip()
    if not word:
        raise ValueError("its kind is empty")
    kind, title = kind_of(word), str(row.get("title") or "")
    if not kind:
        title = f"{word}: {title}" if title else word
    # Without an id of the feed's own a change would be called by its line: a version says more.
    title = title or ("" if row.get("id") else str(row.get("version") or ""))
    time = _time(row["time"])
    known = {"time", "kind", "until", "files", "additions", "deletions", *_COLUMNS}
    return {
        **{column: str(row.get(name) or "") for name, column in _COLUMNS.items()},
        "Id": str(row.get("id") or place),
        "Timestamp": time,
        "EndTimestamp": _time(row["until"]) if row.get("until") else time,
        "Kind": kind or UNKNOWN,
        "Title": title,
        "Files": [str(f) for f in row.get("files") or ()],
        "Additions": int(row.get("additions") or 0),
        "Deletions": int(row.get("deletions") or 0),
        "Source": "lastgood",
        "Attributes": {
            **({} if kind == word else {"change.kind": word}),
            **{name: as_text(value) for name, value in row.items() if name not in known},
        },
    }


def _time(value: Any) -> datetime:
    if isinstance(value, int | float):
        return from_nanoseconds(at(value))
    time = datetime.fromisoformat(str(value))
    if time.tzinfo is None:
        raise ValueError(f"time {value} has no zone")
    return time.astimezone(UTC)


SOURCE = Source("changes", frozenset({Signal.CHANGES}), recognise, decode)
