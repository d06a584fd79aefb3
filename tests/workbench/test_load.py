"""Loading files: every line is accounted for, and bad ones cost nothing but themselves."""

from datetime import UTC, datetime
from pathlib import Path

from lastgood.workbench.load import load
from lastgood.workbench.store import Store

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def test_a_bad_line_is_kept_and_the_good_one_goes_in(store: Store, tmp_path: Path) -> None:
    """One change without a zone is rejected with its place; the other is stored."""
    feed = tmp_path / "changes.ndjson"
    feed.write_text(
        '{"time": "2026-11-22T14:41:00Z", "kind": "deploy", "service": "payments", "id": "d1"}\n'
        '{"time": "2026-11-22T14:41:00", "kind": "deploy"}\n'
    )

    (loaded,) = load(store, [feed], now=NOW, zone=UTC).inputs

    assert (2, 1, 1) == (loaded.lines, loaded.events, loaded.rejects)
    assert {"lg_changes": 1} == loaded.rows
    assert 2 == loaded.first_rejects[0].line
    assert "no zone" in loaded.first_rejects[0].reason
    kept = store.engine.query(f"SELECT Path, Line FROM {store.engine.database}.lg_rejects").rows
    assert [{"Path": str(feed), "Line": 2}] == kept


def test_loading_twice_adds_nothing(store: Store, tmp_path: Path) -> None:
    """The same file again is recognised by its tokens."""
    feed = tmp_path / "changes.ndjson"
    feed.write_text('{"time": "2026-11-22T14:41:00Z", "kind": "deploy", "service": "payments", "id": "d1"}\n')

    for _ in range(2):
        load(store, [feed], now=NOW, zone=UTC)

    assert [{"n": 1}] == store.engine.query(
        f"SELECT count() AS n FROM {store.engine.database}.lg_changes"
    ).rows


def test_expected_runs_of_a_crontab_are_those_while_telemetry_lasts(store: Store, tmp_path: Path) -> None:
    """It is read last, whatever its name; the report keeps the order of the inputs."""
    (tmp_path / "a.crontab").write_text("*/10 * * * * /opt/ledger-export.sh\n")
    (tmp_path / "pay.log").write_text(
        "2026-11-22T14:00:00Z INFO pay started\n2026-11-22T14:25:00Z ERROR pay failed\n"
    )

    report = load(store, [tmp_path], now=NOW, zone=UTC)

    assert ["a.crontab", "pay.log"] == [Path(loaded.name).name for loaded in report.inputs]
    runs = store.engine.query(
        f"SELECT formatDateTime(Timestamp, '%H:%i', 'UTC') AS at FROM {store.engine.database}.lg_changes ORDER BY Timestamp"
    ).rows
    assert ["14:00", "14:10", "14:20"] == [run["at"] for run in runs]
