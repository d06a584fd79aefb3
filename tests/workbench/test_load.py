"""Loading files: every line is accounted for, and bad ones cost nothing but themselves."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.seeds import spoiled
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


def test_dates_that_a_file_does_not_decide_are_read_as_other_files_tell(store: Store, tmp_path: Path) -> None:
    """The fifth of November or the eleventh of May: the file beside it is of November, whatever its name."""
    (tmp_path / "a.log").write_text("05/11/26 14:40:58 INFO up\n05/11/26 14:40:59 ERROR down\n")
    (tmp_path / "b.log").write_text("2026-11-05T14:40:00Z INFO pay started\n")

    first, _ = load(store, [tmp_path], now=NOW, zone=UTC).inputs

    assert (2, 0) == (first.events, first.rejects)
    assert first.window is not None
    assert datetime(2026, 11, 5, 14, 40, 58, tzinfo=UTC) == first.window.start


def test_a_log_without_dates_that_was_copied_is_of_the_day_that_others_cover(
    store: Store, tmp_path: Path
) -> None:
    """The time of the copy is later than they end; a name with a date goes before both."""
    clocks = "14:20:01.125 request_id=20e6 [info] GET /free\n14:20:02.125 request_id=20e6 [info] Sent 200 in 32ms\n"
    (tmp_path / "a-halls.log").write_text(clocks)
    (tmp_path / "b-halls-2026-11-10.log").write_text(clocks)
    (tmp_path / "c-seats.log").write_text(
        "2026-11-05T14:00:00Z INFO seats started\n2026-11-05T14:25:00Z ERROR no seat\n"
    )

    copied, named, _ = load(store, [tmp_path], now=NOW, zone=UTC).inputs

    assert copied.window is not None
    assert named.window is not None
    assert (True, False) == tuple(
        "the days that the other inputs cover" in one.because for one in (copied, named)
    )
    assert datetime(2026, 11, 5, 14, 20, 1, 125_000, tzinfo=UTC) == copied.window.start
    assert datetime(2026, 11, 10, 14, 20, 1, 125_000, tzinfo=UTC) == named.window.start


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


@pytest.mark.parametrize("depth", [255, 300, 1_000])
def test_a_line_that_nests_deeply_is_one_event(store: Store, tmp_path: Path, depth: int) -> None:
    """It is read, so it can be stored; the line before it as well."""
    deep = "[" * depth + "]" * depth
    (tmp_path / "a.log").write_text(
        f'{{"time":"2026-11-20T14:00:00Z","msg":"ok"}}\n{{"time":"2026-11-20T14:00:01Z","msg":"x","a":{deep}}}\n'
    )

    (loaded,) = load(store, [tmp_path], now=NOW, zone=UTC).inputs

    assert (2, 2, "") == (loaded.lines, loaded.events, loaded.problem)
    ((kept,),) = [
        row.values()
        for row in store.engine.query(
            f"SELECT LogAttributes['a'] AS a FROM {store.engine.database}.otel_logs WHERE Body = 'x'"
        ).rows
    ]
    assert deep == kept


def test_a_name_that_is_no_text_is_loaded_like_any_other(store: Store, tmp_path: Path) -> None:
    """Its rows and its rejects; what cannot be shown of the name is U+FFFD."""
    name = os.fsencode(tmp_path) + b"/a\xff.ndjson"
    Path(os.fsdecode(name)).write_text(
        '{"time": "2026-11-22T14:41:00Z", "kind": "deploy", "service": "payments", "id": "d1"}\n{"time": 1}\n'
    )

    (loaded,) = load(store, [tmp_path], now=NOW, zone=UTC).inputs

    assert ("", 1, 1) == (loaded.problem, loaded.events, loaded.rejects)
    kept = store.engine.query(f"SELECT Path FROM {store.engine.database}.lg_rejects").rows
    assert [{"Path": f"{tmp_path}/a\ufffd.ndjson"}] == kept


def test_whatever_a_folder_holds_is_loaded_or_reported(store: Store, tmp_path: Path) -> None:
    """Sixty spoiled inputs, of many sources: no exception, every account adds up, and what can be read is in."""
    for seed in range(60):
        name, content = spoiled(seed)
        (tmp_path / f"{seed:03} {name}").write_bytes(content)

    report = load(store, [tmp_path], now=NOW, zone=UTC)

    assert 60 == len({given.name.partition("!/")[0] for given in report.inputs})  # a session is parted
    assert [] == [given.name for given in report.inputs if "fault" in given.problem]
    readable = [given for given in report.inputs if given.events]
    assert len(readable) > 8
    assert [] == [given.name for given in readable if not given.rows]
