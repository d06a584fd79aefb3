"""`python -m bench.shop [--part i/n] [--fault …] [--seeds 3] [--out FOLDER]`: the battery of the live shop.

Every fault with every seed; what was played is not played again. All that was played is judged anew, into `results.jsonl`.
"""

import argparse
import json
import sys
from pathlib import Path

from bench.shop import RESULTS, table
from bench.shop.judging import judged
from bench.shop.playing import NAMES, RUN, Played, played

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
    seeds = range(FIRST_SEED, FIRST_SEED + given.seeds)
    runs = [(name, seed) for seed in seeds for name in given.fault or NAMES]
    mine, of = given.part
    for fault, seed in runs[mine - 1 :: of]:
        folder = given.out.resolve() / f"{fault}-{seed}"
        if not (folder / RUN).exists():
            print(table([judged(played(fault, seed, folder))]), flush=True)
    found = [judged(Played.again(path.parent)) for path in sorted(given.out.glob(f"*/{RUN}"))]
    (given.out / RESULTS).write_text("".join(f"{json.dumps(row)}\n" for row in found))
    print(table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
