"""What a platform says of processes: whose are killed, and when it says nothing."""

from pathlib import Path

import pytest

from lastgood.algorithms.blame import Suspicion
from lastgood.inspections.culprit.killed import _killed
from lastgood.inspections.culprit.weights import (
    KILLED_FOR_MEMORY,
    PLATFORM_EVENTS,
    PLATFORM_MORE,
    PLATFORM_SCALE,
    RESTARTED,
)
from lastgood.model.answers import Culprit, Culprits
from lastgood.readings.suspicions import grown
from lastgood.workbench.store import Store
from reported import asked

WORLD = """
scenario  two services that log, and a platform
seed      3
time      2026-11-20 10:00 .. 10:30
logs      points info "points of {hex8}" rate=2/s
logs      points error "connection closed" rate=0/min then rate=20/min at 10:20
logs      account info "account of {hex8}" rate=2/s
logs      account error "points answered 500" rate=0/min then rate=20/min at 10:20
"""


def ranked(store: Store, folder: Path, *events: str) -> list[Culprit]:
    """Who is named, in order."""
    text = WORLD + "".join(f"change infrastructure {event}\n" for event in events)
    answer = asked(store, folder, text, "culprit", 20).answer
    return list(answer.ranked) if isinstance(answer, Culprits) else []


def killed(pod: str, title: str, *minutes: int) -> list[str]:
    """The platform's events of a process."""
    return [f'{pod} "{title}" id={pod}-{at} at 10:{at:02d}' for at in minutes]


def test_processes_killed_for_memory_are_the_services_own_fault(store: Store, tmp_path: Path) -> None:
    """Pods are named after their service; the caller's errors are as many."""
    events = (
        *killed("points-5f7-a", "OOMKilling: killed process 12", 20, 24),
        *killed("points-5f7-b", "OOMKilling: killed process 9", 22, 27),
    )

    first = ranked(store, tmp_path, *events)[0]

    assert ("points", "memory") == (first.service, first.kind)


@pytest.mark.parametrize("minutes", [(25,), (2, 4, 6, 8, 12, 14, 16, 18, 22, 25)])
def test_one_event_or_as_many_as_ever_tell_nothing(
    store: Store, tmp_path: Path, minutes: tuple[int, ...]
) -> None:
    """One process dies by chance; some always do."""
    found = ranked(store, tmp_path, *killed("points-a", "OOMKilling: killed process 12", *minutes))

    assert all("memory" != one.kind for one in found)


def reported(title: str, good: int, bad: int) -> list[Suspicion]:
    """What so many events of a service's process say, in windows of one length."""
    rows = [{"process": "points-a", "title": title, "good": good, "bad": bad}]
    return list(_killed(rows, {"points"}, 1.0))


def test_events_weigh_by_what_they_are_and_how_many() -> None:
    """From the least number on; more than expected, by their scale."""
    oom, restarted = (
        reported("OOMKilling", 0, PLATFORM_EVENTS),
        reported("Back-off restarting", 0, PLATFORM_EVENTS),
    )
    strength = grown(PLATFORM_EVENTS, PLATFORM_SCALE)

    assert [] == reported("OOMKilling", 0, PLATFORM_EVENTS - 1)
    assert pytest.approx(KILLED_FOR_MEMORY * strength) == oom[0].strength
    assert pytest.approx(RESTARTED * strength) == restarted[0].strength


def test_what_happens_as_often_is_usual() -> None:
    """Twice as often is not; nor is less than one more."""
    assert [] == reported("OOMKilling", 10, 19)
    assert reported("OOMKilling", 10, 20)
    scaled = list(
        _killed([{"process": "points-a", "title": "OOMKilling", "good": 1, "bad": 2}], {"points"}, 1.0)
    )
    assert (2 - 1 >= PLATFORM_MORE) == bool(scaled)
    half = [{"process": "points-a", "title": "OOMKilling", "good": 2, "bad": PLATFORM_EVENTS}]
    assert [] == list(_killed(half, {"points"}, (PLATFORM_EVENTS - PLATFORM_MORE + 0.01) / 2))
