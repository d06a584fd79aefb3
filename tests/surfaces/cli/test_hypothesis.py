"""`lastgood hypothesis` from outside: written, checked, ruled out."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commands import lastgood

NOW = ("--now", "2026-11-20T14:40:00Z", "--as", "kim")
SCENARIO = Path(__file__).parents[2] / "scenarios" / "one_card_issuer.txt"

# A process can have one embedded store open, and the tests have one; so another one fills it.
FILL = """
import sys
from pathlib import Path
from lastgood.workbench.store import saved_store
from scenario_language.asking import written
with saved_store(sys.argv[1]) as store:
    written(store, Path(sys.argv[2]))
"""


@pytest.mark.slow
def test_a_hypothesis_from_the_idea_to_the_verdict(tmp_path: Path) -> None:
    """Completed, added, refused where it cannot be read, checked, ruled out; exit statuses say how it went."""
    filled(tmp_path)
    opened = lastgood(tmp_path, "incident", "open", "Checkout failing", *NOW)
    assert "H1 not checked" in opened.stdout

    assert "fails(card.issuer\n" == lastgood(tmp_path, "hypothesis", "complete", "fails(iss", *NOW[:2]).stdout
    added = lastgood(
        tmp_path, "hypothesis", "add", "stripe changed 3DS for ANZ", "--predict", "fails(issuer=ANZ) > 50%",
        "--predict", "fails(issuer!=ANZ) at baseline", *NOW,
    )  # fmt: skip
    assert 0 == added.returncode, added.stderr
    assert "fails(card.issuer=ANZ) > 50%" in added.stdout
    wrong = lastgood(tmp_path, "hypothesis", "add", "x", "--predict", "fails(issuer=ANZ) > 50ms", *NOW)
    assert (2, True) == (wrong.returncode, "A share has no unit 'ms' at position 23" in wrong.stderr)
    number = added.stderr.split()[1]

    checked = lastgood(tmp_path, "hypothesis", "check", number, "-o", "json", *NOW)
    assert 0 == checked.returncode, checked.stderr
    one = json.loads(checked.stdout)["hypotheses"][int(number) - 1]
    assert ("supported", ["supported", "supported"]) == (
        one["standing"],
        [result["checked"]["outcome"] for result in one["results"]],
    )
    evidence = str(one["results"][0]["evidence"][0])
    assert 0 == lastgood(tmp_path, "evidence", evidence, "--rerun", *NOW[:2]).returncode

    out = lastgood(tmp_path, "hypothesis", "rule-out", number, "it was ours", *NOW)
    assert "it was ours" in out.stdout
    again = lastgood(tmp_path, "hypothesis", "reopen", number, "it was theirs", *NOW)
    assert "NOT CHECKED" in again.stdout
    assert 2 == lastgood(tmp_path, "hypothesis", "rule-out", "99", "x", *NOW).returncode
    assert "supported" in lastgood(tmp_path, "incident", "timeline").stdout


@pytest.mark.slow
def test_without_telemetry_a_hypothesis_is_written_all_the_same(tmp_path: Path) -> None:
    """Its names as they are written; there is nothing to check it against."""
    lastgood(tmp_path, "incident", "open", "Checkout failing", *NOW)
    none = lastgood(tmp_path, "hypothesis", "list")
    assert "no hypotheses yet" in none.stderr

    added = lastgood(tmp_path, "hypothesis", "add", "x", "--predict", "fails(issuer=ANZ) > 50%", *NOW)
    assert 0 == added.returncode, added.stderr
    assert "fails(issuer=ANZ) > 50%" in added.stdout
    assert 2 == lastgood(tmp_path, "hypothesis", "check", *NOW).returncode
    assert 2 == lastgood(tmp_path, "hypothesis", "add", "x", "--sql", "SELECT 1", *NOW).returncode
    late = lastgood(tmp_path, "hypothesis", "list", "--now", "2026-11-20T15:20:00Z")
    assert "40 min without a supported cause" in late.stdout


def filled(home: Path) -> None:
    """The kept store has the scenario."""
    address = f"chdb://{home / 'lastgood'}"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run(
        [sys.executable, "-c", FILL, address, str(SCENARIO)], check=True, timeout=120, env=environment
    )
