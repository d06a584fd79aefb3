"""python -m bench.petshop FOLDER [--out predictions.json] [--only TEXT]: the answer to each issue, and scores."""

import argparse
from pathlib import Path

from bench.petshop import answers, predictions
from bench.ranking import share


def main() -> None:
    """Print each issue's answer, then the scores; write the ranked nodes if asked to."""
    parser = argparse.ArgumentParser(prog="python -m bench.petshop", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, help="where to write the ranked nodes of each issue")
    parser.add_argument("--only", default="", help="part of an issue's name")
    asked = parser.parse_args()
    found = []
    for one in answers(asked.folder, asked.only):
        found.append(one)
        print(f"{one.name} {one.node}: rank {one.rank}\n    {one.because}", flush=True)
    ranks = [one.rank for one in found]
    print(f"n={len(found)}  top-1 {share(ranks, 1):.3f}  top-3 {share(ranks, 3):.3f}")
    if asked.out:
        asked.out.write_text(predictions(found))


if __name__ == "__main__":
    main()
