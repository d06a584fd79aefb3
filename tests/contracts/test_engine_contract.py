"""One contract for the embedded engine and for a server reached by the real HTTP client."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from contracts import clickhouse_http as front
from lastgood.errors import BudgetError, CannotRunError, OutOfTimeError, QueryFailedError
from lastgood.model.answers import RequestsCompared
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.surfaces.sitrep_json import sitrep_document
from lastgood.telemetry.engine import Engine, open_engine
from lastgood.telemetry.tables import LOGS, SPANS
from lastgood.telemetry.writer import Writer
from lastgood.workbench.store import Store
from lastgood.workbench.triage import triage
from telemetry.rows import START, emptied, put_lines, times
from telemetry.test_entries import COUNT, PEOPLE, affected, ask, reported, two_tiers
from worlds import World, nanoseconds, put

pytestmark = pytest.mark.slow  # a server of its own


@contextmanager
def server(folder: Path) -> Iterator[int]:
    """The port of a server over a folder, in a process of its own."""
    with subprocess.Popen(
        [sys.executable, front.__file__, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        yield int(running.stdout.readline())
        running.stdin.close()


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine over HTTP."""
    with (
        server(tmp_path_factory.mktemp("server")) as port,
        open_engine(f"clickhouse://{front.USER}:{front.PASSWORD}@127.0.0.1:{port}/lastgood") as opened,
    ):
        yield opened


@pytest.fixture(params=["embedded", "remote"])
def either(request: pytest.FixtureRequest) -> Store:
    """A store with empty tables, on one engine and on the other."""
    chosen: Engine = request.getfixturevalue("engine" if request.param == "embedded" else "remote")
    return emptied(chosen)


def test_rows_go_in_and_come_out(either: Store) -> None:
    """Through relations, with nanoseconds, attributes and bound values."""
    put_lines(either, 30, "pay", region="o'us")
    holdings, reader = either.survey()
    assert {Signal.LOGS} == holdings.signals
    window = Window(START, START + timedelta(seconds=10))
    sql = "SELECT ts, service, attributes['region'] AS region FROM lg_lines WHERE body = {b:String}"
    assert [{"ts": START + timedelta(seconds=3), "service": "pay", "region": "o'us"}] == reader.query(
        sql, {"b": "pay 3"}, window
    ).dicts()
    assert [{"n": 10}] == reader.query("SELECT count() AS n FROM lg_lines", {}, window).dicts()


@pytest.mark.parametrize("ids", [True, False])
def test_a_request_at_two_places_is_one_request(either: Store, *, ids: bool) -> None:
    """As many as there were, of as many users, by id and by number."""
    requests = two_tiers(either, ids=ids)
    assert [reported(requests)] == ask(either, COUNT)
    assert [affected(requests)] == ask(either, PEOPLE)


def test_the_same_token_adds_nothing(either: Store) -> None:
    """A sender that heard no answer may send again."""
    rows = LOGS.rows({"Timestamp": times([START]), "Body": ["once"]})
    for _ in range(2):
        either.engine.insert("otel_logs", rows, token="t").result()  # noqa: S106 - no secret
    count = f"SELECT count() AS n FROM {either.engine.database}.otel_logs"
    assert [{"n": 1}] == either.engine.query(count).rows


def test_an_empty_result_keeps_its_columns(either: Store) -> None:
    """And their types."""
    table = either.engine.query("SELECT 'x' AS a, toUInt64(1) AS b, now64(9, 'UTC') AS t WHERE 0").table
    assert pa.schema([("a", pa.string()), ("b", pa.uint64()), ("t", pa.timestamp("ns", "UTC"))]).equals(
        pa.schema([(field.name, field.type) for field in table.schema])
    )


def test_bytes_that_are_no_text_are_replaced(either: Store) -> None:
    """As they are read."""
    assert [{"body": "a\ufffd"}] == either.engine.query("SELECT concat('a', unhex('ff')) AS body").rows


def test_arrays_and_hostile_values_are_bound(either: Store) -> None:
    """Never pasted."""
    values = ["a'b", "\\", "{x:String}", "; --", "日本\t"]
    found = either.engine.query(
        "SELECT {v:Array(String)} AS v, {s:String} AS s", {"v": values, "s": values[0]}
    )
    assert [{"v": values, "s": values[0]}] == found.rows


@pytest.mark.parametrize("length", [10, 5_000, 60_000])
def test_any_number_of_values_is_bound(either: Store, length: int) -> None:
    """In the address, in the fields of a form, or in several fields: as the server takes them."""
    values = [f"it's {n}" for n in range(length)]
    rows = either.engine.query(
        "SELECT length({v:Array(String)}) AS n, {v:Array(String)}[-1] AS last", {"v": values}
    ).rows
    assert [{"n": length, "last": values[-1]}] == rows


def test_a_single_value_longer_than_a_field_is_refused(remote: Engine) -> None:
    """By the server, in its words."""
    with pytest.raises(QueryFailedError, match="Field value too long"):
        remote.query("SELECT length({v:String}) AS n", {"v": "x" * 200_000})


@pytest.mark.parametrize(
    ("sql", "settings", "error"),
    [
        ("SELECT nothing", {}, QueryFailedError),
        ("SELEC 1", {}, QueryFailedError),
        ("SELECT * FROM no_such_table", {}, QueryFailedError),
        (
            "SELECT sum(sipHash64(number)) FROM numbers(100000000000)",
            {"max_execution_time": 1},
            OutOfTimeError,
        ),
        ("SELECT groupArray(number) FROM numbers(100000000)", {"max_memory_usage": 10_000_000}, BudgetError),
        ("SELECT number FROM numbers(1000000)", {"max_rows_to_read": 10}, BudgetError),
    ],
)
def test_errors_are_the_same(
    either: Store, sql: str, settings: dict[str, int], error: type[CannotRunError]
) -> None:
    """By class; the words may differ."""
    with pytest.raises(error) as raised:
        either.engine.query(sql, settings=settings)
    assert error is type(raised.value)


def test_cancel_reaches_the_query(either: Store) -> None:
    """Wherever it runs."""
    threading.Timer(0.5, either.engine.cancel).start()
    with pytest.raises(QueryFailedError, match="cancelled"):
        either.engine.query("SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))")


def test_typed_sql_cannot_write(either: Store) -> None:
    """The second wall stands on both."""
    with pytest.raises(QueryFailedError):
        either.engine.query_apart("CREATE TABLE x (a Int8) ENGINE = Memory", {"max_execution_time": "5"})
    found = either.engine.query_apart("SELECT {n:Int64} AS n", {"max_execution_time": "5"}, {"n": 7})
    assert [{"n": 7}] == found.rows
    with pytest.raises(BudgetError):
        either.engine.query_apart("SELECT number FROM numbers(100)", {"max_result_rows": "10"})


def test_a_failed_insert_says_so(either: Store) -> None:
    """And what was before it stays."""
    put_lines(either, 3)
    writer = Writer(either.engine, "bad")
    either.engine.command(f"DROP TABLE {either.engine.database}.otel_logs SYNC")
    writer.add(LOGS, LOGS.rows({"Timestamp": times([START])}))
    with pytest.raises(CannotRunError, match="1 rows for otel_logs were not stored"):
        writer.flush()


def test_a_wrong_password_is_not_repeated(remote: Engine) -> None:
    """The server refuses; the message names the store, not the secret."""
    place = remote.where.removeprefix("clickhouse://")
    with pytest.raises(CannotRunError) as refused:
        open_engine(f"clickhouse://reader:s3cret@{place}")
    assert "s3cret" not in str(refused.value) + refused.value.hint


def test_options_of_the_address_become_settings(remote: Engine) -> None:
    """Of every query, on every connection."""
    place = remote.where.removeprefix("clickhouse://")
    with open_engine(f"clickhouse://{front.USER}:{front.PASSWORD}@{place}?max_threads=1") as opened:
        assert [{"n": 1}] == opened.query("SELECT toUInt64(getSetting('max_threads')) AS n").rows


def test_a_user_who_may_only_read_is_asked_nothing_else(remote: Engine) -> None:
    """A profile that fixes every setting: questions run without a budget rather than not at all."""
    put_lines(emptied(remote), 3)
    place = remote.where.removeprefix("clickhouse://")
    with open_engine(f"clickhouse://{front.LOCKED}:{front.PASSWORD}@{place}") as opened:
        _, reader = Store(opened).survey()
        window = Window(START, START + timedelta(minutes=1))
        assert [{"n": 3}] == reader.query("SELECT count() AS n FROM lg_lines", {}, window).dicts()
        assert [{"n": 3}] == reader.typed("SELECT count() AS n FROM lg_lines", window).dicts()
        with pytest.raises(QueryFailedError):
            opened.command("CREATE TABLE x (a Int8) ENGINE = Memory")


MIDDLE, END = START + timedelta(minutes=30), START + timedelta(hours=1)
OPERATIONS = 6  # of each the questions bind up to five hundred failing and as many working requests


def put_failing_requests(store: Store) -> None:
    """Requests of several operations, of which most fail from the middle on, each with a call and a log line."""
    world = World(rate=6, errors=lambda t: np.where(t > MIDDLE.timestamp() - START.timestamp(), 0.6, 0.01))
    n = len(world.times)
    each = {"Timestamp": nanoseconds(world.times), "TraceId": [f"{i:032x}" for i in range(n)]}
    failed = [bool(one) for one in world.failed]
    put(
        store, SPANS,
        {
            **each, "SpanId": [f"{i:016x}" for i in range(n)], "ParentSpanId": [""] * n,
            "SpanName": [f"GET /{i % OPERATIONS}" for i in range(n)], "SpanKind": ["Server"] * n,
            "ServiceName": ["shop"] * n, "Duration": [50_000_000] * n,
            "StatusCode": ["Error" if one else "Unset" for one in failed],
            "SpanAttributes": [{"region": "eu" if one or i % 3 else "us"} for i, one in enumerate(failed)],
        },
        "requests",
    )  # fmt: skip
    put(
        store, LOGS,
        {
            **each, "ServiceName": ["shop"] * n, "SeverityText": ["ERROR" if one else "INFO" for one in failed],
            "SeverityNumber": [17 if one else 9 for one in failed],
            "Body": [f"order {i}: " + ("connection reset" if one else "served") for i, one in enumerate(failed)],
        },
        "lines",
    )  # fmt: skip


def test_a_server_answers_as_the_embedded_engine_does(engine: Engine, remote: Engine) -> None:
    """A whole triage, with thousands of bound ids: more than an address or one field of a form may hold."""
    reported = []
    for one in (engine, remote):
        store = emptied(one)
        put_failing_requests(store)
        sitrep = triage(store, now=END)
        reported.append({**sitrep_document(sitrep), "took_seconds": 0})
        asked = [
            f.evidence[0].provenance.parameters
            for f in sitrep.findings
            if isinstance(f.answer, RequestsCompared)
        ]
        assert [1000 * OPERATIONS] == [len(parameters["every"]) for parameters in asked]  # type: ignore[arg-type]
    assert reported[0] == reported[1]
    assert "yes" == reported[1]["confirmed"]["verdict"]
