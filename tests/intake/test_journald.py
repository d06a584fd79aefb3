"""journald's export: entries with text and binary fields, whole or cut off."""

import struct
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lastgood.decoding.input import Batch, Claim, Input, Reject, Settings, Tally
from lastgood.intake import journald

SETTINGS = Settings(datetime(2026, 11, 22, 15, 0, tzinfo=UTC), UTC)
CLAIM = Claim("journald export", 0.9, "")
ENTRY = (
    b"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795358460000000\nPRIORITY=3\nSYSLOG_IDENTIFIER=cart\n_PID=7\n"
    b"_HOSTNAME=web-1\nMESSAGE\n" + struct.pack("<Q", 9) + b"two\nlines\n\n"
)


def read(content: bytes) -> tuple[list[dict[str, Any]], list[Reject], int]:
    """The events, the rejects, and how many entries were counted."""
    items = list(journald.decode(Input(None, "x", content), CLAIM, SETTINGS))
    rows = [row for item in items if isinstance(item, Batch) for row in item.rows.to_pylist()]
    rejects = [item for item in items if isinstance(item, Reject)]
    lines = sum(item.lines for item in items if isinstance(item, Tally))
    assert lines == len(rows) + len(rejects)
    return rows, rejects, lines


def test_an_entry_is_an_event() -> None:
    """Time, severity, service, host and a message of two lines."""
    assert journald.recognise(Input(None, "x", ENTRY)) is not None
    (row,), _, _ = read(ENTRY)

    assert ("two\nlines", 17, "cart") == (row["Body"], row["SeverityNumber"], row["ServiceName"])
    assert datetime(2026, 11, 22, 14, 41, tzinfo=UTC) == row["Timestamp"]
    assert "web-1" == dict(row["ResourceAttributes"])["host.name"]


def test_a_message_is_read_as_a_line_is() -> None:
    """Its figures, the line of another format that it is, and the level of what a program only printed."""
    head = b"__REALTIME_TIMESTAMP=1795358460000000\nPRIORITY=6\n_TRANSPORT=stdout\nSYSLOG_IDENTIFIER=pay\nMESSAGE="
    messages = (
        b"ERROR POST /pay returned 503 in 5006 ms",
        b'203.0.113.7 - - [22/Nov/2026:14:41:00 +0000] "POST /pay HTTP/1.1" 503 157 "-" "curl/8" 5.006',
    )
    rows, _, _ = read(b"".join(head + message + b"\n\n" for message in messages * 3))

    reported = [dict(row["LogAttributes"]) for row in rows[:2]]
    assert [("503", "5006000000")] * 2 == [
        (each["http.response.status_code"], each["lg.duration_ns"]) for each in reported
    ]
    assert [17, 9] == [row["SeverityNumber"] for row in rows[:2]]
    assert {"pay"} == {row["ServiceName"] for row in rows}


def test_a_broken_length_keeps_what_came_before() -> None:
    """The rest is one reject that says why."""
    rows, rejects, _ = read(ENTRY + b"MESSAGE\n" + struct.pack("<Q", 1 << 60))

    assert 1 == len(rows)
    assert "bytes" in rejects[0].reason


@given(st.one_of(st.binary(max_size=200), st.integers(0, len(ENTRY)).map(lambda n: ENTRY + ENTRY[:n])))
def test_no_bytes_crash_it(content: bytes) -> None:
    """Whatever they are, entries are counted."""
    read(content)
