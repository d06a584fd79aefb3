"""Messages as they stand inside what consoles export, and what each says of level, status and duration."""

from typing import Any

_TOOK = "5006000000"
MESSAGES = {
    '{"level": "error", "msg": "request failed", "status": 503, "duration_ms": 5006, "path": "/pay"}': (17, "503", _TOOK),
    'level=error msg="request failed" status=503 duration=5006ms path=/pay': (17, "503", _TOOK),
    '203.0.113.7 - - [22/Nov/2026:14:40:09 +0000] "POST /pay HTTP/1.1" 503 157 "-" "okhttp/4.12" 5.006': (0, "503", _TOOK),
    "ERROR request finished POST /pay with 503 in 5006 ms": (17, "503", _TOOK),
    "REPORT RequestId: 7f01-aa\tDuration: 5006.00 ms\tBilled Duration: 5006 ms\tMemory Size: 256 MB\tMax Memory Used: 201 MB\t": (0, "", _TOOK),
}  # fmt: skip


def outline(row: dict[str, Any]) -> tuple[int, str, str]:
    """The level, the status and the duration of an event; `info`, as consoles put where they know none, is none."""
    attributes = dict(row["LogAttributes"])
    level = row["SeverityNumber"]
    return (
        0 if level == 9 else level,
        attributes.get("http.response.status_code", ""),
        attributes.get("lg.duration_ns", ""),
    )
