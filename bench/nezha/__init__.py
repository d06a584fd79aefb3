"""Whose fault it was, over the injected faults of Nezha: python -m bench.nezha FOLDER.

FOLDER holds `cases.json` and, per day, `trace/`, `log/` (three minute files a case) and `metric/` (whole days) of
two systems, OnlineBoutique (OB) and TrainTicket (TT); from IntelligentDDS/Nezha, MIT. Each case is cut out into
a folder of its own, loaded through the mapping file of its system, and asked for the culprit twice: with
the windows given, and as plain triage, without the time being given. Given are as good what is known to be: the
half hour before the labelled time and the day's fault-free minute; as bad the four minutes after it. AS@k is the share of cases whose service is among the first k; a tie counts
against us. AIS@1: the service and the resource, or both log statements around the code, are right too (for a
statement that no line of the data shows, the span that it begins or ends).

The labels of TT are up to 90 s late: where a fault-free minute is known, those seconds belong to neither window.
Some cases have no file from before the fault, or none at all.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.figures import Figure
from bench.nezha.cases import NezhaCase, cut_out, read_cases
from bench.ranking import emptied, rank, share

from lastgood.model.answers import Culprit, Culprits
from lastgood.workbench.investigate import investigate
from lastgood.workbench.load import load
from lastgood.workbench.store import Store, throwaway_store
from lastgood.workbench.triage import triage

NEEDS = "nezha-dev"
# What a label calls by a metric, and statements whose lines are not among the data: the span that they begin or end.
INSIDE = {
    "CpuUsageRate(%)": "cpu",
    "NetworkP90(ms)": "network",
    "PriceController.query start": "pricecontroller.query",
    "Serving product page started": "frontend/recv.",
    "GetProduct start": "productcatalogservice/getproduct",
    "Placing order started": "frontend/recv.",
    "Order placed complete": "checkoutservice/placeorder",
    "Start charge card": "chargecard",
    "Charge successfully": "chargecard",
    "Received ad request": "adservice/getads",
    "No context provided": "adserviceimpl/getads",
}
LIMITS = {"OB AS@1": 0.92, "OB AS@3": 0.96, "TT AS@1": 0.95, "TT AS@3": 1.0}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said about one case, with the windows given and without."""

    case: NezhaCase
    ranked: tuple[Culprit, ...]
    because: str
    blind: tuple[Culprit, ...]
    late: float | None  # seconds that the onset found stands after the label; None when none was found
    failed: tuple[str, ...]  # questions that stopped with an error
    seconds: float

    @property
    def rank(self) -> int | None:
        """The place of the right service; whoever is as likely stands before it."""
        return rank(self.case.service, self.ranked)

    @property
    def inside(self) -> bool:
        """Whether the resource, or the code region, of the first is right too."""
        if self.rank != 1:
            return False
        first = self.ranked[0]
        reported = f"{first.kind} {first.component}".lower()
        return all(INSIDE.get(part, part.lower()) in reported for part in self.case.inner)


def answers(folder: Path, only: str = "", *, blind: bool = True) -> Iterator[Answer]:
    """The answer to each case whose name or kind of fault holds `only`."""
    with throwaway_store() as store:
        for case in read_cases(folder):
            if only in case.name or only == case.fault:
                yield _answered(store, case, folder, blind=blind)


def _answered(store: Store, case: NezhaCase, folder: Path, *, blind: bool) -> Answer:
    emptied(store)
    now = case.comparison.bad.end
    with TemporaryDirectory(prefix="nezha-") as scratch:
        cut_out(case, folder, Path(scratch))
        load(store, [Path(scratch)], now=now, zone=UTC, mapping=case.mapping)
    started = perf_counter()
    _, findings = investigate(store, now=now, comparison=case.comparison, only="culprit")
    seconds = perf_counter() - started
    found = next((f.answer for f in findings if isinstance(f.answer, Culprits)), Culprits(()))
    alone = triage(store, now=now) if blind else None
    failed = tuple(
        f.because for f in (*findings, *(alone.findings if alone else ())) if "question failed" in f.because
    )
    unreported = alone.culprits.ranked if alone and alone.culprits else ()
    late = (alone.onset.at - case.at).total_seconds() if alone and alone.onset else None
    return Answer(case, found.ranked, findings[-1].because, unreported, late, failed, seconds)


def groups(found: Sequence[Answer]) -> Mapping[str, list[Answer]]:
    """The answers by system, and by system and kind of fault."""
    by: dict[str, list[Answer]] = {}
    for one in found:
        by.setdefault(one.case.system, []).append(one)
        by.setdefault(f"{one.case.system} {one.case.fault}", []).append(one)
    return dict(sorted(by.items()))


def run(data: Path, scratch: Path) -> Iterator[Figure]:  # noqa: ARG001 - all benches are called alike
    """AS@1 and AS@3 per system and kind of fault."""
    found = list(answers(data))
    for name, mine in groups(found).items():
        for k in (1, 3):
            label = f"{name} AS@{k}"
            value = share([one.rank for one in mine], k)
            yield Figure(label, value, "", LIMITS.get(label), "more", f"{len(mine)} cases, windows given")
    for system in ("OB", "TT"):
        mine = [one for one in found if one.case.system == system]
        if not mine:
            continue
        yield Figure(f"{system} AIS@1", sum(one.inside for one in mine) / len(mine), "", None, "more")
        unreported = [rank(one.case.service, one.blind) for one in mine]
        yield Figure(f"{system} AS@1, time not given", share(unreported, 1), "", None, "more")
    yield Figure("questions that failed", sum(len(one.failed) for one in found), "", 0)
    yield Figure(
        "time of the culprit question", round(sum(one.seconds for one in found) / len(found), 2), "s"
    )


def predictions(found: Sequence[Answer]) -> str:
    """The ranked services per case as JSON, best first."""
    return json.dumps({one.case.name: [c.service for c in one.ranked] for one in found}, indent=1)
