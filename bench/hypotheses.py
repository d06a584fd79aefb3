"""Hypotheses of incidents as text, proposed and checked: is the guilty change ever ruled out, an innocent one ever supported?

Both would be a confident wrong answer. Those of `tests/scenarios`, and others from seeds that no one has looked at.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.figures import Figure
from bench.scenarios import fixed, said

NEEDS = ""
FIRST, COUNT = 7000, 30  # far from the seeds of the tests


def run(data: Path, scratch: Path) -> Iterator[Figure]:
    """How many of each stand how, over the fixed scenarios and over those of seeds."""
    del data, scratch
    yield from _figures("fixed", fixed())
    yield from _figures("of seeds", ["--seeds", str(FIRST), str(COUNT)])


def _figures(name: str, arguments: Sequence[str]) -> Iterator[Figure]:
    stand = Counter(_standings(arguments))
    guilty, innocent, mechanism = (
        sum(count for (who, _), count in stand.items() if who == one)
        for one in ("guilty", "innocent", "mechanism")
    )
    note = f"of {guilty} guilty changes"
    yield Figure(f"{name}: guilty and ruled out", stand["guilty", "ruled_out"], "", limit=0, note=note)
    yield Figure(f"{name}: guilty and supported", stand["guilty", "supported"], "", note=note)
    note = f"of {innocent} innocent changes"
    yield Figure(f"{name}: innocent and supported", stand["innocent", "supported"], "", limit=0, note=note)
    yield Figure(f"{name}: innocent and ruled out", stand["innocent", "ruled_out"], "", note=note)
    note = f"of {mechanism} mechanisms"
    yield Figure(f"{name}: mechanism supported", stand["mechanism", "supported"], "", note=note)


def _standings(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Whom each hypothesis blames, and how it stands."""
    for line in said("scenario_language.blaming", arguments, check=True):
        who, standing, *_ = line.split()
        yield who, standing
