"""`lastgood fetch`, and triage of what systems hold: the same answer as from the files."""

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commands import command
from prometheus import exposition, prometheus
from systems import loki, running

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
END = START + timedelta(hours=2)
WHEN = ("--now", END.isoformat())


def lastgood(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """A run with settings and a cache of its own."""
    environment = {
        **os.environ, "XDG_CACHE_HOME": str(home / "cache"), "XDG_DATA_HOME": str(home), "COLUMNS": "100",
        "LASTGOOD_CONFIG": str(home / "lastgood.toml"), "NO_COLOR": "1", "TERM": "dumb",
    }  # fmt: skip
    return command(words, environment)


@pytest.mark.slow
def test_prometheus_and_its_file_give_the_same_answer(tmp_path: Path) -> None:
    """Verdict, and onset within a step, asked of a real Prometheus beside a Loki that is down: that is said."""
    text = exposition(START.timestamp(), 7200, 30, 6000)
    (tmp_path / "series.txt").write_text(text)
    with prometheus(text) as url:
        (tmp_path / "lastgood.toml").write_text(
            f'[[source]]\nname = "prod"\nkind = "prometheus"\nurl = "{url}"\n'
            '[[source]]\nname = "prod"\nkind = "loki"\nurl = "http://127.0.0.1:9"\n'
        )
        live = lastgood(tmp_path, "triage", "--source", "prod", *WHEN, "-o", "json")
    files = lastgood(tmp_path, "triage", str(tmp_path / "series.txt"), *WHEN, "-o", "json")

    mine, theirs = json.loads(live.stdout), json.loads(files.stdout)
    assert (1, 1) == (live.returncode, files.returncode)
    onsets = [datetime.fromisoformat(one["onset"]["at"]) for one in (mine, theirs)]
    assert abs(onsets[0] - onsets[1]) <= timedelta(seconds=60)
    assert any(
        sentence.startswith("fetched: loki: ") and "no connection" in sentence for sentence in mine["unknown"]
    )


@pytest.mark.slow
def test_fetch_writes_files_that_every_command_reads(tmp_path: Path) -> None:
    """An address is enough; the printed command works, and exit status 3 says that something is missing."""
    (tmp_path / "lastgood.toml").write_text("")
    stamp = int(START.timestamp()) * 10**9
    system = loki([(stamp + n * 10**9, "web", f'level=error msg="no connection {n}"') for n in range(50)])
    with running(system) as url:
        whole = lastgood(tmp_path, "fetch", url, *WHEN, "--into", str(tmp_path / "out"))
    with running(loki([])) as empty:
        nothing = lastgood(tmp_path, "fetch", empty, *WHEN)

    assert (0, 4) == (whole.returncode, nothing.returncode)
    assert f"lastgood triage {tmp_path / 'out'}" in whole.stdout
    lines = lastgood(tmp_path, "logs", "level:>=error", str(tmp_path / "out"), *WHEN, "-o", "json")
    assert "no connection" in lines.stdout
