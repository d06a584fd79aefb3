"""Investigate: run questions over one store, each after those whose answers it uses."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lastgood.errors import NoDataError
from lastgood.inspections._registry import Inspection, inspections
from lastgood.model.answers import Answer, Onset
from lastgood.model.finding import Finding, Verdict
from lastgood.model.scope import Scope
from lastgood.model.signal import Holdings
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Ask, Case
from lastgood.telemetry.once import Once
from lastgood.telemetry.reader import Reader, Rows
from lastgood.telemetry.samples import samples
from lastgood.workbench.store import Store

AT_ONCE = 3  # questions: each has stretches that keep one core busy in the engine, and others in Python
MOST_KEPT = 4_000_000  # bytes of an answer that the next question may ask for again
EVER = Window(datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


def investigate(
    store: Store,
    *,
    now: datetime,
    window: Window | None = None,
    comparison: Comparison | None = None,
    scope: Scope = Scope(),  # noqa: B008 - frozen, so shared safely
    only: str | None = None,
) -> tuple[Case, tuple[Finding, ...]]:
    """The case as it ended and every finding, in the order of the method.

    `only` names one question; those it builds on are asked as well.

    Raises:
        NoDataError: the store holds no telemetry at all.
    """
    with samples(store.engine) as kept:
        holdings, reader = store.survey(kept)
        whole = window or (comparison.hull if comparison else None) or _until(now, holdings) or EVER
        case = Case(_held(whole, holdings), comparison, scope, holdings, now, _asker(reader))
        return _answered(_ordered(_wanted(only)), case, store.engine.cancel)


def case_about(
    reader: Reader, holdings: Holdings, comparison: Comparison, now: datetime, *handed: Answer
) -> Case:
    """A case for a question about an action, which is told what only whoever asks knows."""
    answers = {type(one): one for one in handed}
    return Case(comparison.hull, comparison, Scope(), holdings, now, _asker(reader), answers)


def _until(now: datetime, holdings: Holdings) -> Window | None:
    """The window of all data, without what is told to be later than now: a clock is wrong there."""
    held = holdings.telemetry_window
    return Window(held.start, now) if held and held.start < now < held.end else held


def _held(asked: Window, holdings: Holdings) -> Window:
    """The window asked about without the time before all data; its end stays, for a silence is a symptom."""
    held = holdings.telemetry_window
    if held is None:
        raise NoDataError(
            "There are no logs, spans or metrics to look at.", hint="Load some: lastgood load PATH…"
        )
    if not held.overlaps(asked):
        raise NoDataError(
            f"There is no telemetry from {asked.start:%Y-%m-%d %H:%M:%S} to {asked.end:%Y-%m-%d %H:%M:%S} UTC.",
            hint=f"There is some from {held.start:%Y-%m-%d %H:%M:%S} to {held.end:%Y-%m-%d %H:%M:%S} UTC.",
        )
    return Window(max(asked.start, held.start), asked.end)


def _answered(
    questions: list[Inspection], case: Case, cancel: Callable[[], None]
) -> tuple[Case, tuple[Finding, ...]]:
    """The findings of questions, each asked as soon as those that it builds on are answered.

    A question sees the answers that it names and no others, so the order of ending changes nothing.
    """
    given = {question.gives for question in questions}
    found: dict[str, list[Finding]] = {}
    waiting, running = list(questions), dict[Future[list[Finding]], Inspection]()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="lastgood-question") as pool:
        while waiting or running:
            open_kinds = {q.gives for q in (*waiting, *running.values())} & given
            for question in [q for q in waiting if not _builds_on(q) & open_kinds]:
                waiting.remove(question)
                seen = {kind: case.answers[kind] for kind in question.uses if kind in case.answers}
                running[pool.submit(_asked, question, replace(case, answers=seen))] = question
            try:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
            except KeyboardInterrupt:  # or the pool would wait for what nobody wants any more
                pool.shutdown(wait=False, cancel_futures=True)
                cancel()
                raise
            for future in done:
                question = running.pop(future)
                found[question.name] = future.result()
                case = _with_answers(case, found[question.name])
    return case, tuple(finding for question in questions for finding in found[question.name])


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


def _asker(reader: Reader) -> Ask:
    """A way to ask that runs each query once, also when two questions ask it at the same time."""
    # Whoever waits for a large answer has it; it need not stay.
    once = Once[Rows](keeps=lambda rows: rows.table.nbytes <= MOST_KEPT)

    def ask(
        sql: str, parameters: Mapping[str, Any], window: Window, comparison: Comparison | None, scope: Scope
    ) -> Rows:
        key = sql, repr((sorted(parameters.items()), window, comparison, scope))
        return once.of(key, lambda: reader.query(sql, parameters, window, comparison=comparison, scope=scope))

    return ask


def _asked(question: Inspection, case: Case) -> list[Finding]:
    if not question.needs & case.holdings.signals:
        wanted = " or ".join(sorted(question.needs))
        return [Finding(question.question, Verdict.UNKNOWN, f"there are no {wanted}")]
    try:
        return list(question.run(case))
    except Exception as problem:  # noqa: BLE001 - one broken question must not cost the others
        return [Finding(question.question, Verdict.UNKNOWN, f"the question failed: {problem}")]


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
