"""Review in words: a question with its evidence, its answer, and when it comes back."""

from datetime import datetime
from typing import Any

from lastgood.model import figures
from lastgood.model.review import Confidence, Question, Reviewed
from lastgood.surfaces.wording import PLAIN

RATING_NAMES = tuple((one.value, one.name.lower()) for one in Confidence)
RATINGS = ", ".join(f"{value} {name}" for value, name in RATING_NAMES)


def question_text(question: Question) -> str:
    """The evidence as it was, and what is asked."""
    lines = [f"[{question.key}]", *(f"  {line}" for line in question.evidence), "", question.ask]
    return "".join(f"{line}\n" for line in lines).translate(PLAIN)


def answer_text(question: Question) -> str:
    """What happened, or what the method says."""
    return "".join(f"  {line}\n" for line in question.answer).translate(PLAIN)


def next_text(reviewed: Reviewed) -> str:
    """When it comes back."""
    after = figures.duration((reviewed.due - reviewed.at).total_seconds())
    return f"comes back in {after}, {reviewed.due:%Y-%m-%d %H:%M} UTC\n".translate(PLAIN)


def summary_text(summary: dict[str, Any]) -> str:
    """How many are due."""
    later = summary["next_due"]
    coming = f", the next one comes back {later:%Y-%m-%d %H:%M} UTC" if isinstance(later, datetime) else ""
    return f"{figures.counted(summary['due'], 'question')} of {summary['questions']} due{coming}\n".translate(
        PLAIN
    )


def question_document(question: Question, *, answer: bool) -> dict[str, Any]:
    """The same as JSON values, with or without the answer."""
    shown = {"key": question.key, "evidence": list(question.evidence), "ask": question.ask}
    return {**shown, "answer": list(question.answer)} if answer else shown
