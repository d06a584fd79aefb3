"""PostgreSQL's csvlog: the level of its column, the text over lines, and what is only like it."""

from datetime import UTC, datetime

from lastgood.decoding.input import Batch, Input, Settings, Tally
from lastgood.intake import database_csv

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
LINE = (
    '2026-11-22 08:11:40.123 CET,"app","shop",11,"10.0.0.4:511",6911.b,1,"SELECT",2026-11-22 07:01:40 CET,"3/4",0,ERROR,42P01,'
    '"relation ""tills"" does not exist","look",,,,,"select 1\nfrom tills",15,,"orders-api","client backend",,0\n'
)


def test_a_record_is_one_event_with_what_belongs_to_it() -> None:
    """The time is the first, not the session's; the application is the client."""
    items = _read(LINE * 3)
    rows = [row for item in items if isinstance(item, Batch) for row in item.rows.to_pylist()]

    assert len(rows) == 3
    assert rows[0]["Timestamp"].to_pydatetime(warn=False).astimezone(UTC) == datetime(
        2026, 11, 22, 7, 11, 40, 123000, UTC
    )
    assert rows[0]["SeverityNumber"] == 17
    assert rows[0]["ServiceName"] == "postgresql"
    assert (
        rows[0]["Body"] == 'relation "tills" does not exist\nDETAIL:  look\nSTATEMENT:  select 1\nfrom tills'
    )
    attributes = dict(rows[0]["LogAttributes"])
    assert attributes["client.address"] == "10.0.0.4"
    assert attributes["client.name"] == "orders-api"
    assert attributes["db.namespace"] == "shop"
    assert sum(item.lines for item in items if isinstance(item, Tally)) == 6


def test_how_long_a_statement_took_is_in_its_message() -> None:
    """As log_min_duration_statement has it."""
    slow = LINE.replace('"relation ""tills"" does not exist"', '"duration: 5006.112 ms  statement: select 1"')
    rows = [row for item in _read(slow * 3) if isinstance(item, Batch) for row in item.rows.to_pylist()]

    assert ["5006112000"] * 3 == [dict(row["LogAttributes"])["lg.duration_ns"] for row in rows]


def test_a_level_in_another_column_is_none() -> None:
    """Some other table without a header is not PostgreSQL's."""
    assert database_csv.recognise(Input(None, "x.csv", LINE.replace("ERROR", "17").encode())) is None
    assert database_csv.recognise(Input(None, "x.csv", b"2026-11-22 08:11:40 CET,a,b\n")) is None


def _read(text: str) -> list[object]:
    given = Input(None, "postgresql.csv", text.encode())
    claim = database_csv.recognise(given)
    assert claim is not None
    return list(database_csv.decode(given, claim, Settings(NOW, UTC)))
