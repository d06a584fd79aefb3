"""`lastgood watch-deploy` from outside."""

from pathlib import Path

import pytest

from commands import lastgood
from lastgood.model.clock import system_clock
from surfaces.cli.test_canary import access


@pytest.mark.slow
def test_a_bad_deploy_ends_it_at_once(tmp_path: Path) -> None:
    """Exit status 1 after the first look; the looks are on standard error."""
    done = lastgood(
        tmp_path,
        "watch-deploy",
        str(access(tmp_path / "bad.jsonl", 5, system_clock())),
        "--for",
        "30s",
        "--every",
        "1s",
    )

    assert 1 == done.returncode, done.stderr
    assert done.stdout.startswith("FAIL: ")
    assert 1 == done.stderr.count("fail: ")
