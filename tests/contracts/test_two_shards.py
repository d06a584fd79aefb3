"""Every question's queries run on a cluster: no join or IN of two Distributed tables, nothing else it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_queries_of_all_questions_run_on_two_shards() -> None:
    """Over scenarios of every kind of signal; a query that fails is shown with its SQL."""
    folder = TESTS / "scenarios"
    with_diffs = [
        folder / "incidents" / f"{name}.txt" for name in ("flag_told_by_its_variant", "cache_without_a_bound")
    ]
    scenarios = [*sorted(folder.glob("*.txt")), *with_diffs]
    done = subprocess.run(
        [sys.executable, str(TESTS / "contracts" / "two_shards.py"), *map(str, scenarios)],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert (2, True) == (found["shards"], found["denies"])
    assert [] == found["failed"]
    assert found["queries"] > 3 * len(scenarios) > 0
