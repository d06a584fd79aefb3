"""A mapping is proposed that is valid, reads the file, and shows what stands in each column."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lastgood.decoding.input import Batch, Input, Settings
from lastgood.decoding.tables.mapping import read_mapping
from lastgood.decoding.tables.proposing import proposed
from lastgood.intake.mapped import claimed
from outcomes import NOW

GERMAN = (
    b"Zeitpunkt;Dienst;Stufe;Text\n22.11.2026 15:03:11;zahlung;FEHLER;Karte abgelehnt\n"
    b"22.11.2026 15:03:12;zahlung;INFO;Karte belastet\n"
)
TRACES = b"StartNano,TraceID,SpanID,ParentID,OperationName,PodName,DurationMicros\n1795358700000000000,9f2c,01ab,,GET /cart,cart,1500\n"
NUMBERS = b"When,cpu_busy,mem used\n2026-11-22T14:03:11Z,0.5,812\n2026-11-22T14:03:21Z,0.6,815\n"
NESTED = b'{"meta": {"n": 2}, "payload": [{"ereignis": {"zeit": "2026-11-22T14:03:11Z"}, "hinweis": "Karte abgelehnt"}]}'
TILLS = b"when;shop;what_happened;how_bad\n22.11.2026 14:03:00;berlin-alexanderplatz;till 7 is down;3\n"
CHANGES = b"datum|what|who|build\n2026-11-22 14:03|shop goes live|ann|2.4.1\n"


@pytest.mark.parametrize(
    ("name", "content", "table", "time", "reported"),
    [
        ("ereignisse.csv", GERMAN, "otel_logs", "2026-11-22T14:03:11+00:00", {"Body": "Karte abgelehnt"}),
        ("spans.csv", TRACES, "otel_traces", "2026-11-22T14:45:00+00:00", {"Duration": 1_500_000}),
        ("numbers.csv", NUMBERS, "otel_metrics_gauge", "2026-11-22T14:03:11+00:00", {"Value": 0.5}),
        ("nested.json", NESTED, "otel_logs", "2026-11-22T14:03:11+00:00", {"Body": "Karte abgelehnt"}),
        ("tills.csv", TILLS, "otel_logs", "2026-11-22T13:03:00+00:00", {"Body": "till 7 is down"}),
        ("changes.txt", CHANGES, "lg_changes", "2026-11-22T13:03:00+00:00", {"Version": "2.4.1"}),
    ],
)  # fmt: skip
def test_what_is_proposed_reads_the_file(
    tmp_path: Path, name: str, content: bytes, table: str, time: str, reported: dict[str, object]
) -> None:
    """Kind, time, texts and numbers are guessed from names and values."""
    given = Input(None, name, content)
    file = tmp_path / "proposed.toml"
    file.write_text(proposed([given]))
    found = claimed(read_mapping(file), given)
    assert found is not None
    source, claim = found

    items = list(source.decode(given, claim, Settings(NOW, ZoneInfo("Europe/Berlin"))))
    rows = [
        row
        for item in items
        if isinstance(item, Batch)
        for row in item.rows.to_pylist()
        if item.table.name == table
    ]

    assert time == rows[0].get("Timestamp", rows[0].get("TimeUnix")).isoformat()
    assert reported == {column: rows[0][column] for column in reported}


def test_samples_are_shown_and_nothing_can_leave_a_comment() -> None:
    """A value with a newline and quotes stays on its line."""
    text = proposed([Input(None, "a.csv", b'time,note,x\n2026-11-22T14:03:11Z,"evil\n[[file]]",1\n')])

    assert 1 == text.count("\n[[file]]\n")
    assert "evil" in text


def test_text_without_columns_has_no_mapping() -> None:
    """Nor has an empty file."""
    assert "" == proposed([Input(None, "a.txt", b"hello\nthere\n"), Input(None, "b.txt", b"")])
