"""`lastgood triage` from outside."""

import json
from pathlib import Path

import pytest

from commands import lastgood
from lastgood.surfaces.cli._options import CardOutput
from lastgood.surfaces.cli.triage import rendered
from sitreps import broken


@pytest.mark.parametrize("output", list(CardOutput))
def test_every_format_tells_the_same(output: CardOutput) -> None:
    """The headline's time, the first hop that is bad and the likely change are in each of them."""
    text = rendered(broken(), output)

    for fact in ("14:45:20", "api.stripe.com", "likely"):
        assert fact in text


def test_json_is_json() -> None:
    """It parses, and names its version."""
    assert "lastgood.sitrep/1" == json.loads(rendered(broken(), CardOutput.JSON))["schema"]


@pytest.mark.parametrize("out", ["gone/card.html", "."])
def test_a_file_that_cannot_be_is_refused_before_any_work(tmp_path: Path, out: str) -> None:
    """A missing folder and a folder are mistakes in the request."""
    shown = lastgood(tmp_path, "triage", str(tmp_path), "-o", "html", "--out", str(tmp_path / out))

    assert (2, "") == (shown.returncode, shown.stdout)
    assert " cannot be written: " in shown.stderr
    assert [] == list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_full_disk_is_four(tmp_path: Path) -> None:
    """One sentence; the status of the finding would say that it was written."""
    (tmp_path / "a.log").write_text("2026-11-22T14:00:00Z ERROR pay failed\n")

    shown = lastgood(tmp_path, "triage", str(tmp_path / "a.log"), "-o", "html", "--out", "/dev/full")

    assert 4 == shown.returncode
    assert "lastgood: /dev/full cannot be written: No space left on device.\n" in shown.stderr
    assert "Traceback" not in shown.stderr
