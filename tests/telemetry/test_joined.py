"""Joined inputs: one insert for many, and each of them exactly once, whatever lies beside it or breaks."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from lastgood.errors import CannotRunError
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.joined import DONE, FOLDER, PENDING, SMALL, InputWriter, Joined
from lastgood.telemetry.tables import LOGS, StoreTable
from lastgood.workbench.store import Store
from telemetry.rows import START, times


def lines(count: int, text: str = "x") -> pa.Table:
    return LOGS.rows(
        {"Timestamp": times([START + timedelta(seconds=n) for n in range(count)]), "Body": [text] * count}
    )


def stored(store: Store) -> int:
    return int(store.engine.query(f"SELECT count() AS n FROM {store.engine.database}.otel_logs").rows[0]["n"])


def folder(store: Store) -> Path:
    assert store.engine.folder is not None
    return store.engine.folder


def load(store: Store, *origins: str, rows: int = 3, table: StoreTable = LOGS) -> None:
    """Write inputs as one load does."""
    joined = Joined(store.engine, folder(store))
    for origin in origins:
        writer = InputWriter(store.engine, origin, joined)
        writer.add(table, lines(rows, origin))
        writer.close(whole=True)
    joined.flush()


def inserts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows of each insert from now on."""
    counts: list[int] = []
    plain = Engine.insert

    def counted(self: Engine, table: str, rows: pa.Table, *, token: str) -> Any:
        counts.append(rows.num_rows)
        return plain(self, table, rows, token=token)

    monkeypatch.setattr(Engine, "insert", counted)
    return counts


def test_small_inputs_share_an_insert(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large one has its own, which begins before it is read to its end."""
    counts = inserts(monkeypatch)
    load(store, "a", "b", "c")
    assert ([9], 9) == (counts, stored(store))

    load(store, "large", rows=SMALL + 1)
    assert [9, SMALL + 1] == counts


def test_an_input_is_stored_once_whatever_lies_beside_it(store: Store) -> None:
    """The same ones again, one alone, and beside new ones."""
    for origins, expected in (
        (("a", "b"), 6),
        (("a", "b"), 6),
        (("b",), 6),
        (("z", "b", "a"), 9),
        (("a", "z"), 9),
    ):
        load(store, *origins)
        assert expected == stored(store)
    assert not list((folder(store) / FOLDER).glob(f"*{PENDING}"))


@pytest.mark.parametrize("arrived", [False, True], ids=["before the rows", "after the rows"])
def test_a_load_that_was_killed_is_finished_by_the_next_one(
    store: Store, monkeypatch: pytest.MonkeyPatch, *, arrived: bool
) -> None:
    """Whether or not the rows had arrived, and though the next load is another one."""
    plain = Engine.insert

    def killed(self: Engine, table: str, rows: pa.Table, *, token: str) -> Any:
        if arrived:
            plain(self, table, rows, token=token).result()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Engine, "insert", killed)
        with pytest.raises(KeyboardInterrupt):
            load(store, "a", "b")
    assert (6 if arrived else 0) == stored(store)

    load(store, "b")
    assert 6 == stored(store)
    load(store, "a", "b", "c")
    assert 9 == stored(store)


def test_an_input_that_broke_off_is_not_remembered_as_whole(store: Store) -> None:
    """What it had given is stored; the rest may come when it can be read."""
    joined = Joined(store.engine, folder(store))
    writer = InputWriter(store.engine, "a", joined)
    writer.add(LOGS, lines(3))
    writer.close(whole=False)
    joined.flush()

    assert 3 == stored(store)
    assert not list((folder(store) / FOLDER).glob(f"*{DONE}"))


def test_a_failed_insert_says_what_was_not_stored(store: Store) -> None:
    """As for an input by itself; nothing is said to be stored."""
    with pytest.raises(CannotRunError, match="6 rows for no_such_table were not stored"):
        load(store, "a", "b", table=StoreTable("no_such_table", LOGS.columns))
    assert not list((folder(store) / FOLDER).glob(f"*{DONE}"))
