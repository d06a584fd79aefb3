"""Which combination of attributes is hit, over real incidents of a video service (RS, from RobustSpot's authors).

NEEDS holds a CSV file per incident: rows of viewers (`cnt`) and stalling viewers (`value`) by minute and attributes,
and `anomaly.yaml` with the minute and the combinations that were hit. Failures are the stalling viewers of the
minute, the past the four minutes before it, summed by combination: as all methods do that were measured on
these data. The rows go to the search itself, not through a store: they are sums by attribute, not requests.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np
from bench.figures import Figure

from lastgood.algorithms.segments import Counts, Leaves, Where, matching, search

NEEDS = "riskloc-rs-dev"
BEFORE = 4  # minutes
ALARM = 0.001  # chance above which the question should name no suspect

Described = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Incident:
    """One file's leaves at the minute of its incident, and what was hit."""

    name: str
    attributes: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]  # of each attribute, by code
    leaves: Leaves
    truth: frozenset[Described]

    def described(self, where: Where) -> Described:
        """A description in words."""
        return frozenset((self.attributes[a], self.values[a][code]) for a, code in where)

    def held(self, described: Described) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """The leaves that a description in words holds."""
        where = []
        for attribute, value in described:
            at = self.attributes.index(attribute)
            where.append((at, self.values[at].index(value) if value in self.values[at] else -2))
        return matching(self.leaves.codes, tuple(where))


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said about one incident."""

    incident: Incident
    said: frozenset[Described]
    sure: bool
    seconds: float

    @property
    def leaf_f1(self) -> float:
        """F1 of the viewers that are held."""
        weight = self.incident.leaves.counts.requests
        said, true = (self._held(one) for one in (self.said, self.incident.truth))
        return float(2 * weight[said & true].sum() / max(weight[said].sum() + weight[true].sum(), 1e-9))

    def _held(self, many: frozenset[Described]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        flags = [self.incident.held(one) for one in many]
        return np.logical_or.reduce(flags) if flags else np.zeros(len(self.incident.leaves.codes), bool)


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """Exact and by viewers, with and without what is not sure, and the seconds each takes."""
    del scratch
    said = answers(data)
    sure = [Answer(a.incident, a.said if a.sure else frozenset(), a.sure, a.seconds) for a in said]
    seconds = [one.seconds for one in said]
    yield Figure("F1 of descriptions", f1(said), limit=0.72, better="more", note=f"{len(said)} incidents")
    yield Figure("exactly right", sum(a.said == a.incident.truth for a in said) / len(said), better="more")
    yield Figure("leaf F1, by viewers", _leaf(said), limit=0.92, better="more")
    yield Figure("named nobody as not sure", sum(not a.sure for a in said), note=f"of {len(said)}")
    yield Figure("F1 of descriptions when not sure is nobody", f1(sure), better="more")
    yield Figure("leaf F1 when not sure is nobody", _leaf(sure), better="more")
    yield Figure("CPU seconds an incident", sum(seconds) / len(seconds), "s", limit=0.2)
    yield Figure("CPU seconds, longest incident", max(seconds), "s")


def answers(data: Path) -> list[Answer]:
    """The answer to every incident of a folder."""
    return [_answer(one) for folder in sorted(data.iterdir()) if folder.is_dir() for one in incidents(folder)]


def f1(said: list[Answer]) -> float:
    """2 TP / (2 TP + FP + FN) of descriptions that are exactly right."""
    right = sum(len(a.said & a.incident.truth) for a in said)
    return 2 * right / max(sum(len(a.said) + len(a.incident.truth) for a in said), 1)


def _leaf(said: list[Answer]) -> float:
    return sum(one.leaf_f1 for one in said) / len(said)


def _answer(incident: Incident) -> Answer:
    started = process_time()
    found = search(incident.leaves)
    seconds = process_time() - started
    sure = bool(found) and found[0].log_chance <= np.log(ALARM)
    return Answer(incident, frozenset(incident.described(one.where) for one in found), sure, seconds)


def incidents(folder: Path) -> Iterator[Incident]:
    """Every incident that a folder's `anomaly.yaml` names."""
    text = re.sub(r"\s#.*", "", (folder / "anomaly.yaml").read_text())
    for block in re.split(r"^\s*-\s+(?=data:)", text, flags=re.MULTILINE)[1:]:
        reported = re.match(r"data:\s*(.*?)\s+timestamp:\s*(\d+)\s+cause:\s*(.*)", block, re.DOTALL)
        if reported is None:
            raise ValueError(f"{folder}: cannot read {block!r}")
        truth = frozenset(
            frozenset(re.findall(r"'?([^\s':,{]+)'?\s*:\s*'?([^\s',}]+)'?", one))
            for one in re.findall(r"\{.*?\}", reported[3])
        )
        name = reported[1].strip("'\"")
        yield _incident(folder / f"{name}.csv", int(reported[2]), truth)


def _incident(path: Path, minute: int, truth: frozenset[Described]) -> Incident:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    attributes = tuple(name for name in rows[0] if name not in {"min", "value", "cnt"})
    past = sorted({int(row["min"]) for row in rows if int(row["min"]) < minute})[-BEFORE:]
    mine = [row for row in rows if int(row["min"]) == minute or int(row["min"]) in past]
    coded = [np.unique([row[name] for row in mine], return_inverse=True) for name in attributes]
    now = np.array([int(row["min"]) == minute for row in mine])
    failed, requests = (np.array([float(row[name]) for row in mine]) for name in ("value", "cnt"))
    counts = Counts(failed * now, requests * now, failed * ~now, requests * ~now)
    codes = np.column_stack([codes for _, codes in coded]).astype(np.int64)
    values = tuple(tuple(str(value) for value in known) for known, _ in coded)
    return Incident(path.stem, attributes, values, Leaves(codes, counts).merged(), truth)
