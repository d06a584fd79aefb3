"""One request's life on its page: a waterfall of its spans with the lines that were written in them."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from lastgood.model import figures
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.web.pages import page, shortened
from lastgood.surfaces.web.times import address, window_in
from lastgood.workbench.trace import Life, LifeLine, LifeSpan, life_of

MOST_STEPS, DEEPEST, LONGEST_ID, LONGEST_STEP = 600, 12, 300, 4_000


@dataclass(frozen=True, slots=True)
class Step:
    """A span with its bar, or a line at its time."""

    depth: int
    service: str
    text: str
    after: str  # the start of it all
    took: str
    left: float  # of the bar, in percent
    width: float
    tone: str
    what: str  # went wrong
    line: bool


async def show(request: Request, desk: Desk) -> Response:
    """The page."""
    given = request.path_params["request_id"].strip()[:LONGEST_ID]
    window = window_in(request, desk.service.clock())
    life = await desk.run(life_of, desk.service.store, given, window=window)
    failure = life.first_failure
    return page(
        request,
        desk,
        "trace.html",
        life=life,
        steps=list(steps(life)),
        more=max(len(life.steps) - MOST_STEPS, 0),
        length=figures.duration((life.end - life.start).total_seconds()),
        at=f"{life.start:%Y-%m-%d %H:%M:%S}.{life.start.microsecond // 1000:03d}",
        failure=f"{failure.service}: {_words(failure)}" if failure else "",
        logs=address("/logs", q=f'trace:"{life.request_id}"'),
    )


def steps(life: Life) -> Iterator[Step]:
    """The steps in their order, with the place of each in the time of all."""
    whole = max((life.end - life.start).total_seconds(), 1e-9)
    for one in life.steps[:MOST_STEPS]:
        after = (one.time - life.start).total_seconds()
        span = isinstance(one, LifeSpan)
        seconds = one.duration_ns / 1e9 if isinstance(one, LifeSpan) else 0.0
        bad = one.failed if isinstance(one, LifeSpan) else one.level in {"error", "fatal"}
        yield Step(
            min(one.depth, DEEPEST),
            one.service or "unnamed service",
            _words(one),
            figures.duration(after),
            figures.duration(seconds) if span else "",
            round(100 * after / whole, 2),
            round(max(100 * seconds / whole, 0.4), 2) if span else 0.0,
            "bad" if bad else "",
            (shortened(one.what) + (" (its parent is missing)" if one.orphan else ""))
            if isinstance(one, LifeSpan)
            else "",
            not span,
        )


def _words(one: LifeSpan | LifeLine) -> str:
    if isinstance(one, LifeLine):
        return f"{one.level or 'line'}: {shortened(' '.join(one.body[:LONGEST_STEP].split()))}"
    return f"{shortened(one.name)} ({one.kind.lower()})"
