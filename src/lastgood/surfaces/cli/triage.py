"""`lastgood triage`: the first-five-minutes answer."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli._out import Out, checked, save
from lastgood.surfaces.cli._server import of, server_of
from lastgood.surfaces.formats import CardOutput
from lastgood.surfaces.terminal.pager import show_card

if TYPE_CHECKING:
    from lastgood.config import Config
    from lastgood.model.evidence import Series
    from lastgood.model.loading import LoadReport
    from lastgood.model.sitrep import Sitrep
    from lastgood.surfaces.cli.ask import About
    from lastgood.surfaces.page import Page
    from lastgood.workbench.store import Store


def triage(
    paths: given.Paths = None,
    *,
    source: given.FromSource = None,
    mapping: given.Map = None,
    follow: given.Follow = False,
    store: given.StoreAddress = None,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    now: given.Now = None,
    baseline: given.Baseline = None,
    service: given.Services = None,
    budget: given.Budget = None,
    output: Annotated[
        CardOutput, typer.Option("--output", "-o", help="How it is written.")
    ] = CardOutput.TEXT,
    out: Out = None,
    brief: Annotated[bool, typer.Option("--brief", help="At most eight lines.")] = False,
    pager: Annotated[
        bool, typer.Option("--pager/--no-pager", help="Show what is longer than the terminal page by page.")
    ] = True,
    tz: given.Zone = None,
) -> None:
    """The first-five-minutes answer, from PATHS, from systems that are fetched from, or from the saved store.

    Good and bad windows are found; or give the bad one with --from and --to and the good one with
    --baseline. What to do is third.

    Exit status: 0 no incident, 1 an incident is confirmed, 2 usage, 3 inconclusive or no data, 4 could not run.
    """
    from lastgood.config import configured
    from lastgood.errors import UsageError
    from lastgood.surfaces.cli.ask import About
    from lastgood.surfaces.findings import exit_status
    from lastgood.surfaces.page import Page, ready

    checked(out)
    if brief and output is not CardOutput.TEXT:
        raise UsageError("--brief is text.", hint="Leave out --brief or --output.")
    config = configured(store, tz)
    zone = config.zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end, now=instant, zone=zone)
    comparison = given.comparison_of(baseline, window, now=instant, zone=zone)
    server = server_of(paths, source, store)
    paths = given.fetched(paths, source, now=instant, zone=tz, window=window, services=service)
    said = instant if now else None
    how = given.invocation(paths, mapping, store, tz, now=said, window=window)
    how = replace(
        how, baseline=comparison.good if comparison else None, services=tuple(service or ()), follow=follow
    )
    if server is not None:
        server.say("triage", of(how, output, budget=budget, brief=brief, width=terminal_width()), out=out)
    data = given.opened(paths, mapping, store, now=instant, zone=tz, follow=follow, budget=budget)
    with given.called(how), data as (opened, report):
        about = About(instant, None if comparison else window, comparison, how.services)
        sitrep, beat = _answered(opened, report, about, config, drawn=output is CardOutput.HTML)
    write(sitrep, Page(output, how, ready(config, sitrep), brief, beat, terminal_width()), out, paged=pager)
    raise typer.Exit(exit_status((sitrep.confirmed,) if sitrep.confirmed else ()))


def _answered(
    store: "Store", report: "LoadReport | None", about: "About", config: "Config", *, drawn: bool
) -> "tuple[Sitrep, tuple[Series, ...]]":
    """The sitrep, and the pulse of its window where it is drawn."""
    from lastgood.model.scope import Scope
    from lastgood.workbench.pulse import pulse
    from lastgood.workbench.triage import triage as ask
    from lastgood.workbench.triage import updated_by

    scope = Scope(about.services)
    sitrep = ask(
        store, now=about.now, window=about.window, comparison=about.comparison, scope=scope, loaded=report
    )
    sitrep = updated_by(sitrep, config.rhythm)
    return sitrep, pulse(store, sitrep.window, scope=scope) if drawn and sitrep.window else ()


def write(sitrep: "Sitrep", page: "Page", out: Path | None, *, paged: bool = True) -> None:
    """Put a sitrep on standard output or into a file."""
    from lastgood.surfaces.page import rendered

    if out is not None:
        save(out, rendered(sitrep, page).encode("utf-8", "replace"))
    elif page.output is CardOutput.TEXT and not page.brief:
        show_card(page.card(sitrep), paged=paged)
    else:
        sys.stdout.write(rendered(sitrep, page))


def terminal_width() -> int:
    """Of the terminal that is written to; 100 where there is none."""
    from shutil import get_terminal_size

    from lastgood.surfaces.terminal.text import WIDTH

    return get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH
