"""A fault in one input stops only this input, and what came before it is stored."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lastgood.decoding.input import Batch, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.intake import _registry
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.load import load
from lastgood.workbench.store import Store

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


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
