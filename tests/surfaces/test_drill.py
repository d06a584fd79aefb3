"""Drills in words."""

from dataclasses import replace

from lastgood.model.drill import Budget, BudgetUsed, Criterion, DrillScore, Played
from lastgood.surfaces.drill import chat_text, list_text, page_text, score_document, score_text
from lastgood.workbench.drill_list import drill_named, drills
from records import START

DRILL = drill_named("orders-fail")
SCORE = DrillScore(
    "orders-fail",
    (Criterion("severity", 0, 10, "SEV4", "SEV1 or SEV2"), Criterion("cause", 5, 5, "named", "x")),
)


def test_the_list_and_the_page() -> None:
    """A line for each; the page can be pasted into a shell."""
    page = page_text(DRILL, START, "chdb:///a b", "sqlite:///r", "/d")

    listed = list_text(drills(), {"orders-fail": Played(61.2, START)})

    assert len(drills()) == len(listed.splitlines())
    assert [line.split()[0] for line in listed.splitlines() if line.endswith("best 61 of 100")] == [
        "orders-fail"
    ]
    assert "export LASTGOOD_STORE='chdb:///a b'\n" in page
    assert all(line.startswith(("#", "export ")) for line in page.splitlines())
    assert "before each triage" in page
    assert "Scored: confirm, severity, first update" in page
    assert "14:47  support: " in chat_text(DRILL.chat, START)


def test_the_words_of_a_drill_of_others_are_no_lines_to_paste() -> None:
    """Neither its page nor its title ends the comment that it is in; chat lines are a line each."""
    ends = "it fails'\ntouch /tmp/it; '\r\n$(reboot)"
    theirs = replace(DRILL, title=ends, page=ends, chat=(replace(DRILL.chat[0], text=ends),))

    for page in (
        page_text(theirs, START, "s", "r", "/d"),
        page_text(theirs, START, "s", "r", "/d", team=True),
    ):
        assert all(line.startswith(("#", "export LASTGOOD_")) for line in page.splitlines())
    assert 1 == len(chat_text(theirs.chat, START).splitlines())
    assert 1 == len(list_text((theirs,), {}).splitlines())


def test_the_score_shows_a_good_run_beside_it() -> None:
    """For each part that lost points; then the truth; programs get the same."""
    text = score_text(SCORE, DRILL)
    document = score_document(SCORE, DRILL)

    for words in ("SCORE 33 of 100", "good: SEV1 or SEV2", "TRUTH     checkout v42", "A GOOD RUN", "5 min"):
        assert words in text
    assert "good: x" not in text
    assert "BUDGET" not in text
    assert document["budget"] is None
    assert [0, 5] == [part["points"] for part in document["parts"]]
    assert document["good_run"][0]["by_minutes"] == 2


def test_a_budget_is_in_the_page_and_in_the_score() -> None:
    """Where the drill has one."""
    score = replace(SCORE, used=BudgetUsed(Budget(30), 15))

    assert "# Budget: users give up after 30 min." in page_text(DRILL, START, "s", "r", "/d")
    assert "# Budget" not in page_text(drill_named("vouchers"), START, "s", "r", "/d")
    assert "BUDGET    15 min of 30 min used (50 %)" in score_text(score, DRILL)
    assert 15 == score_document(score, DRILL)["budget"]["minutes_used"]
