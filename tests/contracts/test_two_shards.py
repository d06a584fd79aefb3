"""Every question's queries run on a cluster: no join or IN of two Distributed tables, nothing else it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
# Of all scenarios those that together ask every different query.
SCENARIOS = (
    "ragged_capture", "only_logs", "only_metrics_of_requests", "traffic_loss", "quiet_day", "slow_dependency",
    "deploy_breaks_checkout", "one_card_issuer", "wrong_alert", "begun_before_the_data", "slow_burn",
    "incidents/flag_reported_by_its_variant", "incidents/cache_without_a_bound",
)  # fmt: skip


@pytest.mark.slow
def test_the_queries_of_all_questions_run_on_two_shards() -> None:
    """Over scenarios of every kind of signal; a query that fails is shown with its SQL."""
    scenarios = [TESTS / "scenarios" / f"{name}.txt" for name in SCENARIOS]
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
    assert found["queries"] > 10 * len(scenarios)
