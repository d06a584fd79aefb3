"""Every question about a window: the answers one by one as they come, and the card in their place when all are there."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from lastgood.errors import CannotRunError, LastgoodError
from lastgood.model import figures
from lastgood.model.finding import Finding
from lastgood.model.sitrep import Sitrep
from lastgood.model.window import Window
from lastgood.surfaces.card import card_of
from lastgood.surfaces.server.desk import Desk
from lastgood.surfaces.web.pages import filled
from lastgood.surfaces.web.times import address, span, window_in
from lastgood.workbench import explore

HERE = "<!-- the answers -->"


async def ask(request: Request, desk: Desk) -> Response:
    """Every question about a window, against the time before it.

    Raises:
        CannotRunError: other questions are being answered.
        NoDataError: there is no telemetry of then, or none before.
    """
    window = window_in(request, desk.service.clock())
    if window is None:
        return RedirectResponse("/logs", 303)
    if desk.asking.locked():
        raise CannotRunError("Other questions are being answered.", hint="Ask again in a minute.")
    explore.before(window, await desk.run(explore.held, desk.service.store))
    return StreamingResponse(_answered(request, desk, window), media_type="text/html")


async def _answered(request: Request, desk: Desk, window: Window) -> AsyncIterator[str]:
    label = f"{figures.clock(window.start, window.end)} to {figures.clock(window.end, window.end)}"
    whole = filled(
        request, desk, "ask.html", here=HERE, label=label, day=f"{window.start:%Y-%m-%d}",
        logs=address("/logs", **span(window)), compare=address("/compare", **span(window, "bad_from", "bad_to")),
    )  # fmt: skip
    above, _, below = whole.partition(HERE)
    yield above
    loop, came = asyncio.get_running_loop(), asyncio.Queue[Finding | None]()

    def hear(one: Finding) -> None:
        loop.call_soon_threadsafe(came.put_nowait, one)

    async def work() -> Sitrep:
        async with desk.asking:
            return await desk.run(explore.answers_for, desk.service, window, hear)

    asked = asyncio.create_task(work())
    asked.add_done_callback(lambda _: came.put_nowait(None))
    while (one := await came.get()) is not None:
        yield filled(request, desk, "ask_one.html", one=one)
    try:
        sitrep = await asked
        card, seconds = card_of(sitrep), figures.duration(sitrep.seconds)
        yield filled(request, desk, "ask_card.html", card=card, seconds=seconds, problem=None)
    except LastgoodError as problem:
        yield filled(request, desk, "ask_card.html", card=None, seconds="", problem=problem)
    yield below
