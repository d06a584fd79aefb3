"""What stands inside the bodies of log events: the lines that container runtimes and collectors wrapped."""

import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.input import Settings
from lastgood.decoding.text.bodies import with_ids
from lastgood.decoding.text.envelope import unwrapped
from lastgood.decoding.text.events import SCHEMA, column, merged_maps, with_column
from lastgood.decoding.text.plan import SAMPLE, Plan, plan_of
from lastgood.model.clock import to_nanoseconds

# What was said outside goes before what the line says of itself.
_OUTSIDE = ("ServiceName", "TraceId", "SpanId", "SeverityText")


def opened(events: pa.Table, settings: Settings) -> pa.Table:
    """The events with their bodies read as log lines of whatever format most of them have.

    `events` has some of the columns of `otel_logs`, Timestamp, SeverityNumber and Body among them.
    """
    reference = Reference(settings.zone, to_nanoseconds(settings.now))
    table = events.select(SCHEMA.names).cast(SCHEMA).combine_chunks()
    table = with_column(table, "Body", pc.utf8_rtrim_whitespace(column(table, "Body")))
    step = max(1, len(table) // SAMPLE)
    sample = column(table, "Body").take(pa.array(range(0, len(table), step))).cast(pa.binary())
    inner = plan_of(sample, reference)
    # The mapping says when it happened: times inside, often without a date or zone, are not compared with it.
    untimed = with_column(table, "Timestamp", pa.nulls(len(table), SCHEMA.field("Timestamp").type))
    found, _ = unwrapped(untimed, Plan((), 1.0, len(sample), inner), reference)
    found = with_column(found, "Timestamp", column(table, "Timestamp"))
    found = with_ids(found)
    for name in _OUTSIDE:
        mine = column(table, name)
        found = with_column(found, name, pc.if_else(pc.equal(mine, ""), column(found, name), mine))
    given = column(table, "SeverityNumber")
    known = pc.if_else(pc.equal(given, 0), column(found, "SeverityNumber"), given)
    found = with_column(found, "SeverityNumber", known)
    for name in ("ResourceAttributes", "LogAttributes"):
        both = merged_maps(column(table, name), column(found, name))
        found = with_column(found, name, both)
    return found
