"""Logs as a table: delimited text with a header, as consoles export it; each row is a structured event.

The columns mean what the keys of structured logs do, under all the names that loggers give them.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from lastgood.algorithms.json_text import json_text
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import Claim, Decoded, Input, Settings, Tally
from lastgood.decoding.tables.headed import are_times, sampled
from lastgood.decoding.tables.records import Form, blocks
from lastgood.decoding.text.decoder import decoder_for
from lastgood.decoding.text.envelope import planned
from lastgood.decoding.text.fields import meaning
from lastgood.decoding.text.lines import block_of, clean
from lastgood.decoding.text.plan import Plan
from lastgood.decoding.text.severity import number_of
from lastgood.decoding.text.structured import json_fields
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)
# Besides a time, one of these makes a row an event.
_TELLING = frozenset({"Body", "SeverityText", "http.response.status_code"})


def recognise(given: Input) -> Claim | None:
    """A header with columns of a time and of a message, level or status, whose rows are read as events."""
    found = sampled(given.head)
    if found is None:
        return None
    delimiter, columns = found
    names = _names(columns)
    named = {name: meaning(meant).name for name, meant in names.items()}
    times = [name for name, place in named.items() if place == "Timestamp" and are_times(columns[name])]
    telling = [name for name, place in named.items() if place in _TELLING]
    spans = {"TraceId", "SpanId"} <= set(named.values()) and "Body" not in named.values()
    plan = _plan(columns) if times and telling and not spans else None
    if plan is None:
        return None
    said = "tabs" if delimiter == "\t" else delimiter
    return Claim(
        "log table", 0.85 * plan.share, f"times in {times[0]}, events in {telling[0]}, separated by {said}"
    )


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The rows as events; columns that are empty are not there."""
    del claim
    found = sampled(given.head)
    plan = _plan(found[1]) if found else None
    if found is None or plan is None:
        return
    delimiter, columns = found
    names = _names(columns)
    decoder = decoder_for(given, plan, settings)
    form = Form("csv", delimiter, header_rows=0, skip_rows=1, columns=tuple(columns))
    with given.open() as stream:
        for block in blocks(stream, form):
            if len(block):
                yield from decoder.read(block_of(_lines(block.columns, names), block.places[0]))
            yield from block.rejects
            yield Tally(block.lines - len(block), 0, block.continuations, block.blanks)
    yield from decoder.end()


def _plan(columns: Mapping[str, Sequence[str]]) -> Plan | None:
    return planned(block_of(_lines(columns, _names(columns))).lines, _ANY_TIME, exported=True)


def _names(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What each column is read as: under its own name, but for those whose values or neighbours say more.

    Datadog calls the level Status; Windows calls the program that writes Source, as no one else does.
    """
    names = {name: name for name in columns}
    lower = {name.strip().lower(): name for name in columns}
    levels = [lower[name] for name in ("level", "severity", "log.level", "leveldisplayname") if name in lower]
    status = lower.get("status")
    if status and not levels and all(_is_level(text) for text in columns[status]):
        names[status] = "level"
    if "date and time" in lower and "source" in lower:
        names[lower["source"]] = "ProviderName"
    if "content" in lower and {"date", "service"} <= lower.keys():
        names[lower["content"]] = "message"  # as Datadog called it before
    if "tsns" in lower and "time" in lower:
        names |= {lower["time"]: "time shown", lower["tsns"]: "timestamp"}
    return names


def _is_level(text: str) -> bool:
    return not text.isdigit() and number_of(text) > 0


def _lines(columns: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> bytes:
    """Rows as lines of JSON; a cell that is an object is one."""
    rows = zip(*columns.values(), strict=True)
    kept = [names.get(name, name) for name in columns]
    return clean(
        b"".join(
            json_text(
                {name: _cell(name, text) for name, text in zip(kept, row, strict=True) if name and text}
            )
            + b"\n"
            for row in rows
        )
    )


def _cell(name: str, text: str) -> Any:
    if not text.startswith('{"') or meaning(name).place == "event":  # a message is read as a line of its own
        return text
    found = json_fields(text.encode())
    return text if found is None else found


SOURCE = Source("log_tables", frozenset({Signal.LOGS}), recognise, decode)
