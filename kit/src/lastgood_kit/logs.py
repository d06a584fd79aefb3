"""JSON lines with the same fields everywhere, from the standard library's logging and from structlog.

Field names are OpenTelemetry's. What is bound to the request (`context.bound`) and what a call passes as `extra` are
fields too. Values of fields whose name is that of a secret are not written.
"""

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from math import isfinite
from socket import gethostname
from typing import IO, Any

from lastgood_kit import context

SECRET = re.compile(
    r"pass(word|wd|phrase|code)|pwd|secret|token|authorization|cookie|(api|access|private)[-_]?key|credential|jwt"
    r"|card[-_]?number|cvc|cvv",
    re.IGNORECASE,
)
REDACTED = "[redacted]"
_NAMED_SECRET = re.compile(
    rf"((?:{SECRET.pattern})[\w-]{{0,20}}[\"']?\s{{0,3}}[=:]\s{{0,3}}(?:(?:bearer|basic)\s+)?[\"']?)[^\s\"',;&{{}}]+",
    re.IGNORECASE,
)
_OF_ADDRESS = re.compile(r"(?<=://)[^\s/:@\"']*:[^\s/@\"']+(?=@)")  # user and password
_TOKEN = re.compile(r"eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?|(?<=[Bb]earer )[\w.~+/=-]{8,}")
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
_PLAIN = len(vars(logging.makeLogRecord({})))
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_FIXED = frozenset(["time", "level", "message", "logger", "trace_id", "span_id"])
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SCALARS = (str, bool, type(None))
_LARGEST = 2**63  # of a whole number: others read larger ones as another number, or not at all
DEEPEST = 10  # levels of a field that are written
_quoted = json.encoder.encode_basestring


@lru_cache(1000)
def _is_secret(name: str) -> bool:
    return bool(SECRET.search(name))


def redacted(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as JSON has them, without the values of secrets: those of mappings in a field as well."""
    return {
        name: REDACTED if _is_secret(name) else _writable(value, DEEPEST) for name, value in fields.items()
    }


def _writable(value: Any, depth: int) -> Any:
    """A value that can be written whatever it is: a line is not lost because of one of its fields."""
    if isinstance(value, _SCALARS):
        return value
    try:
        if isinstance(value, Mapping | list | tuple | set | frozenset):
            return _inside(value, depth - 1) if depth else REDACTED
        if isinstance(value, int) and abs(value) < _LARGEST:
            return int(value)
        return float(value) if isinstance(value, float) and isfinite(value) else str(value)
    except Exception:  # noqa: BLE001 - whatever a stranger's code raises
        return f"a {type(value).__name__} that cannot be written"


def _inside(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {
            str(name): REDACTED if _is_secret(str(name)) else _writable(one, depth)
            for name, one in value.items()
        }
    return [_writable(one, depth) for one in value]


def without_secrets(text: str) -> str:
    """A text without what looks like a secret in it: values behind such names, tokens, numbers of cards."""
    text = _OF_ADDRESS.sub(REDACTED, _NAMED_SECRET.sub(rf"\1{REDACTED}", text))
    text = _TOKEN.sub(REDACTED, text)
    return _CARD.sub(lambda one: REDACTED if _is_card(one[0]) else one[0], text)


def fields_without_secrets(value: Any, depth: int = 5) -> Any:
    """A field of a debug line without what looks like a secret in its texts; what is nested deeper is left out."""
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, Mapping) and depth:
        return {
            name: REDACTED if _is_secret(str(name)) else fields_without_secrets(one, depth - 1)
            for name, one in value.items()
        }
    if isinstance(value, list | tuple) and depth:
        return [fields_without_secrets(one, depth - 1) for one in value]
    return REDACTED if isinstance(value, Mapping | list | tuple) else value


def extra_of(record: logging.LogRecord) -> dict[str, Any]:
    """What was passed as `extra`."""
    return {name: value for name, value in vars(record).items() if name not in _OWN}


def _is_card(text: str) -> bool:
    """Whether digits have the check digit of a card (ISO/IEC 7812)."""
    digits = [int(letter) for letter in reversed(text) if letter.isdigit()]
    return sum(n if place % 2 == 0 else sum(divmod(2 * n, 10)) for place, n in enumerate(digits)) % 10 == 0


class JsonLines(logging.Formatter):
    """One line for each record."""

    def __init__(self, resource: Mapping[str, str]) -> None:
        super().__init__()
        self._resource = _members(resource)
        self._second: tuple[int, str] = (-1, "")

    def format(self, record: logging.LogRecord) -> str:
        """The record, the service and the request at hand, in a fixed order."""
        head = f'"time":"{self._time(record.created)}","level":"{record.levelname.lower()}"'
        said = f'"message":{_quoted(record.getMessage())},"logger":{_quoted(record.name)}'
        more = fields_of(record) if len(vars(record)) > _PLAIN or record.exc_info else {}
        trace_id, span_id = context.ids()
        ids = f',"trace_id":"{trace_id}","span_id":"{span_id}"' if trace_id else ""
        fields = _members(bound_fields() | more) if more else _of_request()
        # Half a surrogate pair cannot be encoded, and the line would be lost: JSON has a spelling for it.
        return f"{{{head},{said}{ids}{fields}{self._resource}}}".encode("utf-8", "backslashreplace").decode()

    def _time(self, created: float) -> str:
        second, written = self._second
        if second != int(created):
            second = int(created)
            written = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
            self._second = (second, written)
        return f"{written}.{int((created - second) * 1_000_000):06d}Z"


def _of_request() -> str:
    """The fields of the request at hand as JSON, made for the first of its lines."""
    request = context.current()
    if request is None:
        return ""
    found = request.written.get("json")
    if found is None:
        found = request.written["json"] = _members(bound_fields())
    return found


def _members(fields: Mapping[str, Any]) -> str:
    """The fields as they follow others inside a JSON object."""
    return f",{_encode(redacted(fields))[1:-1]}" if fields else ""


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Of one call: what was passed as `extra`, and the error, whose text others wrote: without what looks like a secret."""
    found = {f"extra.{name}" if name in _FIXED else name: value for name, value in extra_of(record).items()}
    if record.exc_info and record.exc_info[0]:
        kind, error, _ = record.exc_info
        found["exception.type"], found["exception.message"] = kind.__qualname__, without_secrets(str(error))
        found["exception.stacktrace"] = without_secrets("".join(traceback.format_exception(*record.exc_info)))
    return found


def bound_fields() -> dict[str, Any]:
    """The id of the request at hand, and what was bound to it."""
    request = context.current()
    own = {"request.id": request.request_id} if request and request.request_id else {}
    return {**own, **request.fields} if request else own


def set_up(
    service: str,
    version: str,
    more: Mapping[str, str] | None = None,
    *,
    level: int = logging.INFO,
    stream: IO[str] | None = None,
) -> logging.Handler:
    """Send the root logger's records as JSON lines to a stream (standard error); gives back its handler.

    Each line names the host: in a container that is its instance. `more` says more about the process:
    `set_up("web", "v2", {"deployment.environment.name": "prod"})`.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    resource = {"service.name": service, "service.version": version, "host.name": gethostname()}
    handler.setFormatter(JsonLines({**resource, **(more or {})}))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    return handler


def structlog_fields(_: Any, level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the same fields; put `structlog.processors.JSONRenderer()` after it."""
    trace_id, span_id = context.ids()
    time_text = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    line = {"time": time_text, "level": level, "message": event.pop("event", "")}
    ids = {"trace_id": trace_id, "span_id": span_id} if trace_id else {}
    return {**line, **ids, **redacted(bound_fields()), **redacted(event)}
