"""Lines without a time among timed ones: an event of their own, or the further lines of the one before."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lastgood.decoding.input import Batch, Input, Reject, Settings, Tally
from lastgood.decoding.text.untimed import MARK, NEIGHBOUR
from lastgood.intake import logs

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
FIRST = "2026-11-22 08:11:40,123 INFO till starts\n"
LAST = "2026-11-22 08:11:50,123 WARNING till is slow\n"
TRACEBACK = 'Traceback (most recent call last):\n  File "x.py", line 7, in f\nKeyError: 7\n'
OWN = [
    "panic: no store\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:7\n",
    "thread 'main' panicked at src/main.rs:4:5:\nno disks\n",
    'Exception in thread "main" java.lang.Error: x\n\tat T.a(T.java:7)\n',
    "Unhandled exception. System.Exception: no\n   at X\n",
    TRACEBACK,
    "(node:7) Warning: late\n(Use `node --trace-warnings ...` to show where)\n",
    "npm ERR! code 1\nnpm ERR! path /x\n",
    '10.0.0.4 - "GET /tills HTTP/1.1" 503 7\n',
]


@pytest.mark.parametrize("text", OWN)
@pytest.mark.parametrize("size", [40, 1 << 20])
def test_who_writes_past_the_logger_is_an_event_of_its_own(text: str, size: int) -> None:
    """At the time of the line before, which is said, whatever pieces the file comes in."""
    rows, rejects, tally = _read(FIRST + text + LAST, size)

    assert not rejects
    assert len(rows) == 3
    assert rows[1]["Timestamp"] == rows[0]["Timestamp"]
    assert dict(rows[1]["LogAttributes"])[MARK] == NEIGHBOUR
    assert rows[1]["Body"].startswith(text.split("\n", maxsplit=1)[0])
    assert tally == (FIRST + text + LAST).count("\n")


def test_one_before_any_time_has_that_of_the_next_line() -> None:
    """A runtime warns before the program logs."""
    rows, rejects, _ = _read("(node:7) Warning: late\n" + FIRST + LAST, 1 << 20)
    assert not rejects
    assert rows[0]["Timestamp"] == rows[1]["Timestamp"]
    assert rows[0]["SeverityNumber"] == 13


def test_a_traceback_below_an_error_is_that_errors() -> None:
    """A logger writes it below its line."""
    rows, _, _ = _read(FIRST.replace("INFO", "ERROR") + TRACEBACK + LAST, 1 << 20)
    assert len(rows) == 2
    assert "KeyError" in rows[0]["Body"]


def test_plain_text_beside_json_continues_no_object() -> None:
    """But what is indented or broken does not begin an event."""
    lines = '{"time":"2026-11-22T08:11:40Z","level":"info","msg":"a"}\n'
    rows, rejects, _ = _read(lines + "Error: gone\n    at x.js:7\n" + lines, 1 << 20)
    assert [row["SeverityNumber"] for row in rows] == [9, 17, 9]
    rows, rejects, _ = _read(lines + "  indented\n" + lines + '{"broken\n', 1 << 20)
    assert len(rows) == 2
    assert len(rejects) == 1


def _read(text: str, size: int) -> tuple[list[dict[str, Any]], list[Reject], int]:
    items = list(logs.decoded(Input(None, "x.log", text.encode()), Settings(NOW, UTC), size))
    rows = [row for b in items if isinstance(b, Batch) for row in b.rows.to_pylist()]
    rejects = [item for item in items if isinstance(item, Reject)]
    return rows, rejects, sum(item.lines for item in items if isinstance(item, Tally))
