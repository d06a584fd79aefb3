"""The desk: what every route works with, and what a route is: a path, what it needs, and who answers it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive

from lastgood.errors import UsageError
from lastgood.model.access import NOBODY, Caller, Role
from lastgood.model.signal import Holdings
from lastgood.surfaces.server.callers import Callers
from lastgood.surfaces.server.committer import Committer
from lastgood.surfaces.server.entered import Entered
from lastgood.surfaces.server.guesses import Guesses
from lastgood.surfaces.server.investigations import Investigations
from lastgood.surfaces.server.keeping import Keeping
from lastgood.surfaces.server.log import Log
from lastgood.surfaces.server.noticing import Noticing
from lastgood.surfaces.server.pace import Pace
from lastgood.surfaces.server.playing import Playing
from lastgood.workbench.service import Service
from lastgood.workbench.sign_on import SignOn

T = TypeVar("T")

LARGEST_BODY = 1024 * 1024  # of a form, a change or an alert
ASKED_AT_ONCE = 2  # windows that all questions are asked of: seconds of work each
BROWSED_AT_ONCE = 2  # pages of logs: the others wait
TAILED_AT_ONCE = 1  # looks for new log lines
HELD_SECONDS = 5.0
MOST_STREAMS = 200  # pages that are sent changes at the same time


class Open(StrEnum):
    """What a route needs besides a role."""

    ALL = "all"  # nothing: log-in, health, style sheets
    INGEST = "ingest"  # an ingest key
    SIGNED = "signed"  # a signature, which the route itself checks


Needs = Role | Open


@dataclass(slots=True)
class Desk:
    """What routes work with."""

    service: Service
    callers: Callers
    committer: Committer
    investigations: Investigations
    keeping: Keeping
    noticing: Noticing
    log: Log
    hosts: frozenset[str]  # names under which browsers may reach the server
    environment: dict[str, str] = field(repr=False)
    ports: dict[str, bool] = field(default_factory=dict)  # whether each is open
    sign_on: SignOn | None = None  # of log-ins, besides passwords
    guesses: Guesses = field(default_factory=Guesses)
    failure: "Failure | None" = None  # the page of an error; without, its words alone
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    entered: Entered = field(default_factory=Entered)
    asking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ASKED_AT_ONCE))
    browsing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(BROWSED_AT_ONCE))
    tailing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(TAILED_AT_ONCE))
    playing: Playing | None = None  # the drill that this server plays
    pace: Pace = field(default_factory=Pace)
    base: str = ""  # before every path, behind a proxy: /lastgood
    held: tuple[float, Holdings] | None = None  # when the store was looked at, and what it held
    looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    streams: int = 0  # that are open
    tails: int = 0  # of logs, that are open
    agents: Any = None  # what answers agents; made at their first call, for its import takes seconds

    async def holdings(self) -> Holdings:
        """What the store holds, as of some seconds ago at most: an open page is loaded again with every entry."""
        async with self.looking:
            if self.held is None or monotonic() - self.held[0] > HELD_SECONDS:
                found, _ = await self.run(self.service.store.survey)
                self.held = monotonic(), found
            return self.held[1]

    async def run(self, work: Callable[..., T], *given: Any, **named: Any) -> T:
        """Do synchronous work off the event loop."""
        return await asyncio.to_thread(work, *given, **named)


# The page of an error: its status, and what went wrong with what to do.
Failure = Callable[[Request, Desk, int, tuple[str, str]], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path."""

    method: str
    path: str
    needs: Needs
    answer: Callable[[Request, Desk], Awaitable[Response]]
    summary: str = ""  # of the API, for its description; empty: a page
    status: int = 200  # where all is well
    query: tuple[str, ...] = ()  # names of parameters in the address


class DeniedError(Exception):
    """The caller may not: 401 where no user is known, 403 otherwise."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def caller_of(request: Request) -> Caller:
    """Who asks, as the guard found out."""
    found: Caller = request.scope.get("state", {}).get("caller", NOBODY)
    return found


def number_in(request: Request, name: str = "number") -> int:
    """A number out of the path.

    Raises:
        UsageError: it is none, or larger than any that is kept.
    """
    return number_of(request.path_params[name])


def number_of(text: str) -> int:
    """A number as text.

    Raises:
        UsageError: it is none, or larger than any that is kept.
    """
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise UsageError(f"{text[:20]!r} is not a number.")
    return int(text)


def bounded(receive: Receive) -> Receive:
    """The messages of a request; refused with 413 from where its body is too large, whoever reads it.

    Raises:
        DeniedError: there is more than allowed.
    """
    size = 0

    async def next_one() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LARGEST_BODY:
            raise DeniedError(413, f"the body is larger than {LARGEST_BODY >> 20} MiB")
        return message

    return next_one
