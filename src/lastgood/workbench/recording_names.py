"""Recording names: the rows of a recording with every name of a person, customer or host replaced."""

from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.anonymous import PERSON, Anonymous

KEPT_COLUMNS = {
    "ServiceName", "Service", "Caller", "Callee", "Version", "PreviousVersion", "TraceId", "SpanId", "ParentSpanId",
    "SpanKind", "StatusCode", "SeverityText", "MetricName", "MetricUnit", "Kind", "State", "Severity", "Source",
}  # fmt: skip
_MAPS = pa.map_(pa.string(), pa.string())


def without_names(tables: dict[str, pa.Table], names: Anonymous) -> dict[str, pa.Table]:
    """The same rows, with every name replaced; `names` knows them afterwards."""
    for table in tables.values():
        for column in table.columns:
            if column.type == _MAPS:
                _learn(column, names)
            elif column.type == pa.list_(_MAPS):
                _learn(_flat(column), names)
        if "Actor" in table.column_names:
            for actor in pc.unique(table["Actor"]).to_pylist():
                names.name(PERSON, actor)
    return {name: _without(table, names) for name, table in tables.items()}


def offsets(array: pa.Array) -> pa.Array:
    """Of the lists in an array, from 0 on."""
    return pc.subtract(array.offsets, array.offsets[0])


def by_chunk(column: pa.ChunkedArray, change: Callable[[pa.Array], pa.Array]) -> pa.ChunkedArray:
    """A column with each of its chunks changed."""
    return pa.chunked_array([change(chunk) for chunk in column.chunks], column.type)


def _pairs(column: pa.ChunkedArray) -> Iterator[tuple[pa.Array, list[str], list[str]]]:
    for chunk in column.chunks:
        low, high = chunk.offsets[0].as_py(), chunk.offsets[len(chunk)].as_py()
        yield chunk, chunk.keys[low:high].to_pylist(), chunk.items[low:high].to_pylist()


def _learn(column: pa.ChunkedArray, names: Anonymous) -> None:
    for _, keys, items in _pairs(column):
        for key, item in dict.fromkeys(zip(keys, items, strict=True)):
            names.learn(key, (item,))


def _without(table: pa.Table, names: Anonymous) -> pa.Table:
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name == "Url":
            columns[name] = pa.chunked_array([pa.array([""] * len(column), pa.string())])
        elif name == "Actor":
            columns[name] = _texts(column, lambda one: names.value("actor", one))
        elif column.type == pa.string() and name not in KEPT_COLUMNS:
            columns[name] = _texts(column, names.text)
        elif column.type == _MAPS:
            columns[name] = _maps(column, names)
        elif column.type == pa.list_(_MAPS):
            columns[name] = by_chunk(column, lambda one: _lists(one, lambda inner: _maps(inner, names)))
        elif column.type == pa.list_(pa.string()):
            columns[name] = by_chunk(column, lambda one: _lists(one, lambda inner: _texts(inner, names.text)))
        else:
            columns[name] = column
    return pa.table(columns)


def _texts(column: pa.ChunkedArray, change: Callable[[str], str]) -> pa.ChunkedArray:
    whole = column.combine_chunks().dictionary_encode()
    changed = pa.array([change(one) for one in whole.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([changed.take(whole.indices)])


def _maps(column: pa.ChunkedArray, names: Anonymous) -> pa.ChunkedArray:
    known: dict[tuple[str, str], str] = {}
    made = []
    for chunk, keys, items in _pairs(column):
        pairs = list(zip(keys, items, strict=True))
        for pair in dict.fromkeys(pairs):
            known.setdefault(pair, names.value(*pair))
        values = pa.array([known[pair] for pair in pairs], pa.string())
        made.append(pa.MapArray.from_arrays(offsets(chunk), pa.array(keys, pa.string()), values))
    return pa.chunked_array(made, _MAPS)


def _flat(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([chunk.flatten() for chunk in column.chunks], column.type.value_type)


def _lists(array: pa.Array, change: Callable[[pa.ChunkedArray], pa.ChunkedArray]) -> pa.Array:
    """Attributes of events and links, and names of events."""
    inner = pa.chunked_array([array.flatten()], array.type.value_type)
    return pa.ListArray.from_arrays(offsets(array), change(inner).combine_chunks())
