"""What programs print at a terminal again and again: sysstat's tables, `top -b`, `df`, `free`, `kubectl top`, `docker stats` and others.

A table that has a date before it, or times in its rows, is a series of metrics: its columns of numbers are the metrics, the texts
before them say what they are of. Lines of prose at a known time are log lines. What bears no time at all is not read.
"""

import re
from collections.abc import Iterator
from datetime import UTC
from functools import lru_cache

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import change, logged
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.points import Reported, point
from lastgood.decoding.rows import BAD, Row, Rows
from lastgood.decoding.tables.headed import are_times, sampled
from lastgood.decoding.terminal.clock import Clock
from lastgood.decoding.terminal.known import COUNTER
from lastgood.decoding.terminal.measures import Value
from lastgood.decoding.terminal.reader import Kind, Line, Reader
from lastgood.decoding.text.lines import block_of, clean, is_binary
from lastgood.decoding.text.plan import MOSTLY, PARTICULAR, SCREENED, plan_of
from lastgood.decoding.text.whose import reference_for, whose_figures
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import StoreTable

SAMPLE = 64 * 1024
UNDERSTOOD = 0.75  # of the lines are a table's, at least
# A line of a program's log: a time, and a level at its front, or a host and a program as syslog has them.
_LOGGED = re.compile(
    rb"^\W{0,2}\d[\d :.,/TZ+-]{9,}\W{0,3}(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERR(?:OR)?|CRIT(?:ICAL)?|FATAL|SEVERE)\b"
    rb"|^(?:\d{4}-\d\d-\d\dT\S+|[A-Z][a-z]{2} [ \d]\d [\d:]{8}) \S+ [A-Za-z_][\w./()-]*(?:\[\d+\])?: ",
    re.MULTILINE,
)
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)
_NOBODY = "localhost"  # the machine where it was printed, when nothing names it


def recognise(given: Input) -> Claim | None:
    """Headers over rows of figures, or lists of figures, whose times are known, and little else."""
    if given.is_folder or is_binary(given.head) or given.head.lstrip()[:1] in {b"{", b"[", b"<"}:
        return None
    if _LOGGED.search(given.head[:4096]):
        return None
    columns = sampled(given.head)  # which other sources read
    return None if columns and any(map(are_times, columns[1].values())) else _claim(given.head[:SAMPLE])


@lru_cache(maxsize=2)
def _claim(head: bytes) -> Claim | None:
    # Most texts are none, and are seen to be none from their first lines, without reading a time.
    start = _texts(head[:4096])
    if not _figures(Reader(_Unread(_ANY_TIME)), start[:-1] if len(head) > 4096 else start):
        return None
    lines = _texts(head)
    rows = _figures(Reader(Clock(_ANY_TIME)), lines[:-1] if len(head) >= SAMPLE else lines)
    if not rows or _is_log(head):
        return None
    return Claim("terminal output", 0.9, f"{rows} of its first lines are figures whose times are known")


def _is_log(head: bytes) -> bool:
    """Whether nearly all lines are in the layout of one program's log, whatever figures are in them."""
    plan = plan_of(block_of(clean(head)).lines.slice(0, SCREENED), _ANY_TIME)
    return plan is not None and plan.formats[0].rank >= PARTICULAR and plan.share >= MOSTLY


class _Unread(Clock):
    """One that takes whatever looks like a time for one."""

    def time(self, text: str) -> int | None:
        """Some time."""
        del text
        return 1


def _figures(reader: Reader, lines: list[str]) -> int:
    """How many rows of figures there are; none where too many lines are something else."""
    read = [line.kind for line in reader.read(lines) if line.kind is not Kind.BLANK]
    rows, frames, odd = (read.count(kind) for kind in (Kind.ROW, Kind.FRAME, Kind.OTHER))
    framed = frames > 0 or rows == len(read)
    return rows if framed and odd <= (1 - UNDERSTOOD) * len(read) else 0


def _texts(content: bytes) -> list[str]:
    return clean(content).decode("utf-8-sig", "replace").splitlines()


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """Metric points, a row of a table or a list one event; what was said meanwhile as log lines."""
    del claim
    with given.open() as stream:
        content, problem = read_whole(stream)
    reader, rows = Reader(Clock(reference_for(given, settings))), Rows()
    owner = whose_figures(given.telling) or settings.service
    for line in reader.read(_texts(content)):
        try:
            made = list(_rows(line, reader, owner))
        except BAD as wrong:
            yield from _refused(line, str(wrong))
            continue
        if line.kind is Kind.OTHER and line.values:
            yield from _refused(line, "there is no time before it or in it")
            continue
        for row in made:
            rows.add(*row, line.number)
        blank, event = line.kind is Kind.BLANK, bool(made)
        yield Tally(1, event, not event and not blank, blank)
        yield from rows.full()
    yield from rows.rest()
    if problem is not None:
        raise problem


def _refused(line: Line, reason: str) -> Decoded:
    yield Reject(line.number, reason, line.text[:REJECT_TEXT])
    yield Tally(lines=1)


def _rows(line: Line, reader: Reader, owner: str) -> Iterator[tuple[StoreTable, Row]]:
    if line.time is None:
        return
    host = reader.clock.host
    resource = {"host.name": host} if host else {}
    if line.kind is Kind.RESTART:
        title = f"{host or 'the machine'} was started again"
        yield change(
            "infrastructure", line.time, service=host or owner, title=title, source="sar", attributes=resource
        )
    elif line.kind is Kind.SAID or line.unwell:
        level = "ERROR" if line.kind is Kind.SAID else "WARN"
        service = next((value.service for value in line.values if value.service), owner or host)
        yield logged(line.unwell or line.text, line.time, level, service=service, resource=resource)
    if line.kind is not Kind.ROW:
        return
    for value in line.values:
        yield _point(value, line.time, reader, owner)


def _point(value: Value, time: int, reader: Reader, owner: str) -> tuple[StoreTable, Row]:
    host = reader.clock.host
    service = value.service or host or owner or value.program or _NOBODY
    reported = Reported(value.unit, counter=value.type == COUNTER)
    table, row = point(value.metric, value.attributes, time, value.value, reported=reported)
    resource = {"host.name": host} if host else {}
    if "k8s.pod.name" in value.resource and reader.namespace:
        resource["k8s.namespace.name"] = reader.namespace
    return table, {
        **row,
        "ServiceName": service,
        "ResourceAttributes": {"service.name": service, **resource, **value.resource},
    }


SOURCE = Source("terminal", frozenset({Signal.METRICS, Signal.LOGS, Signal.CHANGES}), recognise, decode)
