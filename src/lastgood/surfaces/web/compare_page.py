"""Compare: requests of two windows by the value of any attribute; and where to find things."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastgood.model import figures
from lastgood.model.window import Comparison, Window
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.web.pages import page
from lastgood.surfaces.web.times import absolute, address, span, window_in
from lastgood.workbench import explore
from lastgood.workbench.explore import ByValue, Side

LONGEST_NAME, USUAL = 300, "service"


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A value with its requests in both windows: share that failed, failed of all, p95."""

    value: str
    good: tuple[str, str, str]
    bad: tuple[str, str, str]
    worse: bool


async def show(request: Request, desk: Desk) -> Response:
    """The page; without a good window the time before the bad one is good."""
    now, attribute = desk.service.clock(), request.query_params.get("by", USUAL)[:LONGEST_NAME]
    bad = window_in(request, now, "bad_from", "bad_to")
    if bad is None:
        latest = await desk.run(explore.latest, desk.service.store, now)
        half = latest.length / 2
        bad = Window(latest.end - half, latest.end)
    good = window_in(request, now, "good_from", "good_to")
    if good is None:
        good = Window(bad.start - bad.length, bad.start)
        times = {**span(good, "good_from", "good_to"), **span(bad, "bad_from", "bad_to")}
        return absolute(request, **times, by=attribute)
    found = await desk.run(explore.compared, desk.service, Comparison(good, bad, given=True), attribute)
    return page(
        request,
        desk,
        "compare.html",
        found=found,
        rows=list(rows(found.values)),
        good=span(good, "good_from", "good_to"),
        bad=span(bad, "bad_from", "bad_to"),
        labels=[_label(good), _label(bad)],
        ask=address("/ask", **span(bad)),
    )


def rows(values: tuple[ByValue, ...]) -> Iterator[ComparedRow]:
    """In words; worse is what fails more often than chance explains."""
    for one in values:
        yield ComparedRow(one.value or "not set", _words(one.good), _words(one.bad), one.worse)


def _words(side: Side) -> tuple[str, str, str]:
    if not side.requests:
        return "no requests", "", ""
    p95 = figures.nanoseconds(side.p95_ns) if side.p95_ns is not None else "not known"
    of = f"{figures.count(side.failed)} of {figures.count(side.requests)}"
    return figures.percent(side.failed / side.requests), of, p95


def _label(window: Window) -> str:
    return f"{figures.clock(window.start, window.end)} to {figures.clock(window.end, window.end)}"


async def find(request: Request, _desk: Desk) -> Response:
    """Where a thing is: an incident by its number, a request by its id, else lines by a query."""
    asked = request.query_params.get("q", "").strip()[:LONGEST_NAME]
    bare = asked.removeprefix("#")
    if asked.startswith("#") and bare.isascii() and bare.isdigit():
        return RedirectResponse(f"/incidents/{int(bare)}", 303)
    plain = asked.replace("-", "")
    if len(plain) in {16, 32} and all(one in "0123456789abcdefABCDEF" for one in plain):
        return RedirectResponse(f"/traces/{plain.lower()}", 303)
    return RedirectResponse(address("/logs", q=asked), 303)
