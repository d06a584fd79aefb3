"""A service for tests: the run's store, and a record in a folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from lastgood.incidents.accounts import Accounts
from lastgood.incidents.arrivals import Arrivals
from lastgood.incidents.claims import Claims
from lastgood.incidents.database import open_database
from lastgood.incidents.record import Record
from lastgood.workbench.access import access_of
from lastgood.workbench.redaction import redactor_of
from lastgood.workbench.service import Service
from lastgood.workbench.store import Store
from lastgood.workbench.under_way import UnderWay
from records import ticking
from rooms import config_in


@contextmanager
def service_over(
    store: Store, folder: Path, clock: Callable[[], datetime] | None = None
) -> Iterator[Service]:
    """Everything that is open as long as a server is."""
    config, time = config_in(folder), clock or ticking()
    database = open_database(config.record)
    access = access_of(Accounts(database), time)
    yield Service(
        config,
        time,
        store,
        store.engine,
        Record(database, time),
        access,
        Arrivals(database),
        Claims(database, "a test"),
        redactor_of(store),
        UnderWay(store.engine, store.engine.folder),
    )
    database.close()
