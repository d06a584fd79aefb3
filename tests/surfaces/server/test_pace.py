"""How late the event loop is."""

import asyncio
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from lastgood.surfaces.server.pace import SWITCH_SECONDS, Delays, Pace


@pytest.fixture(autouse=True)
def _interval() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


def test_delays_are_counted_up_to_each_bound() -> None:
    """As Prometheus has a histogram; a delay that is a bound is within it."""
    delays = Delays()
    for seconds in (0.0, 0.1, 0.11, 9.0):
        delays.add(seconds)
    lines = delays.lines("d")

    assert 'd_bucket{le="0.001"} 1' in lines
    assert 'd_bucket{le="0.1"} 2' in lines
    assert 'd_bucket{le="0.15"} 3' in lines
    assert 'd_bucket{le="1.0"} 3' in lines
    assert 'd_bucket{le="+Inf"} 4' in lines
    assert "d_count 4" == lines[-1]


def test_a_loop_that_is_blocked_is_late() -> None:
    """Also apart from other programs: it had the CPU and did not come to what was due."""
    pace = Pace()

    async def blocked() -> None:
        running = asyncio.create_task(pace.run())
        await asyncio.sleep(0.01)
        end = time.thread_time() + 0.3
        while time.thread_time() < end:
            pass
        await asyncio.sleep(0.05)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(blocked())

    assert _slower(pace.delays, "0.15")
    assert _slower(pace.own, "0.15")
    assert SWITCH_SECONDS == pytest.approx(sys.getswitchinterval())


def test_time_without_a_cpu_is_not_the_loops_own() -> None:
    """The own delay is never longer than the whole."""
    pace = Pace()

    async def work() -> None:
        running = asyncio.create_task(pace.run())
        burning = threading.Thread(target=lambda: sum(range(3_000_000)))
        burning.start()
        await asyncio.sleep(0.3)
        running.cancel()
        await asyncio.to_thread(burning.join)

    asyncio.run(work())

    assert _sum(pace.own) <= _sum(pace.delays)
    assert _sum(pace.delays) > 0


def _slower(delays: Delays, bound: str) -> int:
    """How many were longer."""
    lines = dict(line.rsplit(" ", 1) for line in delays.lines("d"))
    return int(lines["d_count"]) - int(lines[f'd_bucket{{le="{bound}"}}'])


def _sum(delays: Delays) -> float:
    return float(delays.lines("d")[-2].split()[1])
