"""Raw logs of real systems through intake: what each is taken for, where its lines go, and how many events have a level.

`python -m bench.loghub_formats FOLDER` prints every system. FOLDER holds one folder a system, each with the raw
`*_2k.log`.
"""

import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from bench.figures import Figure

from lastgood.decoding.input import Batch, Input, Reject, Settings, Tally
from lastgood.intake import logs
from lastgood.intake._registry import best_claim

NEEDS = "loghub-2k-corrected"
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
TITLES = ("system", "taken for", "lines", "events", "cont.", "rejects", "level %", "services", "from", "to")
COLUMNS = "{:<12} {:<44} {:>6} {:>6} {:>6} {:>7} {:>7} {:>8}  {:<16}  {}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one system's lines."""

    system: str
    format: str  # empty: no one recognises it
    lines: int
    events: int
    continuations: int
    rejects: int
    levels: float  # percent of the events that have a level
    services: int
    start: str
    end: str


def taken(path: Path) -> Taken:
    """What intake makes of one file."""
    given = Input(path, path.name)
    chosen = best_claim(given)
    if chosen is None or chosen[0].name != logs.SOURCE.name:
        return Taken(path.parent.name, "", len(path.read_bytes().splitlines()), 0, 0, 0, 0.0, 0, "", "")
    items = list(logs.decode(given, chosen[1], Settings(NOW, UTC)))
    tallies = [item for item in items if isinstance(item, Tally)]
    table = pa.concat_tables([item.rows for item in items if isinstance(item, Batch)])
    levels = pc.sum(pc.greater(table["SeverityNumber"], 0)).as_py() or 0
    span = pc.min_max(table["Timestamp"].cast(pa.timestamp("s", "UTC"), safe=False)).as_py()
    return Taken(
        path.parent.name,
        chosen[1].format,
        sum(item.lines for item in tallies),
        table.num_rows,
        sum(item.continuations for item in tallies),
        sum(isinstance(item, Reject) for item in items),
        round(100 * levels / table.num_rows, 1),
        pc.count_distinct(table["ServiceName"]).as_py(),
        f"{span['min']:%Y-%m-%d %H:%M}",
        f"{span['max']:%Y-%m-%d %H:%M}",
    )


def systems(folder: Path) -> list[Taken]:
    """Every system of a folder, by name."""
    return [taken(path) for path in sorted(folder.glob("*/*_2k.log"))]


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """How many systems are recognised, and where their lines went."""
    del scratch
    found = systems(data)
    lines = sum(one.lines for one in found)
    known = [one for one in found if one.format]
    unknown = ", ".join(one.system for one in found if not one.format)
    yield Figure("systems recognised", len(known), limit=len(found), better="more", note=unknown)
    for name, count in (
        ("events", sum(one.events for one in found)),
        ("continuation lines", sum(one.continuations for one in found)),
        ("rejected lines", sum(one.rejects for one in found)),
    ):
        yield Figure(name, 100 * count / lines, "%", note=f"{count} of {lines} lines")
    least = min(known, key=lambda one: one.levels)
    mean = sum(one.levels for one in known) / len(known)
    yield Figure(
        "events with a level", mean, "%", note=f"mean of systems; least {least.system} {least.levels}"
    )


def main() -> None:
    """Print the table."""
    print(COLUMNS.format(*TITLES))
    for one in systems(Path(sys.argv[1])):
        print(COLUMNS.format(*astuple(one)))


if __name__ == "__main__":
    main()
