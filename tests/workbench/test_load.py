"""Loading files: every line is accounted for, and bad ones cost nothing but themselves."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.seeds import spoiled
from lastgood.decoding.input import Batch, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.intake import _registry
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import LOGS
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


def _recognise(given: Input) -> Claim | None:
    if given.head.startswith(b"unrecognisable"):
        raise RuntimeError("no one\nexpected this")
    return Claim("brittle", 1.0, "it is brittle") if given.head.startswith(b"brittle") else None


def _decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    del claim
    yield Batch(LOGS, LOGS.rows({"Timestamp": [settings.now], "Body": ["before the fault"]}))
    yield Reject(2, "bad", "")
    yield Tally(lines=2, events=1)
    if b"raises" in given.head:
        raise ZeroDivisionError
    yield Tally(lines=3)


@pytest.fixture
def brittle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source with faults beside the real ones."""
    source = Source("brittle", frozenset({Signal.LOGS}), _recognise, _decode)
    every = (*_registry.sources(), source)
    monkeypatch.setattr(_registry, "sources", lambda: every)


@pytest.mark.usefixtures("brittle")
def test_a_fault_in_one_input_costs_only_that_input(store: Store, tmp_path: Path) -> None:
    """Whether it is met while recognising or while decoding; the rows before it are kept and counted."""
    (tmp_path / "a.x").write_text("unrecognisable")
    (tmp_path / "b.x").write_text("brittle, and raises")
    (tmp_path / "c.log").write_text("2026-11-22T14:00:00Z INFO pay started\n")

    unread, stopped, whole = load(store, [tmp_path], now=NOW, zone=UTC).inputs

    assert ("", "a fault of Lastgood: RuntimeError: no one expected this") == (unread.source, unread.failure)
    assert "reading stopped: a fault of Lastgood: ZeroDivisionError" == stopped.problem
    assert (2, 1, 1, {"otel_logs": 1}) == (stopped.lines, stopped.events, stopped.rejects, stopped.rows)
    assert ("", 1, {"otel_logs": 1}) == (whole.problem, whole.events, whole.rows)
    kept = store.engine.query(f"SELECT count() AS n FROM {store.engine.database}.otel_logs").rows
    assert [{"n": 2}] == kept


@pytest.mark.usefixtures("brittle")
def test_an_account_that_does_not_add_up_is_the_problem_of_its_input(store: Store, tmp_path: Path) -> None:
    """It is shown, with both numbers; the other inputs go in."""
    (tmp_path / "a.x").write_text("brittle")
    (tmp_path / "c.log").write_text("2026-11-22T14:00:00Z INFO pay started\n")

    short, whole = load(store, [tmp_path], now=NOW, zone=UTC).inputs

    assert "its account does not add up: 5 lines read, 2 accounted for, a fault of Lastgood" == short.problem
    assert "" == whole.problem


@pytest.mark.usefixtures("brittle")
def test_when_debugging_the_fault_itself_is_raised(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its traceback is wanted, not a sentence."""
    monkeypatch.setenv("LASTGOOD_DEBUG", "1")
    (tmp_path / "b.x").write_text("brittle, and raises")

    with pytest.raises(ZeroDivisionError):
        load(store, [tmp_path], now=NOW, zone=UTC)


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
    """Forty spoiled inputs, of every source: no exception, every account adds up, and what can be read is in."""
    for seed in range(40):
        name, content = spoiled(seed)
        (tmp_path / f"{seed:03} {name}").write_bytes(content)

    report = load(store, [tmp_path], now=NOW, zone=UTC)

    assert 40 == len(report.inputs)
    assert [] == [given.name for given in report.inputs if "fault" in given.problem]
    readable = [given for given in report.inputs if given.events]
    assert len(readable) > 8
    assert [] == [given.name for given in readable if not given.rows]
