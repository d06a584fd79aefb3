"""The committer: bodies of many senders joined into few inserts; each sender waits until its own is on disk.

What a sender sends again is recognised by the digest of its body; of what the last server left unanswered, by its notes. Spans have ids, so the same body again is always a
repetition. Logs and metrics have none: there a body is a repetition only when no one waited for the answer to the one before.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

from lastgood.errors import LastgoodError
from lastgood.model.signal import TELEMETRY, Signal
from lastgood.workbench.receive import Body, Receipt

MOST_WAITING = 64 * 1024 * 1024  # bytes in the queue
MOST_JOINED = 16 * 1024 * 1024  # bytes in one insert
LINGER = 0.02  # seconds that a body waits for others
REMEMBERED = 300.0  # seconds in which a repetition is recognised
RETRY_SECONDS = 1


class FullError(Exception):
    """The queue or the disk is full; the sender is to come again."""


@dataclass(slots=True)
class _Pending:
    """The receipt of a body, without the body: it is remembered for minutes."""

    receipt: "asyncio.Future[Receipt]"
    waiting: int = 0
    until: float = 0.0  # when it is forgotten


@dataclass(slots=True)
class Totals:
    """What was taken and refused since the start, for the metrics of the server itself."""

    stored: dict[Signal, int] = field(default_factory=lambda: dict.fromkeys(Signal, 0))
    rejected: dict[Signal, int] = field(default_factory=lambda: dict.fromkeys(Signal, 0))
    repeated: int = 0
    refused: int = 0
    unreadable: int = 0
    failed: int = 0


class Committer:
    """Takes bodies until it is closed. To be used in one event loop."""

    def __init__(
        self,
        take: Callable[[Sequence[Body]], list[Receipt]],
        *,
        most_waiting: int = MOST_WAITING,
        answered: Callable[[Signal, bytes], None] = lambda _signal, _digest: None,
    ) -> None:
        self._take = take
        self._answered = answered
        self._most_waiting = most_waiting
        # One insert a signal at a time: what comes meanwhile is joined, and a large insert costs less a row.
        self._queues: dict[Signal, deque[tuple[Body, _Pending]]] = {
            signal: deque() for signal in sorted(TELEMETRY)
        }
        self._waiting = 0
        self._known: dict[bytes, _Pending] = {}
        self._filled = {signal: asyncio.Event() for signal in self._queues}
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False
        self.full = False  # the disk, so that nothing is taken
        self.totals = Totals()

    @property
    def waiting_bytes(self) -> int:
        """How much is in the queue."""
        return self._waiting

    def start(self, stored: Mapping[Signal, Sequence[bytes]] | None = None) -> None:
        """Begin to take what comes; `stored` are the digests of bodies that are there, and were never answered."""
        for digest in (digest for digests in (stored or {}).values() for digest in digests):
            receipt = asyncio.get_running_loop().create_future()
            receipt.set_result(Receipt())
            self._known[digest] = _Pending(receipt, until=monotonic() + REMEMBERED)
        self._tasks = [
            asyncio.create_task(self._run(signal), name=f"committer-{signal}") for signal in self._queues
        ]

    async def close(self) -> None:
        """Store what is in the queue, then end."""
        self._closed = True
        for filled in self._filled.values():
            filled.set()
        await asyncio.gather(*self._tasks)

    async def commit(self, body: Body) -> Receipt:
        """The receipt of a body once it is on disk.

        Raises:
            FullError: too much is waiting.
            LastgoodError: the store did not take it.
        """
        digest = body.digest
        self._forget_old()
        pending = self._known.get(digest)
        if pending is None or not (body.signal is Signal.SPANS or pending.waiting == 0):
            pending = self._queued(body)
        else:
            self.totals.repeated += 1
        pending.waiting += 1
        try:
            receipt = await asyncio.shield(pending.receipt)
        except asyncio.CancelledError:
            pending.waiting -= 1  # no one hears the answer: the same body again is a repetition
            raise
        except LastgoodError:
            self._forget(digest, pending)
            raise
        if body.signal is not Signal.SPANS:
            self._forget(digest, pending)
            self._answered(body.signal, digest)
        return receipt

    def _queued(self, body: Body) -> _Pending:
        if self._closed or self.full or self._waiting + len(body.content) > self._most_waiting:
            self.totals.refused += 1
            raise FullError
        pending = _Pending(asyncio.get_running_loop().create_future())
        pending.until = monotonic() + REMEMBERED
        self._known[body.digest] = pending
        self._queues[body.signal].append((body, pending))
        self._waiting += len(body.content)
        self._filled[body.signal].set()
        return pending

    def _forget(self, digest: bytes, pending: _Pending) -> None:
        if self._known.get(digest) is pending:
            del self._known[digest]

    def _forget_old(self) -> None:
        now = monotonic()
        while self._known:
            digest, oldest = next(iter(self._known.items()))
            if oldest.until > now or not oldest.receipt.done():
                return
            del self._known[digest]

    async def _run(self, signal: Signal) -> None:
        while True:
            await self._filled[signal].wait()
            if not self._closed:
                await asyncio.sleep(LINGER)
            batch = self._batch(signal)
            if batch:
                await self._store(batch)
            elif self._closed:
                return

    def _batch(self, signal: Signal) -> list[tuple[Body, _Pending]]:
        """The bodies at the head of a queue, up to the size of an insert."""
        queue, batch, size = self._queues[signal], list[tuple[Body, _Pending]](), 0
        while queue and size < MOST_JOINED:
            batch.append(queue.popleft())
            size += len(batch[-1][0].content)
        if not queue and not self._closed:
            self._filled[signal].clear()
        return batch

    async def _store(self, batch: Sequence[tuple[Body, _Pending]]) -> None:
        bodies = [body for body, _ in batch]
        try:
            receipts = await asyncio.to_thread(self._take, bodies)
        except LastgoodError as problem:
            self.totals.failed += len(batch)
            for _, pending in batch:
                pending.receipt.set_exception(problem)
                pending.receipt.exception()  # where no one waits any more
        else:
            for (body, pending), receipt in zip(batch, receipts, strict=True):
                self._count(body.signal, receipt)
                pending.receipt.set_result(receipt)
        finally:
            self._waiting -= sum(len(body.content) for body in bodies)

    def _count(self, signal: Signal, receipt: Receipt) -> None:
        self.totals.stored[signal] += receipt.stored
        self.totals.rejected[signal] += receipt.rejected
        self.totals.unreadable += bool(receipt.problem)
