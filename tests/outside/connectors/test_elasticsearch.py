"""Pages of documents by search_after; partial answers are said."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from lastgood.errors import NotFetchedError
from lastgood.model.window import Window
from lastgood.outside.connectors import elasticsearch as connector
from lastgood.outside.connectors._registry import Asking, Document, Limit
from lastgood.outside.connectors.wire import Wire
from systems import elasticsearch, running

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(hours=2))
DOCUMENTS = [(f"2026-11-30T01:{n:02}:00.000Z", {"message": f"line {n}"}) for n in range(7)]


def test_pages_meet_without_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document once."""
    monkeypatch.setattr(connector, "LINES_AT_ONCE", 3)
    with running(elasticsearch(DOCUMENTS)) as url, Wire(url) as wire:
        found = list(connector.fetch(wire, Asking(WINDOW, target="logs")))

    hits = [
        hit for one in found if isinstance(one, Document) for hit in orjson.loads(one.content)["hits"]["hits"]
    ]
    assert [f"line {n}" for n in reversed(range(7))] == [hit["_source"]["message"] for hit in hits]


def test_shards_that_failed_are_said() -> None:
    """An answer in part is not whole."""
    partial = orjson.dumps({"timed_out": True, "_shards": {"failed": 2}, "hits": {"hits": []}})
    system = elasticsearch(DOCUMENTS)
    system.faults = [(200, {}, partial)]
    with running(system) as url, Wire(url) as wire:
        found = connector.fetch(wire, Asking(WINDOW, target="logs"))
        first = next(found)
        with pytest.raises(NotFetchedError, match="name the index"):
            next(found)

    assert isinstance(first, Limit)
    assert "2 shards failed, timed out: True" in first.sentence
