"""`lastgood replay` from outside."""

import json
from pathlib import Path

import pytest

from buggy import FAILING, WORKING, orders
from commands import lastgood


@pytest.mark.slow
def test_two_curl_commands(tmp_path: Path) -> None:
    """Exit status 1 when reproduced, 2 when it may be production; the document is on standard output."""
    for name, body in (("bad", FAILING), ("good", WORKING)):
        (tmp_path / name).write_text(f"curl http://h/orders --json '{json.dumps(body)}'")
    files = [str(tmp_path / name) for name in ("bad", "good")]
    with orders() as (target, _):
        done = lastgood(tmp_path, "replay", *files, "--target", target, "-o", "json")
    refused = lastgood(tmp_path, "replay", *files, "--target", "https://shop.example")

    assert 1 == done.returncode, done.stderr
    assert ["reproduced", 500] == [
        json.loads(done.stdout)["verdict"], json.loads(done.stdout)["answers"]["failing"][0]["status"]
    ]  # fmt: skip
    assert 2 == refused.returncode
    assert "may be production" in refused.stderr
