"""Playing: a drill on a server. Its clock goes while the server runs, and telemetry, page and chat arrive by it."""

import asyncio
from dataclasses import dataclass

from lastgood.errors import LastgoodError
from lastgood.surfaces.server.log import Log
from lastgood.workbench.drill import Session
from lastgood.workbench.drill_clock import DrillClock
from lastgood.workbench.drill_room import left_at, play
from lastgood.workbench.service import Service

EVERY = 5.0  # seconds


@dataclass(slots=True)
class Playing:
    """To be used in one event loop."""

    session: Session
    service: Service
    clock: DrillClock

    async def begin(self) -> None:
        """Go on where it was left: nothing passed while no server ran."""
        await asyncio.to_thread(self._begin)

    def _begin(self) -> None:
        self.clock.back_to(left_at(self.session, self.service.record))
        self.clock.resume()
        self.session = play(self.session, self.service)

    async def run(self, log: Log) -> None:
        """Play at intervals until cancelled; nothing while the clock stands."""
        while True:
            await asyncio.sleep(EVERY)
            if self.clock.hands().since is not None:
                continue
            try:
                self.session = await asyncio.to_thread(play, self.session, self.service)
            except LastgoodError as problem:  # the next look may find it mended
                log.say("drill", problem=problem.code)
