"""Investigations: one an incident over all servers, off the event loop; again while data arrive; each can be cancelled."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count
from threading import Event

from lastgood.errors import LastgoodError
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.server.log import Log
from lastgood.workbench.incident_pages import marks
from lastgood.workbench.investigation import Investigated, Watermark, investigate_room, unfinished
from lastgood.workbench.service import Service

AGAIN = 30.0  # seconds between two looks at least
BEAT = 5.0  # between two looks at who has which incident
BEATS_A_LOOK = 6  # after so many, a look for incidents that no server has
FIRST_AGAIN = 5.0  # before the first answer, when there was nothing to answer from yet


class Phase(StrEnum):
    """What an investigation does."""

    IDLE = "idle"
    WAITING = "waiting"  # for another one to end
    RUNNING = "running"


@dataclass(slots=True)
class Investigation:
    """The state of one, as pages show it."""

    number: int
    phase: Phase = Phase.IDLE
    answered: int = 0
    questions: int = 0
    asked_at: datetime | None = None
    problem: str = ""
    sitrep: Sitrep | None = None  # the last answer, recorded or not
    watermark: Watermark | None = None
    demanded: bool = False  # every question is to be asked, by a person or for an alert
    before: int = 0  # entry of the last answer when this look began: the next one is whole when it has ended
    stop: Event = field(default_factory=Event)
    again: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None


class Investigations:
    """All of them. To be used in one event loop."""

    def __init__(self, service: Service, document: Callable[[Sitrep], bytes], log: Log) -> None:
        self._service = service
        self._document = document
        self._log = log
        self._all: dict[int, Investigation] = {}
        self._closed = False
        self._keeping: asyncio.Task[None] | None = None
        self._turn = asyncio.Semaphore(1)  # two at once would each take twice as long

    def whole(self, number: int, answered: int) -> int:
        """The entry of the last answer that is whole: while one is written, the one before it."""
        one = self.of(number)
        return one.before if one.phase is Phase.RUNNING else answered

    def of(self, number: int) -> Investigation:
        """The state of the investigation of an incident, also where there is none."""
        return self._all.get(number) or Investigation(number)

    async def resume(self) -> None:
        """Go on with every incident that is ongoing: this server was started again, or another one ended."""
        await self._resumed()
        self._keeping = asyncio.create_task(self._keep(), name="claims")

    async def start(self, number: int) -> None:
        """Ask about an incident now, whether or not it is being looked after, or was cancelled."""
        await asyncio.to_thread(self._service.claims.allow, number)
        self._all.setdefault(number, Investigation(number)).demanded = True
        self._start(number)

    async def cancel(self, number: int) -> None:
        """End the questions about an incident, on whichever server, until a person starts them again."""
        await asyncio.to_thread(self._service.claims.cancel, number)
        self._stop(number)

    async def close(self) -> None:
        """End all of them; another server may go on with them."""
        self._closed = True
        if self._keeping is not None:
            self._keeping.cancel()
        for number in self._all:
            self._stop(number)
        tasks = [one.task for one in self._all.values() if one.task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(LastgoodError):
            await asyncio.to_thread(self._service.claims.release)

    def _start(self, number: int) -> None:
        one = self._all.setdefault(number, Investigation(number))
        one.again.set()
        if one.task is None or one.task.done():
            one.task = asyncio.create_task(self._look_after(one), name=f"incident-{number}")

    def _stop(self, number: int) -> None:
        one = self.of(number)
        one.stop.set()
        one.again.set()

    async def _resumed(self) -> None:
        """Begin with every incident that is ongoing and that no server has."""
        for number in await asyncio.to_thread(unfinished, self._service):
            task = self.of(number).task
            if task is None or task.done():
                self._start(number)

    async def _keep(self) -> None:
        """Renew the claims, end what another server has now, and begin with what it left."""
        for beat in count(1):
            await asyncio.sleep(BEAT)
            busy = [one for one in self._all.values() if one.phase is not Phase.IDLE]
            held = frozenset[int]()
            try:
                held = await asyncio.to_thread(self._service.claims.renew)
                if beat % BEATS_A_LOOK == 0:
                    await self._resumed()
            except LastgoodError as problem:
                self._log.say("claims", problem=problem.code)
            for one in busy:
                if one.number not in held:
                    one.stop.set()

    async def _look_after(self, one: Investigation) -> None:
        """Look again and again, until it is over, cancelled, or another server's."""
        while not self._closed and await asyncio.to_thread(self._mine, one.number):
            one.again.clear()
            one.phase = Phase.WAITING
            async with self._turn:
                await self._look(one)
            one.phase = Phase.IDLE
            patience = AGAIN if one.sitrep is not None else FIRST_AGAIN
            with suppress(TimeoutError):
                await asyncio.wait_for(one.again.wait(), patience)

    def _mine(self, number: int) -> bool:
        return number in unfinished(self._service) and self._service.claims.take(number)

    async def _look(self, one: Investigation) -> None:
        if self._closed:
            return
        one.stop = Event()
        _, one.before = await asyncio.to_thread(marks, self._service, one.number)
        asked = None if one.demanded else one.asked_at
        one.phase, one.answered, one.demanded = Phase.RUNNING, 0, False
        try:
            found = await asyncio.to_thread(self._asked, one, asked)
        except LastgoodError as problem:
            one.problem = problem.message
            self._log.say("investigation", incident=one.number, problem=problem.code)
            return
        one.problem, one.watermark = "", found.watermark
        if found.sitrep is not None:
            one.sitrep, one.asked_at = found.sitrep, found.sitrep.asked_at
            self._log.say(
                "investigation",
                incident=one.number,
                verdict=found.sitrep.is_real.value,
                seconds=round(found.sitrep.seconds, 3),
                recorded=found.recorded,
            )

    def _asked(self, one: Investigation, asked: datetime | None) -> Investigated:
        def progress(answered: int, questions: int) -> None:
            one.answered, one.questions = answered, questions

        with self._service.apart() as store:
            return investigate_room(
                self._service,
                store,
                one.number,
                self._document,
                since=one.watermark,
                asked=asked,
                progress=progress,
                stop=one.stop,
            )
