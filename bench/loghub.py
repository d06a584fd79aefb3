"""Log patterns against the corrected Loghub-2k labels (Khan et al.), one configuration for all systems.

`python -m bench.loghub FOLDER` prints every system. FOLDER holds `SYSTEM/SYSTEM_2k.log_structured_corrected.csv` (columns LineId, Content, EventTemplate): the
labels that Khan et al. (ICSE 2022) corrected. Four measures, over the lines of a system:

GA   (Zhu et al., ICSE-SEIP 2019) share of lines whose predicted group has exactly the lines of a true group
FGA  (Jiang et al., ISSTA 2024) F1 of groups: predicted groups that are exactly a true group
PA   (Dai et al., TSE 2020) share of lines whose template is spelt as the label is
FTA  (Khan et al.) F1 of templates: every line that has it carries that one label, and the spelling is the same

PA and FTA depend on spelling, so they are taken in the style of the labels, which the product does not show:
a piece between delimiters that holds `<*>` becomes `<*>` whole, and a few user names become `<*>`.
"""

import argparse
import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from bench.figures import Figure

from lastgood.algorithms.patterns.keys import Key
from lastgood.algorithms.patterns.miner import Miner
from lastgood.algorithms.patterns.templates import folded, joined
from lastgood.algorithms.patterns.tokens import WILDCARD

NEEDS = "loghub-2k-corrected"
GATES = {"ga": 0.98, "fga": 0.96}
RUNS = 3
BATCH = 200
_SHAPE = re.compile(r"[0-9a-fA-F]{4,}|[0-9]+")
_DELIMITER = re.compile(r"([\s,!;:=|\"'\[\](){}.\-+@#$%&])")


@dataclass(frozen=True, slots=True)
class Score:
    """The four measures, each 0..1."""

    ga: float
    fga: float
    pa: float
    fta: float


@dataclass(frozen=True, slots=True)
class Mined:
    """A pattern id and a template per line."""

    groups: tuple[str, ...]
    templates: tuple[str, ...]


def score(labels: Sequence[str], groups: Sequence[str], templates: Sequence[str]) -> Score:
    """The measures of a prediction; all three run over the same lines."""
    true_sizes, sizes = Counter(labels), Counter(groups)
    exact = [
        lines
        for (label, group), lines in Counter(zip(labels, groups, strict=True)).items()
        if lines == true_sizes[label] == sizes[group]
    ]
    labels_of = defaultdict(set)
    for label, template in zip(labels, templates, strict=True):
        labels_of[template].add(label)
    spelt = sum(1 for template, carried in labels_of.items() if carried == {template})
    same = sum(1 for label, template in zip(labels, templates, strict=True) if label == template)
    return Score(
        ga=sum(exact) / len(labels),
        fga=_f1(len(exact), len(sizes), len(true_sizes)),
        pa=same / len(labels),
        fta=_f1(spelt, len(labels_of), len(true_sizes)),
    )


def _f1(right: int, predicted: int, true: int) -> float:
    return 2 * right / (predicted + true)  # the harmonic mean of right/predicted and right/true


def mine(lines: Sequence[str], batch: int | None = None) -> Mined:
    """The patterns of lines, learnt in batches of so many lines, or all at once."""
    miner = Miner()
    of_line: list[Key] = []
    for start in range(0, len(lines), batch or len(lines)):
        of_line += _learnt(miner, lines[start : start + (batch or len(lines))])
    groups = tuple(miner.ids[key] for key in of_line)
    samples = defaultdict(list)
    for group, line in zip(groups, lines, strict=True):
        samples[group].append(line)
    shown = {group: in_label_style(members) for group, members in samples.items()}
    return Mined(groups, tuple(shown[group] for group in groups))


def _learnt(miner: Miner, lines: Sequence[str]) -> list[Key]:
    """As a store does it: only one line of each shape is looked at."""
    shapes = [_SHAPE.sub("0", line) for line in lines]
    smallest: dict[str, str] = {}
    for shape, line in zip(shapes, lines, strict=True):
        smallest[shape] = min(line, smallest.get(shape, line))
    keys = dict(zip(smallest, miner.learn(smallest.values()), strict=True))
    return [keys[shape] for shape in shapes]


def in_label_style(samples: Iterable[str]) -> str:
    """A template in the spelling of the corrected labels."""
    pieces, ragged = folded(_one_per_shape(samples))
    text = " ".join("".join(pieces).split())
    parts = _DELIMITER.split(text)
    return joined("".join(_label_part(part) for part in parts), ragged=ragged)


def _one_per_shape(samples: Iterable[str]) -> list[str]:
    """First, last and middle sample of every shape, first ones first, most frequent shapes first."""
    shapes = defaultdict(list)
    for sample in samples:
        shapes[_SHAPE.sub("0", sample)].append(sample)
    ordered = sorted(shapes.values(), key=lambda members: (-len(members), members[0]))
    rest = [s for members in ordered for s in (members[-1], members[len(members) // 2])]
    return [members[0] for members in ordered] + rest


def _label_part(part: str) -> str:
    wild = WILDCARD in part and "/" not in part
    return WILDCARD if wild or part in {"root", "admin", "null"} else part


def same_grouping(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two lists of group ids part the lines in the same way."""
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


def read(path: Path) -> tuple[list[str], list[str]]:
    """The messages and the labels of one system."""
    csv.field_size_limit(1 << 24)
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        rows = list(csv.DictReader(file))
    return [row["Content"] for row in rows], [row["EventTemplate"] for row in rows]


def measured(folder: Path) -> tuple[dict[str, Score], list[str]]:
    """The score of every system, and what failed of determinism and batching."""
    scores, failures = {}, []
    for path in sorted(folder.glob("*/*_structured_corrected.csv")):
        lines, labels = read(path)
        runs = [mine(lines) for _ in range(RUNS)]
        if any(run != runs[0] for run in runs):
            failures.append(f"{path.parent.name}: runs differ")
        if not same_grouping(mine(lines, BATCH).groups, runs[0].groups):
            failures.append(f"{path.parent.name}: batches of {BATCH} differ from one shot")
        scores[path.parent.name] = score(labels, runs[0].groups, runs[0].templates)
    return scores, failures


def average(scores: Iterable[Score]) -> Score:
    """The mean of each measure over systems."""
    columns = list(zip(*(astuple(item) for item in scores), strict=True))
    return Score(*(sum(column) / len(column) for column in columns))


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """The mean of each measure over systems, the worst system, and what is not as it must be."""
    del scratch
    scores, failures = measured(data)
    mean = average(scores.values())
    for name in ("ga", "fga"):
        worst = min(scores, key=lambda system: getattr(scores[system], name))
        note = f"{len(scores)} systems; least {worst} {getattr(scores[worst], name):.3f}"
        yield Figure(name.upper(), getattr(mean, name), limit=GATES[name], better="more", note=note)
    for name in ("pa", "fta"):
        yield Figure(name.upper(), getattr(mean, name), note="templates in the spelling of the labels")
    note = f"{RUNS} runs compared, and batches of {BATCH} lines with one shot"
    yield Figure("systems whose runs or batches differ", len(failures), limit=0, note=note)


def main() -> None:
    """Print the table; exit 1 when a gate or a check fails."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    scores, failures = measured(parser.parse_args().folder)
    if not scores:
        sys.exit("There are no *_structured_corrected.csv files in that folder.")
    mean = average(scores.values())
    names = [field.name for field in fields(Score)]
    print("Corrected labels (Khan et al.); PA and FTA in label style.")
    print(f"{'system':<14}" + "".join(f"{name.upper():>8}" for name in names))
    for system, item in (*scores.items(), ("average", mean)):
        print(f"{system:<14}" + "".join(f"{value:8.4f}" for value in astuple(item)))
    failures += [
        f"{m.upper()} {getattr(mean, m):.4f} < {g}" for m, g in GATES.items() if getattr(mean, m) < g
    ]
    print("\n".join(failures) or f"{RUNS} runs alike, batches of {BATCH} equal one shot, gates held.")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
