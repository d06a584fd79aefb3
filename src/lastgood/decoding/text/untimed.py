"""Events without a time of their own among timed ones: crashes, a runtime's warnings, lines of requests, plain text beside JSON.

A program that dies writes past its logger: without a time, a level or the logger's format. Such lines continue nothing. They are
an event at the time of the line before, or of the next one where none is before; `log.time` says that it is not their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.decoding.text import severity as _severity
from lastgood.decoding.text.events import as_text, column, events, maps_of_columns
from lastgood.decoding.text.leveled import DEADLY, UNCAUGHT
from lastgood.decoding.text.plan import CONTINUATION, Plan
from lastgood.decoding.text.structured import StructuredFormat

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

MARK = "log.time.source"
NEIGHBOUR = "a line beside it"  # what the mark says
_TRACEBACK = r"Traceback \(most recent call last\):|\*\* \([A-Z]"  # what loggers write below their lines too
_SCRIPT = r"(?:node:internal/[\w/.-]+|(?:file://)?/[^\s:]+\.[cm]?[jt]sx?):\d+\s*$"  # where Node shows the line that threw
_WARNS = (
    r"\(node:\d+\) |npm (?:WARN|warn)\b|[^\s:]+\.py:\d+: \w*Warning: |OpenJDK .{1,40} warning: |SLF4J: |WARNING: |log4j:WARN |PHP Warning: "
    r"|WARNING: DATA RACE"
)
_FAILS = rf"npm (?:ERR!|error)(?:\s|$)|error Command failed |{_SCRIPT}|error: Uncaught |log4j:ERROR "
_SAYS = r"npm notice |PHP Notice: "
# A request's line as servers print it without a time: whose, what was asked, how it was answered.
_METHOD = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE"
_REQUEST = rf"(?:INFO: +)?(?:[^\s\"\[\]{{}}]+ (?:- ){{0,2}})?(?:\"(?:{_METHOD}) [^\"]*\"|(?:{_METHOD}) /\S*(?: HTTP/[\d.]+)?) (?:-> |=> |- )?\d{{3}}\b"
# The level as uvicorn pads it, Python's logging before it was set up, and .NET's console before category and number.
_LABELLED = (
    r"(?P<label>DEBUG|INFO|WARNING|ERROR|CRITICAL|TRACE):(?: {2,}\S|(?:[A-Za-z_][\w.]*):)|CRITICAL: \S"
    r"|(?:trce|dbug|info|warn|fail|crit): [A-Za-z_][\w.+`]*\[-?\d+\]"
)
_HEADS = (
    rf"^(?:(?P<traceback>{_TRACEBACK})|(?P<deadly>{DEADLY})|(?P<fails>{UNCAUGHT}|{_FAILS})|(?P<warns>{_WARNS})|(?P<says>{_SAYS})"
    rf"|(?P<request>{_REQUEST})|(?P<labelled>{_LABELLED}))"
)
_LEVELS = {"traceback": _severity.ERROR, "deadly": _severity.CRITICAL, "fails": _severity.ERROR, "warns": _severity.WARN,
           "says": _severity.INFO, "request": 0, "plain": 0}  # fmt: skip
_TEXTS = {
    _severity.ERROR: "ERROR",
    _severity.CRITICAL: "FATAL",
    _severity.WARN: "WARN",
    _severity.INFO: "INFO",
}
_ALWAYS_OWN = frozenset({"request", "labelled"})


@dataclass(frozen=True, slots=True)
class _Head:
    line: int
    kind: str
    tag: bytes  # of several such lines in a row, what makes them one event


def with_untimed(
    lines: pa.Array, begins: Mask, table: pa.Table, plan: Plan, last: pa.Table
) -> tuple[Mask, pa.Table]:
    """Which lines begin an event, and the events, those without a time of their own among them.

    `last` is the event before these lines, if there is one. A block without a timed event gets none.
    """
    others = np.flatnonzero(~begins)
    if not len(others) or not (len(table) or len(last)):
        return begins, table
    structured = isinstance(plan.formats[0], StructuredFormat) and not plan.formats[0].timeless
    heads = _heads(lines, begins, others, structured=structured, started=len(last) > 0)
    if not heads:
        return begins, table
    levels, times = _around(table, last)
    before = np.cumsum(
        begins, dtype=np.int64
    )  # of each line, how many timed events of these lines begin up to it
    own, nanos = [], []
    for head in _kept(heads, begins, before, levels, structured=structured):
        time = times[int(before[head.line]) or int(not len(last))]
        if time.is_valid:
            own.append(head)
            nanos.append(time.value)
    if not own:
        return begins, table
    rows = np.array([head.line for head in own])
    added = _events(lines.take(pa.array(rows)), own, nanos)
    where = np.concatenate([np.flatnonzero(begins), rows])
    marked = begins.copy()
    marked[rows] = True
    order = pa.array(np.argsort(where, kind="stable"))
    return marked, pa.concat_tables([table, added]).take(order).combine_chunks()


def _heads(lines: pa.Array, begins: Mask, others: Rows, *, structured: bool, started: bool) -> list[_Head]:
    """The lines, among those that begin nothing yet, at which an event of its own might begin."""
    some = lines.take(pa.array(others))
    found = pc.extract_regex(some, _HEADS)
    hit = np.flatnonzero(pc.is_valid(found).to_numpy(zero_copy_only=False))
    heads = {int(others[n]): _head(int(others[n]), found[int(n)].as_py(), some[int(n)].as_py()) for n in hit}
    if structured:
        first = others[~np.isin(others - 1, others)]
        plain = pc.match_substring_regex(
            lines.take(pa.array(first)), rf"{CONTINUATION}|^\s*[{{}}\[\]]|^\s*$|^>"
        )
        for line in first[~plain.to_numpy(zero_copy_only=False)].tolist():
            if started or begins[:line].any():
                heads.setdefault(line, _Head(line, "plain", b""))
    return [heads[line] for line in sorted(heads)]


def _head(line: int, groups: dict[str, bytes | None], text: bytes) -> _Head:
    kind = next(name for name, value in groups.items() if value and name != "label")
    tag = text.split(b" ", 2)[:2] if kind in {"fails", "warns", "says"} else [kind.encode()]
    return _Head(line, kind, b" ".join(tag) if text.startswith(b"npm") else tag[0])


def _kept(
    heads: Sequence[_Head], begins: Mask, before: Rows, levels: npt.NDArray[np.uint8], *, structured: bool
) -> Iterator[_Head]:
    """Those that are an event: not the further lines of one, nor a traceback that a logger wrote below its line."""
    open_: _Head | None = None
    for head in heads:
        if open_ is not None and begins[open_.line : head.line].any():
            open_ = None
        direct = begins[head.line - 1] if head.line else True
        level = int(levels[before[head.line]])
        if open_ is not None:
            same = open_.kind == head.kind and (
                open_.tag == head.tag or head.kind in {"traceback", "fails", "deadly"}
            )
            if (same and head.kind not in _ALWAYS_OWN) or (
                head.kind == "traceback" and open_.kind != "request"
            ):
                continue
        elif head.kind == "traceback" and not structured and (level == 0 or level >= _severity.WARN):
            continue
        elif head.kind in {"labelled", "warns", "says"} and level == 0 and direct and head.line:
            continue  # its level is that of the line before, which had none
        open_ = head
        yield head


def _around(table: pa.Table, last: pa.Table) -> tuple[npt.NDArray[np.uint8], pa.Array]:
    """Levels and times of the event before the lines (0 and none without one), then of each event in them."""
    one = last.slice(len(last) - 1) if len(last) else None
    level = column(one, "SeverityNumber").to_numpy() if one is not None else np.zeros(1, np.uint8)
    levels = np.concatenate([level, column(table, "SeverityNumber").to_numpy()])
    mine = column(table, "Timestamp")
    first = column(one, "Timestamp") if one is not None else pa.nulls(1, mine.type)
    return levels, pc.fill_null_forward(pa.concat_arrays([first, mine]))


def _events(texts: pa.Array, heads: Sequence[_Head], nanos: Sequence[int]) -> pa.Table:
    bodies = pc.utf8_rtrim_whitespace(as_text(texts))
    numbers = [_level(head, body) for head, body in zip(heads, bodies.to_pylist(), strict=True)]
    said = pa.array([_TEXTS.get(number, "") for number in numbers], pa.string())
    mark = maps_of_columns({MARK: pa.repeat(pa.scalar(NEIGHBOUR), len(heads))}, len(heads))
    return events(
        np.array(nanos, np.int64), np.array(numbers, np.uint8), {"Body": bodies, "SeverityText": said}, mark
    )


def _level(head: _Head, body: str) -> int:
    if head.kind == "labelled" or (head.kind == "request" and body.startswith("INFO:")):
        return _severity.number_of(body.partition(":")[0])
    return _LEVELS[head.kind]
