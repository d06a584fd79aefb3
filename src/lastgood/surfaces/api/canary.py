"""The verdict on a canary as JSON, for gates that ask over HTTP: Argo Rollouts' web metric, a pipeline."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from lastgood.errors import NoDataError, UsageError
from lastgood.model.canary import CanaryAsked
from lastgood.model.finding import Finding, Verdict
from lastgood.model.moments import parse_duration
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.surfaces.canary import canary_document
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.wording import json_text
from lastgood.workbench.canary import canary as ask
from lastgood.workbench.canary import selector
from lastgood.workbench.service import Service

NAMES = frozenset({"service", "baseline", "canary", "segment", "gauge", "margin", "since", "untimed"})


async def verdict(request: Request, desk: Desk) -> Response:
    """`outcome`: pass, fail or inconclusive, always with status 200; no data is inconclusive."""
    if unknown := {*request.query_params} - NAMES:
        raise UsageError(
            f"{min(unknown)!r} is not a parameter.", hint=f"Parameters: {', '.join(sorted(NAMES))}."
        )
    given = {name: request.query_params.getlist(name) for name in NAMES}
    now = desk.service.clock()
    asked, window = _asked(given), _window(given["since"], now)
    async with desk.asking:
        found = await desk.run(_answer, desk.service, asked, now, window, Scope(tuple(given["service"])))
    return Response(json_text(canary_document(found)), media_type="application/json")


def _answer(
    service: Service, asked: CanaryAsked, now: datetime, window: Window | None, scope: Scope
) -> Finding:
    try:
        with service.apart() as store:
            return ask(store, asked, now, window, scope)
    except NoDataError as nothing:
        return Finding(Verdict.UNKNOWN, nothing.message)


def _asked(given: dict[str, list[str]]) -> CanaryAsked:
    baseline, canary = (selector(given[name][-1]) if given[name] else None for name in ("baseline", "canary"))
    try:
        margin = float(given["margin"][-1]) if given["margin"] else 1.0
    except ValueError as problem:
        raise UsageError("margin is not a number.", hint="Write percentage points: margin=1") from problem
    if not 0.01 <= margin <= 50:
        raise UsageError("margin is not from 0.01 to 50 percentage points.")
    if not {*given["untimed"]} <= {"0", "1"}:
        raise UsageError("untimed is 0 or 1.")
    return CanaryAsked(
        baseline, canary, tuple(given["segment"]), margin / 100, tuple(given["gauge"]), "1" in given["untimed"],
        dated=bool(given["since"]),
    )  # fmt: skip


def _window(since: list[str], now: datetime) -> Window | None:
    return Window(now - parse_duration(since[-1]), now) if since else None
