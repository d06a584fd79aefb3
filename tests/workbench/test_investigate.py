"""Questions put to a store, in the order in which they build on each other."""

from datetime import timedelta

import pytest

from lastgood.errors import NoDataError
from lastgood.inspections._registry import inspections
from lastgood.model.finding import Verdict
from lastgood.model.window import Comparison, Window
from lastgood.telemetry.tables import CHANGES, LOGS
from lastgood.telemetry.writer import Writer
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from one_line import NOON, write_one_line


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
