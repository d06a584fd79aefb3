"""The score of a drill on paper."""

from dataclasses import replace

from lastgood.model.drill import Budget, BudgetUsed, Criterion, DrillScore, GoodStep, Member
from lastgood.model.entry import Entry, Noted
from lastgood.model.team import TeamRole
from lastgood.surfaces.drill_paper import drill_paper
from lastgood.surfaces.postmortem.document import Grid, Paragraph
from lastgood.workbench.drill_list import drill_named
from records import START

NOTE = Entry(1, 2, "ana", START, START, Noted("v42 is suspected"), "", "")
FOUND = DrillScore(
    "orders-fail", (Criterion("cause", 5, 10, "not named", "checkout v42"),),
    (
        Member("ana", TeamRole.LEAD, ((3.2, NOTE),), (GoodStep(2, "Acknowledge it."),)),
        Member("bo", TeamRole.COMMUNICATIONS, (), (GoodStep(5, "Inform."),)),
    ),
)  # fmt: skip


def test_each_role_sees_its_own_run() -> None:
    """Points with both runs side by side; the truth; what each did above what a good one does."""
    paper = drill_paper(FOUND, drill_named("orders-fail"))
    points, truth, ana, bo = paper.chapters
    spent = drill_paper(replace(FOUND, used=BudgetUsed(Budget(30), 12)), drill_named("orders-fail")).facts

    assert ("Budget", "12\u00a0min of 30\u00a0min used (40\u00a0%)") == spent[-1]

    assert "Score 50 of 100" == paper.title
    assert isinstance(points.blocks[0], Grid)
    assert (("cause", "5/10", "not named", "checkout v42"),) == points.blocks[0].rows
    assert isinstance(truth.blocks[0], Paragraph)
    assert "ana: lead" == ana.title
    assert [
        Grid(("minute", "what ana did"), (("3", "v42 is suspected"),)),
        Grid(("minute", "a good run of lead"), (("2", "Acknowledge it."),)),
    ] == [*ana.blocks]
    assert Paragraph("bo recorded nothing.") == bo.blocks[0]
