"""Deliveries: changes and alerts that are sent to the server, each stored once."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from lastgood.algorithms.json_text import json_text
from lastgood.decoding.identified import identified
from lastgood.decoding.input import Batch, Input, Reject, Settings
from lastgood.intake._registry import Source, best_claim, sources
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import ALERTS, CHANGES, StoreTable
from lastgood.workbench.faults import fault_of
from lastgood.workbench.receive import FIRST_REASONS, store_all
from lastgood.workbench.service import Service

_TABLES = {Signal.CHANGES: CHANGES, Signal.ALERTS: ALERTS}
Row = dict[str, Any]


@dataclass(slots=True)
class Delivered:
    """What came of a delivery: rows that are new, those that came before, and why others were refused."""

    rows: list[Row] = field(default_factory=list)  # all that could be read, as their table has them
    new: list[Row] = field(default_factory=list)  # those of them that were stored
    rejected: int = 0
    reasons: list[str] = field(default_factory=list)

    @property
    def stored(self) -> int:
        """How many rows are new."""
        return len(self.new)

    @property
    def repeated(self) -> bool:
        """Whether all of it was known."""
        return bool(self.rows) and not self.stored

    def refuse(self, why: str) -> None:
        """Count something that could not be taken."""
        self.rejected += 1
        if why not in self.reasons and len(self.reasons) < FIRST_REASONS:
            self.reasons.append(why)


def deliver(service: Service, signal: Signal, body: bytes) -> Delivered:
    """Store the changes or alerts in a body of JSON; what came before in the same state is not stored again.

    Raises:
        LastgoodError: the store or the record did not take it; send it again.
    """
    delivered, table = Delivered(), _TABLES[signal]
    for item in _decoded(signal, body, service):
        if isinstance(item, Reject):
            delivered.refuse(item.reason)
        elif item.table is table:
            delivered.rows += service.redactor.rows(item.rows)[0].to_pylist()
    new = [row for row in delivered.rows if service.arrivals.first(table.name, _name(row), service.clock())]
    try:
        _store(service, table, new)
    except BaseException:
        for row in new:
            service.arrivals.forget(table.name, _name(row))
        raise
    delivered.new = new
    return delivered


def cloud_event(headers: dict[str, str], body: bytes) -> bytes:
    """A CloudEvent whose attributes are in `ce-…` headers, as one JSON object (CloudEvents 1.0, binary mode)."""
    attributes = {
        name.removeprefix("ce-"): value for name, value in headers.items() if name.startswith("ce-")
    }
    try:
        data = orjson.loads(body) if body.strip() else {}
    except orjson.JSONDecodeError:
        data = body.decode("utf-8", "replace")
    return json_text({**attributes, "data": data})


def _store(service: Service, table: StoreTable, rows: list[Row]) -> None:
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        store_all(service.intake, [(table, [table.rows(columns)])])


def _name(row: Row) -> str:
    """What is the same when the same thing is sent again: its id and its state."""
    text = f"{row['Id']}\0{row['State']}\0{row['Timestamp']}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _decoded(signal: Signal, body: bytes, service: Service) -> Iterator[Batch | Reject]:
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
        yield Reject(1, "it is not JSON", "")
        return
    # Rows without an id are named by the place they come from: of the same body it is the same.
    name = f"delivery-{hashlib.blake2b(body, digest_size=8).hexdigest()}"
    given = Input(None, name, content=body)
    settings = Settings(service.clock(), service.config.zone)
    try:
        chosen = best_claim(given)
        if chosen is None or not _gives(chosen[0], signal):
            names = ", ".join(source.name for source in sources() if _gives(source, signal))
            yield Reject(1, f"no source of {signal} recognises it: {names}", "")
            return
        source, claim = chosen
        for item in source.decode(given, claim, settings):
            if isinstance(item, Batch):
                yield identified(item)
            elif isinstance(item, Reject):
                yield item
    except Exception as fault:  # noqa: BLE001 - around one request: what no one can read is the sender's
        yield Reject(1, f"reading stopped: {fault_of(fault)}", "")


def _gives(source: Source, signal: Signal) -> bool:
    return signal in source.gives and not source.folders
