"""The page of a month."""

from dataclasses import replace

from lastgood.algorithms.trend import Trend
from lastgood.model.learning import Month, MonthIncident, Recurring, Undone
from lastgood.model.timeline import Lapse
from lastgood.surfaces.learning_page import learning_html, learning_paper
from lastgood.surfaces.postmortem.document import Grid
from lastgood.surfaces.postmortem.markdown import postmortem_markdown
from lastgood.workbench.track_record import Group, Spread
from surfaces.test_learning import ALONE, FOUND, track

MONTH = Month(
    "2026-11",
    (
        MonthIncident(7, "Pay <b>fails</b>", "SEV2", "payments", "bad_deploy", "", confirmed=True, over=True, detect=120.0, mitigate=None, fixed_by=("rollback payments",)),
        MonthIncident(8, "Slow", "", "", "", "SlowPay", confirmed=False, over=True, detect=None, mitigate=None, fixed_by=()),
    ),
    (Recurring("payments", "bad_deploy", (3, 7)),), (3, 7), tuple(Undone(number, "3.9", "Add a canary", "prevent", 3) for number in (7, 9)),
)  # fmt: skip


def test_each_part_is_there_and_its_tables_are_whole() -> None:
    """As Markdown; every row as wide as its head."""
    paper = learning_paper(MONTH, FOUND, track(Trend(-300.0, 0.01, -600.0, 30.0)))
    text = postmortem_markdown(paper).replace("\u00a0", " ")

    for words in (
        "| #7 | Pay", "rollback payments", "#8 Slow: no impact was confirmed; first alert SlowPay", "2 of 3 measured actions",
        "| payments | bad deploy | 2 | #3, #7 |", "-5 min", "-10 min to +30 s", "3.9 Add a canary | would prevent it | #3 | #7, #9",
    ):  # fmt: skip
        assert words in text.replace("\\", "")
    for chapter in paper.chapters:
        assert all(
            len(row) == len(block.columns)
            for block in chapter.blocks
            if isinstance(block, Grid)
            for row in block.rows
        )


def test_the_page_needs_nothing_else_and_shows_words_as_words() -> None:
    """Also without a trend and without an incident."""
    page = learning_html(MONTH, FOUND, track(None))
    empty = learning_html(Month("2026-10", (), (), (), ()), FOUND, track(None))

    assert "Pay &lt;b&gt;fails" in page
    assert "<script" not in page
    assert "http://" not in page
    assert "a trend takes ten" in page
    assert "No incident was opened" in empty


def test_the_page_of_one_incident_shows_it() -> None:
    """Also in a month without one; no median and no share is drawn from it."""
    alone = Group("all", 1, (Spread(Lapse.TTM, 1, 600.0, 600.0, 600.0, None),))
    months = (replace(alone, name="2026-10"),)
    text = learning_html(
        Month("2026-10", (), (), (), ()), ALONE, replace(track(None), whole=alone, months=months)
    )

    assert "Small sample" in text
    assert "rollback payments" in text
    assert "Alert per issuer (open)" in text
    assert "too few for a share" in text
    assert "10\u00a0min" not in text
