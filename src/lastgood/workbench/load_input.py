"""Load input: one input into the store. Whatever stops it stops only this input; what came before is stored."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import pyarrow as pa

from lastgood.algorithms.twice import Sample
from lastgood.decoding.identified import identified
from lastgood.decoding.input import UNREADABLE, Batch, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.text.whose import whose
from lastgood.errors import LastgoodError, MappingError
from lastgood.intake._registry import Source
from lastgood.model.clock import to_nanoseconds
from lastgood.model.loading import Loaded
from lastgood.telemetry.joined import InputWriter, Joined
from lastgood.telemetry.redaction import Redactor
from lastgood.telemetry.tables import REJECTS
from lastgood.workbench.faults import fault_of
from lastgood.workbench.load_account import Account, reported
from lastgood.workbench.redaction import redactor_of
from lastgood.workbench.store import Store

REJECTS_PER_INSERT = 5_000


@dataclass(frozen=True, slots=True)
class Into:
    """Where a load goes: the store, small inputs joined on their way, and a sample of each input."""

    store: Store
    redactor: Redactor
    joined: Joined | None = None
    samples: dict[str, Sample] = field(default_factory=dict)

    def flush(self) -> None:
        """Have everything on disk."""
        if self.joined is not None:
            self.joined.flush()


def load_one(
    into: Into,
    given: Input,
    settings: Settings,
    chosen: tuple[Source, Claim],
    decoded: Iterable[Batch | Reject | Tally] | None = None,
) -> Loaded:
    """What came of loading one input that a source has claimed, and may have decoded already."""
    account = Account(into.samples.setdefault(given.name, Sample()))
    if decoded is None:
        decoded = _decoding(given, chosen, settings)
    try:
        problem = _taken(into, given, settings, decoded, account)
    except OSError as gone:
        problem = f"it cannot be read: {gone}"
    except LastgoodError:  # the store fails, and would for the others
        raise
    except Exception as fault:  # noqa: BLE001 - one input that no one can store must not cost the others
        problem = f"it was not stored: {fault_of(fault)}"
    return reported(given, account, chosen, "; ".join(filter(None, (problem, account.gap))))


def load_part(store: Store, part: Input, chosen: tuple[Source, Claim], settings: Settings) -> Loaded:
    """What came of loading one piece of an input that a source has claimed."""
    return load_one(Into(store, redactor_of(store)), part, settings, chosen)


def _taken(
    into: Into,
    given: Input,
    settings: Settings,
    decoded: Iterable[Batch | Reject | Tally],
    account: Account,
) -> str:
    """Why reading an input stopped before its end, after everything before that is stored."""
    writer = InputWriter(into.store.engine, _origin(given), into.joined)
    rejects: list[Reject] = []
    problem = ""
    try:
        owner = whose(given.telling)[0]
        for found in decoded:
            meant = identified(found, owner) if isinstance(found, Batch) else found
            item = _redacted(into.redactor, meant, account)
            if isinstance(item, Batch):
                writer.add(item.table, item.rows)
            elif isinstance(item, Reject):
                rejects.append(item)
                if len(rejects) >= REJECTS_PER_INSERT:
                    _keep_rejects(writer, given, rejects, settings.now)
                    rejects.clear()
            account.saw(item)
    except _StoppedError as stopped:
        problem = str(stopped)
    _keep_rejects(writer, given, rejects, settings.now)
    writer.close(whole=not problem)
    return problem


def _redacted(redactor: Redactor, item: Batch | Reject | Tally, account: Account) -> Batch | Reject | Tally:
    """The same as it may be stored and shown."""
    if isinstance(item, Batch):
        rows, counts = redactor.rows(item.rows)
        account.redacted += counts
        return Batch(item.table, rows)
    return replace(item, text=redactor.text(item.text)) if isinstance(item, Reject) else item


class _StoppedError(Exception):
    """Reading an input ended before its end; says why."""


def _decoding(given: Input, chosen: tuple[Source, Claim], settings: Settings) -> Decoded:
    """What a source makes of an input. Whatever stops it, it stops only this input, never the load."""
    source, claim = chosen
    try:
        yield from source.decode(given, claim, settings)
    except UNREADABLE as stopped:  # a truncated archive, a disk that fails
        raise _StoppedError(f"reading stopped: {stopped}") from stopped
    except MappingError as stopped:  # this file is not what the mapping says; the others may be
        raise _StoppedError(" ".join(filter(None, (stopped.message, stopped.hint)))) from stopped
    except Exception as fault:
        raise _StoppedError(f"reading stopped: {fault_of(fault)}") from fault


def _keep_rejects(writer: InputWriter, given: Input, rejects: list[Reject], now: datetime) -> None:
    if not rejects:
        return
    columns = {
        "LoadedAt": pa.array([to_nanoseconds(now)] * len(rejects), pa.int64()).cast(
            pa.timestamp("ns", "UTC")
        ),
        "Path": [given.name] * len(rejects),
        "Line": [reject.line for reject in rejects],
        "Reason": [reject.reason for reject in rejects],
        "Text": [reject.text for reject in rejects],
    }
    writer.add(REJECTS, REJECTS.rows(columns))


def _origin(given: Input) -> str:
    """What makes loading the same file twice add nothing: its name, size and time of change."""
    if given.origin:
        return given.origin
    if given.path is None:
        size = given.spool.stat().st_size if given.spool else len(given.content or b"")
        return f"stdin {size} {hashlib.blake2b(given.head, digest_size=16).hexdigest()}"
    status = given.path.stat()
    return f"{given.path.resolve()} {status.st_size} {status.st_mtime_ns}"
