"""Evidence as it is kept: values as JSON has them, and no more rows than were promised."""

from pathlib import Path

import pyarrow as pa

from lastgood.model.evidence import Provenance
from lastgood.telemetry.reader import Rows
from lastgood.workbench.evidence import MOST_ROWS, all_saved, frozen, kept
from rooms import room_in


def rows(table: pa.Table) -> Rows:
    """Rows that a query gave."""
    return Rows(table, Provenance("SELECT 1", {"services": ("a", "b")}, None, len(table), 0.1))


def test_rows_come_back_as_json_has_them(tmp_path: Path) -> None:
    """What is no number is null, bytes are text, maps are objects."""
    table = pa.table(
        {
            "share": [float("nan")],
            "body": [b"\xff"],
            "tags": pa.array([[("a", "b")]], pa.map_(pa.string(), pa.string())),
        }
    )
    with room_in(tmp_path) as room:
        entry = room.append(frozen(room.record, rows(table), "claim", "question?"))
        found = kept(room, entry.sequence)

    assert (("share", "body", "tags"), ((None, "\ufffd", {"a": "b"}),)) == (found.columns, found.rows)
    assert {"services": ["a", "b"]} == found.frozen.parameters


def test_more_rows_than_are_kept_are_said_to_be_cut_off(tmp_path: Path) -> None:
    """The number of all is on the record."""
    with room_in(tmp_path) as room:
        entry = room.append(frozen(room.record, rows(pa.table({"n": range(MOST_ROWS + 1)})), "c", "q"))
        found = kept(room, entry.sequence)

    assert (MOST_ROWS, MOST_ROWS + 1, True) == (len(found.rows), found.frozen.rows, found.frozen.cut_off)


def test_every_piece_is_given_in_the_order_of_the_record(tmp_path: Path) -> None:
    """With its rows."""
    with room_in(tmp_path) as room:
        for number in (1, 2):
            room.append(frozen(room.record, rows(pa.table({"n": [number]})), "claim", "question?"))

        assert [(2, ((1,),)), (3, ((2,),))] == [(one.entry.sequence, one.rows) for one in all_saved(room)]


def test_a_parameter_of_more_than_64_bits_is_kept(tmp_path: Path) -> None:
    """As a reader of JSON has it."""
    asked = Rows(pa.table({"n": [1]}), Provenance("SELECT 1", {"most": 2**64}, None, 1, 0.1))
    with room_in(tmp_path) as room:
        entry = room.append(frozen(room.record, asked, "claim", "question?"))

        assert {"most": 2.0**64} == kept(room, entry.sequence).frozen.parameters
