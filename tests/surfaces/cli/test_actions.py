"""`lastgood actions` from outside."""

import json
from pathlib import Path

import pytest

from commands import lastgood

ADD = (
    "actions", "add", "Alert per issuer", "--owner", "kim", "--due", "2026-12-01", "--type", "detect",
    "--removes", "silent refusals", "--as", "kim",
)  # fmt: skip
LATER = ("--now", "2026-12-05T10:00Z")


@pytest.mark.slow
def test_a_follow_up_from_its_promise_to_its_proof(tmp_path: Path) -> None:
    """Overdue is exit status 1; done is still listed, verified is not."""
    assert 0 == lastgood(tmp_path, "incident", "open", "Checkout failing").returncode
    assert "follow-up 1.2" in lastgood(tmp_path, *ADD).stderr
    late = lastgood(tmp_path, "actions", *LATER)
    assert (1, True) == (late.returncode, "1 OVERDUE" in late.stdout), late.stderr
    assert 0 == lastgood(tmp_path, "actions", "done", "1.2", "--because", "merged").returncode
    assert "VERIFY" in lastgood(tmp_path, "actions", *LATER).stdout
    assert 0 == lastgood(tmp_path, "actions", "verify", "2", "--because", "fired in a drill").returncode
    assert "no follow-ups" in lastgood(tmp_path, "actions").stderr
    every = json.loads(lastgood(tmp_path, "actions", "--all", "-o", "json").stdout)
    assert [("1.2", "verified")] == [(one["id"], one["stage"]) for one in every]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*ADD[:6], "soon", *ADD[7:]), "'soon' is not a date"),
        ((*ADD[:8], "hope", *ADD[9:]), "There is no type 'hope'"),
        (("actions", "add", "Be more careful", *ADD[3:]), "asks people for care"),
        (ADD[:5], "Missing option"),
        (("actions", "drop", "x", "--because", "y"), "names no follow-up"),
        (("actions", "reopen", "1.9", "--because", "y"), "is not a follow-up"),
    ],
)
def test_what_cannot_be_recorded_is_said(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """With the exit status of a usage error."""
    lastgood(tmp_path, "incident", "open", "Checkout failing")
    done = lastgood(tmp_path, *words)

    assert (2, True) == (done.returncode, said in done.stderr), done.stderr
