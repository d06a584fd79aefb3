"""Answers are bounded, and say what they leave out."""

from datetime import UTC, datetime

from lastgood.model.evidence import Provenance, Table
from lastgood.model.finding import Verdict
from lastgood.surfaces.mcp.answers import (
    DEEPEST,
    LONGEST_TEXT,
    MOST_ITEMS,
    MOST_KEPT,
    NOTICE,
    Shelf,
    answer,
    bounded,
    of_findings,
)


def table(title: str, rows: int = 1, text: str = "x") -> Table:
    origin = Provenance("SELECT 1", {"at": datetime(2026, 11, 22, tzinfo=UTC)}, None, rows, 0.1)
    return Table(title, tuple("abcdefgh"), ((text,) * 8,) * rows, origin)


def test_texts_lists_and_levels_are_bounded() -> None:
    """Whoever writes telemetry cannot fill the agent's memory, nor hide what it reads."""
    deep: object = "end"
    for _ in range(DEEPEST + 5):
        deep = {"next": deep}
    found = bounded(
        {"a": "x" * (LONGEST_TEXT + 7), "b": list(range(MOST_ITEMS + 3)), "c": deep, "d\u202e": None}
    )

    assert found["a"].endswith("x … 7 more characters")
    assert "… 3 more" == found["b"][-1]
    assert "'end'" not in str(found["c"])
    assert "d\ufffd" in found


def test_every_answer_begins_with_the_notice() -> None:
    """Before anything that telemetry could have written."""
    assert NOTICE == next(iter(answer("hello", verdict=Verdict.NO).model_dump().values()))
    assert "unknown" == of_findings([], Shelf()).verdict


def test_evidence_has_an_id_of_its_content_and_the_oldest_goes() -> None:
    """The same piece has the same address; what is too large is kept as its query."""
    shelf = Shelf()
    (address,) = shelf.put([table("first"), table("first")])
    name = address.rpartition("/")[2]
    assert b"SELECT 1" in (shelf.get(name) or b"")
    (large,) = shelf.put([table("large", 200, "x" * LONGEST_TEXT)])
    kept = shelf.get(large.rpartition("/")[2]) or b""
    assert b"SELECT 1" in kept
    assert b"xxx" not in kept
    shelf.put(table(str(number)) for number in range(MOST_KEPT))
    assert shelf.get(name) is None
