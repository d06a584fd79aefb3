"""Which change did it, if one did, over the injected faults of Nezha with changes planted: python -m bench.nezha_changes FOLDER.

FOLDER is that of bench.nezha, the windows are those given there. Into each case changes are planted, from a seed,
several times over: to half of them the true one, a deploy or a config change of the service at fault at the labelled time
of the fault (up to 30 s before it), to the other half none; to all of them twelve decoys, three of which lie
within a minute of that time. Decoys are deploys, config changes, flags, scaling events and cron runs of services
drawn from all; only the service at fault has none in the twenty minutes before, for that would be no decoy.

Right: with a true change, it is the first, and possible or likely; without one, none is likely. Blamed: a
decoy is called likely. A baseline that blames the latest deploy before the onset stands beside it.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.figures import Figure
from bench.nezha.cases import NezhaCase, cut_out, read_cases
from bench.ranking import emptied

from lastgood.inspections.what_changed import what_changed
from lastgood.model.answers import ChangesWeighed, ChangeVerdict
from lastgood.readings.case import Case
from lastgood.telemetry.tables import CHANGES
from lastgood.workbench.investigate import investigate
from lastgood.workbench.load import load
from lastgood.workbench.store import Store, throwaway_store

NEEDS = "nezha-dev"
SEEDS = 4
DECOYS, AT_ONSET = 12, 3
BEFORE, AFTER = timedelta(hours=6), timedelta(minutes=4)
FREE = timedelta(minutes=20)  # before the fault, without a decoy on the service at fault
KINDS = ("deploy", "deploy", "deploy", "config", "flag", "scaling", "cron")
TRUE = "true"
SUSPECTED = {ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE}


@dataclass(frozen=True, slots=True)
class Planted:
    """One case with changes planted, and what was said about them."""

    case: NezhaCase
    seed: int
    true: bool  # whether the cause is among the changes
    weighed: ChangesWeighed
    latest: str  # the id of the latest deploy before the labelled time

    @property
    def first(self) -> str:
        """The change that is suspected most; empty when none is."""
        suspected = [c for c in self.weighed.ranked if c.verdict in SUSPECTED]
        return suspected[0].change_id if suspected else ""

    @property
    def likely(self) -> set[str]:
        """The changes that are called likely."""
        return {c.change_id for c in self.weighed.ranked if c.verdict is ChangeVerdict.LIKELY}

    @property
    def right(self) -> bool:
        """The true one first, or none likely."""
        return self.first == TRUE if self.true else not self.likely

    @property
    def blamed(self) -> bool:
        """Whether a decoy is called likely."""
        return bool(self.likely - {TRUE})


def planted(folder: Path, only: str = "", seeds: int = SEEDS) -> Iterator[Planted]:
    """Every case with every planting."""
    with throwaway_store() as store:
        for case in read_cases(folder):
            if only in case.name or only == case.fault:
                yield from _asked(store, case, folder, seeds)


def _asked(store: Store, case: NezhaCase, folder: Path, seeds: int) -> Iterator[Planted]:
    emptied(store)
    now = case.comparison.bad.end
    with TemporaryDirectory(prefix="nezha-") as scratch:
        cut_out(case, folder, Path(scratch))
        load(store, [Path(scratch)], now=now, zone=UTC, mapping=case.mapping)
    answered, _ = investigate(store, now=now, comparison=case.comparison, only="what_changed")
    for seed in range(seeds):
        chance = random.Random(f"{case.name} {seed}")
        true = (seed + len(case.name) + int(case.at.timestamp() // 60)) % 2 == 0
        changes = list(_changes(case, chance, answered.holdings.telemetry_services, true=true))
        latest = max(
            (c for c in changes if c["Kind"] == "deploy" and c["Timestamp"] <= case.at),
            key=lambda c: c["Timestamp"],
        )
        yield Planted(case, seed, true, _weighed(store, answered, changes, str(seed)), latest["Id"])


def _weighed(store: Store, answered: Case, changes: list[dict[str, Any]], token: str) -> ChangesWeighed:
    """What is said of these changes, given what was answered about the telemetry."""
    store.engine.command(f"TRUNCATE TABLE {store.engine.database}.{CHANGES.name}")
    rows = CHANGES.rows({name: [change[name] for change in changes] for name in changes[0]})
    store.engine.insert(CHANGES.name, rows, token=token).result()
    holdings, reader = store.survey()
    asking = replace(
        answered,
        holdings=holdings,
        ask=lambda sql, bound, window, comparison, scope: reader.query(
            sql, bound, window, comparison=comparison, scope=scope
        ),
    )
    found = [finding.answer for finding in what_changed.run(asking)]
    return next((answer for answer in found if isinstance(answer, ChangesWeighed)), ChangesWeighed(()))


def _changes(
    case: NezhaCase, chance: random.Random, services: Sequence[str], *, true: bool
) -> Iterator[dict[str, Any]]:
    if true:
        at = case.at - timedelta(seconds=chance.uniform(0, 30))
        yield _change(TRUE, chance.choice(("deploy", "deploy", "config")), case.service, at)
    others = [name for name in services if name != case.service]
    for number in range(DECOYS):
        near = number < AT_ONSET
        offset = (
            timedelta(seconds=chance.uniform(-60, 60))
            if near
            else -chance.random() * (BEFORE + AFTER) + AFTER
        )
        spared = offset >= -FREE
        name = chance.choice(others if spared or near else list(services))
        yield _change(f"decoy-{number}", chance.choice(KINDS), name, case.at + offset)
    yield _change(
        "decoy-deploy", "deploy", chance.choice(others), case.at - timedelta(seconds=chance.uniform(0, 900))
    )


def _change(name: str, kind: str, service: str, at: datetime) -> dict[str, Any]:
    empty = {"Actor": "", "State": "", "Within": "", "Diff": "", "Url": "", "Source": "bench"}
    version = f"v{int(at.timestamp()) % 97}" if kind == "deploy" else ""
    return {
        "Id": name, "Timestamp": at, "EndTimestamp": at, "Kind": kind, "Service": service, "Version": version,
        "Title": f"{kind} of {service}, {name}", "PreviousVersion": "", "Files": [], "Additions": 0, "Deletions": 0,
        "Attributes": {}, **empty,
    }  # fmt: skip


def run(data: Path, scratch: Path) -> Iterator[Figure]:  # noqa: ARG001 - all benches are called alike
    """Right and blamed, in all and by whether there was a true change."""
    found = list(planted(data))
    yield from figures(found)


def figures(found: Sequence[Planted]) -> Iterator[Figure]:
    """The shares over all plantings."""
    note = f"{len(found)} plantings of {len({one.case.name for one in found})} cases, windows given"
    yield Figure("right change, or rightly none", _share([one.right for one in found]), "", 0.9, "more", note)
    yield Figure("decoy called likely", _share([one.blamed for one in found]), "", 0.05, "less", note)
    for true, name in ((True, "with the true change"), (False, "with decoys only")):
        mine = [one for one in found if one.true is true]
        yield Figure(
            f"{name}: right", _share([one.right for one in mine]), "", None, "more", f"{len(mine)} plantings"
        )
        yield Figure(f"{name}: decoy called likely", _share([one.blamed for one in mine]))
    with_true = [one for one in found if one.true]
    yield Figure(
        "true change called likely", _share([TRUE in one.likely for one in with_true]), "", None, "more"
    )
    for system in ("OB", "TT"):
        mine = [one for one in found if one.case.system == system]
        yield Figure(
            f"{system}: right",
            _share([one.right for one in mine]),
            "",
            None,
            "more",
            f"{len(mine)} plantings",
        )
    yield Figure(
        "blaming the latest deploy: right",
        _share([one.true and one.latest == TRUE for one in found]),
        "",
        None,
        "more",
    )


def _share(held: Sequence[bool]) -> float:
    return round(sum(held) / max(len(held), 1), 3)


def main() -> None:
    """Print what went wrong in each case, then the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.nezha_changes", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="part of a case's name, or a kind of fault")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    asked = parser.parse_args()
    found = []
    for one in planted(asked.folder, asked.only, asked.seeds):
        found.append(one)
        if not one.right or one.blamed:
            print(
                f"{one.case.name} {one.case.service} {one.case.fault} seed {one.seed} true {one.true}: {one.first or 'none'} likely {one.likely}"
            )
            for change in one.weighed.ranked[:3]:
                print(
                    f"    {change.change_id} {change.kind} {change.service} {change.verdict} {change.confidence} {change.for_it} {change.against_it}"
                )
        print(end="", flush=True)
    for figure in figures(found):
        print(f"{figure.name:45} {figure.value} {figure.note}")


if __name__ == "__main__":
    main()
