"""`lastgood review`: questions that come back at growing intervals."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from datetime import datetime

    from lastgood.workbench.review import Deck

Answer = Annotated[
    str,
    typer.Option(
        "--answer", metavar="KEY", help="Show the answer of this question; with --rating, record it."
    ),
]
Rating = Annotated[
    int | None, typer.Option(min=1, max=4, help="How well you knew it: 1 again, 2 hard, 3 good, 4 easy.")
]


def review(
    *,
    listed: Annotated[bool, typer.Option("--list", help="List the keys of all questions.")] = False,
    answer: Answer = "",
    rating: Rating = None,
    actor: _room.Actor = None,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Five minutes a day: evidence as it was, your decision, then what happened. Questions return by your confidence.

    Questions come from the method, the drills and the incidents of your record. Intervals follow FSRS.
    A review needs a terminal. In a script, use -o json for the question that is due, and --answer KEY --rating 3.

    Exit status: 0; 2 there is no terminal; 3 no question is due.
    """
    from lastgood.config import configured
    from lastgood.errors import UsageError
    from lastgood.model.clock import system_clock
    from lastgood.model.review import Confidence
    from lastgood.surfaces.review import RATINGS, answer_text, next_text, question_document, question_text
    from lastgood.workbench.review import deck, first_due, known

    config = configured()
    instant = given.now_of(now, config.zone)
    found = deck(config, system_clock, _room.named(actor))
    if listed:
        sys.stdout.write("".join(f"{key}\n" for key in found.questions))
    elif answer:
        question = known(found, answer)
        sys.stdout.write(answer_text(question))
        if rating:
            sys.stdout.write(next_text(found.answer(answer, Confidence(rating), instant)))
    elif output is Output.JSON:
        _room.write_json(question_document(first_due(found, instant), answer=False))
    elif sys.stdin.isatty() and sys.stdout.isatty():
        _asked(found, instant)
    else:
        question = first_due(found, instant)
        sys.stdout.write(question_text(question))
        sys.stdout.flush()
        show = f"lastgood review --answer {question.key}"
        raise UsageError(
            "A review needs a terminal, to type the answer in.",
            hint=f"To see the answer: {show}\nThen rate it: {show} --rating 3 ({RATINGS})",
        )


def _asked(found: "Deck", now: "datetime") -> None:
    """Ask a person, one question after the other."""
    from lastgood.model.review import Confidence
    from lastgood.surfaces.review import RATINGS, answer_text, next_text, question_text, summary_text
    from lastgood.workbench.review import A_DAY, first_due, summary

    first_due(found, now)
    for question in found.due(now)[:A_DAY]:
        sys.stdout.write(f"\n{question_text(question)}")
        typer.prompt("Your decision", default="", show_default=False)
        sys.stdout.write(f"\n{answer_text(question)}\n")
        rated = typer.prompt(RATINGS).strip()
        while rated not in {str(one.value) for one in Confidence}:
            rated = typer.prompt(f"Type 1, 2, 3 or 4 ({RATINGS})").strip()
        sys.stdout.write(next_text(found.answer(question.key, Confidence(int(rated)), now)))
    sys.stdout.write(summary_text(summary(found, now)))
