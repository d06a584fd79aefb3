"""Metrics a line each, without a header, in the forms of InfluxDB, Graphite, Prometheus, promtool, statsd and Zabbix.

InfluxDB's line protocol; Graphite's plain, CSV and raw forms; samples of Prometheus that have times; what `promtool query` prints; statsd's
datagrams behind a time; Zabbix' history as plain text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePath

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.instants import guessed_epoch, scaled
from lastgood.decoding.labels import service_of
from lastgood.decoding.moments import moment
from lastgood.decoding.points import COUNTERS, Reported, point
from lastgood.decoding.rows import BAD, Row, Rows
from lastgood.decoding.text.lines import is_binary
from lastgood.decoding.text.whose import reference_for, whose_figures
from lastgood.decoding.whole import BROKEN, broken, lines
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import StoreTable

SAMPLE, ENOUGH = 50, 0.9  # lines that are looked at, and the share of them that is in the form
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_LABELS = re.compile(r'(?P<name>[A-Za-z_][\w.]*)="(?P<value>(?:[^"\\]|\\.)*)"')
_TAGS = re.compile(r"(?<!\\),")
_FIELDS = re.compile(r'(?P<name>(?:[^=,\s"\\]|\\.)+)=(?P<value>"(?:[^"\\]|\\.)*"|[^,\s]+)')
_STALE = frozenset(["nan", "none", "null", ""])
_SERVERS = re.compile(
    r"(?:\w+\.)*?(?:servers?|hosts?|collectd|machines?|nodes?)\.(?P<host>[\w-]+)\.(?P<metric>[\w.-]+)"
)


@dataclass
class _Said:
    """What lines before this one said: which series the next are of, and what the whole is called."""

    name: str
    labels: dict[str, str] = field(default_factory=dict)
    host: str = ""


@dataclass(frozen=True, slots=True)
class _Sample:
    name: str
    labels: dict[str, str]
    time: int
    value: float
    unit: str = ""
    counter: bool | None = None
    host: str = ""


Samples = Iterator[_Sample]


@dataclass(frozen=True, slots=True)
class _Form:
    name: str
    line: re.Pattern[str]
    samples: Callable[[re.Match[str], _Said, Reference], Samples]
    header: re.Pattern[str] | None = None


def recognise(given: Input) -> Claim | None:
    """Lines that are nearly all in one of these forms."""
    if given.is_folder or is_binary(given.head):
        return None
    form = _form_of(given.head[: 16 * 1024])
    return Claim(form.name, 0.94, f"its first lines are in the form of {form.name}") if form else None


@lru_cache(maxsize=2)
def _form_of(head: bytes) -> _Form | None:
    texts = [
        line
        for line in head.decode("utf-8-sig", "replace").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    texts = (texts[:-1] if len(head) == 16 * 1024 else texts)[:SAMPLE]
    for form in _FORMS if texts else ():
        fit = sum(bool(form.line.fullmatch(line.rstrip())) for line in texts)
        heads = sum(bool(form.header and form.header.fullmatch(line.rstrip())) for line in texts)
        if fit and fit + heads >= ENOUGH * len(texts):
            return form
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Metric points; comments and lines that name a series are continuations."""
    form = next(one for one in _FORMS if one.name == claim.format)
    owner, reference = whose_figures(given.telling) or settings.service, reference_for(given, settings)
    said, rows = _Said(PurePath(given.name).name.split(".", 1)[0]), Rows()
    with given.open() as stream:
        try:
            for number, raw in enumerate(lines(stream), 1):
                yield from _line(
                    raw.decode("utf-8-sig", "replace").strip(), number, (form, said, reference, owner), rows
                )
                yield from rows.full()
        except BROKEN as problem:
            yield from rows.rest()
            raise broken(problem) from problem
    yield from rows.rest()


def _line(line: str, number: int, given: tuple[_Form, _Said, Reference, str], rows: Rows) -> Decoded:
    form, said, reference, owner = given
    if not line:
        yield Tally(lines=1, blanks=1)
        return
    header = form.header.fullmatch(line) if form.header else None
    if line.startswith("#") or header:
        if header:
            said.labels = _labelled(header.groupdict().get("labels") or "")
            said.name, said.host = header["name"], header.groupdict().get("host") or ""
        yield Tally(lines=1, continuations=1)
        return
    try:
        found = form.line.fullmatch(line)
        if found is None:
            raise ValueError(f"it is not in the form of {form.name}")
        for sample in list(form.samples(found, said, reference)):
            rows.add(*_row(sample, owner), number)
        yield Tally(lines=1, events=1)
    except BAD as problem:
        yield Reject(number, f"not a sample: {problem}", line[:REJECT_TEXT])
        yield Tally(lines=1)


def _row(sample: _Sample, owner: str) -> tuple[StoreTable, Row]:
    service = (
        service_of(sample.labels)
        or sample.host
        or sample.labels.get("host", "")
        or sample.labels.get("hostname", "")
        or owner
    )
    counter = sample.counter if sample.counter is not None else sample.name.endswith(COUNTERS)
    table, row = point(
        sample.name, sample.labels, sample.time, sample.value, reported=Reported(sample.unit, counter=counter)
    )
    return table, {**row, "ServiceName": service}


def _labelled(text: str) -> dict[str, str]:
    return {found["name"]: found["value"].replace('\\"', '"') for found in _LABELS.finditer(text)}


def _when(text: str) -> int:
    time = guessed_epoch(text)
    if time is None:
        raise ValueError(f"{text} is not a time")
    return time


def _path(name: str) -> tuple[str, dict[str, str], str]:
    """The metric, labels and host of Graphite's path, tagged (`a.b;host=c`) or not."""
    bare, *tags = name.split(";")
    labels = {key: value for tag in tags for key, equal, value in (tag.partition("="),) if equal}
    found = _SERVERS.fullmatch(bare)
    return (found["metric"], labels, found["host"]) if found else (bare, labels, "")


def _plain(found: re.Match[str], said: _Said, reference: Reference) -> Samples:
    del said, reference
    name, labels, host = _path(found["name"])
    if found["value"].lower() not in _STALE:
        yield _Sample(
            name,
            labels | _labelled(found["labels"] or ""),
            _when(found["time"]),
            float(found["value"]),
            host=host,
        )


def _rendered(found: re.Match[str], said: _Said, reference: Reference) -> Samples:
    del said
    name, labels, host = _path(found["name"])
    if found["value"].lower() not in _STALE:
        yield _Sample(name, labels, moment(found["time"], reference), float(found["value"]), host=host)


def _raw(found: re.Match[str], said: _Said, reference: Reference) -> Samples:
    del said, reference
    name, labels, host = _path(found["name"])
    for place, text in enumerate(found["values"].split(",")):
        if text.strip().lower() not in _STALE:
            yield _Sample(
                name,
                labels,
                (int(found["start"]) + place * int(found["step"])) * 1_000_000_000,
                float(text),
                host=host,
            )


def _protocol(found: re.Match[str], said: _Said, reference: Reference) -> Samples:
    del said, reference
    measurement, *tags = (part.replace("\\", "") for part in _TAGS.split(found["series"]))
    labels = {key: value for tag in tags for key, equal, value in (tag.partition("="),) if equal}
    time = _when(found["time"])
    for one in _FIELDS.finditer(found["fields"]):
        number = re.fullmatch(rf"({_NUMBER})[iu]?", one["value"])
        if number:
            # Telegraf counts the use of processors in hundredths.
            unit = "%" if measurement == "cpu" and one["name"].startswith("usage_") else ""
            yield _Sample(f"{measurement}.{one['name']}", labels, time, float(number[1]), unit)


def _queried(found: re.Match[str], said: _Said, reference: Reference) -> Samples:
    del reference
    time = scaled(found["time"], 1_000_000_000)
    if time is None:
        raise ValueError(f"{found['time']} is not a time")
    if found["value"].lower() not in _STALE:
        own = _labelled(found["labels"] or "") if found["name"] or found["labels"] else said.labels
        yield _Sample(found["name"] or said.name, own, time, float(found["value"]))


def _datagram(found: re.Match[str], said: _Said, reference: Reference) -> Samples:
    del said
    labels = {
        key: value
        for tag in (found["tags"] or "").split(",")
        for key, colon, value in (tag.partition(":"),)
        if colon
    }
    kind, rate = found["kind"], float(found["rate"] or 1)
    name, more, host = _path(found["name"])
    if kind != "s" and rate > 0:
        value = float(found["value"]) / (rate if kind == "c" else 1.0)
        yield _Sample(
            name,
            labels | more,
            moment(found["time"], reference),
            value,
            "ms" if kind == "ms" else "",
            counter=False,
            host=host,
        )


def _history(found: re.Match[str], said: _Said, reference: Reference) -> Samples:
    del reference
    unit = "%" if "util" in said.name.lower() else ""
    yield _Sample(said.name, {}, _when(found["time"]), float(found["value"]), unit, host=said.host)


_FORMS: Sequence[_Form] = (
    _Form("InfluxDB line protocol", re.compile(r'(?P<series>(?:[^\s,\\"]|\\.)+(?:,(?:[^\s=,\\]|\\.)+=(?:[^\s,\\]|\\.)+)*) (?P<fields>(?:[^\s=,"\\]|\\.)+=(?:"(?:[^"\\]|\\.)*"|[^,\s"]+)(?:,(?:[^\s=,"\\]|\\.)+=(?:"(?:[^"\\]|\\.)*"|[^,\s"]+))*) (?P<time>\d{10,19})'), _protocol),
    _Form("samples with times", re.compile(rf"(?P<name>[A-Za-z_][\w:.;=~/-]*)(?P<labels>\{{[^{{}}]*\}})?[ \t]+(?P<value>{_NUMBER}|NaN|None)[ \t]+(?P<time>\d{{10}}(?:\.\d+)?|\d{{13}})"), _plain),
    _Form("Graphite raw", re.compile(rf"(?P<name>[^,|]+(?:\([^|]*\))?),(?P<start>\d{{10}}),\d{{10}},(?P<step>\d+)\|(?P<values>(?:{_NUMBER}|None)(?:,(?:{_NUMBER}|None))*)"), _raw),
    _Form("Graphite CSV", re.compile(rf'"?(?P<name>[A-Za-z_][^",]*(?:\([^"]*\))?)"?,(?P<time>\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d),(?P<value>{_NUMBER}|)'), _rendered),
    _Form("promtool query", re.compile(rf"(?:(?P<name>[A-Za-z_:][\w:]*)?(?P<labels>\{{.*\}})? => )?(?P<value>{_NUMBER}|NaN) @\[(?P<time>\d+(?:\.\d+)?)\]"), _queried,
          re.compile(r"(?P<name>[A-Za-z_:][\w:]*)?(?P<labels>\{.*\})? =>")),
    _Form("statsd", re.compile(rf"\[?(?P<time>\d{{4}}-\d\d-\d\d[T ]\S+?)\]?[ \t]+(?P<name>[\w.;=-]+):(?P<value>{_NUMBER})\|(?P<kind>c|g|ms|h|d|s)(?:\|@(?P<rate>[\d.]+))?(?:\|#(?P<tags>\S+))?"), _datagram),
    _Form("Zabbix history as text", re.compile(rf"\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d[ \t]+(?P<time>\d{{10}})[ \t]+(?P<value>{_NUMBER})"), _history,
          re.compile(r"(?:Plain text: )?(?P<host>[\w.-]+): (?P<name>[A-Za-z][^\d:]{1,60})")),
)  # fmt: skip

SOURCE = Source("metric_lines", frozenset({Signal.METRICS}), recognise, decode)
