"""Chats as text."""

import pytest

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from outcomes import outcome

WHATSAPP = b"""22/11/2026, 13:50 - Messages and calls are end-to-end encrypted.
22/11/2026, 14:02 - Ann: rolled out pay 2.3.1
with the new fees
22/11/2026, 14:16 - Bo: should we roll back pay to 2.3.0?
22/11/2026, 14:40 - Ann: rolled back pay to 2.3.0
"""
PASTED = b"""Sunday, November 22nd, 2026
Ann  2:02 PM
ledger 5.0.3 is live
Bo  2:14 PM
seeing timeouts
"""


def test_every_message_is_a_line_and_work_is_a_change() -> None:
    """What follows a message belongs to it; what the program says is no message."""
    found = outcome(WHATSAPP, "WhatsApp Chat.txt")
    assert found.balanced
    assert ["rolled out pay 2.3.1\nwith the new fees", "should we roll back pay to 2.3.0?", "rolled back pay to 2.3.0"] == [
        row["Body"] for row in found.rows["otel_logs"]
    ]  # fmt: skip
    assert [("deploy", "pay", "2.3.1", "Ann"), ("deploy", "pay", "2.3.0", "Ann")] == [
        (row["Kind"], row["Service"], row["Version"], row["Actor"]) for row in found.rows["lg_changes"]
    ]


def test_a_zone_that_nobody_said_is_told_with_the_change() -> None:
    """Where a person says it, it holds."""
    (one, _) = outcome(WHATSAPP, "chat.txt").rows["lg_changes"]
    assert "not stated" in dict(one["Attributes"])["change.zone"]
    told = WHATSAPP.replace(b"with the new fees", b"(times here are CET)")
    (one, _) = outcome(told, "chat.txt").rows["lg_changes"]
    assert ("13:02", None) == (f"{one['Timestamp']:%H:%M}", dict(one["Attributes"]).get("change.zone"))


def test_a_name_may_stand_above_its_words() -> None:
    """As people paste it, under a heading with the day."""
    found = outcome(PASTED, "thread.txt")
    assert ["22 14:02"] == [f"{row['Timestamp']:%d %H:%M}" for row in found.rows["lg_changes"]]
    assert found.balanced


@pytest.mark.slow
def test_a_chat_of_years_is_read_whole() -> None:
    """However large it is."""
    days = [f"{day:02}/{month:02}/2026" for month in range(1, 11) for day in range(1, 29)] * 4
    found = outcome(b"".join(WHATSAPP.replace(b"22/11/2026", day.encode()) for day in days), "chat.txt")
    count = len(days)
    assert (True, 3 * count, 2 * count) == (
        found.balanced,
        len(found.rows["otel_logs"]),
        len(found.rows["lg_changes"]),
    )


def test_without_a_day_a_message_is_a_reject() -> None:
    """A time of day alone does not say when."""
    found = outcome(PASTED.partition(b"\n")[2], "thread.txt")
    assert (True, 2, {}) == (found.balanced, len(found.rejects), found.rows)


def test_a_name_may_be_parted_by_blanks_in_what_is_called_a_chat() -> None:
    """As people paste it, under a heading with the day."""
    text = (
        b"#hall-2 export 2026-11-22 (UTC)\n14:02 kim    player 4.2.1 deployed\n14:20 lee-o  hall 2 is black\n"
    )
    found = outcome(text, "export.txt")

    assert [("kim", "player 4.2.1 deployed"), ("lee-o", "hall 2 is black")] == [
        (dict(row["LogAttributes"])["user.name"], row["Body"]) for row in found.rows["otel_logs"]
    ]
    assert found.balanced


@pytest.mark.parametrize(
    "text",
    [
        b"[22/11/2026, 14:02:11] worker: restarted consumer\n[22/11/2026, 14:02:12] api: deployed template\n"
        * 4,
        b"[22/11/2026, 14:02] worker: restarted consumer\n[22/11/2026, 15:02] worker: restarted consumer\n",
        b"2026-11-22 14:00:11 cron: started\n2026-11-22 14:20:12 backup: started\n2026-11-22 15:00:11 cron: started\n",
        b"14:02 INFO: restarted\n14:40 WARN: slow\n",
        b"[2026-11-22 14:02:11] live.ERROR: no seat\n[2026-11-22 14:40:11] live.WARNING: slow\n" * 2,
        b"14:02 seats  restarted\n14:40 kiosk  restarted\n",
    ],
)
def test_a_log_is_no_chat(text: bytes) -> None:
    """Too dense, of one only, in a form that programs write, or with levels."""
    chosen = best_claim(Input(None, "worker.log", text))
    assert chosen is None or chosen[0].name != "transcripts"
