"""Derived columns: the same values as the expressions that stand for them elsewhere, also in tables of before."""

from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.telemetry.derived import DERIVED, definitions
from lastgood.telemetry.layout import Layout, layout_of
from lastgood.telemetry.reader import Reader
from lastgood.telemetry.tables import LOGS, SHAPE, SHAPE_SQL, SPANS
from lastgood.telemetry.writer import Writer, create_tables
from lastgood.workbench.store import Store
from telemetry.rows import START, times

WINDOW = Window(START, START.replace(hour=START.hour + 1))
READ = {
    "lg_spans": "http_status, error_type, peer, instance, version, user, trace_hash, failed",
    "lg_lines": "instance, version, user, code_line, trace_hash",
    "lg_requests": "operation, http_status, user",
}


def put(store: Store) -> None:
    """A span and a line that carry one of everything."""
    writer = Writer(store.engine, "one of everything")
    carried = {"http.status_code": "503", "exception.type": "Timeout", "db.system": "redis", "rpc.method": "Pay",
               "user_id": "u7", "code.lineno": "12", "version": "v3"}  # fmt: skip
    attributes = {"ResourceAttributes": [[("k8s.pod.name", "pay-1")]]}
    span = {
        "Timestamp": times([START]),
        "SpanId": ["a"],
        "TraceId": ["t"],
        "SpanAttributes": [list(carried.items())],
    }
    writer.add(SPANS, SPANS.rows({**span, **attributes}))
    line = {"Timestamp": times([START]), "TraceId": ["t"], "LogAttributes": [list(carried.items())]}
    writer.add(LOGS, LOGS.rows({**line, **attributes}))
    writer.flush()


def read(store: Store, layout: Layout) -> list[object]:
    """What the relations say of these columns."""
    reader = Reader(store.engine, frozenset(Signal), layout)
    return [
        reader.query(f"SELECT {columns} FROM {name}", {}, WINDOW).dicts() for name, columns in READ.items()
    ]


def without(layout: Layout) -> Layout:
    """The layout of a store that another program made."""
    return Layout(
        {
            table: {name: kind for name, kind in columns.items() if name not in DERIVED.get(table, {})}
            for table, columns in layout.columns.items()
        }
    )


def test_what_is_kept_is_what_would_be_looked_up(store: Store) -> None:
    """Column by column, and nothing is empty."""
    put(store)
    layout = layout_of(store.engine)

    kept = read(store, layout)

    assert without(layout) != layout
    assert kept == read(store, without(layout))
    assert "Timeout" in str(kept)
    assert "''" not in str(kept)


def test_a_store_of_an_earlier_release_gets_them(store: Store) -> None:
    """Also for the rows that it holds already."""
    database = store.engine.database
    store.engine.command(f"DROP TABLE {database}.otel_logs SYNC")
    old = LOGS.ddl.replace("{database}", database)
    for definition in definitions("otel_logs"):
        old = old.replace(f"{definition},", "")
    old = old.replace(SHAPE, SHAPE_SQL.format(text="Body"))
    store.engine.command(old)
    put(store)
    before = layout_of(store.engine)
    said = read(store, before)

    create_tables(store.engine)

    assert "TraceHash" not in before.columns["otel_logs"]
    assert "TraceHash" in layout_of(store.engine).columns["otel_logs"]
    assert said == read(store, layout_of(store.engine))
