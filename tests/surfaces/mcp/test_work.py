"""What tools answer over a small world."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.model.entry import Opened
from lastgood.surfaces.mcp.work import Work
from lastgood.workbench.store import Store
from lives import TRACE, after, request_with_spans, write_changes
from services import service_over


@pytest.fixture
def work(store: Store, tmp_path: Path) -> Iterator[Work]:
    request_with_spans(store)
    write_changes(store, ("d1", after(-60_000), "deploy", "payments"))
    with service_over(store, tmp_path) as opened:
        opened.record.open(Opened("checkout fails"), actor="kim")
        yield Work(opened)


def test_lookups_say_what_they_found(work: Work) -> None:
    """A trace, lines, patterns, changes, incidents: a sentence, and the data."""
    day = ("2026-11-22", "2026-11-23")
    life = work.trace(TRACE, "", "")
    assert "the first failure is in payments" in life.headline
    assert life.data["steps"]
    lines = work.logs("service:payments", *day, most=5, patterns=False)
    assert 1 == len(lines.data["lines"])
    assert work.logs("", *day, most=5, patterns=True).data["patterns"]
    assert "no match" in work.logs("nothing-has-this", *day, most=5, patterns=False).headline
    assert "d1" == work.changes(*day).data["changes"][0]["id"]
    assert "1 incident." == work.incident(None).headline
    assert "There is no answer yet." == work.incident(1).headline
    assert "unknown" == work.incident(1).verdict


def test_evidence_that_is_gone_says_so(work: Work) -> None:
    """Also an entry of the record that is no evidence."""
    with pytest.raises(UsageError, match="no longer kept"):
        work.evidence("none")
    with pytest.raises(UsageError):
        work.recorded(1, 1)
