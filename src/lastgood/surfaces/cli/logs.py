"""`lastgood logs`: the lines that a query finds."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from lastgood.workbench.logs import Asked
    from lastgood.workbench.store import Store

POLL_SECONDS = 1.0


def logs(
    query: Annotated[
        str, typer.Argument(help="Such as 'level:>=warn AND service:orders AND NOT \"health check\"'.")
    ] = "",
    paths: given.Paths = None,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="The newest so many lines.")] = 200,
    context: Annotated[int, typer.Option(min=0, max=1000, help="Lines before and after each match.")] = 0,
    patterns: Annotated[bool, typer.Option("--patterns", help="Count log patterns instead.")] = False,
    histogram: Annotated[bool, typer.Option("--histogram", help="Count lines over time instead.")] = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Wait for more, until interrupted.")] = False,
    mapping: given.Map = None,
    links: given.Follow = False,
    store: given.StoreAddress = None,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    now: given.Now = None,
    service: given.Services = None,
    output: given.Format = Output.TEXT,
    tz: given.Zone = None,
) -> None:
    """Search log lines: fields, ranges, wildcards, phrases, /regex/, AND OR NOT and parentheses.

    Words search the text, and the ids of requests and traces. Fields: service, level, timestamp, body, trace, status, route, duration,
    version, instance, user, and any attribute; is:error finds lines that report a failure. Ranges: level:>=warn, status:[500 TO 599],
    timestamp:[now-1h TO now], duration:>500ms. Exit status: 0 also when nothing matches, 3 when
    there are no lines to search.
    """
    from lastgood.config import configured
    from lastgood.errors import UsageError
    from lastgood.model.scope import Scope
    from lastgood.workbench.logs import Asked

    if sum((patterns, histogram, follow)) > 1:
        raise UsageError("--patterns, --histogram and --follow each show something else.", hint="Give one.")
    zone = configured(store, tz).zone
    instant = given.now_of(now, zone)
    window = given.window_of(
        since, start, end or (None if follow else given.till(now)), now=instant, zone=zone
    )
    asked = Asked(query, instant, zone, window, Scope(tuple(service or ())))
    asked.filter()  # a mistake in the query is said before anything is loaded
    with given.opened(paths, mapping, store, now=instant, zone=tz, follow=links) as (opened, _):
        if follow:
            _follow(opened, asked, paths, output)
        elif histogram:
            _histogram(opened, asked, output)
        elif patterns:
            _patterns(opened, asked, limit, output)
        else:
            _search(opened, asked, limit, context, output)


def _search(store: "Store", asked: "Asked", limit: int, context: int, output: Output) -> None:
    from lastgood.surfaces.log_lines import found_note, line_json, line_text
    from lastgood.workbench.logs import search

    found = search(store, asked, limit=limit, around=context)
    write = line_json if output is Output.JSON else line_text
    for line in found.lines:
        sys.stdout.write(write(line) + "\n")
    if note := found_note(found):
        typer.echo(note, err=True)
    if not found.searched:
        _no_lines(store)


def _no_lines(store: "Store") -> NoReturn:
    """End with 3, after what times there are lines of: `--since` counts back from now, and files may be old."""
    from lastgood.model.figures import stamp
    from lastgood.model.signal import Signal

    held = store.survey()[0].of(Signal.LOGS)
    if held and held.window:
        end = stamp(held.window.end)
        typer.echo(
            f"The lines are from {stamp(held.window.start)} to {end}. For files from the past, add: --now {end}",
            err=True,
        )
    raise typer.Exit(3)


def _histogram(store: "Store", asked: "Asked", output: Output) -> None:
    from lastgood.surfaces.log_lines import histogram_json, histogram_text
    from lastgood.workbench.logs import histogram

    found = histogram(store, asked, buckets=30)
    sys.stdout.write(
        json.dumps(histogram_json(found)) + "\n" if output is Output.JSON else histogram_text(found)
    )
    if not found.searched:
        typer.echo("no data: there are no lines in this window", err=True)
        _no_lines(store)


def _patterns(store: "Store", asked: "Asked", limit: int, output: Output) -> None:
    from lastgood.surfaces.log_lines import pattern_json, pattern_text
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.logs import patterns_of

    found = patterns_of(store, asked, limit=limit)
    for pattern in found.patterns:
        row = json_text(pattern_json(pattern)) if output is Output.JSON else pattern_text(pattern)
        sys.stdout.write(row + "\n")
    if len(found.patterns) < found.total:
        typer.echo(
            f"limit reached: the {len(found.patterns)} most frequent of {found.total} patterns", err=True
        )
    elif not found.total:
        typer.echo("no match" if found.searched else "no data: there are no lines in this window", err=True)
    if not found.searched:
        _no_lines(store)


def _follow(store: "Store", asked: "Asked", paths: list[Path] | None, output: Output) -> None:
    from time import sleep

    from lastgood.surfaces.cli import _clock
    from lastgood.surfaces.log_lines import line_json, line_text
    from lastgood.workbench.logs import follow
    from lastgood.workbench.tail import Tail

    tail = Tail(store, tuple(paths or ()), _clock.now, asked.zone)
    write = line_json if output is Output.JSON else line_text
    lines = follow(store, asked, clock=_clock.now, wait=lambda: sleep(POLL_SECONDS), refresh=tail.refresh)
    for line in lines:
        sys.stdout.write(write(line) + "\n")
        sys.stdout.flush()
