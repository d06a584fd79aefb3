"""Derived columns: the same values as the expressions that stand for them elsewhere, also in tables of before."""

from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.telemetry.derived import DERIVED, definitions
from lastgood.telemetry.layout import Layout, layout_of
from lastgood.telemetry.reader import Reader
from lastgood.telemetry.tables import LOGS, SHAPE, SHAPE_SQL, SPANS
from lastgood.telemetry.writer import Writer, create_tables
from lastgood.workbench.store import Store
from telemetry.rows import START, put_lines, times

WINDOW = Window(START, START.replace(hour=START.hour + 1))
READ = {
    "lg_spans": "http_status, error_type, peer, instance, version, user, trace_hash, failed",
    "lg_lines": "instance, version, user, code_line, trace_hash, body, shape",
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


def without(layout: Layout, *more: str) -> Layout:
    """The layout of a store that another program made, which lacks `more` columns as well."""
    return Layout(
        {
            table: {
                name: kind for name, kind in columns.items() if name not in {*DERIVED.get(table, {}), *more}
            }
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


def test_an_operation_is_the_path_without_values_in_any_table(store: Store) -> None:
    """Also where the table does not keep it."""
    put_lines(store, 1, **{"http.response.status_code": "200", "url.path": "/orders/1042?all=1"})
    layout = layout_of(store.engine)
    for known in (layout, without(layout)):
        reader = Reader(store.engine, frozenset({Signal.LOGS}), known)
        (row,) = reader.query("SELECT operation FROM lg_requests", {}, WINDOW).dicts()
        assert row == {"operation": "/orders/{id}"}


def made_before(store: Store) -> None:
    """Make the table of log lines as an earlier release did."""
    database = store.engine.database
    store.engine.command(f"DROP TABLE {database}.otel_logs SYNC")
    old = LOGS.ddl.replace("{database}", database)
    for definition in definitions("otel_logs"):
        old = old.replace(f"{definition},", "")
    store.engine.command(old.replace(SHAPE, SHAPE_SQL.format(text="Body")))


def test_a_store_of_an_earlier_release_gets_them(store: Store) -> None:
    """Also for the rows that it holds already."""
    made_before(store)
    put(store)
    before = layout_of(store.engine)
    said = read(store, before)

    create_tables(store.engine)

    assert "TraceHash" not in before.columns["otel_logs"]
    assert "TraceHash" in layout_of(store.engine).columns["otel_logs"]
    assert said == read(store, layout_of(store.engine))


SAID = [  # text, type and message of a line, and what it says
    ("request", "TypeError", "x is undefined", "request: TypeError: x is undefined"),
    ("request", "", "x is undefined", "request: x is undefined"),
    ("request", "TypeError", "", "request: TypeError"),
    ("request", "OSError", "disk\nfull", "request: OSError: disk"),
    ("An error occurred.", "OSError", "disk", "An error occurred. OSError: disk"),
    ("Unhandled:", "OSError", "disk", "Unhandled: OSError: disk"),
    ("OSError caught", "OSError", "disk", "OSError caught: disk"),
    ("failed", "OSError", "OSError: disk", "failed: OSError: disk"),
    ("", "OSError", "disk", "OSError: disk"),
    ("failed: disk", "OSError", "disk", "failed: disk"),
    ("OSError", "OSError", "", "OSError"),
    ("OSError: disk\n  at f", "OSError", "disk\nfull", "OSError: disk\n  at f"),
    ("served", "", "", "served"),
]


def said(store: Store, layout: Layout) -> list[dict[str, object]]:
    """What pairs of lines say, the one with an exception in its fields and the other without, and how many shapes they have."""
    writer = Writer(store.engine, "lines with exceptions")
    for n, (text, kind, message, told) in enumerate(SAID):
        fields = [("exception.type", kind), ("exception.message", message)]
        rows = {"Timestamp": times([START] * 2), "ServiceName": [f"s{n:02}"] * 2, "Body": [text, told]}
        writer.add(LOGS, LOGS.rows({**rows, "LogAttributes": [[one for one in fields if one[1]], []]}))
    writer.flush()
    asked = "SELECT groupUniqArray(body) AS said, uniqExact(shape) AS shapes FROM lg_lines GROUP BY service ORDER BY service"
    return Reader(store.engine, frozenset(Signal), layout).query(asked, {}, WINDOW).dicts()


SAYING = [{"said": [told], "shapes": 1} for *_, told in SAID]


def test_a_line_says_the_exception_of_its_fields_once(store: Store) -> None:
    """Behind its text, where the text does not; its shape is that of a line whose text says so itself."""
    assert SAYING == said(store, layout_of(store.engine))


def test_lines_of_other_programs_say_it_too(store: Store) -> None:
    """Their tables have neither column."""
    assert SAYING == said(store, without(layout_of(store.engine), "Shape"))


def test_after_an_upgrade_shapes_are_of_what_lines_say(store: Store) -> None:
    """In a table that was made with shapes of texts alone."""
    made_before(store)
    create_tables(store.engine)
    assert SAYING == said(store, layout_of(store.engine))
