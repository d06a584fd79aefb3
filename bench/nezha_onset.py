"""When it started and whose fault it was, over the injected faults of Nezha, without the time being given.

FOLDER is that of bench.nezha: python -m bench.nezha_onset FOLDER. A day's metrics are loaded whole; per case its
minute files of traces and logs are added, and the day's fault-free minute where there is one before it. Then plain
triage is asked, with nothing said about when it began, in three ways:

- *now*: as whoever is paged asks, with the clock at four minutes after the labelled time and everything up to then
  loaded, the other faults of the day among it. This is how the product is used: no one asks about the future.
- *eighty minutes*: an hour before the labelled time to twenty minutes after it, as of that end.
- *whole day*: everything at once, what came after included, as of the end of the day.

Right means within 90 s of the labelled time, and the labelled service first, a tie counted against us. A day of metrics
holds two dozen other faults; whoever answers with one of those is as wrong as who finds none, though a whole day
does not say which of them was meant: cases without traces and logs can only be right there by being the worst of the day.
The labels of TT are up to 90 s late. Nothing is corrected for that.

Quiet hours have metrics only. Each is asked alone, and again with the whole day before it; an onset found inside the
hour, believed or not, is a false alarm.
"""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.figures import Figure
from bench.nezha.cases import FAULT, NezhaCase, minute_files, read_cases
from bench.ranking import emptied, rank, share

from lastgood.model.answers import Culprit
from lastgood.model.finding import Verdict
from lastgood.model.window import Window
from lastgood.workbench.load import load
from lastgood.workbench.store import Store, throwaway_store
from lastgood.workbench.triage import triage

NEEDS = "nezha-dev"
BEFORE, AFTER = timedelta(minutes=60), timedelta(minutes=20)
NEAR = 90.0  # seconds
HOUR = timedelta(hours=1)
WAYS = ("now", "eighty minutes", "whole day")
ONSET, CULPRIT = 0.9, 0.85  # to be right in, where it is now
QUIET = {
    "2022-08-22": ("08:15", "24:00"),
    "2023-01-29": ("17:00", "24:00"),
    "2023-01-30": ("16:00", "24:00"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered about one window: the onset, whether it is real, whose fault it is, and why."""

    at: datetime | None
    real: Verdict
    ranked: tuple[Culprit, ...]
    because: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Asked:
    """One case, and the answer to each way of asking."""

    case: NezhaCase
    said: Mapping[str, Said]

    def off(self, way: str) -> float | None:
        """Seconds from the labelled time to the onset that was found; None when none was."""
        at = self.said[way].at
        return None if at is None else (at - self.case.at).total_seconds()

    def right(self, way: str) -> bool:
        """Whether the onset is within 90 s."""
        error = self.off(way)
        return error is not None and abs(error) <= NEAR

    def rank(self, way: str) -> int | None:
        """The place of the labelled service."""
        return rank(self.case.service, self.said[way].ranked)


@dataclass(frozen=True, slots=True)
class Quiet:
    """A quiet hour, what was said of it alone, and with the day before it."""

    hour: Window
    alone: Said
    after: Said

    @property
    def alarms(self) -> tuple[bool, bool]:
        """Whether each says that something began in this hour."""
        alone, after = self.alone.at, self.after.at
        return alone is not None, after is not None and self.hour.holds(after)


def measured(folder: Path, only: str = "") -> Iterator[Asked | Quiet]:
    """Every case, and every quiet hour, day by day."""
    cases = read_cases(folder)
    with throwaway_store() as store:
        for day in sorted({case.day for case in cases}):
            if not (mine := [c for c in cases if c.day == day and only in f"{c.name} quiet"]):
                continue
            emptied(store)
            load(store, [folder / day / "metric"], now=_ending(day), zone=UTC, mapping=mine[0].mapping)
            for hour in _quiet(store, day) if only in {"", "quiet"} else ():
                yield Quiet(hour, _said(store, hour), _said(store, Window(_beginning(day), hour.end)))
            for case in mine if only != "quiet" else ():
                yield _asked(store, case, folder)


def _asked(store: Store, case: NezhaCase, folder: Path) -> Asked:
    for table in ("otel_traces", "otel_logs"):
        store.engine.command(f"TRUNCATE TABLE {store.engine.database}.{table}")
    with TemporaryDirectory(prefix="nezha-") as scratch:
        for kind in ("trace", "log"):
            (Path(scratch) / kind).mkdir()
            for file in minute_files(case, folder, kind):
                (Path(scratch) / kind / file.name).symlink_to(file)
        load(store, [Path(scratch)], now=_ending(case.day), zone=UTC, mapping=case.mapping)
    windows = (
        Window(_beginning(case.day), case.at + FAULT),
        Window(case.at - BEFORE, case.at + AFTER),
        Window(_beginning(case.day), _ending(case.day)),
    )
    return Asked(case, {way: _said(store, window) for way, window in zip(WAYS, windows, strict=True)})


def _said(store: Store, window: Window) -> Said:
    started = perf_counter()
    sitrep = triage(store, now=window.end, window=window)
    seconds = perf_counter() - started
    real = sitrep.confirmed.verdict if sitrep.confirmed else Verdict.UNKNOWN
    because = next(f.because for f in sitrep.findings if f.name == "onset")
    ranked = sitrep.culprits.ranked if sitrep.culprits else ()
    return Said(sitrep.onset.at if sitrep.onset else None, real, ranked, because, seconds)


def _quiet(store: Store, day: str) -> Iterator[Window]:
    """The whole hours of a day's quiet stretch that have data."""
    held = store.survey()[0].telemetry_window
    start = datetime.fromisoformat(f"{day}T{QUIET[day][0]}").replace(tzinfo=UTC)
    while held is not None and start + HOUR <= min(_ending(day), held.end):
        yield Window(start, start + HOUR)
        start += HOUR


def _beginning(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def _ending(day: str) -> datetime:
    return _beginning(day) + timedelta(days=1)


def run(data: Path, scratch: Path) -> Iterator[Figure]:  # noqa: ARG001 - all benches are called alike
    """Shares of right onsets and culprits, of incidents that are believed, and false alarms."""
    found = list(measured(data))
    yield from figures([one for one in found if isinstance(one, Asked)])
    yield from alarms([one for one in found if isinstance(one, Quiet)])


def figures(asked: list[Asked]) -> Iterator[Figure]:
    """The shares per way of asking, of all cases and per system."""
    for way in WAYS if asked else ():
        for system in ("", *sorted({one.case.system for one in asked})):
            mine = [one for one in asked if system in {"", one.case.system}]
            name = f"{way}: {system} ".removesuffix("  ") if system else f"{way}: "
            reported = f"{len(mine)} cases"
            near = sum(one.right(way) for one in mine) / len(mine)
            first = share([one.rank(way) for one in mine], 1)
            real = sum(one.said[way].real is Verdict.YES for one in mine) / len(mine)
            asks = way == "now"
            yield Figure(
                f"{name}onset within 90 s", round(near, 3), "", ONSET if asks else None, "more", reported
            )
            yield Figure(f"{name}AS@1", round(first, 3), "", CULPRIT if asks else None, "more", reported)
            yield Figure(f"{name}said to be real", round(real, 3), "", None, "more", reported)


def alarms(quiet: list[Quiet]) -> Iterator[Figure]:
    """False alarms in ten quiet hours."""
    for place, name in enumerate(("asked alone", "the day before it known") if quiet else ()):
        rate = sum(one.alarms[place] for one in quiet) / len(quiet) * 10
        yield Figure(
            f"false alarms in 10 quiet hours, {name}", round(rate, 2), "", 1, "less", f"{len(quiet)} hours"
        )


def main() -> None:
    """Print each answer, then the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.nezha_onset", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="part of a case's name, or 'quiet'")
    given = parser.parse_args()
    found = []
    for one in measured(given.folder, given.only):
        found.append(one)
        print("\n".join(_shown(one)), flush=True)
    for figure in (*figures([o for o in found if isinstance(o, Asked)]),
                   *alarms([o for o in found if isinstance(o, Quiet)])):  # fmt: skip
        print(f"{figure.name}: {figure.value}")


def _shown(one: Asked | Quiet) -> Iterator[str]:
    if isinstance(one, Quiet):
        reported = [f"ALARM {said.at}: {said.because}" if alarm else "quiet"
                for said, alarm in zip((one.alone, one.after), one.alarms, strict=True)]  # fmt: skip
        yield f"{one.hour.start:%Y-%m-%d %H:%M} alone {reported[0]}; with the day {reported[1]}"
        return
    yield f"{one.case.name} {one.case.system} {one.case.service} {one.case.fault}"
    for way, said in one.said.items():
        mark = ("" if one.right(way) else "WRONG ") + ("" if one.rank(way) == 1 else "BLAMED ")
        first = said.ranked[0].service if said.ranked else "nobody"
        yield f"    {way}: {mark}{one.off(way)} s, {first}, real {said.real}, {said.seconds:.1f} s: {said.because}"


if __name__ == "__main__":
    main()
