"""Service: what a server works with while it runs: the store, the record, and who may use them."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from platform import node

from lastgood.config import Config
from lastgood.incidents.accounts import Accounts
from lastgood.incidents.arrivals import Arrivals
from lastgood.incidents.claims import Claims
from lastgood.incidents.database import open_database
from lastgood.incidents.record import Record
from lastgood.model.clock import Clock
from lastgood.telemetry.engine import Engine
from lastgood.telemetry.redaction import Redactor
from lastgood.telemetry.unfolding import create_unfolding
from lastgood.workbench.access import Access, access_of
from lastgood.workbench.budget import budget_of
from lastgood.workbench.redaction import redactor_of
from lastgood.workbench.store import Store, saved_store
from lastgood.workbench.under_way import UnderWay


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that is open as long as the server is."""

    config: Config
    clock: Clock
    store: Store  # of what pages ask; investigations and intake have engines beside it
    intake: Engine
    record: Record
    access: Access
    arrivals: Arrivals
    claims: Claims
    redactor: Redactor
    under_way: UnderWay

    @contextmanager
    def apart(self) -> Iterator[Store]:
        """The same store with queries of its own, so that cancelling them costs no one else anything."""
        with self.store.engine.beside() as engine:
            yield replace(self.store, engine=engine)

    def check_store(self) -> None:
        """Ask the store for something.

        Raises:
            CannotRunError: it does not answer.
        """
        self.store.engine.query("SELECT 1")

    def check_record(self) -> None:
        """Ask the record for something.

        Raises:
            RecordFailedError: it does not answer.
        """
        self.record.imported(0)


@contextmanager
def service(
    config: Config, clock: Clock, environment: Mapping[str, str], recording: Clock | None = None
) -> Iterator[Service]:
    """Open everything. `recording` dates what is recorded, where that may be refused; else `clock` does.

    Raises:
        LastgoodError: the store or the record cannot be used; or a key of the environment is too short.
    """
    with ExitStack() as stack:
        database = open_database(config.record)
        stack.callback(database.close)
        store = stack.enter_context(saved_store(config.store, daily=True))
        intake = stack.enter_context(store.engine.beside())
        if intake.embedded:
            create_unfolding(intake)
        yield Service(
            config,
            clock,
            replace(store, budget=budget_of(config.settings.budget)),
            intake,
            Record(database, recording or clock),
            access_of(Accounts(database), clock, environment),
            Arrivals(database),
            Claims(database, _name(store.engine)),
            redactor_of(store, config.settings.redaction),
            UnderWay(intake, store.engine.folder),
        )


def _name(engine: Engine) -> str:
    """What a server is called among those that share its record: the same one has the same embedded store."""
    return f"{node()} {engine.folder.resolve()}" if engine.folder else secrets.token_hex(16)


@contextmanager
def access_only(record: str, clock: Clock) -> Iterator[Access]:
    """Who may use the server, without its store: for commands beside one that runs.

    Raises:
        RecordFailedError: the database cannot be reached or written.
    """
    database = open_database(record)
    try:
        yield access_of(Accounts(database), clock)
    finally:
        database.close()
