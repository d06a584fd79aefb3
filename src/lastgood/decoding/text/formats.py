"""Formats: the text layouts of real software, one TOML each, and how a block of lines is read with one.

A regular expression with named groups says what is where; it runs by columns (RE2, in C++), so it
may use only what RE2 and `re` share. Groups with a meaning of their own: time, level, level_later
(where there is no level), priority (syslog's number), service, logger, trace, span, event, body, pairs (`key=value`, which mean
what they do in logfmt). Every other group is named in `[attributes]`, `[resource]`, or with its unit in `[durations]`,
`[of_upstream]` or `[queued]`. `%T` stands for a date and time in any usual layout, with AM or PM and zone; `%Z` for a zone and
`%P` for AM or PM, which may be missing; `%L` for a word that is a level; `%b` for a month in any language.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.time_words import NOON, ZONE
from lastgood.algorithms.timestamps import LAYOUTS, NAT, Reference, parse_times
from lastgood.decoding.text import severity as _severity
from lastgood.decoding.text.events import as_text, events, maps_of_columns, none
from lastgood.decoding.text.structured import with_pairs

Mask = npt.NDArray[np.bool_]

_MONTH = r"[^\s\d\[\](){}<>|,:;.\"'=/\\@#-]{3,20}\.?"
_CLOCK = rf"\d\d?:\d\d:\d\d(?:[.,:]\d{{1,9}})?{NOON}"
_DATE_AND_TIME = (
    rf"(?:\d{{4}}[-/.]\d\d?[-/.]\d\d?(?:[T _:,\t-]{{1,2}}| @ | - )(?:\d\d?[:.]\d\d[:.]\d\d?(?:[.,:]\d{{1,9}})?{NOON})"
    rf"|\d{{4}}[-/.]?\d{{3}}[T _:.-]\d\d[:.]\d\d[:.]\d\d(?:[.,]\d{{1,9}})?"
    rf"|(?:19|20)\d{{6}}(?:[T _:-]\d\d?:\d\d?:\d\d?|[T _:.-]?\d{{6}})(?:[.,:]\d{{1,9}}|\d{{3}}\b)?"
    rf"|\d{{4}}年\d\d?月\d\d?日 ?{_CLOCK}"
    rf"|(?:19|20)\d\d[-/ ]{_MONTH}[-/ ][ \d]?\d[T :,-]{{1,2}}{_CLOCK}"
    rf"|(?:{_MONTH},? )?{_MONTH} [ \d]?\d (?:[A-Z]{{3,4}} )?{_CLOCK}(?: [A-Z]{{3,4}})? (?:19|20)\d\d\b"
    rf"|(?:{_MONTH},? )?{_MONTH} [ \d]?\d,? (?:\d{{4}},? (?:@ )?)?{_CLOCK}"
    rf"|(?:{_MONTH},? )?\d\d?\.?[-/. ](?:{_MONTH}|\d\d?)[-/. ]\d{{2,4}}[: T,-]{{1,2}}{_CLOCK}"
    rf"|\d\d?/\d\d?/\d{{4}}[ ,-]{{1,3}}{_CLOCK}|\d\d[-/]\d\d[-/]\d\d {_CLOCK}"
    rf"|\d{{6}} {{1,2}}\d\d?:?\d\d:?\d\d(?:[.,:]\d{{1,9}})?|\d\d[-./]\d\d {_CLOCK}"
    rf"|\d{{12}}\.\d{{3}}|@4[0-9a-f]{{23}}){ZONE}"
)
_LEVEL = (
    "TRACE|DEBUG|INFO|INFORMATION|INFORMATIONAL|NOTICE|WARN|WARNING|ERROR|SEVERE|FAILURE|CRITICAL|CRIT|FATAL|PANIC|ALERT|EMERG"
    "|EMERGENCY|Trace|Debug|Info|Information|Notice|Warn|Warning|Error|Severe|Critical|Fatal"
    "|trace|debug|info|notice|warn|warning|error|critical|fatal"
)
_MACROS = {"%T": _DATE_AND_TIME, "%Z": ZONE, "%P": NOON, "%L": _LEVEL, "%b": _MONTH}

OWN = {"service": "ServiceName", "logger": "ScopeName", "trace": "TraceId", "span": "SpanId", "event": "EventName",
       "level": "SeverityText", "body": "Body"}  # fmt: skip
ANY_TEXT = 1  # ranks of formats whose expression leaves much open
_NAME = re.compile(r"\(\?P<(\w+)>")
SHORT = 500  # bytes of a line that is looked at by itself
UNITS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}


@dataclass(frozen=True)
class TextFormat:
    """One layout of lines."""

    name: str
    about: str  # which software writes it, and where its manual says so
    rank: int  # among formats that match alike the more particular one wins: 4 one software … 1 any text
    regex: str
    time: tuple[str, ...] = LAYOUTS
    attributes: Mapping[str, str] = field(default_factory=dict)
    resource: Mapping[str, str] = field(default_factory=dict)
    durations: Mapping[str, str] = field(default_factory=dict)  # in which unit
    of_upstream: Mapping[str, str] = field(
        default_factory=dict
    )  # durations: how long a proxy's upstream took
    queued: Mapping[str, str] = field(
        default_factory=dict
    )  # durations: how long a proxy waited for a free one
    severity: Mapping[str, int] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)  # attributes of every event
    details: tuple[str, ...] = ()  # further expressions, searched for in the joined event
    tails: tuple[str, ...] = ()  # further expressions, searched for in the group `rest`
    unless: str = ""  # what lines look like that are not in this format though its expression matches
    names: tuple[str, ...] = ()  # columns that hold names: few distinct ones, or this is not the format
    envelope: bool = False  # the body is another log line
    multiline: bool = True  # lines that do not match continue the event before
    server: str = ""  # the kind of server that writes it: the service where nothing says whose a file is
    joins: str = ""  # an attribute; neighbours with one value of it, one time and one level are one event
    changes: tuple[
        Mapping[str, str], ...
    ] = ()  # what was done to the system, by the body: a kind, an expression
    samples: tuple[Mapping[str, Any], ...] = ()

    def reads_any(self, lines: pa.Array, texts: Sequence[bytes], reference: Reference) -> bool:
        """Whether any of a few lines is in this format; given as an array (binary) and one by one.

        By columns an expression is made ready at every call, which takes longer than to look at a few lines. One by
        one they are looked at only if short, and not with expressions for any text: there Python's engine would go
        back and forth without end.
        """
        if self.rank <= ANY_TEXT or max(map(len, texts)) > SHORT:
            return bool(self.match(lines, reference)[0].any())
        expression = _ready(self.pattern)
        return any(expression.match(text) for text in texts)

    def match(self, lines: pa.Array, reference: Reference) -> tuple[Mask, pa.Table]:
        """Which of the lines (binary) are in this format, and the events of those."""
        found = pc.extract_regex(lines, self.pattern)
        mask = pc.is_valid(found).to_numpy(zero_copy_only=False)
        if self.unless and mask.any():
            mask = mask & ~pc.match_substring_regex(lines, self.unless).to_numpy(zero_copy_only=False)
        if not mask.any():
            return mask, none()
        if not mask.all():
            found = found.filter(pa.array(mask))
        groups = dict(zip(self.groups, found.flatten(), strict=True))
        return mask, self._events(groups, reference)

    @property
    def pattern(self) -> str:
        """The expression for whole lines, with or without their newline.

        RE2 is three times as fast where every next character leaves one way to go on, and a final
        `.*` followed by blanks would leave two.
        """
        return rf"^(?:{self.regex})" + (r"\n?$" if self.regex.endswith(".*)") else r"\s*$")

    @property
    def timeless(self) -> bool:
        """Whether it only says whose a line is, and the time is in the line."""
        return "time" not in self.groups

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups, in order."""
        return _groups(self.regex)

    def detailed(self, bodies: pa.Array) -> pa.Array:
        """Attributes that the details of this format find in whole events, one map a body."""
        columns: dict[str, pa.Array] = {}
        for regex in self.details:
            found = pc.extract_regex(bodies, regex)
            groups = {name: pc.fill_null(found.field(i), "") for i, name in enumerate(_groups(regex))}
            columns |= self._named(groups)
        return maps_of_columns(columns, len(bodies))

    def _events(self, groups: Mapping[str, pa.Array], reference: Reference) -> pa.Table:
        count = len(next(iter(groups.values())))
        if "time" in groups:
            times = parse_times(groups["time"], reference, self.time)
        else:
            times = np.full(count, NAT, np.int64)
        texts = {target: as_text(groups[name]) for name, target in OWN.items() if name in groups}
        for name in [name for name in groups if name.startswith("level_")]:
            level, other = texts["SeverityText"], as_text(groups[name])
            texts["SeverityText"] = pc.if_else(pc.equal(level, ""), other, level)
        table = events(
            times,
            self._severities(groups, texts.get("SeverityText"), len(times)),
            texts,
            maps_of_columns(self._attributes(groups, len(times)), len(times)),
            maps_of_columns(_given(groups, self.resource), len(times)),
        )
        return with_pairs(table, as_text(groups["pairs"]), reference) if "pairs" in groups else table

    def _severities(
        self, groups: Mapping[str, pa.Array], level: pa.Array | None, count: int
    ) -> npt.NDArray[np.uint8]:
        if "priority" in groups:
            return _severity.of_syslog(as_text(groups["priority"]))
        return np.zeros(count, np.uint8) if level is None else _severity.numbers_of(level, self.severity)

    def _attributes(self, groups: Mapping[str, pa.Array], count: int) -> dict[str, pa.Array]:
        constants = {key: pa.repeat(pa.scalar(value), count) for key, value in self.constants.items()}
        return self._named(self._with_tails(groups)) | constants

    def _with_tails(self, groups: Mapping[str, pa.Array]) -> Mapping[str, pa.Array]:
        if not self.tails or not pc.any(pc.not_equal(as_text(groups["rest"]), "")).as_py():
            return groups
        found = dict(groups)
        for regex in self.tails:
            ends = pc.extract_regex(groups["rest"], regex)
            for index, name in enumerate(_groups(regex)):
                more = pc.fill_null(as_text(pc.struct_field(ends, index)), "")
                known = pc.fill_null(as_text(found[name]), "") if name in found else None
                found[name] = more if known is None else pc.if_else(pc.equal(known, ""), more, known)
        return found

    def _named(self, groups: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
        columns = _given(groups, self.attributes)
        for key, durations in (
            ("lg.duration_ns", self.durations), ("lg.upstream_ns", self.of_upstream), ("lg.queued_ns", self.queued),
        ):  # fmt: skip
            for name, unit in durations.items():
                if name in groups:
                    found, known = nanoseconds(as_text(groups[name]), unit), columns.get(key)
                    columns[key] = found if known is None else pc.if_else(pc.equal(known, ""), found, known)
        return columns


def _given(groups: Mapping[str, pa.Array], names: Mapping[str, str]) -> dict[str, pa.Array]:
    columns: dict[str, pa.Array] = {}
    for name, key in names.items():
        if name not in groups:
            continue
        text = as_text(groups[name])
        given = pc.if_else(pc.equal(text, "-"), "", text)
        columns[key] = (
            pc.if_else(pc.equal(columns[key], ""), given, columns[key]) if key in columns else given
        )
    return columns


def nanoseconds(texts: pa.Array, unit: str) -> pa.Array:
    """Whole nanoseconds, as texts, of numbers in a unit; empty where there is no number."""
    number = pc.match_substring_regex(texts, r"^\d+(?:\.\d+)?$")
    values = pc.if_else(number, texts, "0").cast(pa.float64())
    whole = pc.round(pc.multiply(values, float(UNITS[unit]))).cast(pa.int64(), safe=False)
    return pc.if_else(number, whole.cast(pa.string()), "")


@cache
def _ready(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode())


@cache
def _groups(regex: str) -> tuple[str, ...]:
    return tuple(_NAME.findall(regex))  # in their order; to compile it takes a hundred times as long


@cache
def formats() -> tuple[TextFormat, ...]:
    """Every text format, by name."""
    folder = files("lastgood.decoding.text").joinpath("formats")
    found = [f for f in folder.iterdir() if f.name.endswith(".toml")]
    return tuple(sorted((read_format(f.read_text("utf-8")) for f in found), key=lambda f: f.name))


def read_format(text: str) -> TextFormat:
    """The format that a TOML file describes.

    Raises:
        TypeError: a key is unknown or missing.
    """
    said = tomllib.loads(text)
    lists: dict[str, Sequence[Any]] = {
        name: tuple(said[name]) for name in ("time", "details", "tails", "changes", "samples") if name in said
    }
    for macro, regex in _MACROS.items():
        said["regex"] = said["regex"].replace(macro, regex)
    names = tuple(OWN[group] for group in said.get("names", ()))
    return TextFormat(**{**said, **lists, "names": names})
