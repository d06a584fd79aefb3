"""`PYTHONPATH=tests python -m scenario_language FILE… [--seeds FIRST COUNT] [--sure]`: each scenario judged, one line each.

right: every expectation is met. unsure: some are not, and the answers say that they do not know. wrong: an
answer claims what is not so. Exit status 1 when any is wrong or unsure. With `--sure`, how sure each answer was follows.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lastgood.telemetry.embedded import DATABASE
from lastgood.telemetry.writer import create_tables
from lastgood.workbench.store import throwaway_store
from scenario_language.asking import asked
from scenario_language.expectations import failures, judged, verdict
from scenario_language.generated import write


def lines(paths: list[Path], *, sure: bool) -> Iterator[str]:
    """A line with the verdict on each scenario, and an indented one for everything that it expects in vain.

    Where it is wanted, also one for each answer: its confidence, whether it is right, and the question.
    """
    with throwaway_store() as store:
        for path in paths:
            scenario, sitrep = asked(store, path)
            findings = sitrep.findings
            found = list(failures(scenario, findings))
            world = "healthy" if scenario.healthy else "incident"
            yield f"{verdict(found):<6} {world:<8} {path.stem}"
            yield from (f"    {line}" for line in found)
            for one in judged(scenario, findings) if sure else ():
                yield f"  = {one.confidence} {'right' if one.right else 'wrong'} {one.question}"
            store.engine.command(f"DROP DATABASE {DATABASE} SYNC")
            store.engine.command(f"CREATE DATABASE {DATABASE} ENGINE = Atomic")
            create_tables(store.engine)


def main() -> int:
    """1 when a scenario is not answered right."""
    wanted = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    wanted.add_argument("paths", nargs="*", type=Path)
    wanted.add_argument("--seeds", nargs=2, type=int, default=(0, 0), metavar=("FIRST", "COUNT"))
    wanted.add_argument("--sure", action="store_true", help="also how sure each answer was")
    given = wanted.parse_args()
    first, count = given.seeds
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        made = [write(Path(folder), seed) for seed in range(first, first + count)]
        for line in lines(given.paths + made, sure=given.sure):
            broken += not line.startswith(("right", " "))
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    return min(1, broken)


if __name__ == "__main__":
    sys.exit(main())
