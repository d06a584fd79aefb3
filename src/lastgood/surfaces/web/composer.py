"""The composer of updates: a draft from the record for an audience, its checks while it is written, and its sending."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastgood.errors import UsageError
from lastgood.model import figures
from lastgood.model.message import Audience, Flaw, FlawKind, Message, UpdateStatus
from lastgood.surfaces import wording
from lastgood.surfaces.outgoing import outgoing
from lastgood.surfaces.server.desk import Desk, caller_of, number_in
from lastgood.surfaces.updates import LABELS, clock_time, draft, message_text
from lastgood.surfaces.web.forms import field
from lastgood.surfaces.web.pages import page
from lastgood.workbench import update_steps
from lastgood.workbench.room import Room
from lastgood.workbench.service import Service
from lastgood.workbench.update_steps import Checked

FIELDS = ("said", *(name for name in LABELS if name not in {"next_at", "owner"}))
# What each check is for, as it reads where nothing is wrong.
_CHECKS = {
    FlawKind.NO_IMPACT: "Impact in numbers, and since when",
    FlawKind.NO_TIME: "Next update has a time",
    FlawKind.VAGUE: "Specific: components, numbers, times",
    FlawKind.SPECULATION: "No guess stated as a fact",
    FlawKind.BLAME: "No person is blamed",
    FlawKind.PROMISE: "No promise without evidence",
    FlawKind.CONTRADICTION: "Agrees with what was measured",
    FlawKind.INTERNAL: "No internal names for the public",
    FlawKind.JARGON: "Words that its readers know",
    FlawKind.STATUS: "Status as the record has it",
}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check: passed, or what is wrong and what to write instead."""

    text: str
    passed: bool
    words: str = ""
    better: str = ""


@dataclass(frozen=True, slots=True)
class Composed:
    """The composer as the page shows it."""

    audience: str
    status: str
    next_at: str
    fields: tuple[tuple[str, str, str], ...]  # name, label, text
    preview: str
    checks: tuple[CheckRow, ...]
    passed: bool


def first_draft(service: Service, number: int, actor: str, audience: Audience, now: datetime) -> Composed:
    """The draft for an audience, as the record has it."""
    room, board = update_steps.room_and_board(service, number, actor)
    message = draft(room.incident, room.entries, board, update_steps.frame(room, service, audience))
    return _composed(_checked(service, room, message), now)


async def show(request: Request, desk: Desk) -> Response:
    """The composer by itself."""
    return await _page(request, desk, audience_of(request.query_params.get("audience", "")))


async def check(request: Request, desk: Desk) -> Response:
    """The composer with what was typed, and what the checks say."""
    found = await _typed(request, desk)
    return _answer(request, desk, number_in(request), _composed(found, desk.service.clock()))


async def send(request: Request, desk: Desk) -> Response:
    """Record and deliver it; with its flaws only for a reason, which is recorded."""
    number, because = number_in(request), await field(request, "because")
    found = await _typed(request, desk)
    room, _ = await desk.run(update_steps.room_and_board, desk.service, number, caller_of(request).name)
    done = await desk.run(update_steps.sent, desk.service, room, found, because, outgoing)
    if done is None:
        return _answer(request, desk, number, _composed(found, desk.service.clock()), 422)
    return RedirectResponse(f"/incidents/{number}#timeline", 303)


def audience_of(text: str) -> Audience:
    """The audience of a name; the team's where it is none."""
    return Audience(text) if text in set(Audience) else Audience.TEAM


async def _page(request: Request, desk: Desk, audience: Audience) -> Response:
    number, now = number_in(request), desk.service.clock()
    actor = caller_of(request).name
    found = await desk.run(first_draft, desk.service, number, actor, audience, now)
    return _answer(request, desk, number, found)


def _answer(request: Request, desk: Desk, number: int, found: Composed, status: int = 200) -> Response:
    return page(request, desk, "update.html", status, number=number, composer=found, **choices())


def choices() -> dict[str, Any]:
    """What can be chosen in the composer."""
    return {"audiences": [one.value for one in Audience], "statuses": [one.value for one in UpdateStatus]}


async def _typed(request: Request, desk: Desk) -> Checked:
    """What was typed, checked.

    Raises:
        UsageError: the time of the next update cannot be read.
    """
    audience = audience_of(await field(request, "audience"))
    status = await field(request, "status")
    room, _ = await desk.run(
        update_steps.room_and_board, desk.service, number_in(request), caller_of(request).name
    )
    known = UpdateStatus(status) if status in set(UpdateStatus) else None
    message = update_steps.frame(room, desk.service, audience, known)
    if audience is Audience.PUBLIC:
        message = replace(message, owner="")
    texts: dict[str, Any] = {name: " ".join((await field(request, name)).split()) for name in FIELDS}
    message = replace(message, **texts, next_at=_time(await field(request, "next_at"), room, desk.service))
    return await desk.run(_checked, desk.service, room, message)


def _time(text: str, room: Room, service: Service) -> datetime | None:
    if not text:
        return None
    try:
        return clock_time(text, room.now, service.config.team_zone)
    except ValueError as problem:
        raise UsageError(
            f"The time of the next update cannot be read: {problem}.", hint="Write 15:30 UTC, or +30m."
        ) from problem


def _checked(service: Service, room: Room, message: Message) -> Checked:
    text = message_text(message, room.incident, room.now, service.config.team_zone)
    return update_steps.checked(service, room, message, text)


def _composed(found: Checked, now: datetime) -> Composed:
    message = found.message
    labels = {"said": "In your words", **LABELS}
    return Composed(
        message.audience.value,
        message.status.value,
        figures.minute(message.next_at, now) if message.next_at else "",
        tuple((name, labels[name], getattr(message, name)) for name in FIELDS),
        found.text,
        tuple(_rows(found.flaws)),
        not found.flaws,
    )


def _rows(flaws: tuple[Flaw, ...]) -> Iterator[CheckRow]:
    """What is wrong first, then what is right."""
    wrong = {flaw.kind for flaw in flaws}
    for flaw in flaws:
        said = f"{wording.plain(flaw.kind)}: {flaw.problem}"
        yield CheckRow(said, False, " ".join(flaw.sentence.split()), flaw.better)  # noqa: FBT003
    for kind, text in _CHECKS.items():
        if kind not in wrong:
            yield CheckRow(text, True)  # noqa: FBT003
