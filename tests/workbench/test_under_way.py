"""Which bodies were being stored when a server ended without a word."""

from pathlib import Path

import pytest

from intake.otlp.test_requests import request
from lastgood.model.signal import Signal
from lastgood.telemetry.unfolding import create_unfolding
from lastgood.workbench.receive import Body, receive
from lastgood.workbench.store import Store
from lastgood.workbench.under_way import UnderWay


def body(count: int, signal: Signal = Signal.SPANS) -> Body:
    return Body(signal, request(count).SerializeToString())


def recalled(store: Store, folder: Path, signal: Signal = Signal.SPANS) -> list[bytes]:
    """What the next server knows."""
    return UnderWay(store.engine, folder).recalled()[signal]


def test_what_was_stored_without_an_answer_is_known_afterwards(store: Store, tmp_path: Path) -> None:
    """Of the insert before the last one too: its answers may have been on their way."""
    under_way = UnderWay(store.engine, tmp_path)
    assert [] == recalled(store, tmp_path)
    bodies = [body(2), body(3), body(4)]
    for one in bodies:
        receive(store.engine, [one], None, under_way)

    assert [one.digest for one in bodies[1:]] == recalled(store, tmp_path)


@pytest.mark.parametrize("rows", [1, 3])
def test_an_insert_that_is_not_there_as_a_whole_is_not_known(store: Store, tmp_path: Path, rows: int) -> None:
    """Its bodies are stored when they come again; what was stored before it is known."""
    under_way = UnderWay(store.engine, tmp_path)
    before, lost = body(2), body(3)
    receive(store.engine, [before], None, under_way)
    under_way.begin(Signal.SPANS, [lost.digest], 5)
    receive(store.engine, [body(rows)])  # killed before all of it was there

    assert [before.digest] == recalled(store, tmp_path)


def test_what_was_answered_is_not_known_and_equal_lines_count_singly(store: Store, tmp_path: Path) -> None:
    """Lines have no ids: after the answer the same ones are others."""
    under_way = UnderWay(store.engine, tmp_path)
    digest, other = b"a" * 16, b"b" * 16
    under_way.begin(Signal.LOGS, [digest, digest, other], 0)
    under_way.done(Signal.LOGS)
    under_way.answered(Signal.LOGS, digest)
    assert [digest, other] == sorted(recalled(store, tmp_path, Signal.LOGS))

    under_way.begin(Signal.LOGS, [], 0)
    under_way.answered(Signal.LOGS, digest)
    assert [other] == recalled(store, tmp_path, Signal.LOGS)


def test_an_insert_that_failed_leaves_nothing_to_carry_on(store: Store, tmp_path: Path) -> None:
    """Only what is on disk is carried into the notes of the next insert."""
    under_way = UnderWay(store.engine, tmp_path)
    under_way.begin(Signal.LOGS, [b"a" * 16], 7)
    under_way.begin(Signal.LOGS, [b"b" * 16], 0)

    assert [b"b" * 16] == recalled(store, tmp_path, Signal.LOGS)


def test_spans_that_the_engine_reads_are_noted_too(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways into the store."""
    monkeypatch.setattr("lastgood.workbench.receive.MANY_SPANS", 0)
    create_unfolding(store.engine)
    one = body(3)
    receive(store.engine, [one], None, UnderWay(store.engine, tmp_path))

    assert [one.digest] == recalled(store, tmp_path)


@pytest.mark.parametrize("content", [b"", b"short", bytes(20) + b"half an entry"])
def test_a_damaged_file_says_nothing(store: Store, tmp_path: Path, content: bytes) -> None:
    """After a loss of power, bodies may be stored twice; the server starts."""
    (tmp_path / "under-way-spans").write_bytes(content)

    assert [] == recalled(store, tmp_path)


def test_a_store_elsewhere_has_no_notes(store: Store) -> None:
    """Its server lives on when ours is killed."""
    under_way = UnderWay(store.engine, None)
    under_way.begin(Signal.SPANS, [b"a" * 16], 1)
    under_way.done(Signal.SPANS)
    under_way.answered(Signal.SPANS, b"a" * 16)

    assert {} == under_way.recalled()
