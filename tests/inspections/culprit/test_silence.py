"""Silence: who stopped for longer than it ever paused, while others go on."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cases import case_of
from inspections.scenes import WINDOWS, answering, case
from lastgood.inspections.culprit.silence import (
    Spoken,
    _asked,
    _replaced,
    _silent,
    _taken_over,
    silence_suspicions,
    spoken,
)
from lastgood.inspections.culprit.weights import (
    KIN_PARTS,
    MOST_SILENT,
    MOSTLY_ASKED,
    SILENCE_LONGER,
    SILENCE_REPORTED,
    SILENCE_STRETCH,
    SILENCE_STRETCHES,
    SILENT_SERVICE,
    STEADY_STRETCHES,
    TAKEN_OVER,
)
from lastgood.model.answers import Culprits
from lastgood.model.evidence import Provenance
from lastgood.model.finding import Finding
from lastgood.model.window import Comparison, Window
from lastgood.readings.suspicions import Suspicions
from lastgood.telemetry.reader import Rows
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from reported import asked
from worlds import START as WORLD_START
from worlds import nanoseconds, put

WORLD = """
scenario  a worker and those beside it
seed      5
time      2026-11-20 10:00 .. 10:20
spans     web "POST /message"  rate=2/s latency=8ms {web}
spans     index "GET /index"  rate=2/s latency=8ms
spans     mailer "consume mail"  rate=1/s latency=30ms {mailer}
logs      mailer info "Mail {{hex8}} sent"  each=request:mailer
logs      mailer info "Heartbeat"  rate=10/min {heart}
"""


def culprits(finding: Finding) -> list[tuple[str, str]]:
    """Who is named, and what for."""
    return (
        [(c.service, c.kind) for c in finding.answer.ranked] if isinstance(finding.answer, Culprits) else []
    )


def world(web: str = "", mailer: str = "", heart: str = "") -> str:
    """The world with what stops in it."""
    return WORLD.format(web=web, mailer=mailer, heart=heart)


def test_a_worker_that_stops_is_named(store: Store, tmp_path: Path) -> None:
    """No span, no line, while the others are as before."""
    finding = asked(
        store, tmp_path, world(mailer="then rate=0/s at 10:12", heart="then rate=0/s at 10:12"), "culprit", 12
    )

    assert [("mailer", "infrastructure")] == culprits(finding)


def test_who_has_nothing_to_do_still_speaks(store: Store, tmp_path: Path) -> None:
    """No more mail comes, but its heart beats."""
    finding = asked(store, tmp_path, world(mailer="then rate=0/s at 10:12"), "culprit", 12)

    assert [] == culprits(finding)


@pytest.mark.parametrize(
    ("metric", "silent"), [("node_filesystem_avail_bytes", False), ("queue_depth", True)]
)
def test_nothing_left_is_told_and_zero_of_a_dead_process_is_not(
    store: Store, tmp_path: Path, metric: str, *, silent: bool
) -> None:
    """A full disk reports that nothing is free."""
    level = f"metric    disk {metric} level=9 noise=5% every=10s then level=0 at 10:12\n"
    finding = asked(store, tmp_path, world() + level, "culprit", 12)

    assert silent is (("disk", "infrastructure") in culprits(finding))


def test_a_pause_as_long_as_those_before_is_none(store: Store, tmp_path: Path) -> None:
    """It works for a minute in every five."""
    turns = " ".join(f"then rate=4/s at 10:{m:02d} until 10:{m + 1:02d}" for m in (0, 5, 10, 15))
    mostly = world(mailer=f"then rate=0/s at 10:00 {turns}", heart="then rate=0/s at 10:00")
    finding = asked(store, tmp_path, mostly, "culprit", 16)

    assert [] == culprits(finding)


def test_who_is_asked_by_others_is_not_named_for_its_silence(store: Store, tmp_path: Path) -> None:
    """Only lines, of requests that another service tells of first."""
    text = """
scenario  a caller that fails before it asks
seed      6
time      2026-11-20 10:00 .. 10:20
service   front version=v1
logs      front info "Heartbeat"  rate=20/min
spans     front "GET /buy"  rate=2/s latency=8ms sampled=0%
call      front "GET /buy" -> ledger Book  latency=5ms then rate=0/s at 10:12
logs      front info "Buying {hex8}"  each=request:front
logs      ledger info "Booked {hex8}"  each=request:ledger
"""
    finding = asked(
        store, tmp_path, text.replace("sampled=0%", "sampled=0% then errors=100% at 10:12"), "culprit", 12
    )

    assert "ledger" not in [name for name, _ in culprits(finding)][:1]


def quiet(rows: list[dict[str, Any]], until: float = 0.0) -> Spoken:
    """What a service reported, in stretches of ten seconds."""
    read = Rows(pa.Table.from_pylist([]), Provenance("", {}, None, 0, 0.0))
    return Spoken({"mailer": rows}, read, 10, until)


def signal(
    good: int = 1000, stretches: list[int] | None = None, bad: int = 0, bad_stretches: int = 0
) -> dict[str, Any]:
    """One signal, reported last at 100 s."""
    return {"service": "mailer", "signal": "spans", "good": good, "bad": bad, "bad_stretches": bad_stretches,
            "stretches": stretches or [0, 3, 6, 10], "last": 100.0}  # fmt: skip


def test_silence_is_longer_than_any_pause_and_of_who_reported_enough() -> None:
    """So many times the longest pause; so many things reported."""
    rows, few = [signal(SILENCE_REPORTED)], [signal(SILENCE_REPORTED - 1)]
    end = 100 + SILENCE_LONGER * 40

    assert _silent(rows, quiet(rows, end + 0.1))
    assert not _silent(rows, quiet(rows, end - 0.1))
    assert not _silent(few, quiet(few, end + 0.1))


def test_what_was_written_down_once_does_not_go_silent() -> None:
    """A table of what there is, with one time."""
    once, twice = ([signal(stretches=stretches)] for stretches in ([3], [3, 4]))

    assert [False, True] == [_silent(rows, quiet(rows, 10_000.0)) for rows in (once, twice)]


def test_how_much_is_reported_is_known_from_enough_stretches() -> None:
    """In both windows."""
    stretches = list(range(STEADY_STRETCHES))
    known = signal(60, stretches, 120, STEADY_STRETCHES)

    assert {"mailer"} == quiet([known]).load().keys()
    assert {} == quiet([known | {"bad_stretches": STEADY_STRETCHES - 1}]).load()
    assert {} == quiet([known | {"stretches": stretches[1:]}]).load()


def gone(silent: int, others: int) -> Suspicions:
    """So many of all services fall silent."""
    reported = quiet([])
    ended, going = [signal()], [signal() | {"last": 10_000.0}]
    services = {**{f"s{n}": ended for n in range(silent)}, **{f"o{n}": going for n in range(others)}}
    return silence_suspicions(case(), replace(reported, by_service=services, until=10_000.0), ())


def test_silence_of_several_is_of_one_at_most_and_of_most_is_lost_telemetry() -> None:
    """Each has its part; more than a share of all is not theirs."""
    half = round(20 * MOST_SILENT)

    assert [pytest.approx(SILENT_SERVICE)] == [one.strength for one in gone(1, 5).found]
    assert [pytest.approx(SILENT_SERVICE / half)] * half == [
        one.strength for one in gone(half, 20 - half).found
    ]
    assert () == gone(half + 1, 19 - half).found


def test_an_instance_that_a_rollout_replaced_is_not_silent() -> None:
    """Another of its service begins where it stops; one that has been there all the time replaces no one."""
    old = [signal(stretches=[0, 3, 6, 10])]
    new = [signal(good=1, stretches=[10], bad=50)]
    beside = [signal(stretches=[0, 5, 10], bad=50)]

    assert _replaced("pay-66b9-8sx2c", {"pay-66b9-8sx2c": old, "pay-7fd4-abcde": new})
    assert not _replaced("pay-66b9-8sx2c", {"pay-66b9-8sx2c": old, "pay-66b9-zz4qk": beside})
    assert not _replaced("pay-66b9-8sx2c", {"pay-66b9-8sx2c": old, "cart-7fd4-abcde": new})
    assert not _replaced("mailer", {"mailer": old, "mailer-1": new})


def test_work_that_moved_to_another_of_its_kind_is_no_silence() -> None:
    """As much more there as was lost here, about."""
    good, bad = (int(window.seconds) for window in (WINDOWS.good, WINDOWS.bad))
    lost = [signal(good=good)]
    read = Rows(pa.Table.from_pylist([]), Provenance("", {}, None, 0, 0.0))

    def taken(name: str, now: float) -> str:
        rows = {"lb-search-a": lost, name: [signal(good=0, bad=round(now * bad))]}
        return _taken_over("lb-search-a", Spoken(rows, read, 10, 0.0), case())

    assert "lb-search-b" == taken("lb-search-b", TAKEN_OVER * 1.01)
    assert "" == taken("lb-search-b", TAKEN_OVER * 0.99)
    assert "" == taken("lb-orders-b", 1.0)


def test_who_is_of_one_kind_shares_so_many_words() -> None:
    """All but the last of the name, and so many."""
    good, bad = (int(window.seconds) for window in (WINDOWS.good, WINDOWS.bad))
    read = Rows(pa.Table.from_pylist([]), Provenance("", {}, None, 0, 0.0))

    def taken(shared: int) -> str:
        one, other = ("-".join([*["shop"] * shared, end]) for end in "ab")
        rows = {one: [signal(good=good)], other: [signal(good=0, bad=bad)]}
        return _taken_over(one, Spoken(rows, read, 10, 0.0), case())

    assert taken(KIN_PARTS)
    assert not taken(KIN_PARTS - 1)


def test_stretches_divide_the_window_and_are_no_shorter_than_a_batch() -> None:
    """So many of them, or of so many seconds."""

    def stretch(seconds: float) -> int:
        window = replace(WINDOWS.bad, start=WINDOWS.bad.end - timedelta(seconds=seconds))
        return spoken(replace(answering(), window=window)).stretch

    assert 1000 == stretch(1000 * SILENCE_STRETCHES)
    assert SILENCE_STRETCH == stretch(SILENCE_STRETCHES * (SILENCE_STRETCH - 1))


def test_who_is_mostly_asked_by_others_is_called(store: Store) -> None:
    """By the traces of its lines: whether another service wrote of them first."""
    many = 1000
    asked_of = round(many * MOSTLY_ASKED)

    def found(of: int) -> set[str]:
        at = np.repeat(np.arange(many) / 4.0, 2) + np.tile([0.0, 0.01], many)
        first = ["web" if n < of else "mailer" for n in range(many)]
        columns = {
            "Timestamp": nanoseconds(at), "Body": ["x"] * 2 * many,
            "ServiceName": [name for one in first for name in (one, "mailer")],
            "TraceId": [f"{of:08x}{n:024x}" for n in range(many) for _ in range(2)],
        }  # fmt: skip
        put(store, LOGS, columns, f"asked {of}")
        middle = WORLD_START + timedelta(minutes=10)
        windows = Comparison(
            Window(WORLD_START, middle), Window(middle, middle + timedelta(minutes=10)), given=True
        )
        return _asked(case_of(store, windows), ["mailer"])

    assert set() == found(asked_of)
    assert {"mailer"} == found(asked_of + 2)  # of both together it is more than the share
