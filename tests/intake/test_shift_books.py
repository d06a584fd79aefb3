"""Shift books and hand-over notes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from lastgood.model.window import Window
from outcomes import SETTINGS, outcome

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


NOTES = b"""21:50 (kim) screens in hall 2 are black
21:58 (lee) from the player:
    $ curl -m 5 -s http://signs.example/v1 -o /dev/null
    rc=28 ERROR timeout
    $ ip route get 192.0.2.7 src=192.0.2.9
    cost=7
    proto=static
00:10 (kim) player 4.2.1 deployed
"""


def test_a_pasted_session_below_an_entry_belongs_to_it() -> None:
    """It is indented, and may look like a log; who wrote the entry stands in front."""
    telemetry = Window(datetime(2026, 11, 21, 20, tzinfo=UTC), datetime(2026, 11, 22, 2, tzinfo=UTC))
    found = outcome(NOTES, "shift-notes.txt", settings=replace(SETTINGS, telemetry=telemetry))
    rows = found.rows["otel_logs"]

    assert ["21 21:50", "21 21:58", "22 00:10"] == [f"{row['Timestamp']:%d %H:%M}" for row in rows]
    assert ["kim", "lee", "kim"] == [dict(row["LogAttributes"])["user.name"] for row in rows]
    assert "from the player:" == rows[1]["Body"].splitlines()[0]
    assert "    proto=static" == rows[1]["Body"].splitlines()[-1]
    assert "screens in hall 2 are black" == rows[0]["Body"]
    assert [("4.2.1", "kim")] == [(row["Version"], row["Actor"]) for row in found.rows["lg_changes"]]
    assert found.balanced


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
