"""A healthy world to rehearse on, whole and without pieces of its instrumentation."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lastgood.decoding.scenario.grammar import parse_text
from lastgood.decoding.scenario.world import World, make, tables
from lastgood.model.window import Window
from lastgood.telemetry.tables import TABLES
from lastgood.telemetry.writer import Writer
from lastgood.workbench.rehearsal import Copied, copied
from lastgood.workbench.store import Store

HEALTHY = """
scenario  a system that has everything and is well
time      2026-11-20 10:00 .. 10:40
seed      3
service   web       instances=web-1,web-2 version=v41
service   payments  instances=pay-1,pay-2 version=v7
service   mail      instances=mail-1 version=v3
spans     web "POST /checkout"  rate=2/s latency=8ms cloud.region=eu:50%,us:50% user.id={user:300}
call      web "POST /checkout" -> payments Charge  latency=25ms errors=0.2%
call      payments Charge -> mail Send  latency=5ms
spans     web "GET /items"  rate=1/s latency=6ms cloud.region=eu:50%,us:50% user.id={user:300}
logs      payments info "charged {hex12}"  each=request:payments
change    deploy mail v2 -> v3  id=mail-3 at 10:05
change    flag web "banner"   id=banner at 10:20
"""
Removal = Callable[[World], None]


def copy_of(store: Store, *removals: Removal, text: str = HEALTHY, within: Window | None = None) -> Copied:
    """The world without some of its instrumentation, as it is copied; the store is empty again: a process has one."""
    world = make(parse_text(text, Path("healthy")))
    for remove in removals:
        remove(world)
    _empty(store)
    writer = Writer(store.engine, "healthy")
    for table, rows in tables(world):
        writer.add(table, _exactly(rows))
    writer.flush()
    found = copied(store, within=within)
    _empty(store)
    return found


def _exactly(rows: pa.Table) -> pa.Table:
    """With times of nanoseconds, as SDKs send them."""
    if "Timestamp" not in rows.column_names:
        return rows
    times = rows["Timestamp"].cast(pa.timestamp("ns", "UTC"))
    later = pc.add(times.cast(pa.int64()), 789).cast(times.type)
    return rows.set_column(rows.schema.get_field_index("Timestamp"), "Timestamp", later)


def _empty(store: Store) -> None:
    for table in TABLES:
        store.engine.command(f"TRUNCATE TABLE {store.engine.database}.{table.name}")
