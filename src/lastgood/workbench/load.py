"""Load: files and folders into the store, with an account of every line."""

import hashlib
import tempfile
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import reduce
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lastgood.algorithms.timestamps import UNDECIDED
from lastgood.decoding.identified import identified
from lastgood.decoding.input import UNREADABLE, Batch, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.printed import printed
from lastgood.decoding.tables.mapping import FileMapping, read_mapping
from lastgood.decoding.text.whose import reference_for, whose
from lastgood.errors import LastgoodError, MappingError
from lastgood.intake._registry import Source, best_claim
from lastgood.intake.mapped import claimed
from lastgood.model.clock import from_nanoseconds, to_nanoseconds
from lastgood.model.loading import EMPTY, NOT_RECOGNISED, Loaded, LoadReport, Rejected
from lastgood.model.redaction import Redacted
from lastgood.model.window import Window
from lastgood.telemetry.joined import InputWriter, Joined
from lastgood.telemetry.redaction import Redactor
from lastgood.telemetry.tables import LOGS, REJECTS
from lastgood.workbench.faults import fault_of
from lastgood.workbench.fetched import missing_under
from lastgood.workbench.inputs import discover
from lastgood.workbench.patterns import remember_patterns
from lastgood.workbench.redaction import redactor_of
from lastgood.workbench.store import Store
from lastgood.workbench.twice import Sample, copies
from lastgood.workbench.zones import Zones

FIRST_REJECTS = 5
REJECTS_PER_INSERT = 5_000
MOST_TOGETHER = 1_000  # small inputs that are decoded at once
_TIMES = ("Timestamp", "TimeUnix")

_Waiting = tuple[int, Input, tuple[Source, Claim]]  # its place among the inputs, and who reads it
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
        inputs = [given for given in found if not (said and said.ignores(given.name))]
        folder = store.engine.folder
        into = _Into(store, redactor_of(store), Joined(store.engine, folder) if folder else None)
        taken = _all_taken(into, inputs, settings, said, watch or _unwatched)
        report = LoadReport(taken, copies(into.samples), missing_under(paths))
    windows = [loaded.window for loaded in report.inputs if loaded.window and loaded.rows.get(LOGS.name)]
    if windows:
        remember_patterns(store, now=now, window=reduce(Window.hull, windows))
    return report


@dataclass(frozen=True, slots=True)
class _Into:
    """Where a load goes: the store, small inputs joined on their way, and a sample of each input."""

    store: Store
    redactor: Redactor
    joined: Joined | None = None
    samples: dict[str, Sample] = field(default_factory=dict)

    def flush(self) -> None:
        """Have everything on disk."""
        if self.joined is not None:
            self.joined.flush()


def _all_taken(
    into: _Into, inputs: list[Input], settings: Settings, said: FileMapping | None, watch: Watch
) -> tuple[Loaded, ...]:
    """Every input loaded, in their order; those of late sources and of dates that others decide last, with what telemetry covers."""
    done: dict[int, Loaded] = {}
    waiting: list[_Waiting] = []
    alike = _Alike(into, settings)
    zones = Zones.of(inputs, settings.zone, settings.now)
    for place, given in enumerate(inputs):
        chosen = _chosen(given, said)
        if isinstance(chosen, Loaded):
            done[place] = chosen
        elif chosen[0].late or reference_for(given, settings).order == UNDECIDED:
            waiting.append((place, given, chosen))
        elif (zone := zones.zone_of(given)) != settings.zone:
            done[place] = _load_one(into, given, replace(settings, zone=zone), _in_zone(chosen, zone))
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
        zone = settings.zone if chosen[0].late else zones.zone_of(given)
        done[place] = _load_one(into, given, replace(settings, zone=zone), chosen)
        watch(given.name, len(done), len(inputs))
    into.flush()
    return tuple(replace(done[place], ahead=zones.ahead(done[place])) for place in sorted(done))


@dataclass
class _Alike:
    """Inputs that are decoded with others, while they wait for those."""

    into: _Into
    settings: Settings
    groups: dict[Hashable, list[_Waiting]] = field(default_factory=dict)

    def loaded(self, place: int, given: Input, chosen: tuple[Source, Claim]) -> dict[int, Loaded]:
        """What came of this input, or of all that it waited with; nothing yet if it waits."""
        source = chosen[0]
        key = source.alike(given, self.settings) if source.alike else None
        if key is None:
            return {place: _load_one(self.into, given, self.settings, chosen)}
        group = self.groups.setdefault((source.name, key), [])
        group.append((place, given, chosen))
        return self._loaded(self.groups.pop((source.name, key))) if len(group) >= MOST_TOGETHER else {}

    def rest(self) -> dict[int, Loaded]:
        """What came of all that still wait."""
        return {place: one for group in self.groups.values() for place, one in self._loaded(group).items()}

    def _loaded(self, group: list[_Waiting]) -> dict[int, Loaded]:
        source = group[0][2][0]
        try:
            inputs = [given for _, given, _ in group]
            reported = list(source.together(inputs, self.settings)) if source.together else []
        except Exception:  # noqa: BLE001 - each is decoded alone then, which finds the one at fault
            reported = []
        reported += [None] * (len(group) - len(reported))
        return {
            place: _load_one(self.into, given, self.settings, chosen, items)
            for (place, given, chosen), items in zip(group, reported, strict=True)
        }


def _unwatched(_name: str, _done: int, _total: int) -> None:
    pass


def _chosen(given: Input, said: FileMapping | None) -> tuple[Source, Claim] | Loaded:
    """The source that takes an input, or the report of why none does."""
    if given.problem:
        return _report(given, _Account(), None, given.problem)
    try:
        chosen = (claimed(said, given) if said else None) or best_claim(given)
    except UNREADABLE as problem:
        return _report(given, _Account(), None, f"it cannot be read: {problem}")
    except Exception as fault:  # noqa: BLE001 - one input that no one can read must not cost the others
        return _report(given, _Account(), None, fault_of(fault))
    return chosen or _report(given, _Account(), None, _nobody(given))


def _nobody(given: Input) -> str:
    if not given.is_folder and not given.head:
        return EMPTY
    return printed(given.head) or NOT_RECOGNISED


def _in_zone(chosen: tuple[Source, Claim], zone: tzinfo) -> tuple[Source, Claim]:
    """The same, saying how times without a zone are read."""
    source, claim = chosen
    return source, replace(claim, because=f"{claim.because}; times without a zone are read as {zone}")


def load_part(store: Store, part: Input, chosen: tuple[Source, Claim], settings: Settings) -> Loaded:
    """What came of loading one piece of an input that a source has claimed."""
    return _load_one(_Into(store, redactor_of(store)), part, settings, chosen)


@dataclass
class _Account:
    sample: Sample = field(default_factory=Sample)
    tally: Tally = field(default_factory=Tally)
    rejects: int = 0
    first: list[Rejected] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)
    redacted: Counter[Redacted] = field(default_factory=Counter)
    services: set[str] = field(default_factory=set)
    low: int | None = None
    high: int | None = None

    @property
    def gap(self) -> str:
        """What is wrong with the account: lines that are not accounted for, or too many that are."""
        mine = self.tally
        taken = mine.events + mine.continuations + mine.blanks + self.rejects
        if taken == mine.lines:
            return ""
        return f"its account does not add up: {mine.lines} lines read, {taken} accounted for, a fault of Lastgood"

    def saw(self, item: Batch | Reject | Tally) -> None:
        match item:
            case Batch():
                self._saw_rows(item)
            case Tally():
                self._add(item)
            case Reject():
                self.rejects += 1
                if len(self.first) < FIRST_REJECTS:
                    self.first.append(Rejected(item.line, item.reason, item.text))

    def _saw_rows(self, batch: Batch) -> None:
        self.rows[batch.table.name] += batch.rows.num_rows
        self.sample.saw(batch.rows)
        names = batch.rows.column_names
        for column in ("ServiceName", "Service"):
            if column in names:
                self.services.update(s for s in pc.unique(batch.rows[column]).to_pylist() if s)
        for column in _TIMES:
            if column in names and batch.rows.num_rows:
                span = pc.min_max(batch.rows[column].cast(pa.int64()))
                low, high = span["min"].as_py(), span["max"].as_py()
                self.low = low if self.low is None else min(self.low, low)
                self.high = high if self.high is None else max(self.high, high)

    def _add(self, tally: Tally) -> None:
        mine = self.tally
        self.tally = Tally(
            mine.lines + tally.lines,
            mine.events + tally.events,
            mine.continuations + tally.continuations,
            mine.blanks + tally.blanks,
        )


def _load_one(
    into: _Into,
    given: Input,
    settings: Settings,
    chosen: tuple[Source, Claim],
    decoded: Iterable[Batch | Reject | Tally] | None = None,
) -> Loaded:
    """What came of loading one input that a source has claimed, and may have decoded already."""
    account = _Account(into.samples.setdefault(given.name, Sample()))
    if decoded is None:
        decoded = _decoded(given, chosen, settings)
    try:
        problem = _taken(into, given, settings, decoded, account)
    except OSError as gone:
        problem = f"it cannot be read: {gone}"
    except LastgoodError:  # the store fails, and would for the others
        raise
    except Exception as fault:  # noqa: BLE001 - one input that no one can store must not cost the others
        problem = f"it was not stored: {fault_of(fault)}"
    return _report(given, account, chosen, "; ".join(filter(None, (problem, account.gap))))


def _taken(
    into: _Into,
    given: Input,
    settings: Settings,
    decoded: Iterable[Batch | Reject | Tally],
    account: _Account,
) -> str:
    """Why reading an input stopped before its end, after everything before that is stored."""
    writer = InputWriter(into.store.engine, _origin(given), into.joined)
    rejects: list[Reject] = []
    problem = ""
    try:
        owner = whose(given.telling)[0]
        for found in decoded:
            meant = identified(found, owner) if isinstance(found, Batch) else found
            item = _redacted(into.redactor, meant, account)
            if isinstance(item, Batch):
                writer.add(item.table, item.rows)
            elif isinstance(item, Reject):
                rejects.append(item)
                if len(rejects) >= REJECTS_PER_INSERT:
                    _keep_rejects(writer, given, rejects, settings.now)
                    rejects.clear()
            account.saw(item)
    except _StoppedError as stopped:
        problem = str(stopped)
    _keep_rejects(writer, given, rejects, settings.now)
    writer.close(whole=not problem)
    return problem


def _redacted(redactor: Redactor, item: Batch | Reject | Tally, account: _Account) -> Batch | Reject | Tally:
    """The same as it may be stored and shown."""
    if isinstance(item, Batch):
        rows, counts = redactor.rows(item.rows)
        account.redacted += counts
        return Batch(item.table, rows)
    return replace(item, text=redactor.text(item.text)) if isinstance(item, Reject) else item


class _StoppedError(Exception):
    """Reading an input ended before its end; says why."""


def _decoded(given: Input, chosen: tuple[Source, Claim], settings: Settings) -> Decoded:
    """What a source makes of an input. Whatever stops it, it stops only this input, never the load."""
    source, claim = chosen
    try:
        yield from source.decode(given, claim, settings)
    except UNREADABLE as stopped:  # a truncated archive, a disk that fails
        raise _StoppedError(f"reading stopped: {stopped}") from stopped
    except MappingError as stopped:  # this file is not what the mapping says; the others may be
        raise _StoppedError(" ".join(filter(None, (stopped.message, stopped.hint)))) from stopped
    except Exception as fault:
        raise _StoppedError(f"reading stopped: {fault_of(fault)}") from fault


def _keep_rejects(writer: InputWriter, given: Input, rejects: list[Reject], now: datetime) -> None:
    if not rejects:
        return
    columns = {
        "LoadedAt": pa.array([to_nanoseconds(now)] * len(rejects), pa.int64()).cast(
            pa.timestamp("ns", "UTC")
        ),
        "Path": [given.name] * len(rejects),
        "Line": [reject.line for reject in rejects],
        "Reason": [reject.reason for reject in rejects],
        "Text": [reject.text for reject in rejects],
    }
    writer.add(REJECTS, REJECTS.rows(columns))


def _report(given: Input, account: _Account, chosen: tuple[Source, Claim] | None, problem: str) -> Loaded:
    window = None
    if account.low is not None and account.high is not None:
        window = Window(from_nanoseconds(account.low), from_nanoseconds(account.high + 1000))
    return Loaded(
        name=given.name,
        source=chosen[0].name if chosen else "",
        format=chosen[1].format if chosen else "",
        because=chosen[1].because if chosen else "",
        lines=account.tally.lines,
        events=account.tally.events,
        continuations=account.tally.continuations,
        blanks=account.tally.blanks,
        rejects=account.rejects,
        first_rejects=tuple(account.first),
        services=tuple(sorted(account.services)),
        window=window,
        rows=dict(account.rows),
        redacted=dict(account.redacted),
        problem=problem,
        aside=given.aside,
    )


def _origin(given: Input) -> str:
    """What makes loading the same file twice add nothing: its name, size and time of change."""
    if given.origin:
        return given.origin
    if given.path is None:
        size = given.spool.stat().st_size if given.spool else len(given.content or b"")
        return f"stdin {size} {hashlib.blake2b(given.head, digest_size=16).hexdigest()}"
    status = given.path.stat()
    return f"{given.path.resolve()} {status.st_size} {status.st_mtime_ns}"
