"""`lastgood canary`: a gate for a new version, from telemetry."""

import sys
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.formats import Output

Side = Annotated[
    str | None,
    typer.Option(show_default=False, help="A version, or KEY=VALUE. Default: the version with most traffic."),
]
Canary = Annotated[
    str | None,
    typer.Option(
        "--canary",
        show_default=False,
        help="A version, or KEY=VALUE such as track=canary. Default: the newest version.",
    ),
]
Segments = Annotated[
    list[str] | None,
    typer.Option(
        "--segment",
        help="Compare each value of this attribute apart; may be repeated. Default: attributes of few values.",
    ),
]
Gauges = Annotated[
    list[str] | None,
    typer.Option(
        "--gauge",
        help="A pass needs that this metric is not higher; may be repeated. CPU and memory are compared anyway.",
    ),
]

Margin = Annotated[
    float, typer.Option(min=0.01, max=50, help="Percentage points more failures that still pass.")
]
Untimed = Annotated[
    bool,
    typer.Option("--untimed", help="A pass needs no durations. Without them, slowness is not checked."),
]


def canary(
    paths: given.Paths = None,
    *,
    baseline: Side = None,
    canary_: Canary = None,
    service: given.Services = None,
    segment: Segments = None,
    gauge: Gauges = None,
    margin: Margin = 1.0,
    untimed: Untimed = False,
    source: given.FromSource = None,
    mapping: given.Map = None,
    store: given.StoreAddress = None,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
    tz: given.Zone = None,
) -> None:
    """Whether a canary may go on: failures, slow requests, new log lines and resources, for all users and each segment.

    It may be asked as often as you like; that does not raise the chance of a false alarm. The baseline's earlier data may be included.
    Data whose last request is older than 15 min are inconclusive, unless --since, --from, --to or --now is given.

    Exit status: 0 pass, 1 fail, 3 inconclusive: too few requests, or no baseline; 4 a source or the store cannot be asked.
    """
    from lastgood.config import configured
    from lastgood.model.canary import CanaryAsked
    from lastgood.model.scope import Scope
    from lastgood.surfaces.canary import canary_document, canary_text, exit_status
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.canary import canary as ask
    from lastgood.workbench.canary import selector

    asked = CanaryAsked(
        selector(baseline), selector(canary_), tuple(segment or ()), margin / 100, tuple(gauge or ()), untimed,
        dated=any((since, start, end, now)),
    )  # fmt: skip
    zone = configured(store, tz).zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end, now=instant, zone=zone)
    paths = given.fetched(paths, source, now=instant, zone=tz, window=window, services=service)
    with given.opened(paths, mapping, store, now=instant, zone=tz) as (opened, _):
        finding = ask(opened, asked, instant, window, Scope(tuple(service or ())))
    if output is Output.JSON:
        sys.stdout.write(json_text(canary_document(finding), indent=2) + "\n")
    else:
        sys.stdout.write(canary_text(finding))
    raise typer.Exit(exit_status(finding))
