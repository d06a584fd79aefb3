"""Review in words."""

from datetime import timedelta

from lastgood.model.review import Confidence, Question, Reviewed
from lastgood.surfaces.review import answer_text, next_text, question_document, question_text, summary_text
from records import START

ASKED = Question("method:x", ("38 % fail",), "Roll back?", ("Yes.",))


def test_the_answer_comes_after_the_question() -> None:
    """It is neither in the text nor in the document before."""
    assert "38 % fail" in question_text(ASKED)
    assert "Yes." not in question_text(ASKED)
    assert "Yes." in answer_text(ASKED)
    assert "answer" not in question_document(ASKED, answer=False)
    assert ["Yes."] == question_document(ASKED, answer=True)["answer"]


def test_when_it_comes_back() -> None:
    """After how long, and when."""
    text = next_text(Reviewed("x", START, Confidence.GOOD, START + timedelta(days=2)))

    assert "comes back in 2 d, 2026-11-24 14:45 UTC" in text
    assert "3 questions of 9 due, the next one comes back 2026-11-22" in summary_text(
        {"due": 3, "questions": 9, "next_due": START}
    )
    assert summary_text({"due": 1, "questions": 9, "next_due": None}).endswith("due\n")
