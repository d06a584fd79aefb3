"""python -m bench.nezha FOLDER [--out predictions.json] [--only TEXT] [--given]: the answer to each case, and scores."""

import argparse
from pathlib import Path

from bench.nezha import answers, groups, predictions
from bench.ranking import rank, share


def main() -> None:
    """Print each case's answer, then the scores; write the ranked services if asked to."""
    parser = argparse.ArgumentParser(prog="python -m bench.nezha", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, help="where to write the ranked services of each case")
    parser.add_argument("--only", default="", help="part of a case's name, or a kind of fault")
    parser.add_argument("--given", action="store_true", help="leave out triage without a given time")
    asked = parser.parse_args()
    found = []
    for one in answers(asked.folder, asked.only, blind=not asked.given):
        found.append(one)
        reported = one.ranked[0] if one.ranked else None
        print(
            f"{one.case.name} {one.case.system} {one.case.service} {one.case.fault}: rank {one.rank}",
            flush=True,
        )
        print(
            f"    {reported.service} {reported.confidence} {reported.kind} {reported.component}"
            if reported
            else f"    {one.because}"
        )
        if not asked.given:
            first = one.blind[0].service if one.blind else "nobody"
            print(f"    time not given: {first}, onset {one.late} s after the label")
        for failed in one.failed:
            print(f"    FAILED {failed}")
    for name, mine in groups(found).items():
        ranks = [one.rank for one in mine]
        unreported = [rank(one.case.service, one.blind) for one in mine]
        print(
            f"{name:20} n={len(mine):3}  AS@1 {share(ranks, 1):.3f}  AS@3 {share(ranks, 3):.3f}  "
            f"AIS@1 {sum(one.inside for one in mine) / len(mine):.3f}  time not given: AS@1 {share(unreported, 1):.3f}"
        )
    if asked.out:
        asked.out.write_text(predictions(found))


if __name__ == "__main__":
    main()
