"""Logs of requests in columns that no header names: what a column is, its values say.

Each line has as many values, separated by tabs, `|`, `;` or commas. One column is a time, one a method of HTTP, one a
path or an address, one a status. A column of decimal fractions is how long it took, in seconds. What stays unknown is kept
under its place, so that its values can still be compared.
"""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from functools import lru_cache
from ipaddress import ip_address
from itertools import pairwise
from statistics import median

from lastgood.algorithms.json_text import json_text
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.tables.headed import are_times
from lastgood.decoding.text.decoder import decoder_for
from lastgood.decoding.text.envelope import planned
from lastgood.decoding.text.lines import block_of, clean
from lastgood.decoding.text.plan import Plan
from lastgood.decoding.whole import lines
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

SAMPLE = 200  # lines
ROWS = 20_000
DELIMITERS = "\t|;,"
FEWEST = 5  # columns
LONGEST = 60.0  # seconds that a usual request takes; a column with more counts something else
_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS CONNECT TRACE PURGE PROPFIND".split())
_PATH = re.compile(r"(?:https?://[^\s/]+)?/\S*|https?://\S+|\*")
_STATUS = re.compile(r"[1-5]\d\d")
_FRACTION = re.compile(r"\d+\.\d+")
_AGENT = re.compile(r"[\w. -]+/\d[\w.]*(?: .*)?")
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)
_TIME, _METHOD, _TARGET, _ANSWER, _TOOK, _CLIENT, _USER_AGENT = (
    "timestamp",
    "http.request.method",
    "url.path",
    "http.response.status_code",
    "duration_s",
    "client.address",
    "user_agent.original",
)


def recognise(given: Input) -> Claim | None:
    """Lines of equally many values, among them a time, a method, a path and a status."""
    look = _look(given.head)
    if look is None:
        return None
    delimiter, names, plan = look
    said = "tabs" if delimiter == "\t" else delimiter
    return Claim("columns of requests", 0.9 * plan.share, f"{len(names)} values a line, separated by {said}")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The requests as events."""
    del claim
    look = _look(given.head)
    if look is None:
        return
    delimiter, names, plan = look
    decoder = decoder_for(given, plan, settings)
    rows, first, last = bytearray(), 0, 0
    with given.open() as stream:
        for number, raw in enumerate(lines(stream), 1):
            line = clean(raw).decode("utf-8", "replace").rstrip("\r\n")
            if not line.strip():
                yield Tally(lines=1, blanks=1)
                continue
            values = _cells(line, delimiter)
            if len(values) != len(names):
                said = f"{len(values)} values where others have {len(names)}" if values else "not a row"
                yield Reject(number, said, line[:REJECT_TEXT])
                yield Tally(lines=1)
                continue
            if rows and (number != last + 1 or number - first >= ROWS):
                yield from decoder.read(block_of(bytes(rows), first))
                rows.clear()
            first, last = number if not rows else first, number
            rows += json_text(_row(names, values)) + b"\n"
    if rows:
        yield from decoder.read(block_of(bytes(rows), first))
    yield from decoder.end()


def _row(names: Sequence[str], values: Sequence[str]) -> dict[str, str]:
    row = {name: value for name, value in zip(names, values, strict=True) if value not in {"", "-"}}
    row["message"] = " ".join(row.get(name, "-") for name in (_METHOD, _TARGET, _ANSWER))
    return row


def _split(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return [value.strip() for value in line.split(delimiter)]
    return [value.strip() for value in next(csv.reader([line], delimiter=delimiter), [])]


def _cells(line: str, delimiter: str) -> list[str]:
    """The values of a line; none where its quotes make no row of it."""
    try:
        return _split(line, delimiter)
    except csv.Error:
        return []


@lru_cache(maxsize=2)
def _look(head: bytes) -> tuple[str, tuple[str, ...], Plan] | None:
    """The delimiter, what each column is, and how the rows are read; None where no delimiter makes requests of the lines."""
    texts = [line for line in head[: 64 * 1024].decode("utf-8-sig", "replace").splitlines() if line.strip()]
    texts = texts[: -1 if len(head) >= 64 * 1024 else None][:SAMPLE]
    if len(texts) < 2 or "\0" in texts[0]:
        return None
    delimiter = max(DELIMITERS, key=texts[0].count)
    if texts[0].count(delimiter) < FEWEST - 1 or texts[0][:1] in "{[":
        return None
    try:
        rows = [_split(text, delimiter) for text in texts]
    except csv.Error:
        return None
    if any(len(one) != len(other) for one, other in pairwise(rows)):
        return None
    names = _named(list(zip(*rows, strict=True)))
    if not {_TIME, _METHOD, _TARGET, _ANSWER} <= set(names):
        return None
    block = block_of(b"".join(json_text(_row(names, row)) + b"\n" for row in rows))
    plan = planned(block.lines, _ANY_TIME)
    return (delimiter, names, plan) if plan else None


def _named(columns: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """What each column is, each meaning once and the first that fits; others by their place, from 1."""
    left = dict(_MEANINGS)
    names = []
    for place, values in enumerate(columns, 1):
        fitting = next((name for name, fits in left.items() if fits(values)), f"column_{place}")
        left.pop(fitting, None)
        names.append(fitting)
    return tuple(names)


def _all(looks: re.Pattern[str], values: Sequence[str]) -> bool:
    return all(map(looks.fullmatch, values))


def _seconds(values: Sequence[str]) -> bool:
    return _all(_FRACTION, values) and median(map(float, values)) <= LONGEST


def _addresses(values: Sequence[str]) -> bool:
    try:
        return all(map(ip_address, values))
    except ValueError:
        return False


_MEANINGS: Mapping[str, Callable[[Sequence[str]], bool]] = {
    _TIME: lambda values: are_times(list(values)),
    _METHOD: lambda values: set(values) <= _METHODS,
    _ANSWER: lambda values: _all(_STATUS, values),
    _CLIENT: _addresses,
    _TARGET: lambda values: _all(_PATH, values),
    _TOOK: _seconds,
    _USER_AGENT: lambda values: _all(_AGENT, values),
}


SOURCE = Source("request_columns", frozenset({Signal.LOGS}), recognise, decode)
