"""`lastgood triage`: the first-five-minutes answer."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli._options import CardOutput

if TYPE_CHECKING:
    from lastgood.model.evidence import Series
    from lastgood.model.sitrep import Sitrep


def triage(
    paths: given.Paths = None,
    *,
    mapping: given.Map = None,
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
    out: Annotated[Path | None, typer.Option("--out", help="Write into this file.")] = None,
    tz: given.Zone = None,
) -> None:
    """The first-five-minutes answer, from PATHS or from the kept store.

    Good and bad windows are found; or give the bad one with --from and --to and the good one with
    --baseline. Exit status: 0 nothing is wrong, 1 the problem is real, 2 usage, 3 the data do not decide
    or there are none, 4 could not run.
    """
    from lastgood.config import configured
    from lastgood.model.scope import Scope
    from lastgood.surfaces.findings import exit_status
    from lastgood.workbench.pulse import pulse
    from lastgood.workbench.triage import triage as ask

    zone = configured(store, tz).zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end, now=instant, zone=zone)
    comparison = given.comparison_of(baseline, window, now=instant, zone=zone)
    scope = Scope(tuple(service or ()))
    with given.opened(paths, mapping, store, now=instant, zone=tz, budget=budget) as (opened, report):
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
    write(sitrep, output, out, beat)
    raise typer.Exit(exit_status((sitrep.confirmed,) if sitrep.confirmed else ()))


def write(sitrep: "Sitrep", output: CardOutput, out: Path | None, pulse: "tuple[Series, ...]" = ()) -> None:
    """Put a sitrep on standard output or into a file."""
    from lastgood.surfaces.card import card_of
    from lastgood.surfaces.text import write_card

    if out is None and output is CardOutput.TEXT:
        write_card(card_of(sitrep), sys.stdout)
        return
    text = rendered(sitrep, output, pulse)
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, "utf-8")
        typer.echo(f"written to {out}", err=True)


def rendered(sitrep: "Sitrep", output: CardOutput, pulse: "tuple[Series, ...]" = ()) -> str:
    """A sitrep in one of the formats, without colour."""
    import json

    from lastgood.surfaces.card import card_of
    from lastgood.surfaces.sitrep_json import sitrep_document
    from lastgood.surfaces.text import card_text

    match output:
        case CardOutput.TEXT:
            return card_text(card_of(sitrep))
        case CardOutput.JSON:
            return json.dumps(sitrep_document(sitrep), indent=2, ensure_ascii=False) + "\n"
        case CardOutput.MARKDOWN:
            from lastgood.surfaces.markdown import card_markdown

            return card_markdown(card_of(sitrep))
        case CardOutput.HTML:
            from lastgood.surfaces.html import sitrep_html

            return sitrep_html(sitrep, pulse)
