"""The request at hand: its trace, its id, and fields that every line about it should have."""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from random import getrandbits
from typing import Any

# https://www.w3.org/TR/trace-context/: version, trace, parent, flags; a later version may have more after them.
_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_REQUEST_ID = re.compile(r"[\w.:-]{1,128}")
_SEVERAL = object()  # stands for a bound field that had several values


@dataclass(frozen=True, slots=True)
class Request:
    """One request inside this service."""

    trace_id: str
    span_id: str
    request_id: str
    sampled: bool = True
    fields: Mapping[str, Any] = field(default_factory=dict)
    bound: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)  # since it arrived, by all
    written: dict[str, str] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )  # kept by `logs`


_request: ContextVar[Request | None] = ContextVar("lastgood_kit_request", default=None)


def arriving(traceparent: str = "", request_id: str = "") -> Request:
    """A request from its headers; what is absent or not valid is made here, because this is the edge.

    What middleware outside of it has bound stays bound.
    """
    trace_id, sampled = _of_traceparent(traceparent.strip()) or (_opentelemetry()[0] or _random(128), True)
    kept, around = request_id if _REQUEST_ID.fullmatch(request_id) else trace_id, _request.get()
    return Request(trace_id, _random(64), kept, sampled, around.fields if around else {})


def _random(bits: int) -> str:
    return f"{getrandbits(bits) or 1:0{bits // 4}x}"  # to be distinguished, not to be kept secret; new after a fork


def _of_traceparent(header: str) -> tuple[str, bool] | None:
    found = _TRACEPARENT.fullmatch(header)
    if not found or found[1] == "ff" or (found[1] == "00" and found[5]):
        return None
    if not int(found[2], 16) or not int(found[3], 16):
        return None
    return found[2], bool(int(found[4], 16) & 1)


def ending(request: Request) -> "serving":
    """Make it the request at hand, with the fields that were bound while it was served: of its access line, or its error.

    A field that had several values in turn is left out.
    """
    kept = {name: value for name, value in request.bound.items() if value is not _SEVERAL}
    return serving(replace(request, fields={**request.fields, **kept}) if kept else request)


class serving:  # noqa: N801 - used as a function; a generator costs a request twice as much
    """Make it the request at hand, for a `with`."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def __enter__(self) -> Request:
        self._token = _request.set(self._request)
        return self._request

    def __exit__(self, *_: object) -> None:
        with suppress(
            ValueError
        ):  # what the garbage collector ends is in another context: there is nothing to put back
            _request.reset(self._token)


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """Add fields to every line of the request, such as `bound(**{"user.id": user})`; also outside of requests."""
    at_hand = _request.get() or Request("", "", "")
    for name, value in fields.items():
        if not _is_same(at_hand.bound.setdefault(name, value), value):
            at_hand.bound[name] = _SEVERAL
    with serving(replace(at_hand, fields={**at_hand.fields, **fields})):
        yield


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are; what compares in a way of its own is only the same as itself."""
    return one is other or (isinstance(one, str | int | float) and type(one) is type(other) and one == other)


def current() -> Request | None:
    """The request at hand; None outside of one."""
    return _request.get()


def ids() -> tuple[str, str]:
    """Trace and span id: of OpenTelemetry's current span where a process has one, else of the request at hand."""
    found = _opentelemetry()
    if found[0]:
        return found
    request = _request.get()
    return (request.trace_id, request.span_id) if request else found


def _opentelemetry() -> tuple[str, str]:
    api = sys.modules.get("opentelemetry.trace")
    span = api.get_current_span().get_span_context() if api else None
    return (f"{span.trace_id:032x}", f"{span.span_id:016x}") if span and span.is_valid else ("", "")


def outgoing() -> dict[str, str]:
    """The headers to send along with a call to another service."""
    request, (trace_id, span_id) = _request.get(), ids()
    if not trace_id:
        return {}
    sampled = request.sampled if request else True
    headers = {"traceparent": f"00-{trace_id}-{span_id}-{'01' if sampled else '00'}"}
    return {**headers, "x-request-id": request.request_id} if request and request.request_id else headers
