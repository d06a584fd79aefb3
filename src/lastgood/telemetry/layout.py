"""The layout of a store: which tables and columns it has, and which attribute form they use.

The exporter's schema is a family: columns came and went, times changed their type, the table of
exponential histograms its name. Nothing here asks for a version; it looks at what is there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lastgood.algorithms.identity import instance_of
from lastgood.errors import CannotRunError
from lastgood.model.attributes import CHOSEN
from lastgood.telemetry.derived import DERIVED, TRACE_HASHES
from lastgood.telemetry.engine import Engine

_LISTS_VALUES = "SELECT 1 FROM system.functions WHERE name = 'JSONAllValues'"

PLAIN = re.compile(r"[\w .:/@-]+")  # names that can stand in SQL as they are

# A trace in a sample of this many says whether spans come with their roots.
SAMPLED_TRACES = 5_000
OFTEN = 0.5


@dataclass(frozen=True, slots=True)
class Layout:
    """What there is to read: the type of every column by table, and where requests without a root enter."""

    columns: Mapping[str, Mapping[str, str]]
    entry_services: tuple[str, ...] = ()
    examples: bool = False  # traces were chosen by how they ended, so requests are not counted by their spans
    same: Mapping[str, str] = field(default_factory=dict)  # names of services by those that they are known by

    def service(self, column: str) -> str:
        """SQL for the service that a column names, by the name that it is known by."""
        known = {given: name for given, name in self.same.items() if PLAIN.fullmatch(given + name)}
        if not known:
            return f"toString({column})"
        return f"transform(toString({column}), {list(known)}, {list(known.values())}, toString({column}))"

    def instance(self, column: str, service: str) -> str:
        """SQL for the instance of a row: what it names, else the name that its service gave to that instance alone."""
        own = [
            given for given, name in self.same.items() if PLAIN.fullmatch(given) and instance_of(given, name)
        ]
        return f"if({column} = '' AND {service} IN {own}, toString({service}), {column})" if own else column

    def has(self, table: str) -> bool:
        """Whether the table exists."""
        return table in self.columns

    def table(self, table: str, database: str) -> str:
        """SQL for the table, its attributes as maps of texts: of the JSON form, by the dotted names of its paths."""
        types = self.columns.get(table, {})
        if not any(map(_is_json, types.values())):
            return f"{database}.{table}"
        columns = ", ".join(_as_map(name, kind) for name, kind in types.items())
        return f"(SELECT {columns} FROM {database}.{table} AS kept)"

    def column(self, table: str, name: str, otherwise: str) -> str:
        """SQL for a column: its name, or the expression `otherwise` when the table lacks it."""
        return f"`{name}`" if name in self.columns.get(table, {}) else otherwise


def columns_of(engine: Engine) -> dict[str, dict[str, str]]:
    """The columns and their types of every table that exists, but for tables of metrics without a row.

    There are six kinds of those, of which hardly anyone sends all: a query over metrics costs by the table.

    Raises:
        CannotRunError: a table keeps attributes as JSON, and the engine is too old to list what is in it.
    """
    found = engine.query(
        "SELECT table, groupArray(name) AS names, groupArray(type) AS types FROM system.columns "
        "WHERE database = {database:String} AND NOT (startsWith(table, 'otel_metrics_') AND table IN ("
        "SELECT name FROM system.tables WHERE database = {database:String} AND total_rows = 0)) "
        "GROUP BY table ORDER BY table",
        {"database": engine.database},
    )
    columns = {row["table"]: dict(zip(row["names"], row["types"], strict=True)) for row in found.rows}
    as_json = [
        table
        for table, types in columns.items()
        if table.startswith("otel_") and any(map(_is_json, types.values()))
    ]
    if as_json and not engine.query(_LISTS_VALUES).rows:
        raise CannotRunError(
            f"The table {as_json[0]} keeps attributes in the exporter's JSON form. This ClickHouse cannot list their values.",
            hint="Update ClickHouse, or let the exporter write the map form (`json: false`).",
        )
    return columns


def _is_json(kind: str) -> bool:
    return kind.startswith(("JSON", "Array(JSON"))


def _as_map(name: str, kind: str) -> str:
    of = "mapFromArrays(JSONAllPaths({0}), JSONAllValues({0}))".format
    column = f"kept.`{name}`"
    if kind.startswith("Array(JSON"):
        return f"arrayMap(one -> {of('one')}, {column}) AS `{name}`"
    return f"{of(column)} AS `{name}`" if kind.startswith("JSON") else f"{column} AS `{name}`"


def layout_of(engine: Engine) -> Layout:
    """The layout of a store, from its columns and a sample of its traces."""
    columns = columns_of(engine)
    known = Layout(columns)
    if not known.has("otel_traces"):
        return known
    return replace(known, entry_services=_entry_services(engine, known), examples=_examples(engine, known))


def _examples(engine: Engine, known: Layout) -> bool:
    """Whether most spans are of traces that were chosen by how they ended."""
    found = engine.query(
        f"""
        SELECT countIf(ResourceAttributes[{{chosen:String}}] != '') / count() AS share
        FROM (SELECT ResourceAttributes FROM {known.table("otel_traces", engine.database)} LIMIT {{most:UInt64}})""",
        {"chosen": CHOSEN, "most": SAMPLED_TRACES},
    )
    return bool(found.rows[0]["share"] > OFTEN)


def _entry_services(engine: Engine, known: Layout) -> tuple[str, ...]:
    """Services whose server spans mostly name a parent that no one sent: requests enter there.

    A front end without telemetry, or a gateway of another team, leaves traces without a root. Whole
    traces are sampled by their id, so the grouping stays on the shard that holds them.
    """
    table = f"{engine.database}.otel_traces"
    total = engine.query(f"SELECT count() AS n FROM {table}").rows[0]["n"]
    parts = max(1, total // (SAMPLED_TRACES * 10))
    place = known.column("otel_traces", "TraceHash", DERIVED["otel_traces"]["TraceHash"][1])
    found = engine.query(
        f"""
        SELECT service, countIf(orphan) / count() AS share FROM (
            SELECT arrayJoin(arrayMap((s, p, k) -> (s, p != '' AND NOT has(ids, p), k), services, parents, kinds)) AS span,
                   span.1 AS service, span.2 AS orphan, span.3 AS kind
            FROM (
                SELECT groupArray(SpanId) AS ids, groupArray(ParentSpanId) AS parents,
                       groupArray(ServiceName) AS services, groupArray(SpanKind) AS kinds
                FROM {table} WHERE {place} < intDiv({TRACE_HASHES}, {{parts:UInt64}})
                GROUP BY TraceId LIMIT {{traces:UInt64}}
            )
        ) WHERE kind IN ('Server', 'SPAN_KIND_SERVER', 'Consumer', 'SPAN_KIND_CONSUMER')
        GROUP BY service HAVING share >= {{often:Float64}} ORDER BY service""",
        {"parts": parts, "traces": SAMPLED_TRACES, "often": OFTEN},
    )
    return tuple(row["service"] for row in found.rows)
