"""Holdings: what is there, of whom, from when to when."""

from datetime import timedelta

import pytest

from lastgood.model.signal import Holding, Holdings, Signal
from lastgood.model.window import Window
from lastgood.telemetry.holdings import MOST_SERVICES, named
from lastgood.telemetry.layout import Layout
from lastgood.telemetry.tables import CHANGES, LOGS
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import Store
from telemetry.rows import START, put_lines, put_lines_from, put_spans, times


def test_an_empty_store_holds_nothing(store: Store) -> None:
    """Every signal is listed, none has rows."""
    holdings, _ = store.survey()
    assert frozenset() == holdings.signals
    assert set(Signal) == {holding.signal for holding in holdings.items}
    assert holdings.telemetry_window is None


def test_logs_are_counted_with_their_services_and_time(store: Store) -> None:
    """The window ends just after the last line."""
    put_lines(store, 5, "pay")
    put_lines(store, 3, "web")
    logs = store.survey()[0].of(Signal.LOGS)
    assert logs is not None
    assert (8, ("pay", "web")) == (logs.rows, logs.services)
    assert Window(START, START + timedelta(seconds=4, microseconds=1)) == logs.window


def test_a_gap_in_the_logs(store: Store) -> None:
    """A line a second for a minute, nothing for ten, and again."""
    put_lines(store, 60)
    put_lines_from(store, START + timedelta(minutes=11), 60)
    logs = store.survey()[0].of(Signal.LOGS)
    assert logs is not None
    assert (Window(START + timedelta(minutes=1), START + timedelta(minutes=11)),) == logs.gaps


@pytest.mark.parametrize(
    ("state", "rate", "expected"),
    [
        ("ot=th:8", "", 0.5),
        ("vendor=1,ot=rv:0123;th:c", "", 0.25),
        ("ot=p:3", "", 0.125),
        ("", "10", 0.1),
        ("vendor=th:8", "", None),
        ("", "", None),
    ],
)
def test_the_share_that_a_sampler_kept(store: Store, state: str, rate: str, expected: float | None) -> None:
    """From thresholds and powers in the trace state, or from how many spans one stands for."""
    put_spans(store, 4, state, **({"SampleRate": rate} if rate else {}))
    spans = store.survey()[0].of(Signal.SPANS)
    assert spans is not None
    assert expected == spans.sampled


def put_change(store: Store, service: str) -> None:
    """A deploy at START."""
    writer = Writer(store.engine, f"change {service}")
    writer.add(
        CHANGES,
        CHANGES.rows({"Id": ["1"], "Timestamp": times([START]), "Kind": ["deploy"], "Service": [service]}),
    )
    writer.flush()


def test_a_service_with_several_names_is_held_and_read_under_the_one_that_is_known(store: Store) -> None:
    """The changes of `booking-portal` are those of `portal`, which writes the logs; the store keeps what was sent."""
    put_lines(store, 5, "portal")
    put_lines(store, 5, "shop-service")
    put_spans(store, 5)
    put_change(store, "booking-portal")
    holdings, reader = store.survey()
    window = Window(START, START + timedelta(minutes=1))

    def services(relation: str) -> list[str]:
        read = reader.query(f"SELECT DISTINCT service FROM {relation} ORDER BY service", {}, window)
        return [row["service"] for row in read.dicts()]

    changes, logs = holdings.of(Signal.CHANGES), holdings.of(Signal.LOGS)
    assert changes is not None
    assert logs is not None
    assert ("portal",) == changes.services
    assert ["portal"] == services("lg_changes")
    assert list(logs.services) == services("lg_lines") == ["portal", "shop-service"]
    stored = store.engine.query(f"SELECT Service FROM {store.engine.database}.lg_changes").rows
    assert [{"Service": "booking-portal"}] == stored


def test_names_that_may_mean_two_are_read_as_they_are(store: Store) -> None:
    """Two portals have changes, so neither is the one that writes the logs."""
    put_lines(store, 5, "portal")
    put_change(store, "booking-portal")
    put_change(store, "staff-portal")
    changes = store.survey()[0].of(Signal.CHANGES)
    assert changes is not None
    assert ("booking-portal", "staff-portal") == changes.services


def test_where_not_all_names_are_listed_none_is_joined() -> None:
    """One that is not listed may be meant as well."""

    def joined_of(many: int) -> bool:
        names = ("portal", *(f"s{n}" for n in range(many - 1)))
        held = Holdings(
            (Holding(Signal.LOGS, 1, None, names), Holding(Signal.CHANGES, 1, None, ("booking-portal",)))
        )
        return bool(named(held, Layout({}))[1].same)

    assert joined_of(MOST_SERVICES - 1)
    assert not joined_of(MOST_SERVICES)


def test_lines_of_a_start_long_before_the_rest_are_no_beginning(store: Store) -> None:
    """Two lines as a program starts, and an hour later a line a second: no gap, and the logs begin there."""
    put_lines(store, 2)
    put_lines_from(store, START + timedelta(hours=1), 600)
    logs = store.survey()[0].of(Signal.LOGS)
    assert logs is not None
    assert ((), 602) == (logs.gaps, logs.rows)
    assert logs.window is not None
    assert START + timedelta(hours=1) == logs.window.start


def test_what_people_write_in_a_chat_is_no_telemetry_that_goes_on(store: Store) -> None:
    """A line a second for a minute, and a message an hour later: no gap, and the logs end with the program's."""
    put_lines(store, 60)
    said = LOGS.rows({"Timestamp": times([START + timedelta(hours=1)]), "ServiceName": ["chat"], "ScopeName": ["chat"], "Body": ["it is slow"]})  # fmt: skip
    writer = Writer(store.engine, "chat")
    writer.add(LOGS, said)
    writer.flush()
    logs = store.survey()[0].of(Signal.LOGS)
    assert logs is not None
    assert ((), 61) == (logs.gaps, logs.rows)
    assert Window(START, START + timedelta(seconds=59, microseconds=1)) == logs.window
