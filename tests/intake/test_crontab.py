"""Crontabs: the runs that are to be expected."""

from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from intake.changed import decode, written
from lastgood.model.window import Window

WINDOW = Window(datetime(2026, 11, 22, 13, 50, tzinfo=UTC), datetime(2026, 11, 22, 14, 50, tzinfo=UTC))
TABLE = """# the shop's jobs
MAILTO=ops@acme.example
*/15 * * * * /opt/shop/ledger-export.sh --all >/dev/null 2>&1
@hourly flock -n /tmp/x.lock /opt/shop/rotate.py
CRON_TZ=Europe/Berlin
30 15 * * sun cd /opt && ./report
99 * * * * /bin/never

@reboot /opt/agent
"""


def test_every_run_inside_the_window_is_a_change(tmp_path: Path) -> None:
    """Half open, in the zone that the file sets; a schedule that cannot be is a reject."""
    done = decode(written(tmp_path, TABLE, "shop.crontab"), telemetry=WINDOW)
    runs = sorted((c["Timestamp"].strftime("%H:%M"), c["Service"]) for c in done.changes)
    assert [
        ("14:00", "ledger-export"), ("14:00", "rotate"), ("14:15", "ledger-export"), ("14:30", "ledger-export"),
        ("14:30", "report"), ("14:45", "ledger-export"),
    ] == runs  # fmt: skip
    assert {"cron"} == {c["Kind"] for c in done.changes}
    assert {"expected"} == {c["State"] for c in done.changes}
    assert [7] == [reject.line for reject in done.rejects]


def test_a_system_table_names_the_user(tmp_path: Path) -> None:
    """Between the schedule and the command."""
    (change, *_) = decode(
        written(tmp_path, "0 14 * * * root /usr/sbin/logrotate /etc\n", "crontab"), telemetry=WINDOW
    ).changes
    assert ("root", "logrotate") == (change["Actor"], change["Service"])


def test_a_busy_job_is_bounded(tmp_path: Path) -> None:
    """A year of every minute is the last day and an hour of it."""
    year = Window(datetime(2025, 11, 22, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC))
    assert 1500 == len(decode(written(tmp_path, "* * * * * /bin/beat\n", "crontab"), telemetry=year).changes)


def test_a_long_command_takes_no_longer_for_each_run(tmp_path: Path) -> None:
    """Its program is looked for once, at its beginning."""
    day = Window(datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC))
    table = f"* * * * * /opt/shop/beat.sh {'--all a; ' * 20_000}\n"
    started = process_time()
    changes = decode(written(tmp_path, table, "crontab"), telemetry=day).changes

    assert process_time() - started < 2
    assert 1440 == len(changes)
