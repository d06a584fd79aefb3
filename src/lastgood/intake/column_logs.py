"""Logs that say what their columns are: `#Fields:` files (IIS and other W3C, CloudFront, Zeek) and AWS VPC flow logs.

Columns are separated as the header's are, by tabs or blanks. W3C logs count in UTC, whatever zone is passed in, but for columns
that are called local, and write blanks as `+`. A header may come again with other columns. Values of `-` and `(empty)` are not there.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import lru_cache
from urllib.parse import unquote_plus

from lastgood.algorithms.json_text import json_text
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.tables.headed import are_times
from lastgood.decoding.text.decoder import decoder_for
from lastgood.decoding.text.envelope import planned
from lastgood.decoding.text.lines import block_of, clean
from lastgood.decoding.text.plan import Plan
from lastgood.decoding.whole import lines as text_lines
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)
ROWS = 20_000
SAMPLE = 200  # lines
_FIELDS = re.compile(r"#fields:?[ \t]+(?P<names>.*)", re.IGNORECASE)
_DATE = re.compile(r"#date:\s*(?P<date>\d{4}-\d\d-\d\d)", re.IGNORECASE)
_SOFTWARE = re.compile(r"#software:\s*(?P<name>.*)", re.IGNORECASE)
_VPC = [
    "version",
    "account-id",
    "interface-id",
    "srcaddr",
    "dstaddr",
    "srcport",
    "dstport",
    "protocol",
    "packets",
    "bytes",
    "start",
    "end",
    "action",
    "log-status",
]
_VPC_LINE = re.compile(r"2 \d{12} eni-[0-9a-f]+ ")
_NAME = re.compile(r"[A-Za-z][\w().-]*")
_EMPTY = frozenset(["", "-", "(empty)"])

# The columns that carry what we have a name for; the others are kept under their own.
_MEANINGS = {
    "cs-method": "http.request.method", "method": "http.request.method", "cs-uri-stem": "url.path", "uri": "url.path",
    "cs-uri-query": "url.query", "c-ip": "client.address", "id.orig_h": "client.address", "srcaddr": "client.address",
    "cs(user-agent)": "user_agent.original", "user_agent": "user_agent.original", "sc-status": "http.response.status_code",
    "status_code": "http.response.status_code", "s-ip": "server.address", "id.resp_h": "server.address",
    "dstaddr": "server.address", "s-port": "server.port", "id.resp_p": "server.port", "dstport": "server.port",
    "srcport": "client.port", "id.orig_p": "client.port", "cs-username": "user.id", "cs-host": "url.domain",
    "host": "url.domain", "x-host-header": "url.domain", "cs(referer)": "http.request.header.referer", "sc-bytes": "http.response.body.size",
    "cs-bytes": "http.request.body.size", "x-edge-request-id": "request.id", "s-computername": "host.name",
    "cs(host)": "url.domain", "time-to-first-byte": "lg.first_byte_s", "start": "timestamp", "ts": "timestamp",
}  # fmt: skip
_CLOCKS = (
    ("", "Z"),
    ("-utc", "Z"),
    ("-gmt", "Z"),
    ("-local", ""),
)  # how columns of a date and a time end, and their zone
_TOOK = ("time-taken", "duration", "request_time")
_SERVERS = (
    ("internet information services", "iis"),
    ("microsoft http api", "httpapi"),
    ("windows firewall", "windows-firewall"),
)
_MARKED = frozenset(
    {"user_agent.original", "http.request.header.referer", "url.query"}
)  # written with + for blanks


def recognise(given: Input) -> Claim | None:
    """Lines under a header of their columns, in which there is a time."""
    look = _look(given.head)
    if look is None:
        return None
    plan, names = look
    return Claim(
        "columns with a header",
        0.93 * plan.share,
        f"the header names {len(names)} columns, a time among them",
    )


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The rows as events; comment lines are headers."""
    del claim
    look = _look(given.head)
    if look is None:
        return
    decoder = decoder_for(given, look[0], settings)
    reader = _Reader(_first_names(_texts(given.head)))
    rows, places = bytearray(), []
    with given.open() as stream:
        for number, line in enumerate(text_lines(stream), 1):
            found = reader.take(clean(line).decode("utf-8", "replace").rstrip("\r\n"))
            if isinstance(found, dict):
                rows += json_text(found) + b"\n"
                places.append(number)
            elif found == _HEADER:
                yield Tally(lines=1, continuations=1)
            elif found == _BLANK:
                yield Tally(lines=1, blanks=1)
            else:
                yield Reject(number, found, line[:REJECT_TEXT].decode("utf-8", "replace"))
                yield Tally(lines=1)
            if len(places) >= ROWS:
                yield from decoder.read(block_of(bytes(rows), places[0]))
                rows.clear()
                places.clear()
    if places:
        yield from decoder.read(block_of(bytes(rows), places[0]))
    yield from decoder.end()


_HEADER, _BLANK = "header", "blank"


class _Reader:
    """Lines into fields, by the header that came last."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = list(names)
        self._tabs = False
        self._day = ""
        self._server = ""
        self._first = bool(names)

    def take(self, line: str) -> dict[str, str] | str:
        """The fields of a line; or that it is a header, or blank, or why it is neither."""
        if not line.strip():
            return _BLANK
        if line.startswith("#"):
            self._header(line)
            return _HEADER
        values = _split(line, tabs=self._tabs)
        if self._first and values == self._names:
            return _HEADER
        if len(values) != len(self._names):
            return f"{len(values)} values where the header has {len(self._names)}"
        return self._row(dict(zip(self._names, values, strict=True)))

    def _header(self, line: str) -> None:
        if found := _FIELDS.match(line):
            self._tabs = "\t" in found["names"].strip()
            self._names = _split(found["names"].strip(), tabs=self._tabs)
        elif found := _DATE.match(line):
            self._day = found["date"]
        elif found := _SOFTWARE.match(line):
            self._server = next((name for words, name in _SERVERS if words in found["name"].lower()), "")

    def _row(self, values: Mapping[str, str]) -> dict[str, str]:
        given = {name.lower(): text for name, text in values.items() if text not in _EMPTY}
        row: dict[str, str] = {"service": self._server} if self._server else {}
        if "x-edge-location" in given:
            row["service"] = "cloudfront"
        for ending, zone in _CLOCKS:
            if clock := given.pop(f"time{ending}", ""):  # the header's day is that of UTC
                day = given.pop(f"date{ending}", self._day if zone else "")
                row.setdefault("timestamp", f"{day}T{clock}{zone}")
        for name, text in given.items():
            meant = _MEANINGS.get(name, name)
            row[meant] = unquote_plus(text) if meant in _MARKED else text
        row |= _took(given)
        row["message"] = _message(row, values)
        return row


def _took(given: Mapping[str, str]) -> dict[str, str]:
    """How long it took: IIS counts whole milliseconds, CloudFront and Zeek fractions of seconds."""
    text = next((given[name] for name in _TOOK if name in given), "")
    if not re.fullmatch(r"\d+(?:\.\d+)?", text):
        return {}
    return {"duration_s" if "." in text else "duration_ms": text}


def _message(row: Mapping[str, str], values: Mapping[str, str]) -> str:
    if "http.request.method" in row:
        parts = (
            row["http.request.method"],
            row.get("url.path", ""),
            row.get("http.response.status_code", ""),
        )
        return " ".join(filter(None, parts))
    return " ".join(
        text for name, text in values.items() if name.lower() not in {"date", "time", "ts", "start", "end"}
    )


def _split(line: str, *, tabs: bool) -> list[str]:
    if tabs:
        return line.split("\t")
    return [part.strip('"') for part in re.findall(r'"[^"]*"|\S+', line)] if '"' in line else line.split()


def _texts(head: bytes) -> list[str]:
    return head[: 64 * 1024].decode("utf-8-sig", "replace").splitlines()[:SAMPLE]


def _first_names(lines: Sequence[str]) -> list[str]:
    """The columns of a file whose header is no comment, or that is known without one; none for others."""
    first = next((line for line in lines if line.strip()), "")
    if _VPC_LINE.match(first):
        return _VPC
    names = first.split()
    named = len(names) > 3 and len(set(names)) == len(names) and all(map(_NAME.fullmatch, names))
    rows = [line.split() for line in lines[1:] if line.strip()]
    if not named or not rows or any(len(row) != len(names) for row in rows[:-1] or rows):
        return []
    for name in ("start", "ts", "timestamp", "time"):
        if name in names and are_times([row[names.index(name)] for row in rows[:-1] or rows]):
            return names
    return []


@lru_cache(maxsize=2)
def _look(head: bytes) -> tuple[Plan, tuple[str, ...]] | None:
    lines = _texts(head)
    names = _first_names(lines)
    if not names and not any(_FIELDS.match(line) for line in lines[:20]):
        return None
    reader = _Reader(names)
    rows = [row for row in map(reader.take, lines) if isinstance(row, dict)]
    if not rows:
        return None
    plan = planned(block_of(b"".join(json_text(row) + b"\n" for row in rows)).lines, _ANY_TIME)
    return (plan, tuple(rows[0])) if plan else None


SOURCE = Source("column_logs", frozenset({Signal.LOGS}), recognise, decode)
