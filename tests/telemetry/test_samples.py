"""Samples: what questions share is read once, reported the same, and gone afterwards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from lastgood.errors import QueryFailedError
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.reader import Rows
from lastgood.telemetry.samples import DATABASE, Samples, samples
from lastgood.workbench.store import Store
from telemetry.rows import START, put_spans

WINDOW = Window(START, START + timedelta(minutes=1))
HALVES = Comparison(
    Window(START, START + timedelta(seconds=30)), Window(START + timedelta(seconds=30), WINDOW.end)
)
ASKED = "SELECT service, phase, count() AS n FROM lg_sample GROUP BY service, phase ORDER BY service, phase"


def asked(store: Store, kept: Samples | None, every: int = 1, **given: Any) -> Rows:
    _, reader = store.survey(kept)
    return reader.query(ASKED, {"every": every, **given}, WINDOW, comparison=HALVES)


def tables(engine: Engine) -> list[str]:
    found = engine.query("SELECT name FROM system.tables WHERE database = {of:String}", {"of": DATABASE}).rows
    return [row["name"] for row in found]


def test_what_is_kept_answers_as_what_is_read(store: Store) -> None:
    """The same rows, and evidence that anyone can run again without it."""
    put_spans(store, 60)
    with samples(store.engine) as kept:
        reported, plain = asked(store, kept), asked(store, None)
    assert plain.dicts() == reported.dicts()
    assert 60 == sum(row["n"] for row in reported.dicts())
    assert plain.provenance.sql == reported.provenance.sql
    assert DATABASE not in reported.provenance.sql


def test_a_sample_is_read_once_for_all_who_share_it(store: Store) -> None:
    """Also when they ask at the same time, and whatever else they ask about; another sample is another table."""
    put_spans(store, 60)
    with samples(store.engine) as kept, ThreadPoolExecutor(4) as pool:
        reported = list(pool.map(lambda n: asked(store, kept, other=n).dicts(), range(8)))
        assert [reported[0]] * 8 == reported
        assert 1 == len(tables(store.engine))
        asked(store, kept, every=2)
        assert 2 == len(tables(store.engine))


def test_nothing_is_left_of_it(store: Store) -> None:
    """When the investigation is over."""
    put_spans(store, 60)
    with samples(store.engine) as kept:
        asked(store, kept)
        assert 1 == len(tables(store.engine))
    assert [] == tables(store.engine)


def test_a_sample_that_cannot_be_read_fails_for_everybody(engine: Engine) -> None:
    """As reading it directly would."""
    with samples(engine) as kept:
        assert kept is not None
        for _ in range(2):
            with pytest.raises(QueryFailedError, match="no_such_table"):
                kept.table("SELECT n FROM no_such_table", {"n": "UInt8"}, {}, {})
    assert [] == tables(engine)
