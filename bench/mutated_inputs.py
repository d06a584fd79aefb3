"""Whether a damaged input can stop the decoding: tracebacks, hangs, lines unaccounted for, and peak memory over many mutated inputs.

`python -m bench.mutated_inputs --inputs 200000 [--seed S] [--part I/N] [--seeds FOLDER] [--triages N]` prints the counts. The seeds are those of `tests/intake/seeds.py`,
which has a small input of every source, and the first bytes of the files of FOLDER. A mutation cuts, flips bytes, splices two seeds, repeats, and puts in
huge numbers, odd values, deep nesting, or another encoding. Input number N of a seed is the same on every run, so that parts can run one after another.
An input that fails is written to the scratch folder, and printed. With `--triages N`, N folders of a few mutated inputs each go through a whole
`lastgood triage` instead.
"""

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

from bench.figures import Figure, peak_memory

from lastgood.decoding.input import UNREADABLE, Input, Reject, Settings, Tally
from lastgood.errors import MappingError
from lastgood.intake._registry import best_claim

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from intake.seeds import SEEDS, mishap

NEEDS = ""
LARGEST = 4096  # bytes of one input
SEED_BYTES = 1500
SLOWEST = 60  # seconds of one input
MEMORY = 2048  # MB
IN_A_FOLDER = 4  # inputs
STATUSES = range(4)  # with which a triage may exit; 4 is an uncaught exception
SPLICED, RECODED = 0.2, 0.05  # shares of the inputs
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-7", "cp037", "latin-1")
_SETTINGS = Settings(datetime(2026, 11, 22, 15, tzinfo=UTC), ZoneInfo("UTC"))

Seed = tuple[str, bytes]


class _HangError(Exception):
    """One input took longer than SLOWEST."""


def run(_data: Path, scratch: Path) -> Iterator[Figure]:
    """The counts over as many inputs as INPUTS says."""
    total = int(os.environ.get("INPUTS", "5000"))
    counts = decoded(range(total), 0, seeds(), scratch)
    yield Figure("mutated inputs decoded", counts["inputs"], "inputs", better="more")
    yield Figure("tracebacks", counts["tracebacks"], "", 0)
    yield Figure(f"inputs over {SLOWEST} s", counts["hangs"], "", 0)
    yield Figure("inputs whose lines do not add up", counts["unbalanced"], "", 0)
    yield Figure("peak memory", peak_memory(), "MB", MEMORY)
    yield Figure("CPU per input", round(counts["cpu"] / max(1, counts["inputs"]), 1), "ms")


def seeds(folder: Path | None = None) -> list[Seed]:
    """Names and first bytes: of every source, and of the files of a folder."""
    files = sorted(file for file in folder.rglob("*") if file.is_file()) if folder else []
    own = [(f"{name}.crontab" if name == "crontab" else name, content) for name, content in SEEDS.items()]
    return [(name, content[:SEED_BYTES]) for name, content in own] + [
        (file.name, file.open("rb").read(SEED_BYTES)) for file in files
    ]


def mutated(number: int, seed: int, pool: Sequence[Seed]) -> Seed:
    """Input number N of a seed: a name and at most LARGEST bytes."""
    chance = random.Random(f"{seed}/{number}")
    name, content = chance.choice(pool)
    if chance.random() < SPLICED:
        other = chance.choice(pool)[1]
        content = content[: chance.randrange(len(content) + 1)] + other[chance.randrange(len(other) + 1) :]
    content = mishap(chance, content)
    if chance.random() < RECODED:
        content = content.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")
    return name, content[:LARGEST]


def decoded(numbers: Sequence[int], seed: int, pool: Sequence[Seed], scratch: Path) -> Counter[str]:
    """What came of the inputs of these numbers; `cpu` in milliseconds."""
    counts: Counter[str] = Counter()
    signal.signal(signal.SIGALRM, _ring)
    begin, told = time.process_time(), time.monotonic()
    for number in numbers:
        name, content = mutated(number, seed, pool)
        if problem := _problem(name, content):
            counts[problem] += 1
            (scratch / f"{problem}-{seed}-{number}").write_bytes(content)
            print(f"{problem}: input {number} of seed {seed}, from {name!r}", file=sys.stderr, flush=True)
        counts["inputs"] += 1
        counts["cpu"] = int(1000 * (time.process_time() - begin))
        if time.monotonic() - told > SLOWEST:
            told = time.monotonic()
            print(f"{dict(counts)}, {peak_memory():.0f} MB", file=sys.stderr, flush=True)
    return counts


def triaged(numbers: Sequence[int], seed: int, pool: Sequence[Seed], scratch: Path) -> Counter[str]:
    """What came of a triage of the folders of these numbers; a folder that fails stays in the scratch folder."""
    counts: Counter[str] = Counter()
    for number in numbers:
        folder = Path(tempfile.mkdtemp(prefix=f"triage-{seed}-{number}-", dir=scratch))
        for index in range(IN_A_FOLDER):
            name, content = mutated(number * IN_A_FOLDER + index, seed, pool)
            (folder / f"{index}-{name.replace('/', '-')}").write_bytes(content)
        counts["triages"] += 1
        if problem := _of_triage(folder):
            counts[problem] += 1
            print(f"{problem}: {folder}", file=sys.stderr, flush=True)
        else:
            for file in folder.iterdir():
                file.unlink()
            folder.rmdir()
    counts["cpu"] = int(1000 * sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]))
    counts["MB"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return counts


def _of_triage(folder: Path) -> str:
    command = [
        sys.executable,
        "-m",
        "lastgood",
        "triage",
        str(folder),
        "--now",
        _SETTINGS.now.isoformat(),
        "-o",
        "json",
    ]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SLOWEST)
    except subprocess.TimeoutExpired:
        return "hangs"
    return "tracebacks" if ended.returncode not in STATUSES or "Traceback" in ended.stderr else ""


def _problem(name: str, content: bytes) -> str:
    signal.alarm(SLOWEST)
    try:
        return "" if _adds_up(Input(None, name, content)) else "unbalanced"
    except _HangError:
        return "hangs"
    except (*UNREADABLE, MappingError):
        return ""
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        print(f"{type(error).__name__}: {str(error)[:300]}", file=sys.stderr)
        return "tracebacks"
    finally:
        signal.alarm(0)


def _adds_up(given: Input) -> bool:
    """Whether every line of it is accounted for."""
    chosen = best_claim(given)
    rest = 0
    for item in chosen[0].decode(given, chosen[1], _SETTINGS) if chosen else ():
        if isinstance(item, Tally):
            rest += item.lines - item.events - item.continuations - item.blanks
        elif isinstance(item, Reject):
            rest -= 1
    return rest == 0


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise _HangError


def main() -> int:
    """1 when an input failed."""
    wanted = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    wanted.add_argument("--inputs", type=int, default=5000)
    wanted.add_argument("--seed", type=int, default=0)
    wanted.add_argument("--part", default="1/1", help="I/N: every Nth input from the Ith")
    wanted.add_argument("--seeds", type=Path, help="a folder with more files to mutate")
    wanted.add_argument("--scratch", type=Path, default=Path(), help="where inputs that fail are written")
    wanted.add_argument(
        "--triages", type=int, default=0, help="triage so many folders of mutated inputs instead"
    )
    given = wanted.parse_args()
    part, parts = map(int, given.part.split("/"))
    given.scratch.mkdir(parents=True, exist_ok=True)
    numbers = range(part - 1, given.triages or given.inputs, parts)
    counts = (triaged if given.triages else decoded)(numbers, given.seed, seeds(given.seeds), given.scratch)
    print(f"{dict(counts)}, {peak_memory():.0f} MB")
    return int(any(counts[problem] for problem in ("tracebacks", "hangs", "unbalanced")))


if __name__ == "__main__":
    sys.exit(main())
