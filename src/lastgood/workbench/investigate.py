"""Investigate: run questions over one store, each after those whose answers it uses."""

from collections.abc import Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Thread
from typing import Any

from lastgood.errors import OutOfTimeError
from lastgood.inspections._registry import Inspection, inspections
from lastgood.model.answers import Answer, Onset
from lastgood.model.finding import Finding, Verdict
from lastgood.model.scope import Scope
from lastgood.model.signal import Holdings
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Ask, Case
from lastgood.telemetry.once import Once
from lastgood.telemetry.reader import Reader, Rows
from lastgood.telemetry.recent import recent_window
from lastgood.telemetry.samples import samples
from lastgood.workbench.budget import Deadline, TimeBudget
from lastgood.workbench.known import check_services
from lastgood.workbench.store import Store
from lastgood.workbench.windows import cut, cut_comparison, cut_note, held_window

QUESTIONS_AT_ONCE = (
    3  # questions: each has stretches that keep one core busy in the engine, and others in Python
)
TRIES = (
    2  # of a query whose time is over while its question's is not: it may have waited for another question's
)
LOOK_SECONDS = 0.5  # after which it is seen that a person stopped the whole
MOST_KEPT = 4_000_000  # bytes of an answer that the next question may ask for again


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
        asking = _Asking(reader)
        compared = comparison and cut_comparison(comparison, held, now)
        asked = window or (comparison.hull if comparison else None)
        if not asked:
            held = _until(now, recent_window(reader, held))
        whole = compared.hull if compared else cut(window, held, now) if window else held
        case = Case(
            whole, compared, scope, holdings, now, asking.within(None), {type(one): one for one in handed}
        )
        case, found = _answered(_ordered(_wanted(only)), case, asking, store)
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
    ask = _Asking(reader).within(deadline)
    return Case(window, None, scope, holdings, now, ask, answers, deadline.check)


def answer(question: Inspection, case: Case) -> list[Finding]:
    """The findings of one question about a case of its own; unknown where it fails or its time is over."""
    found: list[Finding] = []
    _ask(question, case, found)
    return found or [question.signed(Finding(Verdict.UNKNOWN, "it found nothing to answer"))]


def _until(now: datetime, held: Window) -> Window:
    """The window of all data, without what claims to be later than now: a clock is wrong there."""
    return Window(held.start, now) if held.start < now < held.end else held


@dataclass(slots=True)
class _Running:
    """A question that is being asked, with what it has found so far."""

    question: Inspection
    deadline: Deadline
    found: list[Finding] = field(default_factory=list)
    ended: Future[None] = field(default_factory=Future)

    def start(self, case: Case) -> None:
        """Ask it on a thread that holds no one up: at the end of the process it may be left where it is."""

        def run() -> None:
            _ask(self.question, case, self.found, self.deadline.seconds)
            self.ended.set_result(None)

        Thread(target=run, name=f"lastgood-question-{self.question.name}", daemon=True).start()

    def findings(self) -> list[Finding]:
        """What it found; with a word on it where it has not ended."""
        found = list(self.found)
        return found if self.ended.done() else [*found, _unfinished(self.question, self.deadline.seconds)]


def _answered(
    questions: list[Inspection],
    case: Case,
    asking: "_Asking",
    store: Store,
) -> tuple[Case, tuple[Finding, ...]]:
    """The findings of questions, each asked as soon as those that it builds on are answered, or out of time.

    A question sees the answers that it names and no others, so the order of ending changes nothing.
    """
    budget, cancel = store.budget, store.engine.cancel
    given = {question.gives for question in questions}
    found: dict[str, list[Finding]] = {}
    waiting, running, left = list(questions), list[_Running](), False
    whole = Deadline.after(budget.whole, stop=budget.stop)
    while waiting or running:
        open_kinds = {q.gives for q in (*waiting, *(one.question for one in running))} & given
        ready = [q for q in waiting if not _builds_on(q) & open_kinds]
        for question in ready[: QUESTIONS_AT_ONCE - len(running)]:
            waiting.remove(question)
            running.append(_started(question, case, asking, budget, whole))
        try:
            left_over = min(one.deadline.left for one in running)
            wait([one.ended for one in running], min(left_over, LOOK_SECONDS), FIRST_COMPLETED)
        except KeyboardInterrupt:
            cancel()
            raise
        for one in [one for one in running if one.ended.done() or not one.deadline.left]:
            running.remove(one)
            left |= not one.ended.done()
            found[one.question.name] = one.findings()
            case = _with_answers(case, found[one.question.name])
            if store.progress is not None:
                store.progress(len(found), len(questions))
    if left:  # what it reads is about to go
        cancel()
    return case, tuple(finding for question in questions for finding in found[question.name])


def _started(
    question: Inspection, case: Case, asking: "_Asking", budget: TimeBudget, whole: Deadline
) -> _Running:
    deadline = Deadline.after(budget.of(question.name), latest=whole, stop=budget.stop)
    one = _Running(question, deadline)
    kinds = question.uses | ({question.handed} if question.handed else set())
    seen = {kind: case.answers[kind] for kind in kinds if kind in case.answers}
    one.start(replace(case, answers=seen, ask=asking.within(deadline), in_time=deadline.check))
    return one


def _unfinished(question: Inspection, seconds: float) -> Finding:
    why = f"not finished within {seconds:g} s: narrow the window with --since or --from, or raise --budget"
    return question.signed(Finding(Verdict.UNKNOWN, why))


def _builds_on(question: Inspection) -> set[type]:
    """The kinds of answer that must be there first; every question but the onset compares its windows."""
    return set(question.uses) | ({Onset} if question.gives is not Onset else set())


def _with_answers(case: Case, findings: list[Finding]) -> Case:
    for finding in findings:
        if finding.answer is not None:
            case = replace(case, answers={**case.answers, type(finding.answer): finding.answer})
            if isinstance(finding.answer, Onset):
                case = replace(case, comparison=finding.answer.comparison or case.comparison)
    return case


class _Asking:
    """Ways to ask that run each query once, also when two questions ask it at the same time."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        # Whoever waits for a large answer has it; it need not stay. Another question may have more time left.
        self._once = Once[Rows](keeps=lambda rows: rows.table.nbytes <= MOST_KEPT, forgets=OutOfTimeError)

    def within(self, deadline: Deadline | None) -> Ask:
        """The way to ask for a question that has until then."""

        def ask(
            sql: str,
            parameters: Mapping[str, Any],
            window: Window,
            comparison: Comparison | None,
            scope: Scope,
        ) -> Rows:
            tried = 0

            def read() -> Rows:
                nonlocal tried
                tried += 1
                left = deadline.left if deadline else None
                return self._reader.query(
                    sql, parameters, window, comparison=comparison, scope=scope, seconds=left
                )

            key = sql, repr((sorted(parameters.items()), window, comparison, scope))
            while True:
                if deadline:
                    deadline.check()
                try:
                    return self._once.of(key, read)
                except OutOfTimeError:  # its own time, or that of the question whose query it waited for
                    if deadline is None or tried == TRIES:
                        raise

        return ask


def _ask(question: Inspection, case: Case, found: list[Finding], seconds: float | None = None) -> None:
    """Add the findings of a question, or why there are none."""
    if not question.needs & case.holdings.signals:
        wanted = " or ".join(sorted(question.needs))
        found.append(question.signed(Finding(Verdict.UNKNOWN, f"there are no {wanted}")))
        return
    try:
        for finding in question.run(case):
            found.append(question.signed(finding))  # noqa: PERF401 - one by one, for it may be left in the middle
    except OutOfTimeError:
        found.append(_unfinished(question, seconds or TimeBudget().question))
    except Exception as problem:  # noqa: BLE001 - one broken question must not cost the others
        found.append(question.signed(Finding(Verdict.UNKNOWN, f"the question failed: {problem}")))


def _wanted(only: str | None) -> tuple[Inspection, ...]:
    every = inspections()
    if only is None:
        return tuple(i for i in every if i.handed is None)
    chosen = {i.name for i in every if i.name == only}
    while True:
        used = {kind for i in every if i.name in chosen for kind in i.uses}
        grown = chosen | {i.name for i in every if i.gives in used}
        if grown == chosen:
            return tuple(i for i in every if i.name in chosen)
        chosen = grown


def _ordered(questions: Iterable[Inspection]) -> list[Inspection]:
    waiting = list(questions)
    given = {i.gives for i in waiting}
    done: set[type] = set()
    ordered: list[Inspection] = []
    while waiting:
        ready = [i for i in waiting if (i.uses & given) <= done]
        if not ready:
            raise RuntimeError(f"Questions wait for each other: {[i.name for i in waiting]}")
        first = ready[0]
        waiting.remove(first)
        ordered.append(first)
        if all(i.gives is not first.gives for i in waiting):
            done.add(first.gives)
    return ordered
