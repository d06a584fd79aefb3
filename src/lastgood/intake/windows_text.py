"""Events of Windows as its programs print them: `wevtutil qe LOG /f:text`, and `Get-WinEvent` or `Get-EventLog` as a list.

An event is a block of lines, each a name and a value; the text of the event is the last, over as many lines as it has.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC
from functools import lru_cache

from lastgood.algorithms.json_text import json_text
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import Claim, Decoded, Input, Settings, Tally
from lastgood.decoding.text.decoder import decoder_for
from lastgood.decoding.text.envelope import planned
from lastgood.decoding.text.lines import block_of, clean
from lastgood.decoding.text.plan import Plan
from lastgood.decoding.whole import lines as text_lines
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)
_EVENTS = 5_000  # in one block
_SAMPLE = 64 * 1024
_NUMBERED = re.compile(r"Event\[\d+\]:?\s*$")
_LISTED = re.compile(r"(?P<name>[A-Z][A-Za-z]+) *: ?(?P<value>.*)")
_INDENTED = re.compile(r"  (?P<name>[A-Z][A-Za-z ]+): ?(?P<value>.*)")
_FIRST = re.compile(
    r"\s*(?:Event\[\d+\]:?\s*\n  Log Name: |(?:TimeCreated|Index|EventID|MachineName|Message|Id|ProviderName) +: [^\n]*\n(?:[^\n]+\n){0,20}?(?:TimeCreated|TimeGenerated) +: )"
)
# By the names that these programs print; what is not here is kept under its own.
_MEANINGS = {
    "Log Name": "channel", "LogName": "channel", "Source": "ProviderName", "Date": "timestamp", "TimeCreated": "timestamp",
    "TimeGenerated": "timestamp", "Event ID": "event.id", "Id": "event.id", "EventID": "event.id", "Level": "level",
    "LevelDisplayName": "level", "EntryType": "level", "Computer": "host.name", "MachineName": "host.name",
    "Description": "message", "Message": "message",
}  # fmt: skip
_TEXTS = ("Description", "Message")
_NOTHING = frozenset({"", "N/A", "{}"})


def recognise(given: Input) -> Claim | None:
    """Blocks of names and values, as these programs print them, a time among them."""
    plan = _plan(given.head)
    if plan is None:
        return None
    return Claim(
        "Windows events as text", 0.95 * plan.share, "its first blocks are events with names and values"
    )


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """An event for each block."""
    del claim
    plan = _plan(given.head)
    if plan is None:
        return
    decoder = decoder_for(given, plan, settings)
    rows, first, count = bytearray(), 1, 0
    with given.open() as stream:
        for line, height, row in _blocks(
            clean(text).decode("utf-8", "replace") for text in text_lines(stream)
        ):
            yield Tally(lines=height - 1, continuations=height - 1)
            rows += json_text(row) + b"\n"
            count += 1
            if count == _EVENTS:
                yield from decoder.read(block_of(bytes(rows), first))
                rows, first, count = bytearray(), line + height, 0
    if rows:
        yield from decoder.read(block_of(bytes(rows), first))
    yield from decoder.end()


@lru_cache(maxsize=2)
def _plan(head: bytes) -> Plan | None:
    text = clean(head[:_SAMPLE]).decode("utf-8", "replace").removeprefix("\ufeff")
    if not _FIRST.match(text):
        return None
    rows = [row for _, _, row in _blocks(text.splitlines())]
    return (
        planned(block_of(b"".join(json_text(row) + b"\n" for row in rows)).lines, _ANY_TIME) if rows else None
    )


def _blocks(lines: Iterator[str] | list[str]) -> Iterator[tuple[int, int, dict[str, str]]]:
    """On which line each event begins, how many lines it has with those around it, and its fields."""
    fields: dict[str, str] = {}
    name, begun, number = "", 1, 0
    numbered = False
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip("\r\n").removeprefix("\ufeff")
        heads = bool(_NUMBERED.match(line))
        numbered = numbered or heads
        found = (_INDENTED if numbered else _LISTED).match(line)
        if heads or (not numbered and found and found["name"] in fields):
            if fields:
                yield begun, number - begun, _row(fields)
                begun = number
            fields, name = {}, ""
        if found and not (numbered and name in _TEXTS):
            name = found["name"]
            fields[name] = found["value"].strip()
        elif name and not heads and line.strip():
            fields[name] = f"{fields[name]}\n{line.strip()}".strip("\n")
    if fields:
        yield begun, number - begun + 1, _row(fields)


def _row(fields: Mapping[str, str]) -> dict[str, str]:
    return {_MEANINGS.get(name, name): text for name, text in fields.items() if text not in _NOTHING}


SOURCE = Source("windows_text", frozenset({Signal.LOGS}), recognise, decode)
