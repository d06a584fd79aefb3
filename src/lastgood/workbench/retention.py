"""Retention: the oldest telemetry goes by the limits of its signal, and before the disk is full. The record stays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from shutil import disk_usage

from lastgood.config import Retention
from lastgood.errors import UsageError
from lastgood.model import figures
from lastgood.model.retention import Division, Dropped, Keep, keep_of, size_of
from lastgood.model.signal import Signal
from lastgood.telemetry.partitions import drop, partitions
from lastgood.workbench.store import Store

__all__ = ["Dropped", "Limits", "Retained", "limits_of", "retain"]

REFUSED_BELOW = 0.2  # of the space that stays free: with less, and nothing to drop, no telemetry is taken


@dataclass(frozen=True, slots=True)
class Limits:
    """What is kept of each signal, and how many bytes of the disk stay free."""

    keep: Mapping[Signal, Keep]
    free: int


@dataclass(frozen=True, slots=True)
class Retained:
    """What went, or would go, in its order; and whether the disk is nearly full even so."""

    dropped: tuple[Dropped, ...]
    free: int  # bytes of the disk, afterwards
    full: bool


def limits_of(reported: Retention) -> Limits:
    """The limits that the settings say.

    Raises:
        UsageError: one of them is none.
    """
    keep = {}
    for signal, text in (
        (Signal.LOGS, reported.logs),
        (Signal.SPANS, reported.spans),
        (Signal.METRICS, reported.metrics),
    ):
        try:
            keep[signal] = keep_of(text)
        except UsageError as problem:
            raise UsageError(f"retention.{signal.value}: {problem.message}", hint=problem.hint) from problem
    try:
        return Limits(keep, size_of(reported.disk_free))
    except UsageError as problem:
        raise UsageError(f"retention.disk_free: {problem.message}", hint=problem.hint) from problem


def retain(store: Store, limits: Limits, now: datetime, *, dry: bool = False) -> Retained:
    """Drop what is beyond the limits, and the oldest while the disk is nearly full; `dry` only tells.

    The newest partition of a table always stays. Evidence of incidents is in the record, and stays too.

    Raises:
        UsageError: the store is not ours to drop from: it is on a server.
        LastgoodError: the engine refused.
    """
    engine = store.engine
    if engine.folder is None:
        raise UsageError(
            "The telemetry is on a ClickHouse server, whose tables are not Lastgood's.",
            hint="Set a TTL on its tables instead.",
        )
    going = tuple(beyond(partitions(engine), limits, now, disk_usage(engine.folder).free))
    for one in () if dry else going:
        drop(engine, one.division)
    free = disk_usage(engine.folder).free
    return Retained(going, free, full=free < limits.free * REFUSED_BELOW)


def beyond(held: Sequence[Division], limits: Limits, now: datetime, free: int) -> Iterator[Dropped]:
    """What has to go, the oldest first: by age, by size, and by the free space of the disk."""
    newest = {one.table: one for one in held}  # the last of each table
    ordered = [one for one in held if newest[one.table] is not one]
    sizes = {signal: sum(one.size for one in held if one.signal is signal) for signal in limits.keep}
    missing = limits.free - free
    for one in ordered:
        keep = limits.keep[one.signal]
        why = ""
        if keep.age is not None and one.last < now - keep.age:
            why = f"older than {figures.duration(keep.age.total_seconds())}"
        elif keep.most is not None and sizes[one.signal] > keep.most:
            why = f"{one.signal.value} take more than {figures.size(keep.most)}"
        elif missing > 0:
            why = f"less than {figures.size(limits.free)} of the disk is free"
        if why:
            sizes[one.signal] -= one.size
            missing -= one.size
            yield Dropped(one, why)
