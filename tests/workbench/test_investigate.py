"""Questions put to a store, in the order in which they build on each other."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic

import pytest

from lastgood.errors import NoDataError, QueryFailedError
from lastgood.inspections._registry import Inspection, Stage, inspections
from lastgood.model.answers import Confirmation
from lastgood.model.finding import Finding, Verdict
from lastgood.model.signal import Signal
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.telemetry.tables import CHANGES, LOGS
from lastgood.telemetry.writer import Writer
from lastgood.workbench.budget import TimeBudget
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def write_one_line(store: Store) -> None:
    """The least there can be."""
    writer = Writer(store.engine, "one line")
    writer.add(LOGS, LOGS.rows({"Timestamp": [NOON], "ServiceName": ["orders"], "Body": ["hello"]}))
    writer.flush()


def test_a_store_without_telemetry_cannot_be_asked(store: Store) -> None:
    """Changes alone say nothing about a system."""
    writer = Writer(store.engine, "a change")
    writer.add(CHANGES, CHANGES.rows({"Id": ["d1"], "Timestamp": [NOON], "Kind": ["deploy"]}))
    writer.flush()

    with pytest.raises(NoDataError, match="no logs, spans or metrics"):
        investigate(store, now=NOON)


def test_what_is_later_than_now_is_not_looked_at(store: Store) -> None:
    """A clock that is wrong makes nothing happen; with all of it later, all of it is looked at."""
    writer = Writer(store.engine, "two lines")
    for at in (NOON, NOON + timedelta(minutes=20)):
        writer.add(LOGS, LOGS.rows({"Timestamp": [at], "ServiceName": ["orders"], "Body": ["hello"]}))
    writer.flush()

    soon, early = NOON + timedelta(minutes=10), NOON - timedelta(hours=1)

    assert soon == investigate(store, now=soon, only="onset")[0].window.end
    assert soon < investigate(store, now=early, only="onset")[0].window.end


def test_every_question_answers_or_says_why_not(store: Store) -> None:
    """One log line decides nothing: no one says yes, no one is silent, no one breaks."""
    write_one_line(store)

    _, findings = investigate(store, now=NOON + timedelta(minutes=1))

    assert {i.question for i in inspections() if i.handed is None} == {f.question for f in findings}
    assert [] == [f for f in findings if f.verdict is Verdict.YES]
    assert [] == [f for f in findings if "the question failed" in f.because]


@pytest.mark.parametrize("name", [i.name for i in inspections()])
def test_one_question_brings_those_it_builds_on(store: Store, name: str) -> None:
    """They come first; nothing else is asked."""
    write_one_line(store)

    _, findings = investigate(store, now=NOON + timedelta(minutes=1), only=name)

    (asked,) = (i for i in inspections() if i.name == name)
    givers = {i.gives: i.question for i in inspections()}
    assert {f.question for f in findings} >= {
        asked.question,
        *(givers[use] for use in asked.uses if use in givers),
    }
    assert asked.question == findings[-1].question


def test_a_window_without_telemetry_says_where_there_is_some(store: Store) -> None:
    """Nothing in the time asked about is another answer than nothing at all."""
    write_one_line(store)
    before = Window(NOON - timedelta(hours=2), NOON - timedelta(hours=1))

    with pytest.raises(NoDataError, match="no telemetry from 2026-11-20 10:00:00") as refused:
        investigate(store, now=NOON, window=before)
    assert "from 2026-11-20 12:00:00" in refused.value.hint


def test_the_window_begins_where_data_begin(store: Store) -> None:
    """Time before all data is not a quiet past; time after them may be a silence, and stays."""
    write_one_line(store)
    hour = timedelta(hours=1)

    case, _ = investigate(store, now=NOON, window=Window(NOON - hour, NOON + hour))

    assert Window(NOON, NOON + hour) == case.window


def test_the_same_query_runs_once(store: Store) -> None:
    """Questions share what they read; other parameters, or another window, are another query."""
    write_one_line(store)
    case, _ = investigate(store, now=NOON + timedelta(minutes=1), only="onset")
    sql = "SELECT count() AS n, {x:UInt8} AS x FROM lg_lines"

    first = case.query(sql, x=1)

    assert case.query(sql, x=1) is first
    assert case.query(sql, x=2) is not first
    assert case.query(sql, x=1, window=Window(NOON, NOON + timedelta(minutes=5))) is not first


def test_a_query_that_fails_fails_for_everybody(store: Store) -> None:
    """Whoever asks it again gets the same."""
    write_one_line(store)
    case, _ = investigate(store, now=NOON + timedelta(minutes=1), only="onset")

    for _ in range(2):
        with pytest.raises(QueryFailedError):
            case.query("SELECT nothing FROM lg_lines")


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
    monkeypatch.setattr("lastgood.workbench.investigate.inspections", lambda: (endless(runs, over), *others))
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
    monkeypatch.setattr("lastgood.workbench.investigate.inspections", lambda: four)
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
    monkeypatch.setattr("lastgood.workbench.investigate.inspections", lambda: (question,))

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
    monkeypatch.setattr("lastgood.workbench.investigate.inspections", lambda: (short, long))
    budget = TimeBudget(questions={"short": 1.0})

    _, findings = investigate(replace(store, budget=budget), now=NOON)

    assert ["not finished within 1 s", "read"] == [f.because.partition(":")[0] for f in findings]


def test_a_start_alone_is_cut_to_the_data_and_says_so(store: Store) -> None:
    """Asked nine days later: the bad window ends with the data, and every finding says what was cut off."""
    hours = [NOON + timedelta(hours=n) for n in range(4)]
    writer = Writer(store.engine, "four lines")
    writer.add(LOGS, LOGS.rows({"Timestamp": hours, "ServiceName": ["orders"] * 4, "Body": ["hello"] * 4}))
    writer.flush()
    now = NOON + timedelta(days=9)
    given = Comparison(Window(NOON - timedelta(days=1), hours[1]), Window(hours[2], now), given=True)

    case, findings = investigate(store, now=now, comparison=given, only="onset")

    assert case.comparison == Comparison(
        Window(hours[0], hours[1]), Window(hours[2], case.window.end), given=True
    )
    assert case.window.end - hours[3] < timedelta(seconds=1)
    assert all("cut to the data: there are none before 2026-11-20 12:00:00" in f.limits[-1] for f in findings)
