"""Incidents as text, asked about: how many are answered right, how many wrong and sure of it, how many are left open?

Those of `tests/scenarios`, and as many again from seeds that no one has looked at. Right is a scenario of
which every expectation holds; wrong, one of which an answer claims what is not so; unsure, all others.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from bench.figures import Figure

NEEDS = ""
TESTS = Path(__file__).parents[1] / "tests"
FIRST, COUNT = 5000, 60  # far from the seeds of the tests


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """The shares, over the fixed scenarios and over those of seeds."""
    del data, scratch
    yield from _figures("fixed", fixed())
    yield from _figures("of seeds", ["--seeds", str(FIRST), str(COUNT)])


def _figures(name: str, arguments: Sequence[str]) -> Iterator[Figure]:
    started = perf_counter()
    judged = list(_judged(arguments))
    seconds = perf_counter() - started
    incidents = Counter(verdict for verdict, world in judged if world == "incident")
    healthy = Counter(verdict for verdict, world in judged if world == "healthy")
    many = incidents.total() or 1
    note = f"{incidents.total()} incidents"
    yield Figure(f"{name}: right", incidents["right"] / many, "", limit=0.95, better="more", note=note)
    yield Figure(f"{name}: wrong and sure of it", incidents["wrong"] / many, "", limit=0, note=note)
    yield Figure(f"{name}: unsure", incidents["unsure"] / many, "", note=note)
    quiet = healthy["right"] / (healthy.total() or 1)
    note = f"{healthy.total()} worlds without an incident"
    yield Figure(f"{name}: healthy and left in peace", quiet, "", limit=1, better="more", note=note)
    yield Figure(f"{name}: each, made, stored and asked", seconds / max(1, len(judged)), "s")


def _judged(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The verdict on each scenario, and what world it is."""
    for line in said("scenario_language", arguments, check=False):
        if not line.startswith(" "):
            verdict, world, _ = line.split(maxsplit=2)
            yield verdict, world


def fixed() -> list[str]:
    """The files of the scenarios that a person wrote."""
    return sorted(str(path) for path in (TESTS / "scenarios").rglob("*.txt"))


def said(module: str, arguments: Sequence[str], *, check: bool) -> list[str]:
    """The lines that a program over scenarios prints; with `check` its failure is one of the bench."""
    path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    command, environment = [sys.executable, "-m", module, *arguments], {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=check, env=environment)
    return done.stdout.splitlines()
