"""`lastgood triage`: the first-five-minutes answer."""

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.model.finding import Verdict
from lastgood.surfaces.card import card_of
from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli._options import CardOutput
from lastgood.surfaces.cli._out import Out, checked, save
from lastgood.surfaces.invocation import Invocation
from lastgood.surfaces.steps import NONE_READY, Ready, ready_for
from lastgood.surfaces.terminal.pager import show_card

if TYPE_CHECKING:
    from lastgood.config import Config
    from lastgood.model.evidence import Series
    from lastgood.model.sitrep import Sitrep
    from lastgood.surfaces.card import Card


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
    --baseline. What to do stands third.

    Exit status: 0 no incident, 1 an incident is confirmed, 2 usage, 3 inconclusive or no data, 4 could not run.
    """
    from lastgood.config import configured
    from lastgood.errors import UsageError
    from lastgood.model.scope import Scope
    from lastgood.surfaces.findings import exit_status
    from lastgood.workbench.pulse import pulse
    from lastgood.workbench.triage import triage as ask

    checked(out)
    if brief and output is not CardOutput.TEXT:
        raise UsageError("--brief is text.", hint="Leave out --brief or --output.")
    config = configured(store, tz)
    zone = config.zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end, now=instant, zone=zone)
    comparison = given.comparison_of(baseline, window, now=instant, zone=zone)
    paths = given.fetched(paths, source, now=instant, zone=tz, window=window, services=service)
    scope = Scope(tuple(service or ()))
    said = instant if now else None
    how = given.invocation(paths, mapping, store, tz, now=said, window=window)
    how = replace(
        how, baseline=comparison.good if comparison else None, services=tuple(service or ()), follow=follow
    )
    with (
        given.called(how),
        given.opened(paths, mapping, store, now=instant, zone=tz, follow=follow, budget=budget) as (
            opened,
            report,
        ),
    ):
        sitrep = ask(
            opened,
            now=instant,
            window=None if comparison else window,
            comparison=comparison,
            scope=scope,
            loaded=report,
        )
        drawn = sitrep.window if output is CardOutput.HTML else None
        beat = pulse(opened, drawn, scope=scope) if drawn else ()
    page = Page(output, how, ready(config, sitrep), brief=brief, pulse=beat)
    write(sitrep, page, out, paged=pager)
    raise typer.Exit(exit_status((sitrep.confirmed,) if sitrep.confirmed else ()))


@dataclass(frozen=True, slots=True)
class Page:
    """How a sitrep is written: the format, the commands on it, and what else is drawn."""

    output: CardOutput
    how: Invocation = field(default_factory=Invocation)
    ready: Ready = NONE_READY
    brief: bool = False
    pulse: "tuple[Series, ...]" = ()

    def card(self, sitrep: "Sitrep") -> "Card":
        """The card, its commands completed."""
        return card_of(sitrep, self.ready).called(self.how)


def ready(config: "Config", sitrep: "Sitrep") -> Ready:
    """Which options the team has commands for, and whether an incident is ongoing."""
    from lastgood.model.clock import system_clock
    from lastgood.workbench.options import lacking
    from lastgood.workbench.room import ongoing

    if sitrep.is_real is not Verdict.YES:
        return NONE_READY
    found = sitrep.mitigations.ranked if sitrep.mitigations else ()
    services = sitrep.blast_radius.services if sitrep.blast_radius else ()
    reported = {
        (one.kind, one.target): why
        for one in found
        if (why := lacking(config, one.kind, one.target, services)) is not None
    }
    return ready_for(reported, ongoing(config, system_clock))


def write(sitrep: "Sitrep", page: Page, out: Path | None, *, paged: bool = True) -> None:
    """Put a sitrep on standard output or into a file."""
    if out is not None:
        save(out, rendered(sitrep, page).encode("utf-8", "replace"))
    elif page.output is CardOutput.TEXT and not page.brief:
        show_card(page.card(sitrep), paged=paged)
    else:
        sys.stdout.write(rendered(sitrep, page))


def rendered(sitrep: "Sitrep", page: Page) -> str:
    """A sitrep in one of the formats, without colour."""
    match page.output:
        case CardOutput.TEXT if page.brief:
            from lastgood.surfaces.terminal.brief import brief_text

            return brief_text(sitrep, page.ready, page.how, terminal_width())
        case CardOutput.TEXT:
            from lastgood.surfaces.terminal.text import card_text

            return card_text(page.card(sitrep))
        case CardOutput.JSON:
            from lastgood.surfaces.sitrep_json import sitrep_document
            from lastgood.surfaces.wording import json_text

            return json_text(sitrep_document(sitrep), indent=2) + "\n"
        case CardOutput.MARKDOWN:
            from lastgood.surfaces.markdown import card_markdown

            return card_markdown(page.card(sitrep))
        case CardOutput.HTML:
            from lastgood.surfaces.html import sitrep_html

            return sitrep_html(sitrep, page.pulse, page.card(sitrep))


def terminal_width() -> int:
    """Of the terminal that is written to; 100 where there is none."""
    from shutil import get_terminal_size

    from lastgood.surfaces.terminal.text import WIDTH

    return get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH
