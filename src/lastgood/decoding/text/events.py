"""Events: log events by columns while they are being read, as Arrow tables with the columns of `otel_logs`.

An empty text means that nothing was said; a Timestamp of null means that no time was read.
"""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.timestamps import NAT, Times
from lastgood.telemetry.tables import LOGS

TEXTS = ("TraceId", "SpanId", "SeverityText", "ServiceName", "Body", "ScopeName", "EventName")
MAPS = ("ResourceAttributes", "LogAttributes")
_COLUMNS = ("Timestamp", "SeverityNumber", *TEXTS, *MAPS)
SCHEMA = pa.schema([(name, LOGS.columns[name]) for name in _COLUMNS])


def events(
    times: Times,
    severities: npt.NDArray[np.uint8],
    texts: Mapping[str, pa.Array],
    attributes: pa.Array | None = None,
    resource: pa.Array | None = None,
) -> pa.Table:
    """A table of events; columns of `texts` that are missing are empty."""
    count = len(times)
    columns = {
        "Timestamp": pa.array(times, pa.int64(), mask=times == NAT).view(LOGS.columns["Timestamp"]),
        "SeverityNumber": pa.array(severities, pa.uint8()),
        **{name: _texts(texts.get(name), count) for name in TEXTS},
        "ResourceAttributes": resource if resource is not None else empty_maps(count),
        "LogAttributes": attributes if attributes is not None else empty_maps(count),
    }
    return pa.table(columns, SCHEMA)


@cache
def none() -> pa.Table:
    """A table without events."""
    return SCHEMA.empty_table()


def _texts(column: pa.Array | None, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(""), count) if column is None else pc.fill_null(column, "")


def empty_maps(count: int) -> pa.Array:
    """Maps without entries."""
    return pa.MapArray.from_arrays(
        pa.array(np.zeros(count + 1, np.int32)), pa.array([], pa.string()), pa.array([], pa.string())
    )


def maps_of_columns(columns: Mapping[str, pa.Array], count: int) -> pa.Array:
    """One map a row from one array a key; empty and missing values are left out."""
    if not columns or not count:
        return empty_maps(count)
    values = [pc.fill_null(column, "") for column in columns.values()]
    given = np.stack([pc.greater(pc.binary_length(v), 0).to_numpy(zero_copy_only=False) for v in values], 1)
    rows, which = np.nonzero(given)
    offsets = np.concatenate([[0], np.cumsum(given.sum(axis=1))]).astype(np.int32)
    keys = pa.DictionaryArray.from_arrays(pa.array(which.astype(np.int32)), pa.array(list(columns)))
    flat = pa.concat_arrays(values).take(pa.array(which * count + rows))
    return pa.MapArray.from_arrays(pa.array(offsets), keys.cast(pa.string()), flat)


def maps_of_rows(rows: Sequence[Mapping[str, str]]) -> pa.Array:
    """One map a row from dictionaries."""
    return maps_at(range(len(rows)), rows, len(rows))


def maps_at(places: Sequence[int], reported: Sequence[Mapping[str, str]], count: int) -> pa.Array:
    """`count` maps, empty but at the given places (in order)."""
    lengths = np.zeros(count + 1, np.int64)
    lengths[np.asarray(places, np.int64) + 1] = [len(row) for row in reported]
    keys = pa.array([key for row in reported for key in row], pa.string())
    values = pa.array([value for row in reported for value in row.values()], pa.string())
    return pa.MapArray.from_arrays(pa.array(np.cumsum(lengths).astype(np.int32)), keys, values)


def spread_maps(maps: pa.Array, places: npt.NDArray[np.int64], count: int) -> pa.Array:
    """`count` maps, empty but at the given places (in order)."""
    lengths = np.zeros(count + 1, np.int64)
    lengths[places + 1] = np.diff(maps.offsets.to_numpy())
    _, keys, values = entries(maps)
    return pa.MapArray.from_arrays(pa.array(np.cumsum(lengths).astype(np.int32)), keys, values)


def merged_maps(first: pa.Array, second: pa.Array) -> pa.Array:
    """Both maps of every row; where both have a key the first one's value stays."""
    (first_rows, first_keys, first_values), (rows, keys, values) = entries(first), entries(second)
    if not len(keys):
        return first
    if not len(first_keys):
        return second
    count = len(first)
    rows = np.concatenate([first_rows, rows])
    keys = pa.concat_arrays([first_keys, keys]).dictionary_encode()
    values = pa.concat_arrays([first_values, values])
    code = rows * len(keys.dictionary) + keys.indices.to_numpy()
    _, kept = np.unique(code, return_index=True)
    offsets = np.searchsorted(rows[kept], np.arange(count + 1)).astype(np.int32)
    at = pa.array(kept)
    return pa.MapArray.from_arrays(pa.array(offsets), keys.take(at).cast(pa.string()), values.take(at))


def entries(maps: pa.Array) -> tuple[npt.NDArray[np.int64], pa.Array, pa.Array]:
    """Row, key and value of every entry."""
    offsets = maps.offsets.to_numpy()
    rows = np.repeat(np.arange(len(maps)), np.diff(offsets))
    first, count = int(offsets[0]), int(offsets[-1] - offsets[0])
    return rows, maps.keys.slice(first, count), maps.items.slice(first, count)


def with_column(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    """The table with one column replaced."""
    return table.set_column(table.column_names.index(name), SCHEMA.field(name), values)


def column(table: pa.Table, name: str) -> pa.Array:
    """A column in one piece."""
    chunks = table[name].chunks
    if len(chunks) == 1:
        return chunks[0]
    return table[name].combine_chunks() if chunks else pa.array([], SCHEMA.field(name).type)


def first_lines(texts: pa.Array) -> tuple[pa.Array, pa.Array | None]:
    """The first line of each text and what is below it, None where no text has more; an object of its own is left whole."""
    several = pc.and_(
        pc.match_substring(texts, "\n"), pc.invert(pc.match_substring_regex(texts, r"^\s*[{<]"))
    )
    if not pc.any(several).as_py():
        return texts, None
    parts = pc.extract_regex(texts, r"^(?P<first>[^\n]*)\n(?s:(?P<rest>.*))$")
    first, rest = pc.struct_field(parts, "first"), pc.struct_field(parts, "rest")
    return pc.if_else(several, first, texts), pc.if_else(several, rest, "")


def as_text(column: pa.Array) -> pa.Array:
    """Binary as strings; bytes that are not UTF-8 are replaced."""
    try:
        return column.cast(pa.string())
    except pa.ArrowInvalid:
        texts = [None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()]
        return pa.array(texts, pa.string())
