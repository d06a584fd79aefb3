"""`lastgood triage` from outside."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commands import lastgood
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.cli._options import CardOutput
from lastgood.surfaces.cli.triage import Page, rendered
from sitreps import broken, quiet, ringing


@pytest.mark.parametrize("output", list(CardOutput))
def test_every_format_tells_the_same(output: CardOutput) -> None:
    """The headline's time, the first hop that is bad and the likely change are in each of them."""
    text = rendered(broken(), Page(output))

    for fact in ("14:45:20", "api.stripe.com", "likely"):
        assert fact in text


def test_json_is_json() -> None:
    """It parses, and names its version."""
    assert "lastgood.sitrep/1" == json.loads(rendered(broken(), Page(CardOutput.JSON)))["schema"]


@pytest.mark.parametrize("output", list(CardOutput))
@pytest.mark.parametrize("sitrep", [broken, quiet])
def test_an_alert_that_fires_is_in_every_format(output: CardOutput, sitrep: Callable[[], Sitrep]) -> None:
    """Its name, its severity and its start, confirmed or not."""
    text = rendered(ringing(sitrep()), Page(output))

    for fact in ("ErrorRate", "page", "14:47:00", "errors above 5"):
        assert fact in text


@pytest.mark.slow
@pytest.mark.parametrize(("failing", "status"), [(1.0, 1), (0.5, 1), (0.3, 3), (0.01, 0), (0.0, 0)])
def test_the_exit_status_of_data_without_a_past(tmp_path: Path, failing: float, status: int) -> None:
    """1 of an outage from the first line on, 3 where a bad share may be usual, 0 of healthy requests only."""
    start, each = datetime(2026, 11, 20, 12, tzinfo=UTC), 100
    bad = set(range(round(failing * each)))
    (tmp_path / "a.log").write_text(
        "".join(
            json.dumps(
                {
                    "time": (start + timedelta(seconds=n)).isoformat(),
                    "level": "error" if n * 37 % each in bad else "info",
                    "service": "shop",
                    "msg": "payment refused" if n * 37 % each in bad else "payment taken",
                    "status": 500 if n * 37 % each in bad else 200,
                }
            )
            + "\n"
            for n in range(1200)
        )
    )

    done = lastgood(tmp_path / "home", "triage", str(tmp_path / "a.log"), "--now", "2026-11-20T12:20:00Z")

    assert status == done.returncode, done.stdout


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
