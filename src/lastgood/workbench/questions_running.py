"""Questions running: several at a time, each with a budget; what is not finished in time is left."""

from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from threading import Thread

from lastgood.errors import OutOfTimeError
from lastgood.inspections._registry import Inspection
from lastgood.model.answers import Onset
from lastgood.model.finding import Finding, Verdict
from lastgood.readings.case import Case
from lastgood.workbench.asking import Asking
from lastgood.workbench.budget import Deadline, TimeBudget
from lastgood.workbench.question_order import builds_on
from lastgood.workbench.store import Store

# Each has stretches that keep one core busy in the engine, and others in Python.
QUESTIONS_AT_ONCE = 3
LOOK_SECONDS = 0.5  # after which it is seen that a person stopped the whole


def answered(
    questions: list[Inspection],
    case: Case,
    asking: Asking,
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
        ready = [q for q in waiting if not builds_on(q) & open_kinds]
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
            _report(store, found[one.question.name], len(found), len(questions))
    if left:  # what it reads is about to go
        cancel()
    return case, tuple(finding for question in questions for finding in found[question.name])


def _report(store: Store, findings: list[Finding], ended: int, of: int) -> None:
    """Hand on what has just come to whoever waits for it."""
    if store.heard is not None:
        for finding in findings:
            store.heard(finding)
    if store.progress is not None:
        store.progress(ended, of)


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
            put_to(self.question, case, self.found, self.deadline.seconds)
            self.ended.set_result(None)

        Thread(target=run, name=f"lastgood-question-{self.question.name}", daemon=True).start()

    def findings(self) -> list[Finding]:
        """What it found; with a word on it where it has not ended."""
        found = list(self.found)
        return found if self.ended.done() else [*found, _unfinished(self.question, self.deadline.seconds)]


def _started(
    question: Inspection, case: Case, asking: Asking, budget: TimeBudget, whole: Deadline
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


def _with_answers(case: Case, findings: list[Finding]) -> Case:
    for finding in findings:
        if finding.answer is not None:
            case = replace(case, answers={**case.answers, type(finding.answer): finding.answer})
            if isinstance(finding.answer, Onset):
                case = replace(case, comparison=finding.answer.comparison or case.comparison)
    return case


def put_to(question: Inspection, case: Case, found: list[Finding], seconds: float | None = None) -> None:
    """Add the findings of a question, or why there are none."""
    if not question.needs & case.holdings.signals:
        needed = " or ".join(sorted(question.needs))
        found.append(question.signed(Finding(Verdict.UNKNOWN, f"there are no {needed}")))
        return
    try:
        for finding in question.run(case):
            found.append(question.signed(finding))  # noqa: PERF401 - one by one, for it may be left in the middle
    except OutOfTimeError:
        found.append(_unfinished(question, seconds or TimeBudget().question))
    except Exception as problem:  # noqa: BLE001 - one broken question must not cost the others
        found.append(question.signed(Finding(Verdict.UNKNOWN, f"the question failed: {problem}")))
