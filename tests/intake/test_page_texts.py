"""Notes of what a pager showed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lastgood.decoding.input import Input
from lastgood.intake import page_texts
from lastgood.model.window import Window
from outcomes import SETTINGS, outcome

TELEMETRY = Window(datetime(2026, 11, 21, 20, tzinfo=UTC), datetime(2026, 11, 22, 14, 30, tzinfo=UTC))
LATE = replace(SETTINGS, telemetry=TELEMETRY)


@pytest.mark.parametrize(
    ("text", "name", "time"),
    [
        (
            "FIRING (2026-11-22 14:41 CET) SlowSeats: p95 over 2 s for 5 min\n",
            "SlowSeats: p95 over 2 s for 5 min",
            "22 13:41",
        ),
        (
            "FIRING QueueDepth queue=prints since 2026-11-22 08:41 EST\n",
            "QueueDepth queue=prints",
            "22 13:41",
        ),
        (
            'Pager P1 08:41 EST 2026-11-22  "seats fail"  note: hall 2 too\nand hall 3\n',
            "seats fail",
            "22 13:41",
        ),
        ("PAGE 14:41 CET  CRITICAL  hall 2 is dark\n", "CRITICAL  hall 2 is dark", "22 13:41"),
        ("RESOLVED 23:41 CET hall 2 is dark\n", "hall 2 is dark", "21 22:41"),
    ],
)
def test_a_note_of_a_page_is_an_alert(text: str, name: str, time: str) -> None:
    """At its only time, whatever stands around it; a time of day alone is the last that telemetry covers."""
    found = outcome(text.encode(), "page.txt", settings=LATE)
    (row,) = found.rows["lg_alerts"]

    assert (" ".join(name.split()), time) == (row["Name"], f"{row['Timestamp']:%d %H:%M}")
    assert ("resolved" if "RESOLVED" in text else "firing") == row["State"]
    assert " ".join(text.split()) == row["Summary"]
    assert found.balanced


def test_each_line_of_a_list_of_pages_is_an_alert() -> None:
    """It begins with its time and states how severe it is."""
    text = b"2026-11-22 14:31 CET  [P2] seats: no answer\n2026-11-22 14:33 CET  [P3] halls: 38x the errors\n"
    found = outcome(text, "pages.txt")

    assert [("[P2] seats: no answer", "p2"), ("[P3] halls: 38x the errors", "p3")] == [
        (row["Name"], row["Severity"]) for row in found.rows["lg_alerts"]
    ]
    assert found.balanced


def test_without_a_day_a_page_is_a_reject() -> None:
    """Nothing is guessed."""
    found = outcome(b"PAGE 14:41 CET hall 2 is dark\n", "page.txt")

    assert (1, {}) == (len(found.rejects), found.rows)
    assert found.balanced


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.txt", b"FIRING 2026-11-22 14:41 CET SlowSeats\n"),
        ("alerts.log", b"2026-11-22 14:41 SlowSeats\n2026-11-22 14:50 SlowSeats\n"),
        ("alert-manual.txt", b"If SlowSeats fires, restart.\n"),
        ("alerts.json", b'{"at": "2026-11-22 14:41"}\n'),
        ("alert.txt", b"ratio 10:20 OUT of range\n"),
    ],
)
def test_other_texts_are_none(name: str, text: bytes) -> None:
    """Not called so, a list, without a time, JSON, and what only looks like a time of day."""
    assert page_texts.recognise(Input(None, name, text)) is None
