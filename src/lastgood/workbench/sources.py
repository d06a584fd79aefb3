"""Sources: the telemetry that an incident is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from lastgood.config import Config
from lastgood.model.loading import LoadReport
from lastgood.workbench.budget import budget_of
from lastgood.workbench.load import Watch, load
from lastgood.workbench.room import Room, refuse_foreign
from lastgood.workbench.store import Store, saved_store, throwaway_store


@contextmanager
def telemetry(
    room: Room, config: Config, watch: Watch | None = None, *, trust_case: bool = False
) -> Iterator[tuple[Store, LoadReport | None]]:
    """The kept store; or a throw-away one with the files that the incident was opened on, read anew.

    Raises:
        NoDataError: a file is not there any more.
        UntrustedCaseError: an imported case names the files, and is not trusted.
    """
    what, time = room.incident.opened, budget_of(config.settings.budget)
    if not what.inputs:
        with saved_store(config.store) as kept:
            yield replace(kept, budget=time), None
        return
    if not trust_case:
        refuse_foreign(room, {room.entries[0].sequence: "\n".join(what.inputs)}, "A list of files to read")
    with throwaway_store() as empty:
        store = replace(empty, budget=time)
        report = load(
            store,
            [Path(name) for name in what.inputs],
            now=room.now,
            zone=ZoneInfo(what.zone),
            mapping=Path(what.mapping) if what.mapping else None,
            watch=watch,
        )
        yield store, report
