"""Lines that say what was done to the system: a platform's own stream tells its releases among everything else."""

import re
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lastgood.decoding.change import Row, change
from lastgood.decoding.input import Decoded
from lastgood.decoding.rows import Rows
from lastgood.decoding.text.events import column
from lastgood.decoding.text.plan import Plan


def changes_in(events: pa.Table, plan: Plan) -> Decoded:
    """The changes that events tell of, as the formats of their file say."""
    rows = Rows()
    for found in plan.formats:
        for said in found.changes:
            for table, row in _changes(events, said):
                rows.add(table, row)
    yield from rows.rest()


def _changes(events: pa.Table, said: Mapping[str, str]) -> Iterator[Row]:
    expression = re.compile(said["regex"])
    mask = pc.match_substring_regex(column(events, "Body"), said["regex"]).to_numpy(zero_copy_only=False)
    found = events.take(pa.array(np.flatnonzero(mask)))
    nanos = column(found, "Timestamp").cast(pa.timestamp("ns", "UTC")).cast(pa.int64()).to_pylist()
    for event, at in zip(found.drop_columns("Timestamp").to_pylist(), nanos, strict=True):
        match = expression.search(event["Body"])
        if match:
            given = {name: text for name, text in match.groupdict().items() if text}
            yield change(
                said["kind"],
                at,
                **{
                    "service": said.get("service", event["ServiceName"]),
                    "title": event["Body"].split("\n")[0],
                    "source": "log line",
                    **given,
                },
            )
