"""The cases of a Nezha folder: what was injected where and when, and a small folder of files for each."""

import csv
import gzip
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lastgood.model.window import Comparison, Window

PAST = timedelta(minutes=30)
FAULT = timedelta(minutes=4)
# The labels of one system are up to this long late.
LATE = {"OB": timedelta(0), "TT": timedelta(seconds=90)}
# A minute file ends inside the minute that it is named after, and holds a minute or two.
HELD = timedelta(minutes=2)
FOLDERS = {"OB": "ob.toml", "TT": "tt.toml"}


@dataclass(frozen=True, slots=True)
class NezhaCase:
    """One injected fault."""

    name: str
    system: str
    day: str
    service: str
    fault: str
    inner: tuple[str, ...]
    at: datetime
    minutes: tuple[str, ...]
    faultless: datetime | None = None  # the start of the day's fault-free minute, where it is earlier

    @property
    def mapping(self) -> Path:
        """The mapping file of its system."""
        return Path(__file__).parent / FOLDERS[self.system]

    @property
    def comparison(self) -> Comparison:
        """What is known to be good, and the fault from its labelled time on.

        Good is the half hour before, and all since the day's fault-free minute where there is one; the time
        in which the label may be late belongs to neither, unless nothing else is known to be good.
        """
        start = min([self.at - PAST, *([self.faultless] if self.faultless else [])])
        good = Window(start, self.at - LATE[self.system] if self.faultless else self.at)
        return Comparison(good, Window(self.at, self.at + FAULT), given=True)


def read_cases(folder: Path) -> list[NezhaCase]:
    """The cases of a folder, in order of time."""
    found = []
    for one in json.loads((folder / "cases.json").read_text()):
        at = datetime.fromisoformat(one["inject_time"]).replace(tzinfo=UTC)
        found.append(
            NezhaCase(
                one["id"], one["system"], one["day"], one["service"], one["fault_type"], tuple(one["inner"]),
                at, tuple(one["minutes"]), _faultless(folder / one["day"], at),
            )
        )  # fmt: skip
    return sorted(found, key=lambda case: case.name)


def _faultless(day: Path, before: datetime) -> datetime | None:
    """When the day's fault-free minute begins; None where there is none before a fault."""
    for file in sorted(day.glob("faultfree/trace/*_trace.csv*")):
        hour, minute = file.name.split("_")[:2]
        start = before.replace(hour=int(hour), minute=int(minute), second=0) - HELD
        if start < before - HELD:
            return start
    return None


def minute_files(case: NezhaCase, folder: Path, kind: str) -> list[Path]:
    """Its own minute files of traces or logs, and the fault-free ones before it."""
    day = folder / case.day
    mine = [file for minute in case.minutes for file in day.glob(f"{kind}/{minute}_{kind}.csv*")]
    known_good = day.glob(f"faultfree/{kind}/*_{kind}.csv*") if case.faultless else ()
    return [*mine, *known_good]


def cut_out(case: NezhaCase, folder: Path, into: Path) -> None:
    """The case's minute files, the fault-free ones, and metrics from half an hour before to the end of the fault."""
    day = folder / case.day
    for kind in ("trace", "log"):
        (into / kind).mkdir(parents=True, exist_ok=True)
        for file in minute_files(case, folder, kind):
            shutil.copy(file, into / kind / file.name)
    (into / "metric").mkdir(exist_ok=True)
    window = Window(case.at - PAST, case.at + FAULT)
    for file in sorted((day / "metric").glob("*.csv*")):
        lines = list(_within(file, window))
        if len(lines) > 1:
            (into / "metric" / file.name.removesuffix(".gz")).write_text("".join(lines))


def _within(file: Path, window: Window) -> Iterator[str]:
    """The header and the rows of a file inside a window; all rows of a file without times."""
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as stream:
        header = stream.readline()
        yield header
        names = next(csv.reader(io.StringIO(header)))
        column = next((i for i, name in enumerate(names) if name.lower() == "time"), None)
        for line in stream:
            if column is None:
                yield line
                continue
            said = line.split(",", column + 1)[column][:19]
            if window.holds(datetime.fromisoformat(said).replace(tzinfo=UTC)):
                yield line
