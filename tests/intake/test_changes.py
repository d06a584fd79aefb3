"""Lastgood's own change feed."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis.strategies import binary

from lastgood.decoding.input import Batch, Input, Reject, Settings, Tally
from lastgood.intake.changes import decode, recognise

SETTINGS = Settings(datetime(2026, 11, 22, tzinfo=UTC), UTC)
DEPLOY = {"time": "2026-11-22T15:41:00+01:00", "kind": "deploy", "service": "payments", "version": "v2"}


def decoded(*lines: bytes) -> tuple[list[dict[str, Any]], list[Reject], Tally]:
    """Rows, rejects and account."""
    rows: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    tally = Tally()
    given = Input(None, "feed", b"\n".join(lines))
    for item in decode(given, recognise(given) or pytest.fail("not recognised"), SETTINGS):
        match item:
            case Batch():
                rows += item.rows.to_pylist()
            case Reject():
                rejects.append(item)
            case Tally():
                tally = item
    return rows, rejects, tally


def test_a_change_is_read_with_what_it_says() -> None:
    """Time in UTC, place as id when there is none, unknown fields as attributes."""
    ((row,), rejects, tally) = decoded(orjson.dumps({**DEPLOY, "ring": 2, "files": ["a.py"]}))

    assert datetime(2026, 11, 22, 14, 41, tzinfo=UTC) == row["Timestamp"].to_pydatetime()
    assert ("deploy", "payments", "v2", "feed:1") == (row["Kind"], row["Service"], row["Version"], row["Id"])
    assert "v2" == row["Title"], "not called by its line"
    assert (["a.py"], [("ring", "2")]) == (row["Files"], row["Attributes"])
    assert ([], Tally(lines=1, events=1)) == (rejects, tally)


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("no zone", {**DEPLOY, "time": "2026-11-22T14:41:00"}),
        ("its kind is empty", {**DEPLOY, "kind": ""}),
        ("not a change", [1, 2]),
    ],
)
def test_a_bad_change_is_rejected_with_its_reason(reason: str, line: object) -> None:
    """The good one before it stays."""
    rows, (reject,), tally = decoded(orjson.dumps(DEPLOY), b"", orjson.dumps(line))

    assert 1 == len(rows)
    assert (3, True) == (reject.line, reason in reject.reason)
    assert Tally(lines=3, events=1, blanks=1) == tally


@given(binary(max_size=200))
def test_no_bytes_break_it(noise: bytes) -> None:
    """Whatever follows a good line, every line is accounted for."""
    _, rejects, tally = decoded(orjson.dumps(DEPLOY), noise)

    assert tally.lines == tally.events + tally.blanks + len(rejects)


@pytest.mark.parametrize(
    ("word", "kind"), [("job", "cron"), ("release", "deploy"), ("chaos", "config"), ("Toggle", "flag")]
)
def test_a_kind_under_another_word_is_kept_and_said(word: str, kind: str) -> None:
    """A word that is not known counts as a change of your own; it is in the title and the attributes."""
    ((row,), rejects, _) = decoded(orjson.dumps({**DEPLOY, "kind": word, "title": "it began"}))

    assert [] == rejects
    assert kind == row["Kind"]
    assert [("change.kind", word)] == row["Attributes"]
    assert ("chaos: it began" if word == "chaos" else "it began") == row["Title"]
