"""Ask: one question by its name, with those it builds on."""

from dataclasses import dataclass
from datetime import datetime

from lastgood.errors import UsageError, instead
from lastgood.inspections._registry import inspections
from lastgood.model.answers import Answer
from lastgood.model.finding import Finding
from lastgood.model.scope import Scope
from lastgood.model.window import Comparison, Window
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be asked."""

    name: str
    question: str
    stage: str
    needs: tuple[str, ...]
    manual: str


def questions() -> tuple[Question, ...]:
    """Every question, in the order of the method."""
    return tuple(
        Question(i.name, i.question, i.stage.name.lower(), tuple(sorted(i.needs)), i.manual)
        for i in inspections()
    )


def ask(  # noqa: PLR0913 - of a case each has a default
    store: Store,
    name: str,
    *,
    now: datetime,
    window: Window | None = None,
    comparison: Comparison | None = None,
    scope: Scope = Scope(),  # noqa: B008 - frozen, so shared safely
    handed: tuple[Answer, ...] = (),
) -> tuple[Finding, ...]:
    """The findings of one question.

    Raises:
        UsageError: there is no such question.
        NoDataError: the store holds no telemetry at all.
    """
    question_named(name)
    _, findings = investigate(
        store, now=now, window=window, comparison=comparison, scope=scope, only=name, handed=handed
    )
    return tuple(finding for finding in findings if finding.name == name)


def question_named(name: str) -> Question:
    """The question with a name.

    Raises:
        UsageError: there is none.
    """
    every = {question.name: question for question in questions()}
    if name in every:
        return every[name]
    raise UsageError(f"There is no question {name!r}.", hint=instead(name, every))
