"""Doctor: whether Lastgood would work tonight: settings, places, programs, systems and files, and what each question would lack."""

import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from lastgood.config import Config, settings_file
from lastgood.decoding.input import Settings as InputSettings
from lastgood.errors import LastgoodError, NoDataError, StoreLockedError
from lastgood.incidents.database import is_unverified, open_database
from lastgood.model.clock import Clock
from lastgood.model.diagnosis import Diagnosis, Health
from lastgood.model.figures import counted, number
from lastgood.model.judgement import Count
from lastgood.model.signal import Holdings
from lastgood.telemetry.address import EmbeddedAddress, parsed
from lastgood.workbench.check import checked_file
from lastgood.workbench.doctor_inputs import examine_inputs
from lastgood.workbench.doctor_questions import examine_questions
from lastgood.workbench.doctor_sinks import examine_sinks
from lastgood.workbench.doctor_sources import examine
from lastgood.workbench.store import saved_store

LITTLE_SPACE = Count(5 * 10**9, "bytes free for the store", "judgement: a day of 50 M spans at 88 bytes each")
NO_SPACE = Count(500 * 10**6, "bytes free for the store", "judgement: merges of parts need about so much")
UNVERIFIED = "sslmode=require encrypts, but does not verify the server: another host can pose as it and read the password"
UNVERIFIED_REMEDY = "Set sslmode=verify-full and sslrootcert=FILE in record."
Usage = Callable[[Path], int]  # the bytes that are free at a place


@dataclass(frozen=True, slots=True)
class Machine:
    """What is asked of the machine."""

    clock: Clock
    free: Usage = lambda path: shutil.disk_usage(path).free


def doctor(config: Config, machine: Machine, inputs: Sequence[Path] = ()) -> tuple[Diagnosis, ...]:
    """Everything that was checked, in the order of the path that data take."""
    sources = examine(config.settings.source, machine.clock)
    named = examine_inputs(inputs, InputSettings(machine.clock(), config.zone))
    found = [*_versions(), *_settings(), *_record(config), *_space(config, machine)]
    holdings = list[Holdings]()
    found += _store(config, holdings)
    found += [one for source in sources for one in source.findings]
    found += examine_sinks(config.settings.sink, machine.clock)
    return (*found, *named.findings, *examine_questions([*sources, named], holdings))


def settings_only(problem: LastgoodError) -> tuple[Diagnosis, ...]:
    """What can be said where the settings cannot be read at all."""
    return (
        *_versions(),
        *(_settings() or [Diagnosis("settings", Health.BROKEN, problem.message.rstrip("."), problem.hint)]),
    )


def _versions() -> Iterator[Diagnosis]:
    names = ("lastgood", "chdb")
    yield Diagnosis(
        "versions",
        Health.GOOD,
        ", ".join([*(f"{name} {version(name)}" for name in names), f"Python {platform.python_version()}"]),
    )


def _settings() -> list[Diagnosis]:
    try:
        path, flaws = checked_file(settings_file())
    except NoDataError:
        return [
            Diagnosis("settings", Health.DOUBTFUL, "there is no lastgood.toml", "Write one: lastgood init")
        ]
    except LastgoodError as problem:
        return [
            Diagnosis(
                "settings", Health.BROKEN, problem.message.rstrip("."), problem.hint or "Correct the file."
            )
        ]
    remedies = {
        "trust": "Read the file, then: lastgood trust",
        "machine": "Install it, or correct the command.",
        "variable": "Set it where Lastgood runs.",
    }
    found = []
    for flaw in flaws:
        which = (
            "trust"
            if "trust" in flaw.problem
            else "machine"
            if "machine" in flaw.problem
            else "variable"
            if "variable" in flaw.problem
            else ""
        )
        remedy = remedies.get(which, "Correct it: docs/reference/settings.md.")
        health = Health.BROKEN if flaw.fatal else Health.DOUBTFUL
        found.append(Diagnosis(f"settings {flaw.where}", health, flaw.problem, remedy))
    return found or [Diagnosis("settings", Health.GOOD, str(path))]


def _record(config: Config) -> Iterator[Diagnosis]:
    kind, _, rest = config.record.partition(":///")
    if kind == "sqlite" and not Path(rest).exists():
        yield _place(
            "record", Path(rest).parent, "Set record in lastgood.toml to a place that you can write."
        )
        return
    if is_unverified(config.record):
        yield Diagnosis("record", Health.DOUBTFUL, UNVERIFIED, UNVERIFIED_REMEDY)
    try:
        open_database(config.record).close()
    except LastgoodError as problem:
        remedy = problem.hint or "Check record in lastgood.toml, and that its folder can be written."
        yield Diagnosis("record", Health.BROKEN, problem.message.rstrip("."), remedy)
    else:
        yield Diagnosis("record", Health.GOOD, f"writable ({kind.partition(':')[0]})")


def _place(what: str, folder: Path, remedy: str) -> Diagnosis:
    """Whether something that is not there yet could be made in a folder; nothing is left behind."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        with tempfile.TemporaryDirectory(dir=there, prefix=".lastgood-doctor-"):
            return Diagnosis(what, Health.GOOD, f"none yet; it can be made in {folder}")
    except OSError as problem:
        return Diagnosis(what, Health.BROKEN, f"{folder} cannot be written: {problem.strerror}", remedy)


def _space(config: Config, machine: Machine) -> Iterator[Diagnosis]:
    place = parsed(config.store)
    if not isinstance(place, EmbeddedAddress) or place.path is None:
        return
    there = next((one for one in (place.path, *place.path.parents) if one.is_dir()), Path("/"))
    free = machine.free(there)
    sentence = f"{number(free / 1e9, 1)} GB free at {there}"
    if free < NO_SPACE:
        yield Diagnosis(
            "disk",
            Health.BROKEN,
            sentence,
            "Free space, or set store to another disk: nothing more can be stored.",
        )
    elif free < LITTLE_SPACE:
        yield Diagnosis("disk", Health.DOUBTFUL, sentence, "Free space, or set store to another disk.")
    else:
        yield Diagnosis("disk", Health.GOOD, sentence)


def _store(config: Config, holdings: list[Holdings]) -> Iterator[Diagnosis]:
    place = parsed(config.store)
    if isinstance(place, EmbeddedAddress) and place.path is not None and not (place.path / "engine").exists():
        yield _place("store", place.path, "Set store in lastgood.toml to a place that you can write.")
        return
    try:
        with saved_store(config.store) as store:
            held = store.survey()[0]
            where = store.engine.where
    except StoreLockedError as problem:
        yield Diagnosis("store", Health.GOOD, problem.message.rstrip("."))
        return
    except LastgoodError as problem:
        yield Diagnosis(
            "store",
            Health.BROKEN,
            problem.message.rstrip("."),
            problem.hint or "Check store in lastgood.toml, and that its folder can be written.",
        )
        return
    holdings.append(held)
    parts = [f"{one.signal} {counted(one.rows, 'row')}" for one in held.items if one.rows]
    yield Diagnosis("store", Health.GOOD, f"{where}: {', '.join(parts) or 'empty'}")
