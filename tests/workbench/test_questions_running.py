"""Questions that do not end in time are left, and the others do without their answers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event
from time import monotonic

import pytest

from lastgood.inspections._registry import Inspection, Stage, inspections
from lastgood.model.answers import Confirmation
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.readings.case import Case
from lastgood.workbench.budget import TimeBudget
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from one_line import NOON, write_one_line

ENDLESS = "Does this end?"


@pytest.fixture
def over() -> Iterator[Event]:
    """Is set when the test is, so that nothing is left running."""
    event = Event()
    yield event
    event.set()


def waits(case: Case, over: Event) -> None:
    """Never asks anything."""
    del case
    while not over.wait(0.01):
        pass


def loops(case: Case, over: Event) -> None:
    """Looks at its time now and then, as a long loop does."""
    while not over.is_set():
        case.in_time()


def counts(case: Case, over: Event) -> None:
    """One query that the engine would be at for days."""
    del over
    case.query("SELECT count() FROM numbers(10000000000000) WHERE cityHash64(number) = 1")


def asks(case: Case, over: Event) -> None:
    """Short queries, one after another."""
    n = 0
    while not over.is_set():
        n += 1
        case.query("SELECT {n:UInt64} AS n", n=n)


def endless(runs: Callable[[Case, Event], None], over: Event) -> Inspection:
    """A question in place of whether it is real, which does something for ever."""

    def run(case: Case) -> Iterator[Finding]:
        runs(case, over)
        yield Finding(Verdict.UNKNOWN, "it ended")

    return Inspection(
        "endless", ENDLESS, Stage.CONFIRM, frozenset({Signal.LOGS}), frozenset(), Confirmation, run, ""
    )


@pytest.mark.parametrize("runs", [waits, loops, counts, asks])
def test_a_question_that_never_ends_is_left_and_the_others_are_answered(
    runs: Callable[[Case, Event], None], over: Event, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is at: it says that it is not finished, and those that build on it do with what is there."""
    write_one_line(store)
    others = tuple(i for i in inspections() if i.gives is not Confirmation)
    monkeypatch.setattr(
        "lastgood.workbench.question_order.inspections", lambda: (endless(runs, over), *others)
    )
    budget = TimeBudget(questions={"endless": 1.0})
    started = monotonic()

    _, findings = investigate(replace(store, budget=budget), now=NOON + timedelta(minutes=1))

    assert monotonic() - started < 15
    (left,) = (f for f in findings if f.question == ENDLESS)
    assert Verdict.UNKNOWN is left.verdict
    assert left.because.startswith("not finished within 1 s: narrow the window with --since or --from")
    assert {i.question for i in others if i.handed is None} < {f.question for f in findings}
    assert [left] == [f for f in findings if "not finished" in f.because]


def test_a_triage_has_a_budget_of_its_own(over: Event, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four that never end take the time of all of them together, not one after another, three at once."""
    write_one_line(store)
    four = tuple(
        replace(endless(waits, over), name=f"endless{n}", question=f"{ENDLESS} {n}") for n in range(4)
    )
    monkeypatch.setattr("lastgood.workbench.question_order.inspections", lambda: four)
    started = monotonic()

    _, findings = investigate(replace(store, budget=TimeBudget(question=60, whole=1)), now=NOON)

    assert monotonic() - started < 10
    assert ["not finished within 1 s"] * 4 == [f.because.partition(":")[0] for f in findings]


def test_what_was_found_before_the_time_was_over_stays(
    over: Event, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two findings, then none any more."""

    def run(_: Case) -> Iterator[Finding]:
        yield Finding(Verdict.UNKNOWN, "first")
        over.wait()

    write_one_line(store)
    question = replace(endless(waits, over), run=run)
    monkeypatch.setattr("lastgood.workbench.question_order.inspections", lambda: (question,))

    _, findings = investigate(replace(store, budget=TimeBudget(question=0.5)), now=NOON)

    assert ["first", "not finished within 0.5 s"] == [f.because.partition(":")[0] for f in findings]


def test_a_query_that_ran_out_of_anothers_time_is_asked_again(
    over: Event, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One has a second left when it asks; the other waits for the same rows and has more."""

    def run(case: Case) -> Iterator[Finding]:
        case.query("SELECT sum(sleepEachRow(0.5)) AS n FROM numbers(5)")
        yield Finding(Verdict.UNKNOWN, "read")

    write_one_line(store)
    short = replace(endless(waits, over), name="short", run=run)
    long = replace(short, name="long", question="And this?")
    monkeypatch.setattr("lastgood.workbench.question_order.inspections", lambda: (short, long))
    budget = TimeBudget(questions={"short": 1.0})

    _, findings = investigate(replace(store, budget=budget), now=NOON)

    assert ["not finished within 1 s", "read"] == [f.because.partition(":")[0] for f in findings]
