"""The review page: a question that is due with its evidence as it was, then what happened, then how well it was known.

Its questions and intervals are those of `lastgood review` for the same person.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastgood.errors import UsageError
from lastgood.model.review import Confidence, Question
from lastgood.surfaces.review import RATING_NAMES, summary_text
from lastgood.surfaces.server.desk import Desk, caller_of
from lastgood.surfaces.web.forms import field, number_or_none
from lastgood.surfaces.web.pages import page
from lastgood.workbench.review import A_DAY, Deck, deck, known, summary
from lastgood.workbench.review_questions import evidence_then
from lastgood.workbench.service import Service

Shown = tuple[Deck, Question | None, tuple[tuple[int, int, str], ...]]


async def show(request: Request, desk: Desk) -> Response:
    """The question that is due; without one, when the next comes."""
    return await _page(request, desk, "", "")


async def answer(request: Request, desk: Desk) -> Response:
    """What happened, beside the decision that was made."""
    key, decision = await field(request, "key"), await field(request, "decision")
    if not key:
        raise UsageError("No question was named.", hint="Open /review.")
    return await _page(request, desk, key, decision)


async def rate(request: Request, desk: Desk) -> Response:
    """Save how well it was known; the next question follows."""
    key, rating = await field(request, "key"), number_or_none(await field(request, "rating"))
    if rating is None or rating not in {*Confidence}:
        raise UsageError("A rating is 1 to 4.", hint="1 again, 2 hard, 3 good, 4 easy.")
    await desk.run(_rated, desk.service, caller_of(request).name, key, Confidence(rating))
    return RedirectResponse("/review", 303)


async def _page(request: Request, desk: Desk, key: str, decision: str) -> Response:
    found, question, kept = await desk.run(_shown, desk.service, caller_of(request).name, key)
    now = desk.service.clock().astimezone(desk.service.config.team_zone)
    return page(
        request,
        desk,
        "review.html",
        question=question,
        answered=bool(key),
        decision=decision,
        kept=kept,
        ratings=RATING_NAMES,
        state=summary_text(summary(found, now)).strip(),
        today=found.seen_on(now),
        a_day=A_DAY,
    )


def _shown(service: Service, person: str, key: str) -> Shown:
    found = deck(service.config, service.clock, person)
    question = known(found, key) if key else next(iter(found.due(service.clock())), None)
    return found, question, evidence_then(service.record, question) if question else ()


def _rated(service: Service, person: str, key: str, confidence: Confidence) -> None:
    deck(service.config, service.clock, person).answer(key, confidence, service.clock())
