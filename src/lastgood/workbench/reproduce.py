"""Reproduce: a failing request made into what people run outside of production: safe, and with what is missing."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from lastgood.algorithms.captures import is_credential
from lastgood.algorithms.redaction import redacted
from lastgood.algorithms.same_shape import in_same_shape, is_personal, without_persons
from lastgood.algorithms.secrets import without_secrets
from lastgood.algorithms.stack_frames import raised
from lastgood.model.replay import CapturedRequest
from lastgood.model.reproduction import FailingPlace, MixedRoute, Reproduction
from lastgood.model.window import Window
from lastgood.readings.views.captured import RouteShare, mix, stack_traces
from lastgood.workbench.captures import Pair
from lastgood.workbench.store import Store

NO_WORKING = "no working request of the same route was found"
NO_STACK = "no stack trace was found in the lines and spans of the failing request, or of its service"
OF_OTHERS = "the stack trace is of another failing request of the same service"
PLACEHOLDER = "[from the environment]"


def reproduce(
    pair: Pair, now: datetime, store: Store | None = None, window: Window | None = None
) -> Reproduction:
    """The pair, made safe to pass on, with the failing place and the mix where there is telemetry to find them in."""
    failing, working = pair
    safe, replaced = passed_on(failing)
    place: FailingPlace | None = None
    shares: tuple[MixedRoute, ...] = ()
    rate, missing = 0.0, list(safe.missing)
    if store is not None and window is not None:
        _, reader = store.survey()
        place, note = _place(stack_traces(reader, window, failing, (failing.service,)))
        missing += [note] if note else []
        found = mix(reader, window)
        shares, rate = _shares(found), sum(one.requests for one in found) / max(1.0, window.seconds)
    if working is None:
        missing.append(NO_WORKING)
    return Reproduction(
        now,
        safe,
        None if working is None else passed_on(working)[0],
        replaced,
        place,
        shares,
        rate,
        tuple(missing),
    )


def passed_on(request: CapturedRequest) -> tuple[CapturedRequest, tuple[str, ...]]:
    """The request without secrets, personal data replaced in the same shape, and the JSON paths of what was."""
    headers = {
        name: PLACEHOLDER if is_credential(name) else _safe(value) for name, value in request.headers.items()
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
    except (ValueError, RecursionError):  # no JSON, or too deep to look at
        safe = _safe(body)
        return safe, ("the text",) if safe != body else ()
    return made, replaced


def _parameter(part: str) -> str:
    name, mark, value = part.partition("=")
    return f"{name}{mark}{in_same_shape(value) if is_personal(name) else _safe(value)}"


def _safe(text: str) -> str:
    """The text; where it has something secret or personal in it, another of its shape."""
    return in_same_shape(text) if redacted(text)[1] or without_secrets(text) != text else text


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


def _shares(found: tuple[RouteShare, ...]) -> tuple[MixedRoute, ...]:
    total = sum(one.requests for one in found) or 1
    return tuple(
        MixedRoute(
            safe.method, safe.path, safe.body, one.requests / total, one.failures / one.requests if one.requests else 0.0
        )
        for one in found
        for safe in (passed_on(one.request)[0],)
    )  # fmt: skip
