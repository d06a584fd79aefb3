"""Load: files and folders into the store, with an account of every line."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import reduce
from pathlib import Path

from lastgood.algorithms.timestamps import UNDECIDED
from lastgood.algorithms.twice import copies
from lastgood.decoding.input import UNREADABLE, Claim, Input, Settings
from lastgood.decoding.printed import printed
from lastgood.decoding.tables.mapping import FileMapping, read_mapping
from lastgood.decoding.text.whose import clocks_alone, reference_for
from lastgood.intake._registry import Source, best_claim
from lastgood.intake.mapped import claimed
from lastgood.model.loading import EMPTY, NOT_RECOGNISED, Loaded, LoadReport
from lastgood.model.window import Window
from lastgood.telemetry.joined import Joined
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.beside_servers import with_servers
from lastgood.workbench.faults import fault_of
from lastgood.workbench.fetched import missing_under
from lastgood.workbench.inputs import discover
from lastgood.workbench.load_account import Account, reported
from lastgood.workbench.load_alike import Alike, Waiting
from lastgood.workbench.load_input import Into, load_one
from lastgood.workbench.patterns import remember_patterns
from lastgood.workbench.redaction import redactor_of
from lastgood.workbench.stated_zones import Stated, stated_zones
from lastgood.workbench.store import Store
from lastgood.workbench.zones import Zones

Watch = Callable[[str, int, int], None]  # the input's name, inputs done, inputs in all


def load(  # noqa: PLR0913 - what to load, and how
    store: Store,
    paths: Iterable[Path],
    *,
    now: datetime,
    zone: tzinfo,
    mapping: Path | None = None,
    watch: Watch | None = None,
    follow: bool = False,
) -> LoadReport:
    """What came of loading every input found under the paths; `-` is standard input.

    `zone` is that of times which do not say theirs; `mapping` says what files hold that no source
    recognises, and goes before every source. `watch` is called for each input when it is done. With `follow`
    links that lead out of what was named are followed.

    Raises:
        NoDataError: a path does not exist.
        MappingError: the mapping says something impossible.
    """
    settings = Settings(now, zone)
    said = read_mapping(mapping) if mapping else None
    paths = tuple(paths)
    with tempfile.TemporaryDirectory(prefix="lastgood-spool-") as spool:
        found = discover(paths, Path(spool), follow=follow)
        inputs = with_servers([given for given in found if not (said and said.ignores(given.name))])
        folder = store.engine.folder
        into = Into(store, redactor_of(store), Joined(store.engine, folder) if folder else None)
        taken = _all_taken(into, inputs, settings, said, watch or _unwatched)
        report = LoadReport(taken, copies(into.samples), missing_under(paths))
    windows = [loaded.window for loaded in report.inputs if loaded.window and loaded.rows.get(LOGS.name)]
    if windows:
        remember_patterns(store, now=now, window=reduce(Window.hull, windows))
    return report


def _all_taken(
    into: Into, inputs: list[Input], settings: Settings, said: FileMapping | None, watch: Watch
) -> tuple[Loaded, ...]:
    """Every input loaded, in their order; those of late sources and of dates that others decide last, with what telemetry covers."""
    done: dict[int, Loaded] = {}
    waiting: list[Waiting] = []
    alike = Alike(into, settings)
    zones, notes = Zones.of(inputs, settings.zone, settings.now), stated_zones(inputs, settings.now)
    for place, given in enumerate(inputs):
        chosen = _chosen(given, said)
        if isinstance(chosen, Loaded):
            done[place] = chosen
        elif chosen[0].late or clocks_alone(given) or reference_for(given, settings).order == UNDECIDED:
            waiting.append((place, given, chosen))
        elif (zone := _zone(given, zones, notes)) != settings.zone:
            done[place] = load_one(
                into, given, replace(settings, zone=zone), _in_zone(chosen, zone, notes.get(given.name))
            )
        else:
            done |= alike.loaded(place, given, chosen)
        watch(given.name, len(done), len(inputs))
    done |= alike.rest()
    into.flush()
    if waiting:
        holdings, _ = into.store.survey()
        settings = replace(
            settings, telemetry=holdings.telemetry_window, services=holdings.telemetry_services
        )
    for place, given, chosen in waiting:
        # What is read last is written by people, whose clocks other inputs do not tell.
        zone = _zone(given, Zones(settings.zone, settings.now) if chosen[0].late else zones, notes)
        taken = chosen if zone == settings.zone else _in_zone(chosen, zone, notes.get(given.name))
        done[place] = load_one(into, given, replace(settings, zone=zone), _of_days(taken, given, settings))
        watch(given.name, len(done), len(inputs))
    into.flush()
    return tuple(replace(done[place], ahead=zones.ahead(done[place])) for place in sorted(done))


def _unwatched(_name: str, _done: int, _total: int) -> None:
    pass


def _chosen(given: Input, said: FileMapping | None) -> tuple[Source, Claim] | Loaded:
    """The source that takes an input, or the report of why none does."""
    if given.problem:
        return reported(given, Account(), None, given.problem)
    try:
        chosen = (claimed(said, given) if said else None) or best_claim(given)
    except UNREADABLE as problem:
        return reported(given, Account(), None, f"it cannot be read: {problem}")
    except Exception as fault:  # noqa: BLE001 - one input that no one can read must not cost the others
        return reported(given, Account(), None, fault_of(fault))
    return chosen or reported(given, Account(), None, _nobody(given))


def _nobody(given: Input) -> str:
    if not given.is_folder and not given.head:
        return EMPTY
    return printed(given.head) or NOT_RECOGNISED


def _zone(given: Input, zones: Zones, notes: Mapping[str, Stated]) -> tzinfo:
    noted = notes.get(given.name)
    return zones.zone_of(given, noted.zone if noted else None)


def _of_days(chosen: tuple[Source, Claim], given: Input, settings: Settings) -> tuple[Source, Claim]:
    """The same, saying that times without a date are of the days of other inputs, where the file is later."""
    source, claim = chosen
    own = reference_for(given, replace(settings, telemetry=None)).latest
    if reference_for(given, settings).latest == own:
        return chosen
    return source, replace(
        claim, because=f"{claim.because}; times without a date are of the days that the other inputs cover"
    )


def _in_zone(chosen: tuple[Source, Claim], zone: tzinfo, noted: Stated | None) -> tuple[Source, Claim]:
    """The same, saying how times without a zone are read, and by which note."""
    source, claim = chosen
    by = f", as {noted.note} says" if noted and noted.zone is zone else ""
    return source, replace(claim, because=f"{claim.because}; times without a zone are read as {zone}{by}")
