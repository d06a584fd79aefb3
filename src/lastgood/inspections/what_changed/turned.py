"""Values that turned about the onset: what all lines of a service named until then, and another since.

A version of data, of settings or of a contract in a field of its own says that something was changed which no feed tells:
`tariff_set=2025-12` until 04:00, `tariff_set=2026-05` from then on.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.weights import (
    NAMES_TURNED,
    TURNED_AFTER,
    TURNED_AROUND,
    TURNED_LEAST,
    TURNED_LINES,
    TURNED_NEAR,
    TURNED_READ,
    TURNED_SHARE,
)
from lastgood.model.attributes import PART, VERSIONS
from lastgood.model.change import OURS, Change
from lastgood.model.clock import to_nanoseconds
from lastgood.model.judgement import Reason
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.series import IS_BAD_LINE

# Of a field, every value with how many lines name it, and how many of these report a failure.
_VALUES = f"""
SELECT service, pair.1 AS name, pair.2 AS value, countIf(ts < fromUnixTimestamp64Nano({{low:Int64}}, 'UTC')) AS before,
       count() - before AS after, countIf({IS_BAD_LINE}) AS failing, min(ts) AS first
FROM lg_lines ARRAY JOIN arrayFilter(p -> length(p.2) BETWEEN 2 AND 60, CAST(attributes, 'Array(Tuple(String, String))')) AS pair
WHERE service IN {{services:Array(String)}} AND cityHash64(ts, body) % {{every:UInt64}} = 0
GROUP BY service, name, value HAVING before + after >= {{least:UInt32}} ORDER BY service, name, value LIMIT 5000"""
# Lines that have fields at all: a field that only some requests have is said by who sends them.
_LINES = f"""
SELECT service, countIf(ts < fromUnixTimestamp64Nano({{low:Int64}}, 'UTC')) AS before, count() - before AS after,
       countIf(after_it AND {IS_BAD_LINE}) AS failing
FROM (SELECT *, ts >= fromUnixTimestamp64Nano({{low:Int64}}, 'UTC') AS after_it FROM lg_lines WHERE length(attributes) > 0)
WHERE service IN {{services:Array(String)}} AND cityHash64(ts, body) % {{every:UInt64}} = 0 GROUP BY service ORDER BY service"""
# What whoever sends a request writes into it.
_SENT = re.compile(
    r"^url[._]|query|refer|utm|agent|campaign|tenant|user|client|param|header|cookie|search|term|locale|lang",
    re.IGNORECASE,
)
# Fields that turn with time, with a deploy or with a process, and values that are an instant or a number.
_TURNING = re.compile(
    r"(time|date|day|hour|stamp|\bid|_id|pid|thread|uptime|seq|count|image|commit|sha|build|release|file)$",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[\d.,:+ TZ-]+|\d{4}-\d\d-\d\d.*")


@dataclass(frozen=True, slots=True)
class Turned:
    """A field of a service's lines, its values before and since, and when the new one came."""

    service: str
    name: str
    old: str
    new: str
    at: datetime


def turned_values(case: Case, scene: Scene) -> list[Turned]:
    """The fields whose value turned about the onset, for all lines that have them."""
    if not case.has(Signal.LOGS) or not scene.suspects:
        return []
    around = Window(
        max(case.window.start, scene.low - TURNED_AROUND), min(case.window.end, scene.high + TURNED_AROUND)
    )
    held = case.holdings.of(Signal.LOGS)
    every = 1 + (held.rows if held else 0) // TURNED_READ
    asked = {"low": to_nanoseconds(scene.at), "services": sorted(scene.suspects), "every": every}
    fields: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in case.query(_VALUES, window=around, least=TURNED_LEAST, **asked).dicts():
        fields[row["service"], row["name"]].append(row)
    lines = (
        {row["service"]: row for row in case.query(_LINES, window=around, **asked).dicts()} if fields else {}
    )
    found = (
        one
        for key, rows in fields.items()
        if key[0] in lines and (one := _turned(key, rows, lines[key[0]], scene)) is not None
    )
    return list(found)


def _turned(
    key: tuple[str, str], rows: list[dict[str, Any]], lines: Mapping[str, Any], scene: Scene
) -> Turned | None:
    service, name = key
    if name in VERSIONS or any(words.search(name) for words in (PART, _TURNING, _SENT)):
        return None
    old, new = (max(rows, key=lambda row: row[side]) for side in ("before", "after"))
    before, after = (sum(row[side] for row in rows) for side in ("before", "after"))
    if old is new or min(before, after) < TURNED_LEAST or _PLAIN.fullmatch(str(new["value"])):
        return None
    whole = old["before"] >= TURNED_SHARE * before and new["after"] >= TURNED_SHARE * after
    first = new["first"]
    near = scene.low - TURNED_NEAR <= first <= scene.high + TURNED_NEAR
    fresh = new["before"] <= (1 - TURNED_SHARE) * before
    # A field of the service's own is on most of its lines, and on those that fail.
    own = before >= TURNED_LINES * lines["before"] and after >= TURNED_LINES * lines["after"]
    fails = new["failing"] >= TURNED_LINES * lines["failing"]
    if not (whole and near and fresh and own and fails):
        return None
    return Turned(service, name, str(old["value"]), str(new["value"]), first)


def naming_turned(said: str, change: Change, turned: Iterable[Turned]) -> list[Reason]:
    """That a change names the value that is there since the onset."""
    text = " ".join((said, change.change_id, *change.files))
    for one in turned:
        if re.search(rf"(?<![\w.-]){re.escape(one.new)}(?![\w-])", text):
            return [Reason(NAMES_TURNED, name=one.name, old=one.old, new=one.new)]
    return []


def by_no_change(turned: Iterable[Turned], changes: Iterable[Change]) -> list[Turned]:
    """Those that turned right after none of your changes: else that change turned them."""
    ours = [one for one in changes if one.kind in OURS]
    return [
        one
        for one in turned
        if not any(change.at - TURNED_NEAR <= one.at <= change.until + TURNED_AFTER for change in ours)
    ]
