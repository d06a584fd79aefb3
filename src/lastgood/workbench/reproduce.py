"""Reproduce: a failing request made into what people run outside of production: safe, and with what is missing."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from urllib.parse import unquote_plus

from lastgood.algorithms.captures import BODYLESS, OF_CONNECTION, is_credential, route
from lastgood.algorithms.likeness_of_requests import same_request
from lastgood.algorithms.payload_shapes import covering
from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.same_shape import holds_personal, in_same_shape, is_personal, without_persons
from lastgood.algorithms.same_shape_text import encoded_in_same_shape, text_without_persons
from lastgood.algorithms.secrets import without_secrets
from lastgood.algorithms.stack_frames import raised
from lastgood.model.replay import CapturedRequest
from lastgood.model.reproduction import FailingPlace, MixedRequest, Reproduction, Sample
from lastgood.model.window import Window
from lastgood.readings.views.captured import RouteShare, backends, mix, on_route, route_of, stack_traces
from lastgood.telemetry.reader import Reader
from lastgood.workbench.captures import Pair
from lastgood.workbench.store import Store

NO_WORKING = "no working request of the same route was found"
NO_DIFFERENCE = "the working request is the same as the failing one: what differs was not captured"
OTHER_VERSION = "the working request was answered by version {one}, the failing one by {other}: that may be the difference"
GUESSED_TYPE = "the content type was not captured: application/json is a guess, as the body is JSON"
NO_STACK = "no stack trace was found in the lines and spans of the failing request, or of its service"
OF_OTHERS = "the stack trace is of another failing request of the same service"
MIX_WITHOUT_BODIES = "under load, no body is sent to {routes}: it was not captured"
MOST_SAMPLES = 20  # failing payloads, and working ones
PLACEHOLDER = "[from the environment]"


def reproduce(
    pair: Pair, now: datetime, store: Store | None = None, window: Window | None = None
) -> Reproduction:
    """The pair, made safe to pass on, with the failing place and the mix where there is telemetry to find them in."""
    failing, working = pair
    safe, replaced = passed_on(failing)
    safe = _typed(safe)
    made = Reproduction(
        now,
        safe,
        None if working is None else _typed(passed_on(working)[0]),
        replaced,
        None,
        (),
        0.0,
        safe.missing,
    )
    if store is not None and window is not None:
        made = _with_telemetry(made, failing, store, window)
    return replace(made, missing=(*made.missing, *_of_pair(failing, working)))


def _of_pair(failing: CapturedRequest, working: CapturedRequest | None) -> tuple[str, ...]:
    """What limits the comparison of the two."""
    if working is None:
        return (NO_WORKING,)
    if working.version != failing.version and working.version and failing.version:
        return (OTHER_VERSION.format(one=working.version, other=failing.version),)
    return (NO_DIFFERENCE,) if same_request(failing, working) else ()


def _with_telemetry(
    made: Reproduction, failing: CapturedRequest, store: Store, window: Window
) -> Reproduction:
    """The same with the failing place, the mix, payloads and backends that the telemetry has."""
    _, reader = store.survey()
    place, note = _place(stack_traces(reader, window, failing, (failing.service,)))
    found = mix(reader, window, failing.service)
    mixed = _mixed(found)
    bodyless = sorted({one.route for one in mixed if one.body is None and one.method not in BODYLESS})
    notes = [note] if note else []
    notes += [MIX_WITHOUT_BODIES.format(routes=", ".join(bodyless))] if bodyless else []
    return replace(
        made, place=place, mix=mixed, rate=sum(one.requests for one in found) / max(1.0, window.seconds),
        missing=(*made.missing, *notes), samples=_samples(reader, window, failing),
        backends=backends(reader, window, failing.service),
    )  # fmt: skip


def _samples(reader: Reader, window: Window, failing: CapturedRequest) -> tuple[Sample, ...]:
    """Payloads of the route of as many shapes as there are, failing ones first; their values are replaced."""
    found: list[Sample] = []
    for failed in (True, False):
        bodies = [one.body for one in on_route(reader, window, route_of(failing), failed=failed) if one.body]
        found += [Sample(_body(bodies[n])[0] or "", failed) for n in covering(bodies, MOST_SAMPLES)]
    return tuple(found)


def passed_on(request: CapturedRequest) -> tuple[CapturedRequest, tuple[str, ...]]:
    """The request without secrets, personal data replaced in the same shape, and the JSON paths of what was."""
    headers = {
        name: PLACEHOLDER
        if is_credential(name)
        else in_same_shape(value)
        if is_personal(name)
        else _safe(value)
        for name, value in request.headers.items()
        if name not in OF_CONNECTION  # such as the length of another body
    }
    body, replaced = _body(request.body)
    path, _, query = request.path.partition("?")
    parts = [_parameter(part) for part in query.split("&")] if query else []
    return replace(
        request, path=f"{_safe(path)}?{'&'.join(parts)}" if parts else _safe(path), headers=headers, body=body,
        attributes={},
    ), replaced  # fmt: skip


def _body(body: str | None) -> tuple[str | None, tuple[str, ...]]:
    if body is None:
        return None, ()
    try:
        safe_document, replaced = without_persons(json.loads(body))
        made = json.dumps(safe_document, ensure_ascii="\\u" in body) if replaced else body
    except (ValueError, RecursionError):  # no JSON, cut off, or too deep to look at
        named, rest, fields = text_without_persons(body)
        if holds_personal(rest):
            return in_same_shape(body), ("the text",)
        return named, fields
    return made, replaced


def _typed(request: CapturedRequest) -> CapturedRequest:
    """The request, with the content type of its body guessed where it was not captured."""
    if "content-type" in request.headers or not request.body or not _is_json(request.body):
        return request
    headers = {**request.headers, "content-type": "application/json"}
    return replace(request, headers=headers, missing=(*request.missing, GUESSED_TYPE))


def _is_json(body: str) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _parameter(part: str) -> str:
    name, mark, value = part.partition("=")
    hidden = is_personal(name) or is_credential(unquote_plus(name).lower())
    return f"{name}{mark}{encoded_in_same_shape(value) if hidden else _safe(value)}"


def _safe(text: str) -> str:
    """The text; where it has something secret or personal in it, another of its shape."""
    return in_same_shape(text) if holds_personal(text) else text


def _place(stacks: Iterable[tuple[str, str, bool]]) -> tuple[FailingPlace | None, str]:
    """Where it was raised: in the request's own lines first; and what is missing or borrowed."""
    for service, text, own in stacks:
        found = raised(text)
        if found is None or found.own is None:
            continue
        frame = found.own
        where = FailingPlace(
            frame.language.value, frame.file, frame.line, frame.function, frame.scope, frame.code, found.kind,
            redacted(without_secrets(found.message))[0], service,
        )  # fmt: skip
        return where, "" if own else OF_OTHERS
    return None, NO_STACK


def _mixed(found: tuple[RouteShare, ...]) -> tuple[MixedRequest, ...]:
    total = sum(one.requests for one in found) or 1
    return tuple(
        MixedRequest(
            safe.method, safe.path, f"{safe.method} {route(safe.path)}", safe.body,
            safe.headers.get("content-type", "application/json"), one.requests / total, one.failed,
        )
        for one in found
        for safe in (passed_on(one.request)[0],)
    )  # fmt: skip
