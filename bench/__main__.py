"""`python -m bench [DATA] [--only NAME]`: run every bench that the data allow, into docs/benchmarks.md.

DATA holds data sets as sub-folders, named as the benches name them, or is one data set itself.

A bench that cannot run for want of data keeps the figures of its last run.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from time import perf_counter

from bench.figures import Figure

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
COMMAND = "make bench DATA=folder"
HEAD = f"""# Benchmarks

Measured by `{COMMAND}`, which replaces the sections of the benches that it runs ([how](howto/measure.md)).
A limit is what the project holds itself to, and every figure that has one says whether it was met.
Where the data come from, and under which licence, says [bench/README.md](../bench/README.md).
"""


def benches() -> Iterator[str]:
    """The names of modules and packages in this folder that hold a bench."""
    for found in iter_modules([str(Path(__file__).parent)]):
        module = import_module(f"bench.{found.name}") if found.name != "__main__" else None
        if hasattr(module, "run"):
            yield found.name


def needed(name: str, data: Path, *, only: bool) -> Path | None:
    """The folder that a bench reads; None when it is not there.

    It is inside DATA, or is DATA itself: by its name, or because this bench alone was asked for.
    """
    wanted = str(import_module(f"bench.{name}").NEEDS)
    if not wanted or (data / wanted).is_dir():
        return data / wanted
    return data if data.is_dir() and (only or data.resolve().name == wanted) else None


def measure(name: str, data: Path) -> list[Figure]:
    """The figures of one bench over its folder, run in a process of its own."""
    command = [sys.executable, "-m", "bench.one", name, str(data)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [Figure(**figure) for figure in json.loads(said.splitlines()[-1])]


def section(name: str, figures: Sequence[Figure], circumstances: str) -> str:
    """The part of the page that is about one bench."""
    manual = (import_module(f"bench.{name}").__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
    rows = "\n".join(
        f"| {f.name} | {_number(f.value, f.better)} {f.unit} | {_limit(f)} | {f.note} |".replace("  ", " ")
        for f in figures
    )
    return f"## {name}\n\n{manual}\n\n`{COMMAND} ONLY={name}`: {circumstances}\n\n| | measured | limit | |\n|---|---|---|---|\n{rows}\n"


def replaced(page: str, name: str, new: str) -> str:
    """The page with one section new, sections in order of name."""
    parts = {part.split("\n", 1)[0]: part for part in re.split(r"^## ", page, flags=re.MULTILINE)[1:]}
    parts[name] = new.removeprefix("## ")
    return HEAD + "".join(f"\n## {parts[key].rstrip()}\n" for key in sorted(parts))


def circumstances(seconds: float) -> str:
    """Machine, load, revision and date, in one line."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    asked = ["git", "describe", "--always", "--dirty"]
    revision = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, revision {revision}, Python {sys.version.split()[0]}, "  # noqa: TID251
        f"{cpu[1] if cpu else 'unknown CPU'}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"load average {os.getloadavg()[0]:.1f} at the end, {seconds:.0f} s."
    )


def _number(value: float, better: str = "") -> str:
    """Three digits; of what was measured never better than it was."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", "\u202f")
    rounding = {"more": ROUND_FLOOR, "less": ROUND_CEILING}.get(better, ROUND_HALF_EVEN)
    return f"{float(Context(prec=3, rounding=rounding).create_decimal(repr(value))):.3g}"


def _limit(figure: Figure) -> str:
    if figure.limit is None:
        return ""
    sign = "≥" if figure.better == "more" else "≤"
    return f"{sign} {_number(figure.limit)} {'met' if figure.met else '**missed**'}"


def main() -> int:
    """1 when a limit was missed, 2 when there is no such bench, or not its data."""
    wanted = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    wanted.add_argument("data", nargs="?", type=Path, default=Path("no-data"))
    wanted.add_argument("--only", help="one bench by name")
    given = wanted.parse_args()
    chosen = [name for name in benches() if given.only in {None, name}]
    if not chosen:
        wanted.error(f"there is no bench {given.only}; there are {', '.join(benches())}")
    outcomes = [written(name, given.data, only=given.only is not None) for name in chosen]
    if outcomes == [None] and given.only:
        return 2
    return int(any(outcomes))


def written(name: str, data: Path, *, only: bool) -> int | None:
    """How many limits one bench missed, its section of the page being written; None without its data."""
    folder = needed(name, data, only=only)
    if folder is None:
        print(f"{name}: no {import_module(f'bench.{name}').NEEDS} in {data}, left as it was")
        return None
    started = perf_counter()
    figures = measure(name, folder)
    page = PAGE.read_text() if PAGE.exists() else HEAD
    PAGE.write_text(replaced(page, name, section(name, figures, circumstances(perf_counter() - started))))
    for figure in figures:
        print(
            f"{name}: {figure.name}: {_number(figure.value, figure.better)} {figure.unit} {_limit(figure)}".rstrip()
        )
    return sum(figure.met is False for figure in figures)


if __name__ == "__main__":
    sys.exit(main())
