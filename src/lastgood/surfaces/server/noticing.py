"""Noticing: as long as the server runs, pages and tickets that are owed are sent, and accepted changes are posted."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from lastgood.model.message import Delivered
from lastgood.surfaces.notices import notice_message
from lastgood.surfaces.server.log import Log
from lastgood.workbench.announce import announce, wanted
from lastgood.workbench.deliveries import Row
from lastgood.workbench.faults import fault_of
from lastgood.workbench.notices import calls
from lastgood.workbench.notify import notify_all
from lastgood.workbench.service import Service

EVERY = 30.0  # seconds
MOST_WAITING = 100  # deliveries of changes; what comes beyond is stored, and not posted


@dataclass(slots=True)
class Noticing:
    """To be used in one event loop; sinks are waited for beside it, one after another."""

    service: Service
    log: Log
    waiting: asyncio.Queue[Sequence[Row]] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Look at intervals, and when something was decided on a page, until cancelled."""
        await asyncio.gather(self._notices(), self._changes())

    def wake(self) -> None:
        """Look now: a person set a severity, ended an incident or added a follow-up."""
        self.woken.set()

    def accepted(self, rows: Sequence[Row]) -> None:
        """Post changes soon; whoever sent them does not wait for it."""
        if rows and wanted(self.service.config):
            try:
                self.waiting.put_nowait(rows)
            except asyncio.QueueFull:
                self.log.say("changes not posted", changes=len(rows), because="too many wait")

    async def _notices(self) -> None:
        while calls(self.service.config):
            with suppress(TimeoutError):
                await asyncio.wait_for(self.woken.wait(), EVERY)
            at_once = self.woken.is_set()
            self.woken.clear()
            try:
                found = await asyncio.to_thread(notify_all, self.service, notice_message, at_once=at_once)
            except Exception as fault:  # noqa: BLE001 - the next look may find it mended
                self.log.say("notices", problem=fault_of(fault))
                continue
            self._say(found)

    async def _changes(self) -> None:
        while True:
            rows = await self.waiting.get()
            try:
                self._say(await asyncio.to_thread(self._announced, rows))
            except Exception as fault:  # noqa: BLE001 - one delivery that cannot be put in words ends no other
                self.log.say("changes not posted", changes=len(rows), because=fault_of(fault))

    def _announced(self, rows: Sequence[Row]) -> list[Delivered]:
        return list(announce(self.service.config, self.service.clock, rows))

    def _say(self, found: Sequence[Delivered]) -> None:
        for one in found:
            self.log.say(one.what.value, sink=one.sink, arrived=one.arrived, detail=one.detail)
