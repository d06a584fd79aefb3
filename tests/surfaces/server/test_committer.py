"""Bodies joined into inserts, repetitions, a full queue, and a store that fails."""

import asyncio
import sys
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest

from lastgood.errors import CannotRunError
from lastgood.model.signal import Signal
from lastgood.surfaces.server.committer import Committer, FullError
from lastgood.workbench.receive import Body, Receipt

SPANS, LOGS = Body(Signal.SPANS, b"spans"), Body(Signal.LOGS, b"logs")


class Taken:
    """What a committer hands on; waits or fails as it is asked."""

    def __init__(self) -> None:
        self.batches: list[list[bytes]] = []
        self.fails = False

    def __call__(self, bodies: Sequence[Body]) -> list[Receipt]:
        self.batches.append([one.content for one in bodies])
        if self.fails:
            raise CannotRunError("the disk is full")
        return [Receipt(stored=1) for _ in bodies]

    @property
    def bodies(self) -> list[bytes]:
        return [body for batch in self.batches for body in batch]


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 20))


async def closed_after(committer: Committer, *bodies: Body) -> list[Any]:
    committer.start()
    found = await asyncio.gather(*(committer.commit(body) for body in bodies), return_exceptions=True)
    await committer.close()
    return found


def test_what_waits_is_joined_by_signal() -> None:
    """Each sender has its own receipt."""
    taken = Taken()
    bodies = [Body(Signal.LOGS, bytes([n])) for n in range(5)] + [SPANS]

    async def work() -> None:
        found = await closed_after(Committer(taken), *bodies)
        assert [1] * 6 == [one.stored for one in found]

    run(work())
    assert [[bytes([n]) for n in range(5)], [b"spans"]] == sorted(taken.batches)


def test_the_same_spans_again_are_one() -> None:
    """Also after they were acknowledged: they have ids."""
    taken = Taken()

    async def work() -> None:
        committer = Committer(taken)
        committer.start()
        await committer.commit(SPANS)
        await committer.commit(SPANS)
        await committer.close()
        assert 1 == committer.totals.repeated

    run(work())
    assert [b"spans"] == taken.bodies


def test_the_same_logs_again_are_two_once_they_were_acknowledged() -> None:
    """Lines without ids can be equal; also when they come at the same time."""
    taken = Taken()

    async def work() -> None:
        committer = Committer(taken)
        committer.start()
        await asyncio.gather(committer.commit(LOGS), committer.commit(LOGS))
        await committer.commit(LOGS)
        await committer.close()

    run(work())
    assert [b"logs"] * 3 == taken.bodies


def test_the_same_logs_again_are_one_when_nobody_heard_the_answer() -> None:
    """The sender gave up waiting, and sends them again."""
    taken = Taken()

    async def work() -> None:
        committer = Committer(taken)
        first = asyncio.create_task(committer.commit(LOGS))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        committer.start()
        await committer.commit(LOGS)
        await committer.close()

    run(work())
    assert [b"logs"] == taken.bodies


def test_a_full_queue_refuses_and_takes_again_when_there_is_room() -> None:
    """What was taken before is stored."""
    taken = Taken()

    async def work() -> None:
        committer = Committer(taken, most_waiting=6)
        first = asyncio.create_task(committer.commit(SPANS))
        await asyncio.sleep(0)
        with pytest.raises(FullError):
            await committer.commit(LOGS)
        committer.start()
        await first
        await committer.commit(LOGS)
        await committer.close()
        assert (1, 0) == (committer.totals.refused, committer.waiting_bytes)
        with pytest.raises(FullError):  # it is closed
            await committer.commit(LOGS)

    run(work())
    assert [b"spans", b"logs"] == taken.bodies


def test_what_was_not_stored_may_be_sent_again() -> None:
    """No one is informed that it was stored, and the same body is taken anew."""
    taken = Taken()
    taken.fails = True

    async def work() -> None:
        committer = Committer(taken)
        committer.start()
        with pytest.raises(CannotRunError, match="disk is full"):
            await committer.commit(SPANS)
        taken.fails = False
        assert 1 == (await committer.commit(SPANS)).stored
        await committer.close()

    run(work())
    assert [b"spans"] * 2 == taken.bodies


def test_closing_stores_what_waits() -> None:
    """An acknowledgement that was on its way is given."""
    taken = Taken()

    async def work() -> None:
        committer = Committer(taken)
        waiting = asyncio.create_task(committer.commit(SPANS))
        await asyncio.sleep(0)
        committer.start()
        await committer.close()
        assert 1 == (await waiting).stored

    run(work())


def test_what_the_last_server_stored_without_an_answer_is_not_stored_again() -> None:
    """It is answered once; the same lines after that are others, the same spans are not."""
    taken = Taken()

    async def work() -> None:
        committer = Committer(taken)
        committer.start({body.signal: [body.digest] for body in (SPANS, LOGS)})
        for body in (SPANS, LOGS, SPANS, LOGS):
            await committer.commit(body)
        await committer.close()
        assert 3 == committer.totals.repeated

    run(work())
    assert [b"logs"] == taken.bodies


def test_an_answer_to_lines_is_told_before_it_is_given() -> None:
    """Killed after that, the same lines are stored again."""
    told: list[tuple[Signal, bytes]] = []

    async def work() -> None:
        committer = Committer(Taken(), answered=lambda *about: told.append(about))
        await closed_after(committer, SPANS, LOGS)

    run(work())
    assert [(Signal.LOGS, LOGS.digest)] == told


def test_bodies_are_not_kept_once_they_are_stored() -> None:
    """Digests are, for minutes: bodies would fill the memory."""
    body = Body(Signal.SPANS, b"many spans")
    before = sys.getrefcount(body)

    async def work() -> None:
        committer = Committer(Taken())
        await closed_after(committer, body)
        assert before == sys.getrefcount(body)

    run(work())
