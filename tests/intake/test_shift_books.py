"""Shift books and hand-over notes."""

import pytest

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from outcomes import outcome

BOOK = """Schichtbuch Leitstand

Nacht 21.11.2026
21:50 Übernahme, alles ruhig
22:15 lagerdb neu gestartet
00:40 etikett 3.2.1 eingespielt (Ann)
   ohne Fehler
05:30 geplant: Neustart der Historian-DB
""".encode()
TABLE = b"""# Night shift, 22 Nov 2026

| time | who | entry |
|---|---|---|
| 04:30 | Ann | all quiet |
| 05:08 | Bo | crew-app 26.2.3 rolling |
"""


def test_every_entry_is_a_line_and_work_is_a_change() -> None:
    """Past midnight it is the next day; a plan and what was seen are no changes."""
    found = outcome(BOOK, "Schichtbuch.txt")
    assert found.balanced
    assert 4 == len(found.rows["otel_logs"])
    assert [("21 22:15", "lagerdb", ""), ("22 00:40", "etikett", "3.2.1")] == [
        (f"{row['Timestamp']:%d %H:%M}", row["Service"], row["Version"]) for row in found.rows["lg_changes"]
    ]
    assert "Ann" == found.rows["lg_changes"][1]["Actor"]


def test_a_book_may_be_a_table() -> None:
    """Who wrote it stands beside the time."""
    found = outcome(TABLE, "night-shift-book.md")
    (one,) = found.rows["lg_changes"]
    assert ("22 05:08", "crew-app", "26.2.3", "Bo") == (f"{one['Timestamp']:%d %H:%M}", one["Service"], one["Version"], one["Actor"])  # fmt: skip
    assert found.balanced


def test_without_a_day_an_entry_is_a_reject() -> None:
    """A time of day alone does not say when."""
    found = outcome(b"Hand-over\n21:04 fare-api 8.1 deployed\n22:47 quiet\n", "handover.txt")
    assert (True, 2, {}) == (found.balanced, len(found.rejects), found.rows)


@pytest.mark.parametrize(
    "text",
    [
        b"Nov 22 14:00:01 a CRON[12]: (root) CMD (/opt/restart.sh)\nNov 22 14:15:01 a CRON[13]: (root) CMD (/opt/restart.sh)\n",
        b"14:00 INFO shift service restarted\n15:00 INFO shift service restarted\n",
        b"# Runbook shift handover\n\n1. 08:00 take over\n2. 12:00 restart the exporter\n",
    ],
)
def test_a_log_and_a_runbook_are_no_book(text: bytes) -> None:
    """Whatever the file is called."""
    chosen = best_claim(Input(None, "shift.log", text))
    assert chosen is None or "lg_changes" not in outcome(text, "shift.log").rows
