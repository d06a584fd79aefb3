"""Log queries as SQL: a predicate over `lg_lines`, with every value bound as a parameter."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import NoReturn

import pyarrow as pa
import pyarrow.compute as pc

from lastgood.errors import QuerySyntaxError
from lastgood.model.attributes import (
    CORRELATION_ID,
    DURATION_NS,
    HTTP_STATUSES,
    REQUEST_ID,
    ROUTES,
    SERVICE_NAME,
)
from lastgood.model.clock import to_nanoseconds
from lastgood.model.failing_line import FAILURE_WORDS
from lastgood.model.moments import parse_duration, parse_moment
from lastgood.telemetry.derived import first_of
from lastgood.telemetry.logquery import (
    All,
    AnyOf,
    Bound,
    Exists,
    Literal,
    Node,
    Not,
    Range,
    Regex,
    Term,
    parse,
)

COLUMNS = {
    "": "body", "body": "body", "message": "body", "msg": "body", "text": "body",
    "service": "service", SERVICE_NAME: "service",
    "trace": "trace_id", "trace_id": "trace_id", "traceid": "trace_id",
    "span": "span_id", "span_id": "span_id", "spanid": "span_id",
    "shape": "toString(shape)", "instance": "instance", "version": "version", "user": "user",
    "status": first_of(["attributes"], HTTP_STATUSES), "route": first_of(["attributes"], ROUTES),
}  # fmt: skip
# A line that reports a failure: by its level, or where it has none by its words.
ERROR_LINE = (
    f"(severity >= 17 OR (severity = 0 AND multiSearchAnyCaseInsensitive(body, {list(FAILURE_WORDS)})))"
)
LEVELS = {
    "trace": (1, "trace"), "debug": (5, "debug"), "info": (9, "info"), "information": (9, "info"),
    "notice": (10, "info"), "warn": (13, "warn"), "warning": (13, "warn"), "error": (17, "error"),
    "err": (17, "error"), "fatal": (21, "fatal"), "critical": (21, "fatal"), "crit": (21, "fatal"),
    "panic": (21, "fatal"), "emergency": (21, "fatal"),
}  # fmt: skip

_ID = re.compile(r"(?=.*\d)[\w.:/+=@-]{6,}")  # what an id may look like


@dataclass(frozen=True, slots=True)
class LogFilter:
    """A condition on rows of `lg_lines`, and the values that it binds."""

    sql: str
    parameters: dict[str, str | int | float]
    attributes: tuple[tuple[str, int], ...] = ()  # that it names, with the place of each in the query
    services: tuple[tuple[str, int], ...] = ()  # the same of services that are wanted, without wildcards


def log_filter(
    query: str, *, now: datetime, zone: tzinfo = UTC, stored: Callable[[str], str] = str
) -> LogFilter:
    """The filter that a query means; relative times count from `now`. A word is looked for as it is and as it is `stored`.

    Raises:
        QuerySyntaxError: it cannot be parsed, or asks a field for what it cannot be.
    """
    compiler = _Compiler(query, now, zone, stored)
    sql = compiler.node(parse(query))
    return LogFilter(sql, compiler.parameters, tuple(compiler.attributes), tuple(compiler.services))


@dataclass
class _Compiler:
    query: str
    now: datetime
    zone: tzinfo
    stored: Callable[[str], str] = str
    parameters: dict[str, str | int | float] = field(default_factory=dict)
    attributes: list[tuple[str, int]] = field(default_factory=list)
    services: list[tuple[str, int]] = field(default_factory=list)

    def node(self, node: Node) -> str:
        match node:
            case All(parts=()):
                return "1"
            case All(parts=parts):
                return "(" + " AND ".join(self.node(part) for part in parts) + ")"
            case AnyOf(parts=parts):
                return "(" + " OR ".join(self.node(part) for part in parts) + ")"
            case Not(part=part):
                known = len(self.services)
                sql = self.node(part)
                del self.services[known:]  # to leave out what is not there is no slip
                return f"NOT {sql}"
            case Term():
                return self.term(node)

    def term(self, term: Term) -> str:
        name = term.field.lower()
        typed = _TYPED.get(name)
        if typed is not None:
            return typed(self, term)
        column = COLUMNS.get(name) or self.attribute(term)
        if (
            column == "service"
            and isinstance(term.value, Literal)
            and term.value.text
            and not term.value.like
        ):
            self.services.append((term.value.text, term.value.position))
        match term.value:
            case Exists():
                return f"{column} != ''"
            case Regex():
                return self.regex(column, term.value)
            case Literal():
                found = self.literal(column, term.value)
                return found if name else self.or_id(found, term.value)
            case Range():
                return self.span(column, term.value)

    def attribute(self, term: Term) -> str:
        self.attributes.append((term.field, term.position))
        key = self.bind(term.field, "String")
        return f"if(attributes[{key}] != '', attributes[{key}], resource[{key}])"

    def literal(self, column: str, value: Literal) -> str:
        stored = value.text if value.like else self.stored(value.text)
        spelt = [value, replace(value, text=stored)] if stored != value.text else [value]
        parts = [self.body(one) if column == "body" else self.text(column, one) for one in spelt]
        return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"

    def body(self, value: Literal) -> str:
        if value.like:
            return f"body ILIKE {self.bind(f'%{value.like}%', 'String')}"
        return f"positionCaseInsensitiveUTF8(body, {self.bind(value.text, 'String')}) > 0"

    def or_id(self, found: str, value: Literal) -> str:
        """What a word finds in texts; also the lines whose request or trace has it for an id."""
        if value.like or not _ID.fullmatch(value.text):
            return found
        bound = self.bind(value.text, "String")
        named = " OR ".join(f"attributes['{one}'] = {bound}" for one in (REQUEST_ID, CORRELATION_ID))
        return f"({found} OR {named} OR trace_id = lower({bound}))"

    def text(self, column: str, value: Literal) -> str:
        if value.like:
            return f"{column} LIKE {self.bind(value.like, 'String')}"
        return f"{column} = {self.bind(value.text, 'String')}"

    def regex(self, column: str, value: Regex) -> str:
        try:
            pc.match_substring_regex(pa.array([""]), value.pattern)  # RE2, as in the engine
        except pa.ArrowInvalid as problem:
            reason = str(problem).rpartition(": ")[2]
            raise QuerySyntaxError(
                self.query, value.position, f"This is not a regular expression ({reason})"
            ) from problem
        return f"match({column}, {self.bind(value.pattern, 'String')})"

    def span(self, column: str, value: Range) -> str:
        bounds = [b for b in (value.low, value.high) if b.text is not None]
        if all(_number(b.text) is not None for b in bounds):
            return self.between(
                f"toFloat64OrNull({column})", value, lambda b: _number(b.text) or 0.0, "Float64"
            )
        return f"({column} != '' AND {self.between(column, value, lambda b: b.text or '', 'String')})"

    def time(self, term: Term) -> str:
        if isinstance(term.value, Exists):
            return "1"
        if not isinstance(term.value, Range):
            self.refuse(
                term,
                "A time is asked for as a range",
                "timestamp:[now-1h TO now] or timestamp:>=2026-11-22T14:45:00Z",
            )
        moments = {
            bound.position: to_nanoseconds(self.moment(bound))
            for bound in (term.value.low, term.value.high)
            if bound.text is not None
        }
        nanoseconds = "toUnixTimestamp64Nano(toDateTime64(ts, 9, 'UTC'))"
        return self.between(nanoseconds, term.value, lambda b: moments[b.position], "Int64")

    def moment(self, bound: Bound) -> datetime:
        try:
            return parse_moment(bound.text or "", self.now, self.zone)
        except QuerySyntaxError as problem:
            at = bound.position + problem.position
            raise QuerySyntaxError(self.query, at, problem.problem, hint=problem.hint) from problem

    def error(self, term: Term) -> str:
        if not isinstance(term.value, Literal) or term.value.text != "error":
            self.refuse(term, "The field `is` has one value", "is:error, the lines that report a failure")
        return ERROR_LINE

    def level(self, term: Term) -> str:
        match term.value:
            case Exists():
                return "severity > 0"
            case Range():
                return f"(severity > 0 AND {self.between('severity', term.value, self.severity, 'Int64')})"
            case Literal(text=text, position=position, like=""):
                if text.isascii() and text.isdigit() and len(text) < 3:
                    return f"severity = {self.bind(int(text), 'Int64')}"
                return f"level = {self.bind(self.named(text, position)[1], 'String')}"
            case Literal(like=like):
                return f"level LIKE {self.bind(like.lower(), 'String')}"
            case Regex():
                return self.regex("level", term.value)

    def severity(self, bound: Bound) -> int:
        text = bound.text or ""
        if text.isascii() and text.isdigit() and len(text) < 3:
            return int(text)
        return self.named(text, bound.position)[0]

    def named(self, text: str, position: int) -> tuple[int, str]:
        found = LEVELS.get(text.lower())
        if found is None:
            raise QuerySyntaxError(
                self.query,
                position,
                f"There is no level {text!r}",
                hint="Levels are trace, debug, info, warn, error and fatal, or numbers 1 to 24.",
            )
        return found

    def duration(self, term: Term) -> str:
        column = f"toFloat64OrNull(attributes['{DURATION_NS}'])"
        if isinstance(term.value, Exists):
            return f"{column} IS NOT NULL"
        if not isinstance(term.value, Range):
            self.refuse(term, "A duration is asked for as a range", "duration:>500ms or duration:[1s TO 5s]")
        return self.between(column, term.value, self.nanoseconds, "Float64")

    def nanoseconds(self, bound: Bound) -> float:
        try:
            return parse_duration(bound.text or "").total_seconds() * 1e9
        except QuerySyntaxError as problem:
            at = bound.position + problem.position
            raise QuerySyntaxError(self.query, at, problem.problem, hint=problem.hint) from problem

    def between(
        self, column: str, value: Range, read: Callable[[Bound], str | int | float], kind: str
    ) -> str:
        ends = []
        if value.low.text is not None:
            sign = ">=" if value.low.inclusive else ">"
            ends.append(f"{column} {sign} {self.bind(read(value.low), kind)}")
        if value.high.text is not None:
            sign = "<=" if value.high.inclusive else "<"
            ends.append(f"{column} {sign} {self.bind(read(value.high), kind)}")
        # A value that is no number compares as NULL, and NOT NULL would lose the row.
        return f"ifNull({' AND '.join(ends) or f'isNotNull({column})'}, 0)"

    def bind(self, value: str | float, kind: str) -> str:
        name = f"q{len(self.parameters)}"
        self.parameters[name] = value
        return f"{{{name}:{kind}}}"

    def refuse(self, term: Term, problem: str, hint: str) -> NoReturn:
        raise QuerySyntaxError(self.query, term.value.position, problem, hint=f"For example {hint}.")


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,18})?", text) else None


_TYPED: dict[str, Callable[[_Compiler, Term], str]] = {
    **dict.fromkeys(("timestamp", "@timestamp", "time", "ts"), _Compiler.time),
    **dict.fromkeys(("level", "severity"), _Compiler.level),
    "duration": _Compiler.duration,
    "is": _Compiler.error,
}
# What people may name of a line besides its attributes.
FIELDS = (*(name for name in COLUMNS if name), *_TYPED)
