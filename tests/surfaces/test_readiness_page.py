"""Readiness as a page."""

from lastgood.model.readiness import Lacked, Measured, Piece, Readiness
from lastgood.surfaces.postmortem.document import Grid
from lastgood.surfaces.readiness import cost_line
from lastgood.surfaces.readiness_page import readiness_html, readiness_paper
from model.test_readiness import HOUR

USERS = Measured(Piece.USERS, 40, 1000, "checkout")
FOUND = Readiness(
    HOUR, (USERS, Measured(Piece.DEPLOYS, 0, 1), Measured(Piece.SPANS, 1, 1, "<b>mail")), {"checkout": "java"}
)
PAST = (Lacked(3, ("checkout",), (Piece.USERS,), 1440.0), Lacked(4, ("mail",), (Piece.LEVELS,), None))


def test_each_gap_has_its_effort_its_fix_and_what_it_cost() -> None:
    """At its service; every row as wide as its head."""
    paper = readiness_paper(FOUND, PAST, ())
    (row,) = next(
        block.rows
        for one in paper.chapters
        if one.title == "checkout"
        for block in one.blocks
        if isinstance(block, Grid)
    )

    assert "Who is affected?" == row[0]
    assert "Span.current().setAttribute" in row[4]
    assert ("minutes", "#3 (24\u00a0min)") == (row[3], row[5])
    assert [
        "Do first",
        "Parts of the score",
        "Deploys to production",
        "Over time",
        "Change feed",
        "<b>mail",
        "checkout",
    ] == [one.title for one in paper.chapters]
    for chapter in paper.chapters:
        assert all(
            len(line) == len(block.columns)
            for block in chapter.blocks
            if isinstance(block, Grid)
            for line in block.rows
        )


def test_the_page_needs_nothing_else_and_shows_names_as_text() -> None:
    """No script, no address."""
    page = readiness_html(FOUND, PAST, ())

    assert "how late they come is not known" in page

    assert "&lt;b&gt;mail" in page
    assert "<script" not in page
    assert "Every number is measured from the telemetry" in page


def test_an_incident_counts_where_it_lacked_this() -> None:
    """By service, but for users, which are named where requests enter; without services it counts everywhere."""
    unplaced = Lacked(5, (), (Piece.LEVELS,), None)

    assert "none" == cost_line([Measured(Piece.LEVELS, 0, 9, "checkout")], PAST)
    assert "#5 (time not known)" == cost_line([Measured(Piece.LEVELS, 0, 9, "checkout")], (unplaced,))
    assert "#3" in cost_line([Measured(Piece.USERS, 0, 9, "web")], PAST)
    assert cost_line([USERS], PAST * 6).endswith(", of 6")


def test_what_no_record_shows_is_not_known() -> None:
    """Rather than that it never happened."""
    assert "not known" == cost_line([Measured(Piece.INSTANCES, 0, 9, "checkout")], PAST)
    assert "none" == cost_line([Measured(Piece.VERSIONS, 0, 9, "checkout")], PAST)
