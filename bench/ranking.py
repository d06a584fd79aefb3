"""Where the right answer stands in a ranking, ties against us, and a store to ask one case after another in."""

from collections.abc import Sequence
from shutil import rmtree

from lastgood.model.answers import Culprit
from lastgood.telemetry.joined import FOLDER as JOINED
from lastgood.telemetry.writer import create_tables
from lastgood.workbench.store import Store


def rank(service: str, ranked: Sequence[Culprit]) -> int | None:
    """The place of a service, ties against it; None when it is not there."""
    own = next((c.confidence for c in ranked if c.service == service), None)
    if own is None:
        return None
    return len({c.service for c in ranked if c.confidence >= own})


def share(ranks: Sequence[int | None], first: int) -> float:
    """The share of cases among the first so many."""
    return sum(one is not None and one <= first for one in ranks) / len(ranks)


def emptied(store: Store) -> None:
    """The store as new, what it knows of loaded inputs too: making another costs more than a case."""
    name = store.engine.database
    store.engine.command(f"DROP DATABASE IF EXISTS {name} SYNC")
    store.engine.command(f"CREATE DATABASE {name} ENGINE = Atomic")
    create_tables(store.engine)
    if store.engine.folder:
        rmtree(store.engine.folder / JOINED, ignore_errors=True)
