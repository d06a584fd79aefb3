"""Options that several commands share, and what they come to: a zone, a window, an open store."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from lastgood.model.loading import LoadReport
    from lastgood.model.window import Comparison, Window
    from lastgood.surfaces.invocation import Invocation
    from lastgood.workbench.load import Watch
    from lastgood.workbench.store import Store


Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Files and folders, or https://… of a system to fetch from; - is standard input. "
        "Default: the saved store.",
        show_default=False,
    ),
]
Map = Annotated[Path | None, typer.Option("--map", help="Mapping file (TOML).")]
Follow = Annotated[
    bool, typer.Option("--follow-links", help="Follow links that lead out of the folders named.")
]
StoreAddress = Annotated[
    str | None,
    typer.Option(
        "--store", help="chdb:///path, clickhouse://host/db or clickhouses://…", envvar="LASTGOOD_STORE"
    ),
]
Since = Annotated[str | None, typer.Option(help="Look at the last 15m, 3h, 2d …")]
From = Annotated[str | None, typer.Option("--from", help="Start: RFC 3339, or now-1h.")]
To = Annotated[str | None, typer.Option("--to", help="End: RFC 3339, or now-5m.")]
Now = Annotated[
    str | None,
    typer.Option("--now", help="Current time, for files from the past: RFC 3339.", show_default=False),
]
Zone = Annotated[
    str | None,
    typer.Option(
        "--tz", help="Time zone for timestamps without one, such as Europe/Berlin.", envvar="LASTGOOD_TZ"
    ),
]
Baseline = Annotated[str | None, typer.Option(help="The good window to compare with, FROM..TO.")]
Services = Annotated[list[str] | None, typer.Option("--service", help="Only this service; may be repeated.")]
Budget = Annotated[
    str | None,
    typer.Option(
        help="Time for each question, such as 20s; all together may take three times that. "
        "Default: the settings.",
        show_default=False,
    ),
]
FromSource = Annotated[
    list[str] | None,
    typer.Option("--source", help="Fetch from this [[source]] of lastgood.toml; may be repeated."),
]
Format = Annotated[Output, typer.Option("--output", "-o", help="Output format.")]

HOW: "ContextVar[Invocation | None]" = ContextVar("how", default=None)  # how this run was called


def now_of(said: str | None, zone: tzinfo) -> datetime:
    """The time that was said to be now, else the clock's.

    Raises:
        QuerySyntaxError: it cannot be read.
    """
    from lastgood.model.moments import parse_moment
    from lastgood.surfaces.cli import _clock

    clock = _clock.now()
    return parse_moment(said, clock, zone) if said else clock


def till(said: str | None) -> str | None:
    """The end of a window where `--now` was given and no end: what came later had not happened then."""
    return "now" if said else None


def window_of(
    since: str | None, start: str | None, end: str | None, *, now: datetime, zone: tzinfo
) -> "Window | None":
    """The stretch of time asked for; None when none is.

    Raises:
        UsageError: both --since and --from, or an end before its start.
        QuerySyntaxError: a time or duration that cannot be read.
    """
    from lastgood.errors import UsageError
    from lastgood.model.moments import parse_duration, parse_moment
    from lastgood.model.window import Window
    from lastgood.workbench.windows import EARLIEST

    if since and start:
        raise UsageError("--since and --from both set the start.", hint="Give one of them.")
    if not (since or start or end):
        return None
    until = parse_moment(end, now, zone) if end else now
    if since:
        return Window(until - parse_duration(since), until)
    return Window(parse_moment(start, now, zone) if start else EARLIEST, until)


def comparison_of(
    baseline: str | None, bad: "Window | None", *, now: datetime, zone: tzinfo
) -> "Comparison | None":
    """The given good window with the given bad one; None when no baseline is given.

    Raises:
        UsageError: a baseline without a window to compare with, or not written FROM..TO.
    """
    from lastgood.errors import UsageError
    from lastgood.model.moments import parse_moment
    from lastgood.model.window import Comparison, Window

    if baseline is None:
        return None
    if bad is None:
        raise UsageError(
            "A baseline needs the bad window to compare with.", hint="Give --from and --to, or --since."
        )
    start, mark, end = baseline.partition(".." if ".." in baseline else "/")
    if not mark:
        raise UsageError(
            f"A baseline is written FROM..TO, not {baseline!r}.",
            hint="For example --baseline 2026-11-22T13:00Z..2026-11-22T14:00Z, or now-3h..now-1h.",
        )
    good = Window(parse_moment(start, now, zone), parse_moment(end, now, zone))
    return Comparison(good, bad, given=True)


def fetched(
    paths: list[Path] | None,
    sources: list[str] | None,
    *,
    now: datetime,
    zone: str | None,
    window: "Window | None" = None,
    services: list[str] | None = None,
) -> list[Path] | None:
    """The paths, with a folder of what was fetched in place of each address and for each source.

    Raises:
        UsageError: no such source.
        CannotRunError: nothing could be fetched from one.
    """
    from lastgood.model.fetching import is_address

    named = [str(path) for path in paths or () if is_address(str(path))] + (sources or [])
    if not named:
        return paths
    from lastgood.config import configured
    from lastgood.surfaces.fetched import fetched_text
    from lastgood.workbench.fetch import Wanted, fetch, window_of

    wanted = Wanted(tuple(named), window_of(window, now), tuple(services or ()))
    folders = []
    for found in fetch(configured(None, zone), wanted):
        typer.echo(fetched_text(found), err=True)
        folders.append(Path(found.folder))
    return [path for path in paths or () if not is_address(str(path))] + folders


@contextmanager
def opened(
    paths: list[Path] | None,
    mapping: Path | None,
    address: str | None,
    *,
    now: datetime,
    zone: str | None,
    follow: bool = False,
    budget: str | None = None,
) -> Iterator[tuple["Store", "LoadReport | None"]]:
    """The store to ask: the kept one, or a throw-away one filled from the paths."""
    from lastgood.config import configured
    from lastgood.surfaces.cli._server import server_of
    from lastgood.workbench.budget import budget_of
    from lastgood.workbench.store import saved_store, throwaway_store

    if server := server_of(paths, None, address):
        server.cannot("do this")

    config = configured(address, zone)
    time = budget_of(config.settings.budget, budget)
    with called(HOW.get() or replace(invocation(paths, mapping, address, zone), follow=follow)):
        if not paths:
            with saved_store(config.store) as store:
                yield replace(store, budget=time), None
            return
        with saved_store(address) if address else throwaway_store() as opened_one:
            store = replace(opened_one, budget=time)
            yield store, loaded(store, paths, mapping, now=now, zone=config.zone, follow=follow)


@contextmanager
def called(how: "Invocation") -> Iterator["Invocation"]:
    """While this lasts, printed commands and the hints of errors carry what was given to this run."""
    from lastgood.errors import LastgoodError

    token = HOW.set(how)
    try:
        yield how
    except LastgoodError as problem:
        problem.hint = how.filled(problem.hint)
        raise
    finally:
        HOW.reset(token)


def how() -> "Invocation":
    """How this run was called."""
    from lastgood.surfaces.invocation import Invocation

    return HOW.get() or Invocation()


def invocation(
    paths: list[Path] | None,
    mapping: Path | None,
    address: str | None,
    zone: str | None,
    *,
    now: datetime | None = None,
    window: "Window | None" = None,
) -> "Invocation":
    """How this run was called: what was given as options, times made absolute; the environment stays the shell's.

    What was loaded into a store is asked of the store.
    """
    from lastgood.surfaces.invocation import Invocation, from_environment

    return Invocation(
        paths=() if address else tuple(map(str, paths or ())),
        mapping=str(mapping or "") if paths and not address else "",
        store=from_environment(address, "LASTGOOD_STORE"),
        zone=from_environment(zone, "LASTGOOD_TZ"),
        now=now,
        window=window,
    )


def loaded(
    store: "Store",
    paths: list[Path],
    mapping: Path | None,
    *,
    now: datetime,
    zone: tzinfo,
    follow: bool = False,
) -> "LoadReport":
    """What came of loading, with a word on stderr about whatever was not taken."""
    from lastgood.surfaces.load_report import troubles
    from lastgood.workbench.known import check_paths
    from lastgood.workbench.load import load

    check_paths(paths)
    with watching(at_once=True) as watch:
        report = load(store, paths, now=now, zone=zone, mapping=mapping, watch=watch, follow=follow)
    for line in troubles(report):
        typer.echo(line, err=True)
    return report


@contextmanager
def watching(*, at_once: bool = False) -> Iterator["Watch | None"]:
    """A bar on standard error that is gone when the last input is loaded; None where no one would see it.

    It is there from the first input on that is done, or at once; so nothing that is printed or asked later meets it.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task("loading", total=None)

    def watch(name: str, done: int, total: int) -> None:
        bar.start()
        bar.update(task, description=f"loading {Path(name).name}", completed=done, total=total)
        if done >= total:
            bar.stop()

    try:
        if at_once:
            bar.start()
        yield watch
    finally:
        bar.stop()
