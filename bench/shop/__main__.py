"""`python -m bench.shop [--part i/n] [--fault …] [--seeds 3] [--out FOLDER]`: the battery of the live shop.

Every fault with every seed, one row of `results.jsonl` each; what has a row is not played again.
"""

import argparse
import json
import sys
from pathlib import Path

from bench.shop import RESULTS, table
from bench.shop.judging import judged
from bench.shop.playing import NAMES, played

FIRST_SEED = 1


def part(text: str) -> tuple[int, int]:
    """`2/3` as (2, 3)."""
    mine, _, of = text.partition("/")
    return int(mine), int(of)


def main() -> int:
    """0 when all that was asked for has a row."""
    parser = argparse.ArgumentParser(prog="python -m bench.shop", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--part", type=part, default=(1, 1), metavar="I/N", help="every n-th run, from the i-th"
    )
    parser.add_argument("--fault", choices=NAMES, action="append", help="only these")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("build") / "shop-battery")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    path = given.out / RESULTS
    rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    known = {(row["fault"], row["seed"]) for row in rows}
    seeds = range(FIRST_SEED, FIRST_SEED + given.seeds)
    runs = [(name, seed) for seed in seeds for name in given.fault or NAMES]
    mine, of = given.part
    for fault, seed in runs[mine - 1 :: of]:
        if (fault, seed) in known:
            continue
        run = played(fault, seed, given.out.resolve() / f"{fault}-{seed}")
        (given.out / f"{fault}-{seed}" / "run.json").write_text(json.dumps(run.document(), indent=1))
        row = judged(run)
        with path.open("a") as out:
            out.write(json.dumps(row) + "\n")
        rows.append(row)
        print(table([row]), flush=True)
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
