"""Runs of scheduled jobs, by the lines of a cron daemon."""

from dataclasses import replace
from pathlib import Path

import pytest

from cases import case_of, reported
from inspections.scenes import change
from lastgood.model.change import ChangeKind
from lastgood.readings.job_runs import JOB_REPORTED, JOB_RUNS_MOST, job_of, read_job_runs
from lastgood.workbench.store import Store

WORLD = """
scenario  jobs
seed      5
time      2026-11-20 10:00 .. 11:00
logs      db-1 info "(backup) CMD (/usr/local/bin/dump.sh --all)" rate=0/min then rate={rate}/min at 10:50
logs      db-1 info "not (a) CMD (of cron)" rate=1/min
"""


def test_the_line_of_a_command_is_a_run(store: Store, tmp_path: Path) -> None:
    """Of the machine, by its command; other lines are none, and what a feed reports is there already."""
    case = case_of(store, reported(store, tmp_path, WORLD.format(rate=0.2), 30))
    runs = read_job_runs(case, [], case.window)

    assert {("db-1", "/usr/local/bin/dump.sh --all", ChangeKind.CRON)} == {
        (r.service, r.title, r.kind) for r in runs
    }
    first = runs[0]
    record = change("dump.sh nightly", "cron", 1, "db-1", title="dump.sh")
    near = [replace(record, at=one.at + JOB_REPORTED) for one in runs]
    assert [] == read_job_runs(case, near, case.window)
    assert "/dump.sh/" in first.change_id


HOOKS = """
scenario  hooks
seed      5
time      2026-11-20 10:00 .. 11:00
logs      lb-1 info "{body}" rate=0/min then rate=0.3/min at 10:40
"""


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("Running deploy-hook command: /opt/tls/haproxy.sh --all", "/opt/tls/haproxy.sh --all"),
        ("2026 INFO certbot: running post-hook command: service nginx reload", "service nginx reload"),
        ("run-parts: executing /etc/cron.daily/logrotate", "/etc/cron.daily/logrotate"),
        ("(/etc/cron.daily) run-parts: executing /etc/cron.daily/mlocate", "/etc/cron.daily/mlocate"),
        ("Job `cron.daily' started", "cron.daily"),
        ("Running deploy-hook command:", None),
        ("run-parts finished /etc/cron.daily/logrotate", None),
        ("the Job `cron.daily' started", None),
    ],
)
def test_hooks_and_parts_are_runs(store: Store, tmp_path: Path, body: str, title: str | None) -> None:
    """As certbot, anacron and run-parts write them, and as others do not."""
    case = case_of(store, reported(store, tmp_path, HOOKS.format(body=body), 30))

    assert {title} - {None} == {run.title for run in read_job_runs(case, [], case.window)}


@pytest.mark.parametrize(
    ("rate", "there"), [(JOB_RUNS_MOST / 10 * 0.4, True), (JOB_RUNS_MOST / 10 * 3, False)]
)
def test_what_runs_all_the_time_is_upkeep(store: Store, tmp_path: Path, rate: float, *, there: bool) -> None:
    """By how often it ran."""
    case = case_of(store, reported(store, tmp_path, WORLD.format(rate=rate), 30))

    assert there == bool(read_job_runs(case, [], case.window))


@pytest.mark.parametrize(
    ("command", "job"),
    [
        ("/usr/local/bin/dump.sh --all", "dump.sh"), ("cd /srv/app && /usr/bin/php artisan schedule:run", "artisan"),
        ("/opt/refill/run --chain x", "refill"), ("flock -n /tmp/l /usr/bin/python3 /opt/x/export.py", "export.py"),
        ("cron.daily", "cron.daily"), ("LANG=C /usr/sbin/reindex", "reindex"), ("sudo", "sudo"),
    ],
)  # fmt: skip
def test_a_job_is_called_after_its_program(command: str, job: str) -> None:
    """Without what starts it."""
    assert job == job_of(command)
