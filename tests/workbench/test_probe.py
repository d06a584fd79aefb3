"""A probe and its entry. What it finds: outside/test_probe."""

from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.workbench.evidence import kept
from lastgood.workbench.probe import COLUMNS, Asked, Limits, probe, rows
from records import START
from rooms import room_in
from sites import OK, says, site


def test_what_was_seen_is_on_the_record(tmp_path: Path) -> None:
    """A row for each address; the claim is the verdict."""
    with site(says(OK)) as port, room_in(tmp_path) as room:
        report, entry = probe(Asked(f"http://127.0.0.1:{port}/"), Limits(allow_private=True), START, room)
        assert entry
        found = kept(room, entry.sequence)

    assert COLUMNS == found.columns
    assert [("127.0.0.1", 200)] == [(row[0], row[4]) for row in found.rows]
    assert "no fault seen" in found.frozen.claim
    assert 1 == len(rows(report))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Before anything is asked."""
    with pytest.raises(UsageError, match="There is no file"):
        probe(Asked("https://127.0.0.1/"), Limits(ca_file=tmp_path / "x.pem"), START)


def test_the_origin_is_asked_for_the_same_and_compared(tmp_path: Path) -> None:
    """A row of its own; a private one has to be allowed."""
    refused = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    with site(says(refused)) as port, site(says(OK)) as behind, room_in(tmp_path) as room:
        asked = Asked(f"http://127.0.0.1:{port}/", origin=f"127.0.0.1:{behind}")
        report, entry = probe(asked, Limits(allow_private=True), START, room)
        with pytest.raises(UsageError, match="private"):
            probe(
                Asked("http://192.0.2.1/", addresses=("8.8.8.8",), origin="10.0.0.1"),
                Limits(step_seconds=0.2),
                START,
            )

    assert "the edge answers with status 403, the origin with 200" == report.because
    assert entry
    assert [("127.0.0.1", 403), ("origin 127.0.0.1", 200)] == [(row[0], row[4]) for row in rows(report)]
