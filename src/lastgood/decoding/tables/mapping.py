"""A mapping: what a TOML file says about which columns of whose files are what.

Parsed once, checked completely: whatever it says that cannot be done is a MappingError that names
the file, the table, the key, and what is possible. docs/reference/mapping.md lists every key.
"""

import fnmatch
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lastgood.decoding.instants import EPOCH_UNITS, NANOSECONDS
from lastgood.decoding.tables.mapping_keys import FIELDS, FILE_KEYS, PICK_KEYS, REQUIRED, TOP_KEYS, VALUE_KEYS
from lastgood.decoding.tables.records import Form
from lastgood.errors import MappingError, instead

COMPRESSED = (".gz", ".zst", ".bz2", ".xz")
TIME_FIELDS = ("time", "end")
TYPES = ("gauge", "counter", "delta")
FORMATS = ("csv", "ndjson", "json")
BODY_FORMATS = ("plain", "auto")


@dataclass(frozen=True, slots=True)
class Pick:
    """How one value is taken from a record: the first column with a text, cut, translated, or a default."""

    columns: tuple[str, ...] = ()
    constant: str | None = None
    regex: re.Pattern[str] | None = None  # group `value`, else the first group, else all of the match
    translate: Mapping[str, str] = field(default_factory=dict)  # "*" is any other text
    default: str = ""
    unit: str = ""
    format: str = ""
    zone: ZoneInfo | None = None
    optional: bool = False  # no column of these need exist


Picks = tuple[Pick, ...]  # alternatives: the first that gives a text


@dataclass(frozen=True, slots=True)
class Wide:
    """Which columns of a wide table are values, and of what. Texts may name groups as {group}."""

    columns: re.Pattern[str]
    metric: str
    unit: str
    service: str  # empty: as the record's service field says
    scale: float
    type: str
    attributes: Mapping[str, str]
    caller: str
    callee: str


@dataclass(frozen=True)
class FileRule:
    """What some files hold."""

    table: str  # where it stands in the mapping, for messages
    match: tuple[str, ...]
    kind: str
    form: Form | None  # None: given by each file's name and first bytes
    fields: Mapping[str, Picks]
    attributes: Mapping[str, Picks]
    resource: Mapping[str, Picks]
    rest: bool  # columns named nowhere become attributes
    values: tuple[Wide, ...]
    ignore: tuple[re.Pattern[str], ...]
    keep: Mapping[str, re.Pattern[str]]
    drop: Mapping[str, re.Pattern[str]]
    type: str
    body_format: str
    shape: Form  # the form's options when the format is determined by the file

    @cached_property
    def _named(self) -> frozenset[str]:
        picks = (*self.fields.values(), *self.attributes.values(), *self.resource.values())
        named = {column for alternatives in picks for pick in alternatives for column in pick.columns}
        return frozenset(named) | frozenset(self.keep) | frozenset(self.drop)

    def is_free(self, column: str) -> bool:
        """Whether the rule neither names a column nor ignores it."""
        return column not in self._named and not any(one.search(column) for one in self.ignore)


@dataclass(frozen=True, slots=True)
class FileMapping:
    """A whole mapping file."""

    path: Path
    rules: tuple[FileRule, ...]
    ignore: tuple[str, ...]  # files that are not to be read

    def rules_for(self, name: str) -> tuple[FileRule, ...]:
        """The rules for a file; several may read the same one."""
        return tuple(rule for rule in self.rules if any(matches(name, glob) for glob in rule.match))

    def ignores(self, name: str) -> bool:
        """Whether a file is to be left unread."""
        return any(matches(name, glob) for glob in self.ignore)


def matches(name: str, glob: str) -> bool:
    """Whether the end of a path matches a pattern; a compression's suffix need not be named."""
    names = [name, *(name.removesuffix(suffix) for suffix in COMPRESSED if name.endswith(suffix))]
    return any(
        fnmatch.fnmatchcase(one, glob) or fnmatch.fnmatchcase(one, f"*/{glob.lstrip('/')}") for one in names
    )


def read_mapping(path: Path) -> FileMapping:
    """The mapping in a TOML file.

    Raises:
        MappingError: it cannot be read, or says something impossible.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise MappingError(f"The mapping {path} cannot be read: {problem.strerror}.") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise MappingError(f"The mapping {path} is not TOML: {problem}.") from problem
    top = _Table(path, "the top level", document, TOP_KEYS)
    tables = document.get("file")
    if not isinstance(tables, list) or not tables:
        raise top.wrong("file", "there is no [[file]] table", "a mapping has one [[file]] per kind of file")
    rules = tuple(_rule(path, f"[[file]] {place}", table) for place, table in enumerate(tables, 1))
    return FileMapping(path, rules, top.texts("ignore"))


@dataclass(frozen=True, slots=True)
class _Table:
    """One TOML table being read, which knows where it stands."""

    path: Path
    name: str
    content: Mapping[str, Any]
    known: Collection[str]

    def __post_init__(self) -> None:
        if not isinstance(self.content, dict):
            raise MappingError(f"{self.path}, {self.name}: this must be a table.")
        for key in self.content:
            if self.known and key not in self.known:
                raise self.wrong(key, "there is no such key", instead(key, self.known).rstrip("."))

    def wrong(self, key: str, problem: str, hint: str = "") -> MappingError:
        return MappingError(f"{self.path}, {self.name}, {key}: {problem}.", hint=hint and f"{hint}.")

    def text(self, key: str, default: str = "", *, among: Sequence[str] = ()) -> str:
        value = self.content.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, f"{value!r} is not a text")
        if among and value not in among:
            raise self.wrong(
                key, f"{value!r} is not possible", instead(value, filter(None, among)).rstrip(".")
            )
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.content.get(key, [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(key, f"{value!r} is neither a text nor a list of texts")
        return tuple(value)

    def number(self, key: str, default: float) -> float:
        value = self.content.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, f"{value!r} is not a number")
        return value

    def flag(self, key: str) -> bool:
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, f"{value!r} is neither true nor false")
        return value

    def expression(self, key: str, text: str) -> re.Pattern[str]:
        try:
            return re.compile(text)
        except re.error as problem:
            raise self.wrong(key, f"{text!r} is not a regular expression: {problem}") from problem

    def table(self, key: str, known: Collection[str] = ()) -> "_Table":
        return _Table(self.path, f"{self.name} {key}", self.content.get(key, {}), known)


def _rule(path: Path, name: str, content: Any) -> FileRule:
    table = _Table(path, name, content, FILE_KEYS)
    match = table.texts("match")
    if not match:
        raise table.wrong("match", "it is missing", 'say which files are meant, e.g. match = "*/spans/*.csv"')
    if "kind" not in content:
        raise table.wrong("kind", "it is missing", f"possible: {', '.join(FIELDS)}")
    kind = table.text("kind", among=tuple(FIELDS))
    values = _wides(table)
    fields = _picks_of(table.table("fields", FIELDS[kind]))
    missing = [one for one in REQUIRED[kind] if one not in fields]
    if kind == "metrics" and not values:
        missing += [one for one in ("metric", "value") if one not in fields]
    if missing:
        hint = f"{kind} need {', '.join(REQUIRED[kind])}"
        if kind == "metrics":
            hint += ", and either metric and value, or [[file.values]]"
        raise table.wrong("fields", f"{', '.join(missing)} not said", hint)
    shape = _shape(table, kind)
    return FileRule(
        table=name,
        match=match,
        kind=kind,
        form=shape if shape.format else None,
        fields=fields,
        attributes=_picks_of(table.table("attributes")),
        resource=_picks_of(table.table("resource")),
        rest=table.flag("rest"),
        values=values,
        ignore=tuple(table.expression("ignore", one) for one in table.texts("ignore")),
        keep=_filters(table.table("keep")),
        drop=_filters(table.table("drop")),
        type=table.text("type", "gauge", among=TYPES),
        body_format=table.text("body_format", "plain", among=BODY_FORMATS),
        shape=shape,
    )


def _shape(table: _Table, kind: str) -> Form:
    format_ = table.text("format", "csv" if kind == "adjacency" else "", among=("", *FORMATS))
    delimiter = table.text("delimiter", ",")
    if len(delimiter) != 1:
        raise table.wrong("delimiter", f"{delimiter!r} is not one character")
    header_rows = int(table.number("header_rows", 1))
    columns = table.texts("columns")
    if header_rows < 0:
        raise table.wrong("header_rows", f"{header_rows} is below 0")
    if header_rows == 0 and not columns:
        raise table.wrong("header_rows", "without a header the columns have no names", "name them in columns")
    return Form(
        format=format_,
        delimiter=delimiter,
        header_rows=header_rows,
        header_join=table.text("header_join", "|"),
        index_row=table.flag("index_row"),
        skip_rows=int(table.number("skip_rows", 0)),
        columns=columns,
        records=table.text("records"),
    )


def _filters(table: _Table) -> dict[str, re.Pattern[str]]:
    return {column: table.expression(column, table.text(column)) for column in table.content}


def _picks_of(table: _Table) -> dict[str, Picks]:
    return {name: _picks(table, name, value) for name, value in table.content.items()}


def _picks(table: _Table, name: str, value: Any) -> Picks:
    several = value if isinstance(value, list) else [value]
    if not several:
        raise table.wrong(name, "an empty list gives nothing")
    return tuple(_pick(table, name, one) for one in several)


def _pick(table: _Table, name: str, value: Any) -> Pick:
    if isinstance(value, str):
        return Pick(columns=(value,))
    one = _Table(table.path, f"{table.name} {name}", value, PICK_KEYS)
    columns = one.texts("column") + one.texts("columns")
    constant = one.text("constant") if "constant" in value else None
    if not columns and constant is None:
        raise one.wrong("column", "neither a column nor a constant is named", 'e.g. column = "Time"')
    units = EPOCH_UNITS if name in TIME_FIELDS else tuple(NANOSECONDS)
    free = name == "unit" or table.name.rsplit(" ", 1)[-1] != "fields"
    regex = one.text("regex")
    return Pick(
        columns=columns,
        constant=constant,
        regex=one.expression("regex", regex) if regex else None,
        translate={key: one.table("map").text(key) for key in one.table("map").content},
        default=one.text("default"),
        unit=one.text("unit", among=() if free else ("", *units)),
        format=one.text("format"),
        zone=_zone(one),
        optional=one.flag("optional"),
    )


def _zone(table: _Table) -> ZoneInfo | None:
    name = table.text("zone")
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise table.wrong("zone", f"there is no time zone {name!r}", "e.g. Europe/Berlin") from problem


def _wides(table: _Table) -> tuple[Wide, ...]:
    content = table.content.get("values", [])
    if not isinstance(content, list):
        raise table.wrong("values", "this must be a list of tables", "write [[file.values]]")
    places = enumerate(content, 1)
    return tuple(_wide(_Table(table.path, f"{table.name} values {n}", one, VALUE_KEYS)) for n, one in places)


def _wide(table: _Table) -> Wide:
    if "columns" not in table.content:
        raise table.wrong("columns", "it is missing", "a regular expression over the names of the columns")
    expression = table.expression("columns", table.text("columns"))
    attributes = table.table("attributes")
    texts = {key: table.text(key) for key in ("metric", "unit", "service", "caller", "callee")}
    texts["metric"] = texts["metric"] or ("{metric}" if "metric" in expression.groupindex else "{0}")
    named = {f"attributes {key}": attributes.text(key) for key in attributes.content}
    for key, text in {**texts, **named, "unit": ""}.items():  # units have braces of their own
        _check_groups(table, key, text, expression)
    return Wide(
        columns=expression,
        metric=texts["metric"],
        unit=texts["unit"],
        service=texts["service"],
        scale=table.number("scale", 1.0),
        type=table.text("type", "gauge", among=TYPES),
        attributes={key: attributes.text(key) for key in attributes.content},
        caller=texts["caller"],
        callee=texts["callee"],
    )


def _check_groups(table: _Table, key: str, text: str, expression: re.Pattern[str]) -> None:
    for group in re.findall(r"\{(\w+)\}", text):
        if group != "0" and group not in expression.groupindex:
            groups = ", ".join(["0 (the whole name)", *expression.groupindex])
            raise table.wrong(key, f"the regular expression has no group {group!r}", f"possible: {groups}")


def filled(text: str, found: re.Match[str]) -> str:
    """A text with the {group} names that a match has replaced by what it holds; {0} is all of it."""
    groups = {"0": found[0], **found.groupdict("")}
    return re.sub(r"\{(\w+)\}", lambda named: groups.get(named[1], named[0]), text)
