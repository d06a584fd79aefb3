"""Spans as a table: delimited text with a header that names a trace, a span, when it began and how long it took.

A count of time since 1970 has the unit that puts it into our times; a duration that does not say its unit has that of the
beginning, as whoever counts one in microseconds counts the other so, and is refused where spans would not fit into their
parents. Numbers of a status are taken for those of HTTP (100 and above), of gRPC (where any is above 2), else of OpenTelemetry.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.instants import EPOCH_UNITS, NANOSECONDS, guessed_epoch
from lastgood.decoding.tables.headed import are_times, is_number, of_pod, rule_of, sampled
from lastgood.decoding.tables.mapping import Pick, Picks
from lastgood.decoding.tables.ruled import decode_by
from lastgood.decoding.text.fields import meaning
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_BEGIN = ("starttimeunixnano", "starttime", "startts", "start", "begin", "begintime", "timestamp", "time", "ts",
          "starttimemillis", "starttimemicros")  # fmt: skip
_END = ("endtimeunixnano", "endtime", "endts", "end", "finish", "finishtime")
_PARENT = ("parentspanid", "parentid", "parent")
_NAME = ("spanname", "operationname", "operation", "name", "methodname", "method")
_KIND = ("spankind", "kind")
_STATUS = ("statuscode", "status", "otelstatuscode")
_NO_PARENT = {
    spell(word): ""
    for word in ("root", "none", "null", "nil", "nan", "-", "0", "-1")
    for spell in (str, str.upper, str.capitalize)
}
_FIT = 0.9  # of the spans, at least, end within their parents, give or take a tenth of these
# Those of gRPC that are the server's fault (OpenTelemetry, semantic conventions for gRPC).
_GRPC = dict.fromkeys(("2", "4", "12", "13", "14", "15"), "true") | {"*": ""}


@dataclass(frozen=True, slots=True)
class Table:
    """Which columns of a table are what; empty for none."""

    delimiter: str
    fields: Mapping[str, Picks]
    attributes: Mapping[str, Picks]
    resource: Mapping[str, Picks]


def recognise(given: Input) -> Claim | None:
    """A header, ids in every row, a beginning, and an end or a duration whose unit is known."""
    table = _table(given.head)
    if table is None:
        return None
    return Claim(
        "span table",
        0.9,
        f"traces in {table.fields['trace'][0].columns[0]}, times in {table.fields['time'][0].columns[0]}",
    )


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Spans."""
    del claim
    table = _table(given.head)
    if table is not None:
        rule = rule_of("spans", table.delimiter, table.fields, (table.attributes, table.resource))
        yield from decode_by((rule,), given, settings)


def _table(head: bytes) -> Table | None:
    found = sampled(head)
    if found is None:
        return None
    delimiter, columns = found
    folded = {_folded(name): name for name in columns}
    places = {name: meaning(name) for name in columns}
    first = {
        reported.name: name for name, reported in reversed(places.items()) if reported.place != "attribute"
    }
    trace, span = first.get("TraceId", ""), first.get("SpanId", "")
    begin = next((folded[n] for n in _BEGIN if n in folded and are_times(columns[folded[n]])), "")
    if not (trace and span and begin and all(columns[trace]) and all(columns[span])):
        return None
    named = {
        "trace": trace, "span": span, "parent": _any(folded, _PARENT), "name": _any(folded, _NAME),
        "service": first.get("ServiceName", ""), "kind": _any(folded, _KIND),
    }  # fmt: skip
    fields: dict[str, Picks] = {key: (Pick(columns=(name,)),) for key, name in named.items() if name}
    fields["time"] = (Pick(columns=(begin,)),)
    if "parent" in fields:
        fields["parent"] = (Pick(columns=(named["parent"],), translate=_NO_PARENT),)
    if pod := next((name for name, reported in places.items() if reported.name == "k8s.pod.name"), ""):
        fields.setdefault("service", of_pod(pod))
    if not _add_length(fields, columns, folded, named | {"time": begin}):
        return None
    attributes = _add_status(fields, columns, _any(folded, _STATUS))
    resource: dict[str, Picks] = {}
    used = {
        name for key, picks in fields.items() if key != "service" for pick in picks for name in pick.columns
    }
    for name, reported in places.items():
        if name not in used and reported.place in {"attribute", "resource"}:
            (attributes if reported.place == "attribute" else resource).setdefault(
                reported.name, (Pick(columns=(name,)),)
            )
    return Table(delimiter, fields, attributes, resource)


def _any(folded: Mapping[str, str], names: Sequence[str]) -> str:
    return next((folded[name] for name in names if name in folded), "")


def _folded(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _add_length(
    fields: dict[str, Picks],
    columns: Mapping[str, Sequence[str]],
    folded: Mapping[str, str],
    named: Mapping[str, str],
) -> bool:
    """Give the fields an end or a duration; False where there is neither, or its unit is not known."""
    end = next((folded[n] for n in _END if n in folded and are_times(columns[folded[n]])), "")
    if end:
        fields["end"] = (Pick(columns=(end,)),)
        return True
    duration = next((name for name in columns if meaning(name).place == "duration"), "")
    if not duration or not all(is_number(text) for text in columns[duration]):
        return False
    unit = meaning(duration).name or _counted_in(columns[named["time"]][0])
    if not unit or not _fits(columns, named, duration, NANOSECONDS[unit]):
        return False
    fields["duration"] = (Pick(columns=(duration,), unit=unit),)
    return True


def _counted_in(text: str) -> str:
    """The unit of a count of time since 1970; empty for a time that is written."""
    instant = guessed_epoch(text)
    return (
        ""
        if instant is None
        else min(EPOCH_UNITS, key=lambda unit: abs(instant - float(text) * NANOSECONDS[unit]))
    )


def _fits(columns: Mapping[str, Sequence[str]], named: Mapping[str, str], duration: str, factor: int) -> bool:
    """Whether spans end within their parents, as far as the first rows have both."""
    begins = [guessed_epoch(text) for text in columns[named["time"]]]
    if not named["parent"] or None in begins:
        return True
    lengths = [float(text) * factor for text in columns[duration]]
    spans = {
        span: (begin, length)
        for span, begin, length in zip(columns[named["span"]], begins, lengths, strict=True)
    }
    inside = []
    for parent, begin, length in zip(columns[named["parent"]], begins, lengths, strict=True):
        if parent in spans and begin is not None:
            above, wide = spans[parent]
            inside.append(begin + length <= (above or 0) + wide * 1.1)
    return sum(inside) >= _FIT * len(inside)


def _add_status(
    fields: dict[str, Picks], columns: Mapping[str, Sequence[str]], status: str
) -> dict[str, Picks]:
    """Give the fields a status, and what of it is an attribute."""
    if not status:
        return {}
    numbers = [int(text) for text in columns[status] if text.isdecimal() and len(text) < 5]
    if max(numbers, default=0) <= 2:
        fields["status"] = (Pick(columns=(status,)),)
        return {}
    fields["failed"] = (Pick(columns=(status,), translate=_GRPC),)
    code = re.compile(r"^[1-5]\d\d$")
    return {"http.response.status_code": (Pick(columns=(status,), regex=code),)}


SOURCE = Source("span_tables", frozenset({Signal.SPANS}), recognise, decode)
