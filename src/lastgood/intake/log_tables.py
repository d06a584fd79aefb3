"""Logs as a table: delimited text with a header, as consoles export it; each row is a structured event.

The columns mean what the keys of structured logs do, under all the names that loggers give them.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC

from lastgood.algorithms.json_text import json_text
from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import Claim, Decoded, Input, Settings, Tally
from lastgood.decoding.tables.headed import are_times, sampled
from lastgood.decoding.tables.records import Form, blocks
from lastgood.decoding.text.decoder import decoder_for
from lastgood.decoding.text.fields import meaning
from lastgood.decoding.text.lines import block_of, clean
from lastgood.decoding.text.plan import Plan, plan_of
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
    named = {name: meaning(name).name for name in columns}
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
    decoder = decoder_for(given, plan, settings)
    with given.open() as stream:
        for block in blocks(stream, Form("csv", found[0])):
            if len(block):
                yield from decoder.read(block_of(_lines(block.columns), block.places[0]))
            yield from block.rejects
            yield Tally(block.lines - len(block), 0, block.continuations, block.blanks)
    yield from decoder.end()


def _plan(columns: Mapping[str, Sequence[str]]) -> Plan | None:
    return plan_of(block_of(_lines(columns)).lines, _ANY_TIME)


def _lines(columns: Mapping[str, Sequence[str]]) -> bytes:
    """Rows as lines of JSON."""
    rows = zip(*columns.values(), strict=True)
    return clean(
        b"".join(
            json_text({name: text for name, text in zip(columns, row, strict=True) if name and text}) + b"\n"
            for row in rows
        )
    )


SOURCE = Source("log_tables", frozenset({Signal.LOGS}), recognise, decode)
