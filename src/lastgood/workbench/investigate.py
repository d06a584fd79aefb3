"""Investigate: run questions over one store, each after those whose answers it uses."""

from dataclasses import replace
from datetime import datetime

from lastgood.inspections._registry import Inspection
from lastgood.model.answers import Answer
from lastgood.model.finding import Finding, Verdict
from lastgood.model.scope import Scope
from lastgood.model.signal import Holdings
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.telemetry.reader import Reader
from lastgood.telemetry.recent import recent_window
from lastgood.telemetry.samples import samples
from lastgood.workbench.asking import Asking
from lastgood.workbench.budget import Deadline, TimeBudget
from lastgood.workbench.known import check_services
from lastgood.workbench.question_order import ordered, wanted
from lastgood.workbench.questions_running import answered, put_to
from lastgood.workbench.store import Store
from lastgood.workbench.windows import cut, cut_comparison, cut_note, held_window


def investigate(  # noqa: PLR0913 - of a case each has a default
    store: Store,
    *,
    now: datetime,
    window: Window | None = None,
    comparison: Comparison | None = None,
    scope: Scope = Scope(),  # noqa: B008 - frozen, so shared safely
    only: str | None = None,
    handed: tuple[Answer, ...] = (),
) -> tuple[Case, tuple[Finding, ...]]:
    """The case as it ended and every finding, in the order of the method.

    `only` names one question; those it builds on are asked as well. `handed` is what only whoever asks can tell it. A question that is not finished within the
    store's budget is left, with a finding that says so, and the others do without its answer.

    Raises:
        NoDataError: the store holds no telemetry at all, or none of the window.
        UsageError: there is nothing of a service in the scope.
    """
    with samples(store.engine) as kept:
        holdings, reader = store.survey(kept)
        held = held_window(holdings)
        check_services(scope.services, holdings)
        asking = Asking(reader)
        compared = comparison and cut_comparison(comparison, held, now)
        asked = window or (comparison.hull if comparison else None)
        if not asked:
            held = _until(now, recent_window(reader, held))
        whole = compared.hull if compared else cut(window, held, now) if window else held
        case = Case(
            whole, compared, scope, holdings, now, asking.within(None), {type(one): one for one in handed}
        )
        case, found = answered(ordered(wanted(only)), case, asking, store)
        said = cut_note(asked, whole) if asked else ""
        return case, tuple(replace(one, limits=(*one.limits, said)) for one in found) if said else found


def case_about(
    reader: Reader, holdings: Holdings, comparison: Comparison, now: datetime, *handed: Answer
) -> Case:
    """A case for a question about an action, which is given what only whoever asks knows."""
    case = case_of(reader, holdings, comparison.hull, now, Scope(), *handed)
    return replace(case, comparison=comparison)


def case_of(
    reader: Reader, holdings: Holdings, window: Window, now: datetime, scope: Scope, *handed: Answer
) -> Case:
    """The same for a question about one stretch of time."""
    answers = {type(one): one for one in handed}
    deadline = Deadline.after(TimeBudget().question)
    ask = Asking(reader).within(deadline)
    return Case(window, None, scope, holdings, now, ask, answers, deadline.check)


def answer(question: Inspection, case: Case) -> list[Finding]:
    """The findings of one question about a case of its own; unknown where it fails or its time is over."""
    found: list[Finding] = []
    put_to(question, case, found)
    return found or [question.signed(Finding(Verdict.UNKNOWN, "it found nothing to answer"))]


def _until(now: datetime, held: Window) -> Window:
    """The window of all data, without what claims to be later than now: a clock is wrong there."""
    return Window(held.start, now) if held.start < now < held.end else held
