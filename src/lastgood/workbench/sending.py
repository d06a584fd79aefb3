"""Sending: where a captured request may go, with which headers, and what is refused before anything is sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lastgood.algorithms.captures import BODYLESS, is_credential
from lastgood.errors import UsageError
from lastgood.model.replay import ROUTE_ONLY, CapturedRequest
from lastgood.outside.replay import is_production
from lastgood.workbench.shrinking import ShrinkBounds

HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110, 9.2.1; PUT and DELETE change what is there
OVERRIDING = ("x-http-method-override", "x-http-method", "x-method-override")  # headers that name the method
EXAMPLES = {
    "header": "--header 'Authorization: Bearer $TOKEN'",
    "field": "--field 'password: $TEST_PASSWORD'",
}
_IN_ROUTE = re.compile(r"\{[^{}]*\}|<[^<>]*>|(?<=/):[A-Za-z_]\w*|\*+")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


@dataclass(frozen=True, slots=True)
class Sending:
    """Where to, with what, how often."""

    target: str
    headers: tuple[str, ...] = ()  # NAME: VALUE, with $NAME of the environment
    times: int = 2  # each request is sent, to see what differs by itself
    seconds: float = 10
    production: bool = False  # it may be, and that is meant
    allowed: tuple[str, ...] = ()  # methods that may be sent to production, and in many variants
    fields: tuple[
        str, ...
    ] = ()  # NAME: VALUE of the body, likewise, in the place of credentials that were captured
    elsewhere: bool = (
        False  # whether a path that no service has is asked as well, to know a server that answers all alike
    )
    shrink: ShrinkBounds | None = None  # whether to look for the smallest request that fails


def sendable(request: CapturedRequest) -> bool:
    """Whether all of it is there that a target needs."""
    return not lacks_body(request) and not unfilled(request)


def lacks_body(request: CapturedRequest) -> bool:
    """Whether it had a body that was not captured."""
    return (
        request.body is None
        and request.method not in BODYLESS
        and any("body" in one for one in request.missing)
    )


def unfilled(request: CapturedRequest) -> tuple[str, ...]:
    """The parts of its path that stand for values, `{id}` or `:id`, where only the route was captured."""
    return tuple(_IN_ROUTE.findall(request.path)) if ROUTE_ONLY in request.missing else ()


def filled(headers: Sequence[str], environment: Mapping[str, str], what: str = "header") -> dict[str, str]:
    """Headers or fields by name, `$NAME` in their values replaced from the environment.

    Raises:
        UsageError: one is not written NAME: VALUE, its variable is not set, or its value ends the line.
    """
    found = {}
    for header in headers:
        name, mark, value = header.partition(":")
        if not mark or not name.strip():
            raise UsageError(f"A {what} is written 'NAME: VALUE'.", hint=EXAMPLES[what])
        for one in _VARIABLE.finditer(value):
            if not environment.get(one[1] or one[2]):
                raise UsageError(f"The environment variable {one[1] or one[2]} is not set. Nothing was sent.")
        whole = _VARIABLE.sub(lambda m: environment[m[1] or m[2]], value).strip()
        if not whole.isprintable():
            raise UsageError(f"The value of {what} {name.strip()} cannot be sent. Nothing was sent.")
        found[name.strip().lower()] = whole
    return found


def secrets_of(
    written: Sequence[str], headers: Mapping[str, str], environment: Mapping[str, str]
) -> tuple[str, ...]:
    """What of given headers is shown nowhere: values from the environment, and values of credentials."""
    named = [one[1] or one[2] for header in written for one in _VARIABLE.finditer(header)]
    literal = [value.rpartition(" ")[2] for name, value in headers.items() if is_credential(name)]
    return (*(environment[name].strip() for name in named), *literal)


def refuse(target: str, requests: Sequence[CapturedRequest], how: Sending) -> None:
    """Refuse what may do harm at the target.

    Raises:
        UsageError: it may be production, or a method may change data there; nothing was sent.
    """
    allowed = HARMLESS | {one.upper() for one in how.allowed}
    refused = sorted({method for one in requests for method in _methods(one)} - allowed)
    if how.shrink is not None and refused:
        raise UsageError(
            f"Shrinking sends many variants, and {refused[0]} may change data at each. Nothing was sent.",
            hint=f"If that is safe there, add --allow-method {refused[0]}.",
        )
    if not is_production(target):
        return
    if how.shrink is not None:
        raise UsageError(
            f"{target} may be production. Shrinking is not done there. Nothing was sent.",
            hint="Shrink at localhost or a staging host.",
        )
    if not how.production:
        raise UsageError(
            f"{target} may be production. Nothing was sent.",
            hint="Send it to localhost or a staging host. Only `lastgood replay` sends it there, with --i-mean-production.",
        )
    if refused:
        raise UsageError(
            f"{refused[0]} may change data in production. Nothing was sent.",
            hint=f"Use a test account. If {refused[0]} is safe there, add --allow-method {refused[0]}.",
        )


def _methods(request: CapturedRequest) -> tuple[str, ...]:
    """Its method, and the ones that a framework may take in its place."""
    return request.method, *(request.headers[name].upper() for name in OVERRIDING if name in request.headers)
