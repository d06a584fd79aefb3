"""Drill list: those that ship, from easy to hard, and those made of own incidents."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from lastgood.algorithms.drill_score import IN_TIME
from lastgood.decoding.scenario.grammar import Statement, before_play
from lastgood.errors import UsageError, instead
from lastgood.model.drill import Drill, GoodStep, Truth
from lastgood.workbench.played import drills_home

LEVELS = range(1, 6)  # easy to very hard
OWN_NAME = r"[a-z0-9][a-z0-9-]{0,39}"
OWN_FILE, OWN_TELEMETRY = "drill.json", "telemetry"  # in the folder of an own drill


@cache
def drills() -> tuple[Drill, ...]:
    """Those that ship, from easy to hard."""
    folder = files("lastgood.workbench") / "drills"
    found = [_read(one.name.removesuffix(".toml"), one.read_text("utf-8")) for one in folder.iterdir()]
    return tuple(sorted(found, key=lambda one: (one.level, one.name)))


def own_drills() -> tuple[Drill, ...]:
    """Those of own incidents, and copies of those of others, by name: that of the folder, whatever the file says.

    Raises:
        UsageError: one cannot be read, or has a name that no drill may have.
    """
    found = []
    for file in sorted(drills_home().glob(f"*/{OWN_FILE}")):
        name = file.parent.name
        if not re.fullmatch(OWN_NAME, name):
            raise UsageError(
                f"A drill cannot be named {name!r}.", hint="Rename its folder: small letters, digits and -."
            )
        try:
            drill = msgspec.json.decode(file.read_bytes(), type=Drill)
            if drill.course is None or drill.level not in LEVELS:
                raise msgspec.ValidationError("it has no recording, or its level is unknown")
            found.append(replace(drill, name=name))
        except (OSError, msgspec.MsgspecError) as problem:
            raise UsageError(
                f"{file} cannot be read: {problem}.", hint="Make the drill anew, or remove its folder."
            ) from problem
    return tuple(found)


def drill_named(name: str) -> Drill:
    """The drill of a name.

    Raises:
        UsageError: there is none; says which there are.
    """
    every = (*drills(), *own_drills())
    for one in every:
        if one.name == name:
            return one
    raise UsageError(f"There is no drill {name!r}.", hint=instead(name, (one.name for one in every)))


def by_the_method(severities: Sequence[str]) -> tuple[GoodStep, ...]:
    """What every good run of an incident has done, whatever the cause."""
    return (
        GoodStep(2, "Run triage and open the incident."),
        GoodStep(4, f"Set {' or '.join(severities)} from the measured impact."),
        GoodStep(IN_TIME, "Send the first update: what fails, since when, next update."),
        GoodStep(15, "Add a hypothesis with predictions, and check it."),
    )


def _rivals(scenario: str, name: str, cause: str) -> list[tuple[str, ...]]:
    """The words of each change of a scenario that is not the cause."""
    changes = before_play(scenario, Path(name)).about("change")
    return [words for one in changes if cause not in (words := _words(one))]


def _words(change: Statement) -> tuple[str, ...]:
    """The id of a change; its title, or its version and whose deploy it is."""
    kind, service, *rest = change.subject
    own = change.settings.get("id", f"{kind}-{service}")
    if "->" in rest:
        return own, rest[-1], f"{kind} of {service}", f"{service} {kind}"
    return tuple(filter(None, (own, " ".join(rest))))


def _read(name: str, text: str) -> Drill:
    reported: dict[str, Any] = tomllib.loads(text)
    truth = reported.pop("truth")
    whole = {"incident": truth.pop("kind") == "incident", "change": "", "mitigations": [], **truth}
    whole["rivals"] = _rivals(reported["scenario"], name, whole["change"])
    known = msgspec.convert(whole, Truth)
    own = msgspec.convert(reported.pop("good"), tuple[GoodStep, ...])
    good = sorted(
        (*own, *(by_the_method(known.severities) if known.incident else ())), key=lambda one: one.by
    )
    return msgspec.convert(
        {"name": name, **reported, "truth": known, "good": good}, Drill, from_attributes=True
    )
