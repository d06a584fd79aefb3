"""The trend of readiness in words, as values and on a page."""

from dataclasses import replace
from datetime import timedelta

from lastgood.model.readiness import KeptGap, Measured, Piece, kept_run
from lastgood.surfaces.charts import Chart
from lastgood.surfaces.postmortem.document import Grid
from lastgood.surfaces.readiness_trend import NONE_KEPT, trend_blocks, trend_document, trend_text
from model.test_readiness import START, of

FIRST = kept_run(of(Measured(Piece.USERS, 1, 10, "web"), Measured(Piece.TRACES, 0, 3, "web", "mail")), START)
LAST = replace(
    FIRST, at=START + timedelta(days=7), score=70.0, parts={Piece.USERS: 0.9, Piece.TRACES: 0.0},
    gaps=(KeptGap(Piece.TRACES, "web", "mail"), KeptGap(Piece.DEPLOYS, "", "")),
)  # fmt: skip


def test_each_run_has_its_parts_and_what_changed_is_named() -> None:
    """Closed and new gaps of the last two runs."""
    text = trend_text((FIRST, LAST)).replace("\u00a0", " ").replace("\u202f", " ")

    assert "2026-11-20 10:00" in text
    assert " 70 of 100  2 gaps" in text
    assert "traces 0 %, users 90 %" in text or "users 90 %, traces 0 %" in text
    assert "Closed since the run before: users of web." in text
    assert "New since the run before: deploys." in text


def test_scores_over_other_pieces_are_not_compared() -> None:
    """It is said which piece only one of them measured."""
    other = replace(LAST, parts={**LAST.parts, Piece.METRICS: 1.0})

    assert "not comparable: only one of the two runs measured metrics" in trend_text((FIRST, other))
    assert "not comparable" not in trend_text((FIRST, LAST))


def test_a_name_of_the_telemetry_steers_no_terminal() -> None:
    """Neither does it end the line."""
    hostile = replace(LAST, gaps=(KeptGap(Piece.USERS, "\x1b[2Jweb\nNew since the run before: none", ""),))
    text = trend_text((FIRST, hostile))

    assert "\x1b" not in text
    assert "web New since the run before: none" in text


def test_nothing_kept_says_how() -> None:
    """In each format."""
    assert NONE_KEPT in trend_text(())
    assert [] == trend_document(())["runs"]
    assert 1 == len(list(trend_blocks(())))


def test_a_page_draws_the_score_and_what_moved() -> None:
    """A part that stayed is in the table only; one run alone has no line."""
    blocks = list(trend_blocks((FIRST, LAST)))
    charts = [one.title for one in blocks if isinstance(one, Chart)]

    assert ["Readiness score", "Users, % there"] == charts
    grid = next(one for one in blocks if isinstance(one, Grid))
    assert (
        "UTC",
        "Score",
        "Gaps",
        "Services",
        "users",
    ) == grid.columns  # traces stayed: all of them fit no page
    assert all(len(row) == len(grid.columns) for row in grid.rows)
    assert not [one for one in trend_blocks((FIRST,)) if isinstance(one, Chart)]


def test_values_are_whole() -> None:
    """For programs."""
    run = trend_document((FIRST,))["runs"][0]

    assert {"users": 0.1, "traces": 0.0} == run["parts"]
    assert {"piece": "traces", "service": "web", "peer": "mail"} in run["gaps"]
