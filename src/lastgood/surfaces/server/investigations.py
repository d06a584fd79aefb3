"""Investigations: one an incident, off the event loop, one at a time; again while data arrive; each can be cancelled."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from threading import Event

from lastgood.errors import LastgoodError
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.server.log import Log
from lastgood.workbench.incident_pages import marks
from lastgood.workbench.investigation import Investigated, Watermark, investigate_room, unfinished
from lastgood.workbench.service import Service

AGAIN = 30.0  # seconds between two looks at least
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
    before: int = 0  # entry of the last answer when this look began: the next one is whole when it has ended
    stop: Event = field(default_factory=Event)
    again: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None
    off: bool = False  # a person cancelled it


class Investigations:
    """All of them. To be used in one event loop."""

    def __init__(self, service: Service, document: Callable[[Sitrep], bytes], log: Log) -> None:
        self._service = service
        self._document = document
        self._log = log
        self._all: dict[int, Investigation] = {}
        self._turn = asyncio.Semaphore(1)  # two at once would each take twice as long

    def whole(self, number: int, answered: int) -> int:
        """The entry of the last answer that is whole: while one is written, the one before it."""
        one = self.of(number)
        return one.before if one.phase is Phase.RUNNING else answered

    def of(self, number: int) -> Investigation:
        """The state of the investigation of an incident, also where there is none."""
        return self._all.get(number) or Investigation(number)

    async def resume(self) -> None:
        """Go on with every incident that is ongoing: the server was started again."""
        for number in await asyncio.to_thread(unfinished, self._service):
            self.start(number)

    def start(self, number: int) -> None:
        """Ask about an incident now, whether or not it is being looked after."""
        one = self._all.setdefault(number, Investigation(number))
        one.off = False
        one.again.set()
        if one.task is None or one.task.done():
            one.task = asyncio.create_task(self._look_after(one), name=f"incident-{number}")

    def cancel(self, number: int) -> None:
        """End the questions about an incident, until a person starts them again."""
        one = self._all.get(number)
        if one is not None:
            one.off = True
            one.stop.set()
            one.again.set()

    async def close(self) -> None:
        """End all of them."""
        for number in self._all:
            self.cancel(number)
        tasks = [one.task for one in self._all.values() if one.task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_after(self, one: Investigation) -> None:
        while not one.off and await asyncio.to_thread(self._ongoing, one.number):
            one.again.clear()
            one.phase = Phase.WAITING
            async with self._turn:
                await self._look(one)
            one.phase = Phase.IDLE
            patience = AGAIN if one.sitrep is not None else FIRST_AGAIN
            try:
                await asyncio.wait_for(one.again.wait(), patience)
            except TimeoutError:
                continue

    def _ongoing(self, number: int) -> bool:
        return number in unfinished(self._service)

    async def _look(self, one: Investigation) -> None:
        if one.off:
            return
        one.stop = Event()
        _, one.before = await asyncio.to_thread(marks, self._service, one.number)
        one.phase, one.answered = Phase.RUNNING, 0
        try:
            found = await asyncio.to_thread(self._asked, one)
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

    def _asked(self, one: Investigation) -> Investigated:
        def progress(answered: int, questions: int) -> None:
            one.answered, one.questions = answered, questions

        with self._service.apart() as store:
            return investigate_room(
                self._service,
                store,
                one.number,
                self._document,
                since=one.watermark,
                progress=progress,
                stop=one.stop,
            )
