"""Keeping: retention at intervals, as long as the server runs, and what it dropped since the start."""

import asyncio
from dataclasses import dataclass, field

from lastgood.errors import LastgoodError
from lastgood.model.signal import TELEMETRY, Signal
from lastgood.surfaces.server.committer import Committer
from lastgood.surfaces.server.log import Log
from lastgood.workbench.retention import Limits, Retained, retain
from lastgood.workbench.service import Service

EVERY = 300.0  # seconds


def _none() -> dict[Signal, int]:
    return dict.fromkeys(sorted(TELEMETRY), 0)


@dataclass(slots=True)
class Keeping:
    """Counts what retention drops; tells the committer when the disk is full. To be used in one event loop."""

    service: Service
    limits: Limits
    committer: Committer
    log: Log
    rows: dict[Signal, int] = field(default_factory=_none)
    size: dict[Signal, int] = field(default_factory=_none)
    free: int | None = None  # bytes of the disk; None before the first look, or where the store is elsewhere
    failed: int = 0

    async def run(self) -> None:
        """Look at intervals until cancelled."""
        while self.service.store.engine.folder is not None:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Drop what is beyond the limits now."""
        try:
            found = await asyncio.to_thread(retain, self.service.store, self.limits, self.service.clock())
        except LastgoodError as problem:
            self.failed += 1
            self.log.say("retention", problem=problem.code)
            return
        self._count(found)

    def _count(self, found: Retained) -> None:
        self.free, self.committer.full = found.free, found.full
        for one in found.dropped:
            part = one.division
            self.rows[part.signal] += part.rows
            self.size[part.signal] += part.size
            self.log.say(
                "retention", table=part.table, partition=part.identity, rows=part.rows, bytes=part.size, because=one.why
            )  # fmt: skip
        if found.full:
            self.log.say("disk full", free=found.free)
