"""Requests that the engine reads give the rows that Python gives, or are refused as a whole."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans

from intake.otlp.test_requests import listed, named, nothing, raw, request
from lastgood.decoding.input import Batch
from lastgood.errors import QueryFailedError
from lastgood.intake.otlp.requests import decoded
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import SPANS
from lastgood.telemetry.unfolding import create_unfolding, is_plain, unfold_spans
from lastgood.workbench.store import Store
from records import START
from senders import shop

Fill = Callable[[Any], None]


@pytest.fixture(autouse=True)
def unfolding(store: Store) -> None:
    create_unfolding(store.engine)


def in_python(body: bytes) -> list[dict[str, Any]]:
    items = decoded(Signal.SPANS, body, as_json=False)
    return [row for item in items if isinstance(item, Batch) for row in item.rows.to_pylist()]


def in_engine(store: Store, body: bytes) -> list[dict[str, Any]]:
    """The rows that the engine made of a body, in the order of their ids."""
    engine = store.engine
    engine.command(f"TRUNCATE TABLE {engine.database}.otel_traces")
    unfold_spans(engine, body, token=body.hex()[-64:] + str(id(body))).result()
    columns = ", ".join(f"`{name}`" for name in SPANS.columns)
    return engine.query(f"SELECT {columns} FROM {engine.database}.otel_traces ORDER BY SpanId").rows


def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as they can be compared: in order, maps as dictionaries, times as texts."""
    return sorted(
        ({name: _plain(value) for name, value in row.items()} for row in rows),
        key=lambda row: str(row["SpanId"]),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return dict(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if hasattr(value, "tzinfo") else value


def test_spans_of_the_sdk_are_the_same_rows(store: Store) -> None:
    """With resources, parents, kinds, statuses, lists and the rest."""
    body = encode_spans(shop(START, START + timedelta(seconds=30), START)).SerializeToString()

    assert plain(in_python(body)) == plain(in_engine(store, body))


def filled(kind: str, value: Any) -> Fill:
    def fill(target: Any) -> None:
        if kind == "list":
            for one_kind, one in value:
                setattr(target.array_value.values.add(), one_kind, one)
        else:
            setattr(target, kind, value)

    return fill


SCALARS = st.one_of(
    st.tuples(st.just("string_value"), st.text(max_size=20)),
    st.tuples(st.just("int_value"), st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just("bool_value"), st.booleans()),
    st.tuples(st.just("double_value"), st.floats()),
    st.tuples(st.just("bytes_value"), st.binary(max_size=9)),
)
VALUES = st.one_of(SCALARS, st.tuples(st.just("list"), st.lists(SCALARS, max_size=4)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(values=st.lists(VALUES, max_size=4))
def test_any_attributes_are_the_same_or_refused(store: Store, values: list[tuple[str, Any]]) -> None:
    """Never something else."""
    body = request(1, **{f"a{n}": filled(*value) for n, value in enumerate(values)}).SerializeToString()
    if not is_plain(body):
        return
    try:
        found = in_engine(store, body)
    except QueryFailedError:
        return
    assert plain(in_python(body)) == plain(found)


@pytest.mark.parametrize("fill", [named, listed])
def test_what_is_not_plain_is_refused_and_nothing_of_it_is_stored(store: Store, fill: Fill) -> None:
    """Maps, and texts in lists that JSON writes in another way."""
    body = request(3, ok=raw, odd=fill).SerializeToString()
    with pytest.raises(QueryFailedError, match="not plain"):
        in_engine(store, body)
    engine = store.engine
    assert 0 == engine.query(f"SELECT count() AS n FROM {engine.database}.otel_traces").rows[0]["n"]


def test_an_empty_list_is_seen_before() -> None:
    """The engine cannot tell it from no value."""
    assert not is_plain(request(1, none=nothing).SerializeToString())
    assert is_plain(request(1, tags=listed).SerializeToString())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("trace_id", b"x"), ("trace_id", bytes(16)), ("span_id", b""), ("parent_span_id", b"xyz"),
        ("start_time_unix_nano", 0), ("end_time_unix_nano", 1), ("end_time_unix_nano", 2**64 - 1),
    ],
)  # fmt: skip
def test_a_span_that_is_to_be_judged_is_left_to_python(store: Store, field: str, value: Any) -> None:
    """There it is a reject with its reason, and its neighbours are kept."""
    message = request(2)
    setattr(message.resource_spans[0].scope_spans[0].spans[1], field, value)
    with pytest.raises(QueryFailedError, match="not plain"):
        in_engine(store, message.SerializeToString())
