"""Own drill: an incident of the record made into one: its truth, its telemetry, and no name of a person, customer or host."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import pyarrow.compute as pc

from lastgood.algorithms.anonymous import PERSON, Anonymous
from lastgood.errors import UsageError
from lastgood.model.drill import Drill, GoodStep, Truth
from lastgood.workbench.drill_fault import fault_of
from lastgood.workbench.drill_list import OWN_FILE, OWN_NAME, OWN_TELEMETRY, drills
from lastgood.workbench.drill_recording import recorded, save_recording
from lastgood.workbench.drill_truth import drill_of, refuse_unless_over
from lastgood.workbench.played import drills_home
from lastgood.workbench.recording_names import without_names
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store
from lastgood.workbench.whole_file import whole_file

SERVICES = ("ServiceName", "Service", "Caller", "Callee", "Version")  # columns of names that stay


def from_incident(room: Room, store: Store, name: str | None = None) -> Drill:
    """The drill of an incident that is over; it is saved with its telemetry.

    Raises:
        UsageError: the incident is not over, the record does not show what fixed it, or the name is taken.
        NoDataError: the store holds no telemetry of its fault.
    """
    name = name or f"incident-{room.number}"
    _check_name(name)
    refuse_unless_over(room.incident)
    drill = drill_of(name, room.incident, room.entries, fault_of(room.incident, store))
    course = drill.course
    assert course is not None  # noqa: S101 - the drill of an incident is recorded
    tables = recorded(store.engine, course)
    names = Anonymous(_services(tables))
    for entry in room.entries:
        names.name(PERSON, entry.actor)
    clean = without_names(tables, names)
    folder = drills_home() / name
    save_recording(folder / OWN_TELEMETRY, clean)
    made = anonymous_drill(drill, names)
    with whole_file(folder / OWN_FILE) as file:
        file.write(msgspec.json.encode(made))
    return made


def anonymous_drill(drill: Drill, names: Anonymous) -> Drill:
    """The texts of a drill without names."""
    text, truth = names.text, drill.truth
    return replace(
        drill,
        title=text(drill.title),
        page=text(drill.page),
        chat=tuple(
            replace(one, who=names.value("actor", one.who), text=text(one.text)) for one in drill.chat
        ),
        good=tuple(GoodStep(one.by, text(one.text)) for one in drill.good),
        truth=_anonymous_truth(truth, names),
    )


def _anonymous_truth(truth: Truth, names: Anonymous) -> Truth:
    return replace(
        truth,
        change=names.text(truth.change),
        cause=tuple(map(names.text, truth.cause)),
        rivals=tuple(tuple(map(names.text, words)) for words in truth.rivals),
        mitigations=tuple(map(names.text, truth.mitigations)),
        explanation=names.text(truth.explanation),
    )


def _check_name(name: str) -> None:
    if not re.fullmatch(OWN_NAME, name):
        raise UsageError(f"A drill cannot be named {name!r}.", hint="Use small letters, digits and -.")
    if any(one.name == name for one in drills()) or (drills_home() / name).exists():
        raise UsageError(f"There is a drill {name!r} already.", hint="Pass another name with --name.")


def _services(tables: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        value
        for table in tables.values()
        for column in SERVICES
        if column in table.column_names
        for value in pc.unique(table[column]).to_pylist()
        if value
    )
