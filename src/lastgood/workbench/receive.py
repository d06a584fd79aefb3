"""Receive: bodies of OTLP into the store, several in one insert; each has an account of its own."""

import secrets
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from hashlib import blake2b

import pyarrow as pa

from lastgood.decoding.input import Batch, Decoded, Reject, Tally
from lastgood.errors import QueryFailedError
from lastgood.intake.otlp.requests import NotOtlpError, counted_spans, decoded
from lastgood.model.clock import system_clock
from lastgood.model.signal import Signal
from lastgood.telemetry.derived import RECEIVED
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.redaction import Redactor
from lastgood.telemetry.tables import StoreTable
from lastgood.telemetry.unfolding import is_plain, unfold_spans
from lastgood.telemetry.writer import ROWS_PER_INSERT
from lastgood.workbench.under_way import DIGEST, UnderWay

FIRST_REASONS = 3
_MILLISECONDS = pa.timestamp("ms", "UTC")
# From here on the engine reads spans itself: to plan its insert costs it as much as it takes to read so many here.
MANY_SPANS = 2_500


@dataclass(frozen=True, slots=True)
class Body:
    """What one sender sent, unpacked."""

    signal: Signal
    content: bytes = field(repr=False)
    as_json: bool = False
    digest: bytes = field(init=False, repr=False, compare=False)  # by which the same one is recognised

    def __post_init__(self) -> None:
        digest = blake2b(self.content, digest_size=DIGEST, person=self.signal.value.encode()).digest()
        object.__setattr__(self, "digest", digest)


@dataclass(slots=True)
class Receipt:
    """What came of a body: elements stored, elements refused, and why; or why it could not be read at all."""

    stored: int = 0
    rejected: int = 0
    reasons: list[str] = field(default_factory=list)
    problem: str = ""

    def saw(self, item: Reject | Tally) -> None:
        """Count what a decoder gave besides rows."""
        if isinstance(item, Tally):
            self.stored += item.events
        else:
            self.rejected += 1
            if item.reason not in self.reasons and len(self.reasons) < FIRST_REASONS:
                self.reasons.append(item.reason)


def receive(
    engine: Engine,
    bodies: Sequence[Body],
    redactor: Redactor | None = None,
    under_way: UnderWay | None = None,
) -> list[Receipt]:
    """The receipt of each body, all of one signal, in their order, once everything is on disk.

    A body that cannot be read costs the others nothing. What is personal or secret is replaced before it is stored.
    What is being stored is noted in `under_way`.

    Raises:
        LastgoodError: the store did not take it; some of it may be stored.
    """
    if engine.embedded and all(one.signal is Signal.SPANS and not one.as_json for one in bodies):
        unfolded = _unfolded(engine, bodies, redactor, under_way)
        if unfolded is not None:
            return unfolded
    return _read_here(engine, bodies, redactor, under_way)


def store_all(engine: Engine, gathered: Iterable[tuple[StoreTable, list[pa.Table]]]) -> None:
    """Insert tables, the parts of each joined; returns when they are on disk.

    Each insert has a token of its own: two that are equal are two (docs/decisions/0017).
    """
    inserts: list[Future[None]] = []
    for table, parts in gathered:
        whole = pa.concat_tables(parts)
        for start in range(0, whole.num_rows, ROWS_PER_INSERT):
            rows = whole.slice(start, ROWS_PER_INSERT)
            inserts.append(engine.insert(table.name, rows, token=secrets.token_hex(16)))
    problems = [problem for one in inserts if (problem := one.exception()) is not None]
    if problems:
        raise problems[0]


def _unfolded(
    engine: Engine, bodies: Sequence[Body], redactor: Redactor | None, under_way: UnderWay | None
) -> list[Receipt] | None:
    """The receipts of spans that the engine itself reads; None where it has to be done here, and nothing is stored.

    Bodies in which something may have to be replaced are read here even so: the engine would store them as they are.
    """
    receipts = list(map(_counted, bodies))
    contents = [one.content for one in bodies]
    suspect = redactor.suspects(contents) if redactor else [False] * len(bodies)
    good = [n for n, one in enumerate(receipts) if not one.problem and not suspect[n]]
    rows = sum(receipts[n].stored for n in good)
    # One by one: to look through all of them in one call would keep other threads from running.
    if rows < MANY_SPANS or not all(is_plain(contents[n]) for n in good):
        return None
    _begin(under_way, [bodies[n] for n in good], rows)
    try:
        unfold_spans(engine, b"".join(contents[n] for n in good), token=secrets.token_hex(16)).result()
    except QueryFailedError:  # something is not plain; whatever else it is, it comes up again there
        return None
    _done(under_way, bodies)
    here = [n for n in range(len(bodies)) if suspect[n]]
    read = _read_here(engine, [bodies[n] for n in here], redactor, under_way)
    for n, receipt in zip(here, read, strict=True):
        receipts[n] = receipt
    return receipts


def _counted(body: Body) -> Receipt:
    try:
        return Receipt(stored=counted_spans(body.content))
    except NotOtlpError as problem:
        return Receipt(problem=str(problem))


def _begin(under_way: UnderWay | None, bodies: Sequence[Body], rows: int) -> None:
    if under_way and rows:
        under_way.begin(bodies[0].signal, [one.digest for one in bodies], rows)


def _done(under_way: UnderWay | None, bodies: Sequence[Body]) -> None:
    if under_way and bodies:
        under_way.done(bodies[0].signal)


def _read_here(
    engine: Engine, bodies: Sequence[Body], redactor: Redactor | None, under_way: UnderWay | None
) -> list[Receipt]:
    gathered: dict[str, tuple[StoreTable, list[pa.Table]]] = {}
    receipts = [
        _read(decoded(one.signal, one.content, as_json=one.as_json), gathered, redactor) for one in bodies
    ]
    if engine.embedded:
        for _, parts in gathered.values():
            parts[:] = map(_stamped, parts)
    _begin(under_way, bodies, sum(part.num_rows for _, parts in gathered.values() for part in parts))
    store_all(engine, gathered.values())
    _done(under_way, bodies)
    return receipts


def _stamped(rows: pa.Table) -> pa.Table:
    """With the time at which they arrived: now."""
    return rows.append_column(RECEIVED, pa.repeat(pa.scalar(system_clock(), _MILLISECONDS), rows.num_rows))


def _read(
    items: Decoded, gathered: dict[str, tuple[StoreTable, list[pa.Table]]], redactor: Redactor | None
) -> Receipt:
    receipt, mine = Receipt(), list[Batch]()
    try:
        for item in items:
            if isinstance(item, Batch):
                mine.append(item)
            else:
                receipt.saw(item)
    except NotOtlpError as problem:
        return Receipt(problem=str(problem))
    for batch in mine:
        rows = redactor.rows(batch.rows)[0] if redactor else batch.rows
        gathered.setdefault(batch.table.name, (batch.table, []))[1].append(rows)
    return receipt
