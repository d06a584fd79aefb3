"""Relations: names old and new, severities in words, and what a scope narrows."""

from datetime import timedelta

import pytest

from lastgood.model.attributes import CHOSEN, HTTP_STATUSES
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.telemetry.derived import first_of
from lastgood.telemetry.relations import NAMES, columns
from lastgood.telemetry.tables import CHANGES, LOGS, SPANS
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import Store
from telemetry.rows import START, put_lines, times

WINDOW = Window(START, START + timedelta(hours=1))


def test_the_first_name_that_has_a_value_wins(store: Store) -> None:
    """New before old, and an empty value is none."""
    sql = f"SELECT {first_of(['m'], HTTP_STATUSES)} AS v FROM (SELECT map({{k:String}}, {{v:String}}, 'http.status_code', '404') AS m)"
    ask = store.engine.query
    assert [{"v": "500"}] == ask(sql, {"k": "http.response.status_code", "v": "500"}).rows
    assert [{"v": "404"}] == ask(sql, {"k": "http.response.status_code", "v": ""}).rows


@pytest.mark.parametrize("name", NAMES)
def test_a_relation_has_the_columns_it_says(store: Store, name: str) -> None:
    """With its table there, as without it."""
    _, reader = store.survey()
    assert columns(name) == set(
        reader.query(f"SELECT * FROM {name}", {"every": 1}, WINDOW).table.column_names
    )


@pytest.mark.parametrize(
    ("text", "number", "level"),
    [
        ("WARNING", 0, "warn"),
        ("crit", 0, "fatal"),
        ("", 17, "error"),
        ("whatever", 0, ""),
        ("notice", 0, "info"),
    ],
)
def test_severity_is_read_from_words_where_the_number_is_missing(
    store: Store, text: str, number: int, level: str
) -> None:
    """And the number wins where there is one."""
    writer = Writer(store.engine, text)
    writer.add(
        LOGS, LOGS.rows({"Timestamp": times([START]), "SeverityText": [text], "SeverityNumber": [number]})
    )
    writer.flush()
    _, reader = store.survey()
    assert [{"level": level}] == reader.query("SELECT level FROM lg_lines", {}, WINDOW).dicts()


def test_access_lines_are_requests_only_without_spans(store: Store) -> None:
    """Both would count a request twice."""
    put_lines(store, 4, **{"http.response.status_code": "200", "http.route": "/a"})
    count = "SELECT count() AS n FROM lg_requests"
    assert [{"n": 4}] == store.survey()[1].query(count, {}, WINDOW).dicts()
    writer = Writer(store.engine, "spans")
    span = {
        "Timestamp": times([START]),
        "SpanId": ["a"],
        "TraceId": ["t"],
        "SpanKind": ["Server"],
        "Duration": [5],
    }
    writer.add(SPANS, SPANS.rows(span))
    writer.flush()
    assert [{"n": 1}] == store.survey()[1].query(count, {}, WINDOW).dicts()


ASKED = [  # what a line says of a request, and its operation
    ({"http.route": "/orders/2026", "url.path": "/x"}, "/orders/2026"),
    ({"rpc.method": "Get1042", "url.path": "/x"}, "Get1042"),
    ({"url.path": "/orders/1042?all=1"}, "/orders/{id}"),
    ({"http.target": "/orders/1042"}, "/orders/{id}"),
    ({"url.full": "https://shop1042.example/orders/1042"}, "https://shop1042.example/orders/{id}"),
    ({"http.url": "http://shop.example/orders/1042"}, "http://shop.example/orders/{id}"),
    ({}, ""),
]


@pytest.mark.parametrize(("said", "operation"), ASKED)
def test_the_operation_of_a_line_is_its_route_else_its_path_without_values(
    store: Store, said: dict[str, str], operation: str
) -> None:
    """A route stays as it is, and so does what the line says."""
    put_lines(store, 1, **{"http.response.status_code": "200", **said})
    _, reader = store.survey()
    (row,) = reader.query("SELECT operation, attributes FROM lg_requests", {}, WINDOW).dicts()
    assert operation == row["operation"]
    assert said.items() <= row["attributes"].items()


def test_spans_of_chosen_traces_count_no_requests(store: Store) -> None:
    """As many failing as working ones were fetched: their share is not that of the requests. Lines count."""
    put_lines(store, 4, **{"http.response.status_code": "200", "http.route": "/a"})
    writer = Writer(store.engine, "spans")
    span = {
        "Timestamp": times([START]), "SpanId": ["a"], "TraceId": ["t"], "SpanKind": ["Server"], "Duration": [5],
        "ResourceAttributes": [[(CHOSEN, "failing and working")]],
    }  # fmt: skip
    writer.add(SPANS, SPANS.rows(span))
    writer.flush()
    _, reader = store.survey()

    assert [{"n": 4}] == reader.query("SELECT count() AS n FROM lg_requests", {}, WINDOW).dicts()
    assert [{"n": 1}] == reader.query("SELECT count() AS n FROM lg_spans", {}, WINDOW).dicts()


def test_a_line_of_a_proxy_fails_too_when_it_refuses_or_the_client_leaves(store: Store) -> None:
    """429 and 499 are no answers; a 404 is one. The upstream's time stands for the request's where that is not reported."""
    for status in ("200", "404", "429", "499", "502"):
        put_lines(store, 1, **{"http.response.status_code": status, "lg.upstream_ns": "7"})
    sql = "SELECT http_status AS status, failed, duration_ns FROM lg_requests ORDER BY status"

    rows = store.survey()[1].query(sql, {}, WINDOW).dicts()

    assert [(200, 0, 7), (404, 0, 7), (429, 1, 7), (499, 1, 7), (502, 1, 7)] == [
        tuple(r.values()) for r in rows
    ]


def test_changes_are_never_narrowed_by_scope(store: Store) -> None:
    """The cause may be in another service."""
    writer = Writer(store.engine, "changes")
    change = {"Id": ["d1"], "Timestamp": times([START]), "EndTimestamp": times([START]), "Service": ["bank"]}
    writer.add(CHANGES, CHANGES.rows(change))
    writer.flush()
    _, reader = store.survey()
    found = reader.query("SELECT id FROM lg_changes", {}, WINDOW, scope=Scope(services=("pay",)))
    assert [{"id": "d1"}] == found.dicts()


def test_exceptions_of_spans_are_events_and_attributes(store: Store) -> None:
    """Of any event with a type or a stack trace, whatever its name; other events are none."""
    thrown = {"exception.type": "KeyError", "exception.message": "zip", "exception.stacktrace": "Traceback"}
    span = {
        "Timestamp": times([START]), "SpanId": ["s"], "TraceId": ["t"], "ServiceName": ["shop"], "Duration": [5],
        "SpanAttributes": [[("exception.type", "OSError")]],
        "Events.Timestamp": [[START, START]], "Events.Name": [["exception", "retry"]],
        "Events.Attributes": [[list(thrown.items()), [("n", "1")]]],
    }  # fmt: skip
    writer = Writer(store.engine, "spans")
    writer.add(SPANS, SPANS.rows(span))
    writer.flush()
    rows = store.survey()[1].query("SELECT type, message, stacktrace FROM lg_exceptions", {}, WINDOW).dicts()

    assert [("KeyError", "zip", "Traceback"), ("OSError", "", "")] == [tuple(row.values()) for row in rows]


def test_a_flag_is_evaluated_on_a_span_as_its_event_or_in_a_line(store: Store) -> None:
    """In each of the ways that OpenTelemetry has had."""
    key = "feature_flag.key"
    put_lines(store, 1, **{key: "logged"})
    writer = Writer(store.engine, "spans")
    spans = {
        "Timestamp": times([START] * 3), "SpanId": ["a", "b", "c"], "TraceId": ["t"] * 3, "SpanAttributes": [[(key, "own")], [], []],
        "Events.Attributes": [[], [[(key, "event")]], []],
    }  # fmt: skip
    writer.add(SPANS, SPANS.rows(spans))
    writer.flush()

    found = store.survey()[1].query("SELECT key FROM lg_flags ORDER BY key", {}, WINDOW).dicts()
    assert ["event", "logged", "own"] == [row["key"] for row in found]
