"""A scenario asked: its world written into a store, every question put, unmet expectations listed."""

from pathlib import Path

from lastgood.model.sitrep import Sitrep
from lastgood.telemetry.writer import Writer
from lastgood.workbench.redaction import redactor_of
from lastgood.workbench.store import Store
from lastgood.workbench.triage import triage
from scenario_language.expectations import Unmet, failures
from scenario_language.grammar import Scenario, parse
from scenario_language.world import make, tables


def unmet(store: Store, path: Path) -> list[Unmet]:
    """Every expectation of the file that the answers do not meet."""
    scenario, sitrep = asked(store, path)
    return list(failures(scenario, sitrep.findings))


def asked(store: Store, path: Path) -> tuple[Scenario, Sitrep]:
    """The scenario of a file, and what is said about its world."""
    scenario = written(store, path)
    return scenario, triage(store, now=scenario.whole.end, comparison=scenario.comparison)


def written(store: Store, path: Path) -> Scenario:
    """The scenario of a file, its world in the store as a load would store it."""
    scenario, redactor = parse(path), redactor_of(store)
    writer = Writer(store.engine, str(path))
    for table, rows in tables(make(scenario)):
        writer.add(table, redactor.rows(rows)[0])
    writer.flush()
    return scenario
