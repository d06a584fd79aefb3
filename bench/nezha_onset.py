"""When it started, over the injected faults of Nezha, without being told when: python -m bench.nezha_onset FOLDER.

FOLDER is that of bench.nezha. A day's metrics are loaded whole; per case its minute files of traces and logs are
added, and the onset and whether it is real are asked over everything (the whole day) and over eighty minutes
(an hour before the labelled time to twenty minutes after it). Right means within 90 s of the labelled time.
Quiet hours have metrics only: each is asked alone, and an onset found there, believed or not, is a false alarm.

Other faults of the same day lie in the windows; whoever finds one of those is as wrong as who finds none. The labels
of TT are up to 90 s late. Nothing is corrected for that.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.figures import Figure
from bench.nezha.cases import NezhaCase, read_cases
from bench.ranking import emptied

from lastgood.model.answers import Confirmation, Onset
from lastgood.model.finding import Verdict
from lastgood.model.window import Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.load import load
from lastgood.workbench.store import Store, throwaway_store

NEEDS = "nezha-dev"
BEFORE, AFTER = timedelta(minutes=60), timedelta(minutes=20)
NEAR = 90.0  # seconds
HOUR = timedelta(hours=1)
QUIET = {
    "2022-08-22": ("08:15", "24:00"),
    "2023-01-29": ("17:00", "24:00"),
    "2023-01-30": ("16:00", "24:00"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered about one window: the onset, whether it is real, and why."""

    at: datetime | None
    real: Verdict
    because: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One case, over its eighty minutes and over the whole day."""

    case: NezhaCase
    near: Said
    day: Said


def off(case: NezhaCase, said: Said) -> float | None:
    """Seconds from the labelled time to the onset that was found; None when none was."""
    return None if said.at is None else (said.at - case.at).total_seconds()


def right(case: NezhaCase, said: Said) -> bool:
    """Whether the onset is within 90 s."""
    error = off(case, said)
    return error is not None and abs(error) <= NEAR


def measured(folder: Path, only: str = "") -> Iterator[Asked | tuple[Window, Said]]:
    """Every case, and every quiet hour, day by day."""
    cases = read_cases(folder)
    with throwaway_store() as store:
        for day in sorted({case.day for case in cases}):
            if not (mine := [c for c in cases if c.day == day and only in f"{c.name} quiet"]):
                continue
            emptied(store)
            load(store, [folder / day / "metric"], now=_ending(day), zone=UTC, mapping=mine[0].mapping)
            for hour in _quiet(store, day) if only in {"", "quiet"} else ():
                yield hour, _said(store, hour)
            for case in mine if only != "quiet" else ():
                yield _asked(store, case, folder)


def _asked(store: Store, case: NezhaCase, folder: Path) -> Asked:
    for table in ("otel_traces", "otel_logs"):
        store.engine.command(f"TRUNCATE TABLE {store.engine.database}.{table}")
    with TemporaryDirectory(prefix="nezha-") as scratch:
        for kind in ("trace", "log"):
            (Path(scratch) / kind).mkdir()
            for minute in case.minutes:
                for file in (folder / case.day / kind).glob(f"{minute}_{kind}.csv*"):
                    (Path(scratch) / kind / file.name).symlink_to(file)
        load(store, [Path(scratch)], now=_ending(case.day), zone=UTC, mapping=case.mapping)
    return Asked(case, _said(store, Window(case.at - BEFORE, case.at + AFTER)), _said(store, None))


def _said(store: Store, window: Window | None) -> Said:
    started = perf_counter()
    _, findings = investigate(store, now=datetime(2026, 1, 1, tzinfo=UTC), window=window, only="confirm")
    seconds = perf_counter() - started
    onset = next((f for f in findings if isinstance(f.answer, Onset)), findings[0])
    real = next((f.verdict for f in findings if isinstance(f.answer, Confirmation)), Verdict.UNKNOWN)
    at = onset.answer.at if isinstance(onset.answer, Onset) else None
    return Said(at, real, onset.because, seconds)


def _quiet(store: Store, day: str) -> Iterator[Window]:
    """The whole hours of a day's quiet stretch that have data."""
    held = store.survey()[0].telemetry_window
    start = datetime.fromisoformat(f"{day}T{QUIET[day][0]}").replace(tzinfo=UTC)
    while held is not None and start + HOUR <= min(_ending(day), held.end):
        yield Window(start, start + HOUR)
        start += HOUR


def _ending(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)


def run(data: Path, scratch: Path) -> Iterator[Figure]:  # noqa: ARG001 - all benches are called alike
    """Share of onsets within 90 s, of incidents that are believed, and false alarms."""
    found = list(measured(data))
    yield from figures([one for one in found if isinstance(one, Asked)])
    hours = [one[1] for one in found if not isinstance(one, Asked)]
    if hours:
        alarms = sum(said.at is not None for said in hours) / len(hours) * 10
        yield Figure("false alarms in 10 quiet hours", round(alarms, 2), "", 1, "less", f"{len(hours)} hours")


def figures(asked: list[Asked]) -> Iterator[Figure]:
    """The shares per system."""
    for system in sorted({one.case.system for one in asked}):
        mine = [one for one in asked if one.case.system == system]
        near = sum(right(one.case, one.near) for one in mine) / len(mine)
        day = sum(right(one.case, one.day) for one in mine) / len(mine)
        real = sum(one.near.real is Verdict.YES for one in mine) / len(mine)
        told = f"{len(mine)} cases"
        yield Figure(f"{system} onset within 90 s, eighty minutes", round(near, 3), "", 0.9, "more", told)
        yield Figure(f"{system} onset within 90 s, whole day", round(day, 3), "", 0.9, "more", told)
        yield Figure(f"{system} said to be real, eighty minutes", round(real, 3), "", None, "more", told)


def main() -> None:
    """Print each answer, then the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.nezha_onset", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="part of a case's name, or 'quiet'")
    given = parser.parse_args()
    asked = []
    for one in measured(given.folder, given.only):
        if isinstance(one, Asked):
            asked.append(one)
            print(f"{one.case.name} {one.case.system} {one.case.service} {one.case.fault}", flush=True)
            for name, said in (("near", one.near), ("day", one.day)):
                mark = "" if right(one.case, said) else "WRONG "
                print(
                    f"    {name} {mark}{off(one.case, said)} s, real {said.real}, {said.seconds:.1f} s: {said.because}"
                )
        else:
            hour, said = one
            told = f"ALARM {said.at} real {said.real}: {said.because}" if said.at else "quiet"
            print(f"{hour.start:%Y-%m-%d %H:%M} {told}", flush=True)
    for figure in figures(asked):
        print(f"{figure.name}: {figure.value}")


if __name__ == "__main__":
    main()
