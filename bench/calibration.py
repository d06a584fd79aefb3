"""Of answers given with so much confidence, how many are right? Over incidents as text, Nezha, PetShop and RS.

Each answer with a confidence is one that is right or wrong: of incidents as text (those of `tests/scenarios`, and as many
again from seeds that no one has looked at), right when all that is expected of the question holds, and of
changes, when the one that is named is the cause; of
Nezha (windows given) and PetShop, where DATA has them, right when the first suspect is the labelled one; of the video service's
incidents (RS), right when the first combination of attributes is one that was hit, exactly. Answers are put
together by tenths of confidence. The error is the mean distance between what was said and what was right
(expected calibration error: Naeini, Cooper and Hauskrecht, AAAI 2015), over all answers and for each question.
Sure and wrong are those said with 0.8 or more that are wrong.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from bench import nezha, petshop, riskloc
from bench.figures import Figure

from lastgood.algorithms.counts import wilson
from lastgood.algorithms.segments import likely, search
from lastgood.inspections.blast_radius.weights import RADIUS_ALARM, RADIUS_MOST_SURE

NEEDS = ""
TESTS = Path(__file__).parents[1] / "tests"
FIRST, COUNT = 7000, 80  # far from the seeds of the tests and of other benches
BINS = 10
SURE = 0.8


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: from where, to which question, how sure, and whether it is right."""

    source: str
    question: str
    confidence: float
    right: bool


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """The error, the sure and wrong, and the tenths, over all answers and question by question."""
    del scratch
    answers = list(chain(_of_texts(), _of_nezha(data / nezha.NEEDS), _of_petshop(data / petshop.NEEDS),
                         _of_riskloc(data / riskloc.NEEDS)))  # fmt: skip
    yield Figure("error, all answers", error(answers), limit=0.1, note=_counted(answers))
    high = [one for one in answers if one.confidence >= SURE]
    said = sum(one.confidence for one in high) / max(len(high), 1)
    yield Figure(
        f"right of those said with {SURE} or more",
        _right(high),
        limit=SURE,
        better="more",
        note=f"said {said:.3f}, {_counted(high)}",
    )
    for question in sorted({one.question for one in answers}):
        mine = [one for one in answers if one.question == question]
        wrong = sum(one.confidence >= SURE and not one.right for one in mine)
        note = f"{_counted(mine)}, {wrong} sure and wrong"
        yield Figure(f"{question}: error", error(mine), note=note)
        for low, part in tenths(mine):
            yield _tenth(question, low, part)


def tenths(answers: Sequence[Answer]) -> Iterator[tuple[float, list[Answer]]]:
    """The answers by tenths of confidence, the least first; empty ones are left out."""
    for place in range(BINS):
        part = [one for one in answers if min(int(one.confidence * BINS), BINS - 1) == place]
        if part:
            yield place / BINS, part


def error(answers: Sequence[Answer]) -> float:
    """The mean distance between what was said and what was right, by tenths."""
    far = (
        abs(sum(one.confidence for one in part) - sum(one.right for one in part))
        for _, part in tenths(answers)
    )
    return sum(far) / max(len(answers), 1)


def _tenth(question: str, low: float, part: Sequence[Answer]) -> Figure:
    said = sum(one.confidence for one in part) / len(part)
    least, most = wilson(sum(one.right for one in part), len(part), 0.95)
    note = f"{_counted(part)}, said {said:.2f}, right {least:.2f} to {most:.2f} (95 %)"
    return Figure(f"{question}: right of {low:.1f} to {low + 1 / BINS:.1f}", _right(part), note=note)


def _right(answers: Sequence[Answer]) -> float:
    return sum(one.right for one in answers) / max(len(answers), 1)


def _counted(answers: Sequence[Answer]) -> str:
    return f"{len(answers)} answers"


def _of_texts() -> Iterator[Answer]:
    """Of each question of each incident as text."""
    fixed = sorted(str(path) for path in (TESTS / "scenarios").rglob("*.txt"))
    command = [sys.executable, "-m", "scenario_language", *fixed, "--seeds", str(FIRST), str(COUNT), "--sure"]
    path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=False, env={**os.environ, "PYTHONPATH": path}
    )
    for line in done.stdout.splitlines():
        if line.startswith("  = "):
            confidence, right, question = line.split()[1:]
            yield Answer("texts", question, float(confidence), right == "right")


def _of_nezha(folder: Path) -> Iterator[Answer]:
    """Of the first suspect of each injected fault."""
    for one in nezha.answers(folder, blind=False) if folder.is_dir() else ():
        if one.ranked:
            yield Answer("nezha", "culprit", one.ranked[0].confidence, one.rank == 1)


def _of_petshop(folder: Path) -> Iterator[Answer]:
    """Of the first suspect of each incident."""
    for one in petshop.answers(folder) if folder.is_dir() else ():
        if one.ranked:
            yield Answer("petshop", "culprit", one.ranked[0].confidence, one.rank == 1)


def _of_riskloc(data: Path) -> Iterator[Answer]:
    """Of the first description of each incident that has one beyond chance, as the question would say it."""
    for folder in sorted(data.iterdir()) if data.is_dir() else ():
        for incident in riskloc.incidents(folder) if folder.is_dir() else ():
            for first in likely(search(incident.leaves), RADIUS_ALARM)[:1]:
                right = incident.described(first.where) in incident.truth
                yield Answer("riskloc", "blast_radius", min(RADIUS_MOST_SURE, first.posterior), right)
