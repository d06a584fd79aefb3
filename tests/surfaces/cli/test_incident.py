"""`lastgood incident`, `note` and `evidence` from outside: one incident from the page to the end."""

import json
import re
from pathlib import Path

import pytest
from examples.shop.demo import generate

from commands import lastgood

NOW = ("--now", "2026-11-20T15:16Z")


@pytest.mark.slow
def test_an_incident_from_the_page_to_the_end(tmp_path: Path) -> None:
    """Opened on files, taken on, decided, noted, its evidence asked again, over; and the record holds."""
    shop = tmp_path / "shop"
    generate(shop)

    opened = lastgood(tmp_path, "incident", "open", "Checkout failing", str(shop), *NOW, "--as", "kim")
    assert 0 == opened.returncode, opened.stderr
    assert "incident 1 is open" in opened.stderr
    assert "#1 SEV2 proposed · Checkout failing" in opened.stdout
    assert "users affected since 14:45" in opened.stdout

    for words in (
        ("incident", "acknowledge", *NOW, "--as", "lee"),
        ("incident", "severity", "sev2", "--because", "orders are lost", *NOW),
        ("note", "ANZ confirmed by support", "--at", "2026-11-20T15:10Z", *NOW),
        ("incident", "mitigated", "anz-3ds is off", *NOW),
        ("incident", "resolve", "stripe answers as before", *NOW),
    ):
        done = lastgood(tmp_path, *words)
        assert 0 == done.returncode, done.stderr

    state = json.loads(lastgood(tmp_path, "incident", "show", *NOW, "-o", "json").stdout)
    assert ("resolved", "SEV2", True, "lee") == (
        state["status"], state["severity"], state["severity_decided"], state["acknowledged_by"],
    )  # fmt: skip
    assert "kim" == state["opened_by"]
    number = next(str(entry["sequence"]) for entry in state["record"] if entry["kind"] == "evidence")
    again = lastgood(tmp_path, "evidence", number, "--rerun", *NOW)
    assert (0, "") == (again.returncode, again.stderr)
    assert re.search(r"the same [\d ]+ rows? as 2026-11-20T15:16:00Z", again.stdout)
    assert "1 of 1 incidents hold" in lastgood(tmp_path, "incident", "verify-record").stdout
    assert "2026-11-20T15:10:00Z" in lastgood(tmp_path, "incident", "timeline").stdout


@pytest.mark.slow
def test_without_telemetry_the_clock_runs_all_the_same(tmp_path: Path) -> None:
    """What could not be looked at is said; everything else works."""
    opened = lastgood(tmp_path, "incident", "open", "Checkout failing")

    assert 0 == opened.returncode
    assert "not assessed: There are no logs, spans or metrics" in opened.stderr
    assert "not assessed yet" in opened.stdout
    assert "#1" in lastgood(tmp_path, "incident", "list").stdout
    exported = lastgood(tmp_path, "incident", "export", str(tmp_path / "case.zip"))
    assert 0 == exported.returncode, exported.stderr
    assert (
        "incident 1 here" in lastgood(tmp_path / "b", "incident", "import", str(tmp_path / "case.zip")).stderr
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("incident", "show"), 2, "There are no incidents yet."),
        (("incident", "show", "--incident", "9"), 2, "There is no incident 9"),
        (("incident", "show", "--incident", str(2**64)), 2, "2147483647"),
        (("incident", "list"), 0, "no incidents yet"),
        (("incident", "severity", "bad"), 2, "There is no severity 'bad'."),
        (("incident", "export", "x.zip"), 2, "There are no incidents yet."),
        (("incident", "import", "nowhere.zip"), 2, "is not a case file"),
        (("evidence",), 2, "There are no incidents yet."),
        (("note", "hm"), 2, "There are no incidents yet."),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, words: tuple[str, ...], status: int, said: str) -> None:
    """With the exit status of a usage error."""
    done = lastgood(tmp_path, *words)

    assert (status, True) == (done.returncode, said in done.stderr), done.stderr
