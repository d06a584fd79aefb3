"""`python -m lastgood_kit report`."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.conftest import Feed
from lastgood.model.change import ChangeKind
from lastgood_kit.__main__ import main
from lastgood_kit.changes import KINDS, Kind

KIT = Path(__file__).parents[2] / "kit"
WORDS = ["report", "deploy", "--service", "payments", "--version", "v2", "--actor", "ci"]


def clock() -> datetime:
    """A quarter to three."""
    return datetime(2026, 11, 22, 14, 45, tzinfo=UTC)


def test_a_deploy_is_reported(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the server that the settings name, at the time it is."""
    monkeypatch.setenv("LASTGOOD_URL", feed.url)

    assert 0 == main(WORDS, clock=clock)
    assert [{"kind": "deploy", "service": "payments", "version": "v2", "actor": "ci",
             "time": "2026-11-22T14:45:00+00:00"}] == feed.got  # fmt: skip


@pytest.mark.parametrize(("more", "status"), [([], 0), (["--strict"], 1)])
def test_a_report_does_not_stop_a_deploy(
    more: list[str], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unless that was asked for."""
    monkeypatch.delenv("LASTGOOD_URL", raising=False)

    assert status == main([*WORDS, *more], clock=clock)
    assert "was not reported" in capsys.readouterr().err


def test_it_can_write_into_a_file(tmp_path: Path) -> None:
    """One line for each report."""
    file = tmp_path / "changes.ndjson"
    for _ in range(2):
        main([*WORDS, "--file", str(file)], clock=clock)

    assert 2 == len(file.read_text().splitlines())


def test_every_kind_is_one_that_lastgood_knows() -> None:
    """The kit does not import Lastgood, so a test holds them together."""
    kinds: set[Kind] = set(KINDS)

    assert kinds <= {kind.value for kind in ChangeKind}


def ran(script: str, environment: dict[str, str], folder: Path) -> int:
    """The exit status of a script of a job, as runners start it."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(shell, env={"PATH": path, **environment}, cwd=folder, check=False).returncode


@pytest.mark.slow
def test_the_github_action_reports_and_runs_no_input(feed: Feed, tmp_path: Path) -> None:
    """What comes in as a version or title is text, whatever is in it. Only a strict one fails the job."""
    action: dict[str, Any] = yaml.safe_load((KIT / "action.yml").read_text())
    (step,) = action["runs"]["steps"]
    given = {
        "inputs.url": feed.url, "inputs.key": "lgi_1", "inputs.service": "payments", "inputs.kind": "deploy",
        "inputs.version": "v2", "inputs.title": '"; touch hacked; $(touch hacked) `touch hacked`', "inputs.strict": "true",
        "github.actor": "ci", "github.action_path": str(KIT), "github.server_url": "https://git.example",
        "github.repository": "shop/payments", "github.run_id": "7",
    }  # fmt: skip
    environment = {
        name: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: given.get(found[1], ""), value)
        for name, value in step["env"].items()
    }

    assert "${{" not in step["run"]
    assert 0 == ran(step["run"], environment, tmp_path)
    (got,) = feed.got
    assert ("deploy", "payments", "v2", "ci") == (got["kind"], got["service"], got["version"], got["actor"])
    assert ("https://git.example/shop/payments/actions/runs/7", given["inputs.title"]) == (
        got["url"],
        got["title"],
    )
    assert ["Bearer lgi_1"] == feed.keys
    assert [] == [*tmp_path.iterdir()]
    feed.status = 500
    assert 1 == ran(step["run"], environment, tmp_path)
    assert 0 == ran(step["run"], {**environment, "STRICT": "false"}, tmp_path)


@pytest.mark.slow
def test_the_gitlab_job_reports(feed: Feed, tmp_path: Path) -> None:
    """After the kit is installed."""
    job: dict[str, Any] = yaml.safe_load((KIT / "gitlab.yml").read_text())[".lastgood-report"]
    installs, reports = job["script"]
    environment = {
        "LASTGOOD_URL": feed.url, "LASTGOOD_KEY": "lgi_1", "LASTGOOD_KIND": "deploy", "LASTGOOD_SERVICE": "payments",
        "LASTGOOD_VERSION": "abc1", "GITLAB_USER_LOGIN": "kim", "CI_JOB_URL": "https://git.example/1", "PYTHONPATH": str(KIT / "src"),
    }  # fmt: skip

    assert installs.startswith("pip install")
    assert 0 == ran(reports, environment, tmp_path)
    assert [("payments", "abc1", "kim")] == [
        (one["service"], one["version"], one["actor"]) for one in feed.got
    ]
