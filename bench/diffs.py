"""What is read out of diffs, against hunks labelled by hand: a third was held back while the readers were written.

The hunks are in `bench/labelled_diffs.txt`; the split is drawn once from the seed. `python -m bench.diffs` lists what is
wrong in the part for tuning, and only there.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import process_time

from bench.figures import Figure

from lastgood.algorithms.diffs.effects import effects
from lastgood.algorithms.diffs.kinds import EffectKind

NEEDS = ""
LABELLED = Path(__file__).with_name("labelled_diffs.txt")
SEED, PART = 19, 3  # one of so many is held back


@dataclass(frozen=True)
class Labelled:
    """A hunk with the effects that an engineer reads out of it, and those that may be read too."""

    path: str
    diff: str
    wanted: frozenset[EffectKind]
    allowed: frozenset[EffectKind]


@dataclass
class Score:
    """How often a kind was read rightly, wrongly, and not at all."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Of what was read, the share that is so."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of what is so, the share that was read."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def labelled() -> list[Labelled]:
    """All hunks, in the order of the file."""
    found = []
    for block in re.split(r"^=== ", LABELLED.read_text(), flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        path, _, said = head.partition(" | ")
        wanted, _, allowed = said.partition("?")
        heading, lines = "", body
        if body.startswith("@@ "):
            heading, _, lines = body[3:].partition("\n")
        diff = f"@@ -10,9 +10,9 @@ {heading}\n{lines}"
        found.append(
            Labelled(
                path,
                diff,
                *(
                    frozenset(EffectKind[name] for name in part.split() if name != "-")
                    for part in (wanted, allowed)
                ),
            )
        )
    return found


def split() -> tuple[list[Labelled], list[Labelled]]:
    """The hunks for tuning, and those held back."""
    every = labelled()
    held = set(Random(SEED).sample(range(len(every)), len(every) // PART))
    return [one for n, one in enumerate(every) if n not in held], [
        one for n, one in enumerate(every) if n in held
    ]


def scored(hunks: Sequence[Labelled]) -> dict[EffectKind, Score]:
    """How well each kind is read."""
    found: dict[EffectKind, Score] = {}
    for one in hunks:
        read = {effect.kind for effect in effects(one.diff, [one.path])}
        for kind in read | one.wanted:
            score = found.setdefault(kind, Score())
            score.right += kind in read & one.wanted
            score.wrong += kind in read - one.wanted - one.allowed
            score.missed += kind in one.wanted - read
    return found


def whole(scores: dict[EffectKind, Score]) -> Score:
    """All kinds together."""
    total: Counter[str] = Counter()
    for score in scores.values():
        total.update(vars(score))
    return Score(**total)


def run(data: Path, scratch: Path) -> Iterator[Figure]:  # noqa: ARG001
    """Precision and recall of both parts, by kind too, and how long a long diff takes."""
    for name, hunks in zip(("for tuning", "held back"), split(), strict=True):
        scores = scored(hunks)
        total = whole(scores)
        note = f"{len(hunks)} hunks, {sum(not one.wanted for one in hunks)} of them without effect"
        yield Figure(f"precision, {name}", total.precision, "", 0.95, better="more", note=note)
        yield Figure(f"recall, {name}", total.recall, "", 0.8, better="more", note=note)
        for kind in sorted(scores):
            score = scores[kind]
            note = f"recall {score.right} of {score.right + score.missed}, wrong {score.wrong}"
            yield Figure(f"precision of {kind.name.lower()}, {name}", score.precision, "", note=note)
    yield Figure("2,000 changed lines", _seconds(), "s of CPU", 0.5, note="hunks of all languages")


def _seconds() -> float:
    """How long a diff of 2,000 changed lines takes, grammars being loaded."""
    text = ""
    for one in labelled():
        if text.count("\n+") + text.count("\n-") < 2000:
            text += f"diff --git a/{one.path} b/{one.path}\n--- a/{one.path}\n+++ b/{one.path}\n{one.diff}"
    text *= 2
    effects(text)
    started = process_time()
    effects(text)
    return process_time() - started


def main() -> None:
    """What is wrong in the part for tuning, then the figures of it by kind."""
    tuning, _ = split()
    for one in tuning:
        read = {effect.kind for effect in effects(one.diff, [one.path])}
        missed, wrong = one.wanted - read, read - one.wanted - one.allowed
        if missed or wrong:
            print(
                f"--- {one.path} missed {sorted(k.name for k in missed)} wrong {sorted(k.name for k in wrong)}\n{one.diff}"
            )
    total = whole(scored(tuning))
    print(f"precision {total.precision:.3f} recall {total.recall:.3f} of {len(tuning)} hunks")


if __name__ == "__main__":
    main()
