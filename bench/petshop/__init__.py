"""Which node it was, over the real incidents of PetShop: python -m bench.petshop FOLDER.

FOLDER holds per scenario `graph.csv` and `train/issue_N/` (or `test/`) with `metrics.csv` (five rows of five
minutes around an alarm) and `target.json`; from amazon-science/petshop-root-cause-analysis, CC-BY-4.0. Each issue
is loaded through `petshop.toml` and asked for the culprit with metrics and call graph alone: good is its first row,
for the second may already be ill, and bad are the two rows from the alarm on. Top-k is the share of issues whose
node is among the first k; a tie counts against us. Of `target.json` only the time of the alarm and the node of
the answer are read.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from bench.figures import Figure
from bench.ranking import emptied, rank, share

from lastgood.model.answers import Culprit, Culprits
from lastgood.model.window import Comparison, Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.load import load
from lastgood.workbench.store import Store, throwaway_store

NEEDS = "petshop-train"
MAPPING = Path(__file__).parent / "petshop.toml"
ROW = timedelta(minutes=5)
HEADER_ROWS = 4
LIMITS = {1: 0.95, 3: 1.0}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said about one issue."""

    name: str  # scenario, split and issue
    node: str
    ranked: tuple[Culprit, ...]
    because: str
    seconds: float

    @property
    def rank(self) -> int | None:
        """The place of the right node; whoever is as likely stands before it."""
        return rank(self.node, self.ranked)


def answers(folder: Path, only: str = "") -> Iterator[Answer]:
    """The answer to each issue whose name holds `only`."""
    with throwaway_store() as store:
        for target in sorted(folder.glob("*/*/issue_*/target.json")):
            issue = target.parent
            if only in str(issue.relative_to(folder)):
                emptied(store)
                yield _answered(store, folder, issue, json.loads(target.read_text()))


def _answered(store: Store, folder: Path, issue: Path, target: dict[str, dict[str, str]]) -> Answer:
    alarm = datetime.fromtimestamp(float(target["target"]["timestamp"]), UTC)
    asked = comparison(issue / "metrics.csv", alarm)
    given = [issue / "metrics.csv", issue.parents[1] / "graph.csv"]
    load(store, given, now=asked.bad.end, zone=UTC, mapping=MAPPING)
    started = perf_counter()
    _, findings = investigate(store, now=asked.bad.end, comparison=asked, only="culprit")
    found = next((f.answer for f in findings if isinstance(f.answer, Culprits)), Culprits(()))
    name, node = str(issue.relative_to(folder)), target["root_cause"]["node"]
    return Answer(name, node, found.ranked, findings[-1].because, perf_counter() - started)


def comparison(metrics: Path, alarm: datetime) -> Comparison:
    """The first row, and the two from the alarm on."""
    with metrics.open(newline="") as stream:
        rows = list(csv.reader(stream))[HEADER_ROWS:]
    times = [datetime.fromtimestamp(float(row[0]), UTC) for row in rows]
    bad = [time for time in times if time >= alarm]
    return Comparison(Window(times[0], times[0] + ROW), Window(bad[0], bad[0] + 2 * ROW), given=True)


def run(data: Path, scratch: Path) -> Iterator[Figure]:  # noqa: ARG001 - all benches are called alike
    """Top-1 and top-3, and how long the question takes."""
    found = list(answers(data))
    for k, limit in LIMITS.items():
        value = share([one.rank for one in found], k)
        yield Figure(f"top-{k}", round(value, 3), "", limit, "more", f"{len(found)} issues, windows given")
    yield Figure("time of the question", round(sum(one.seconds for one in found) / len(found), 2), "s")


def predictions(found: Sequence[Answer]) -> str:
    """The ranked nodes per issue as JSON, best first."""
    return json.dumps({one.name: [c.service for c in one.ranked] for one in found}, indent=1)
