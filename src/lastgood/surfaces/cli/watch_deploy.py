"""`lastgood watch-deploy`: the canary's question for some minutes after a deploy."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.cli.canary import Canary, Gauges, Margin, Segments, Side, Untimed

if TYPE_CHECKING:
    from datetime import datetime

    from lastgood.model.canary import CanaryAsked
    from lastgood.model.finding import Finding
    from lastgood.model.scope import Scope
    from lastgood.workbench.watch_deploy import Look, Watched

Lasts = Annotated[str, typer.Option("--for", help="Watch for so long: 5m.")]
Every = Annotated[str, typer.Option(help="Look at each such interval: 30s.")]
Hook = Annotated[
    str, typer.Option("--webhook", help="Post a failure to this [[sink]] of kind webhook in lastgood.toml.")
]


def watch_deploy(
    paths: given.Paths = None,
    *,
    lasts: Lasts = "5m",
    every: Every = "30s",
    webhook: Hook = "",
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
    number: _room.Number = None,
    actor: _room.Actor = None,
    tz: given.Zone = None,
) -> None:
    """The question of `lastgood canary`, asked until it fails or the time has passed. For a roll-back by your pipeline.

    It stops at the first failure. With an incident open, a failure is noted on its record.
    Files are read anew at each look, sources once a minute, and a store is asked anew.

    Exit status: 0 pass, 1 fail, 3 inconclusive at the end, 4 the first look cannot be taken.
    """
    from time import sleep

    from lastgood.config import configured
    from lastgood.model.canary import CanaryAsked, Outcome
    from lastgood.model.clock import system_clock
    from lastgood.model.moments import parse_duration
    from lastgood.model.scope import Scope
    from lastgood.workbench.asked_outside import room_for
    from lastgood.workbench.canary import selector
    from lastgood.workbench.watch_deploy import hook, warned
    from lastgood.workbench.watch_deploy import watch_deploy as watch

    config = configured(store, tz)
    post = hook(config, webhook, system_clock) if webhook else None
    sides = selector(baseline), selector(canary_)
    asked = CanaryAsked(*sides, tuple(segment or ()), margin / 100, tuple(gauge or ()), untimed)
    look = _look(paths, source, (mapping, store, tz), asked, Scope(tuple(service or ())))
    one = _last(watch(look, system_clock, sleep, lasts=parse_duration(lasts), every=parse_duration(every)))
    if one.outcome is Outcome.FAIL:
        with room_for(config, system_clock, number, actor=_room.named(actor), now=one.at) as room:
            came = warned(one, ", ".join(service or ()), room, post)
        _posted(webhook, came)
    raise typer.Exit({Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.INCONCLUSIVE: 3}[one.outcome])


def _posted(webhook: str | None, came: str) -> None:
    """What became of the post; nothing where no webhook was named."""
    if webhook:
        typer.echo(f"webhook {webhook}: {came}", err=True)


def _last(looks: "Iterator[Watched]") -> "Watched":
    """The last look, written out; each is shown as it comes."""
    from lastgood.surfaces.canary import canary_text, watched_line

    one = next(looks)
    typer.echo(watched_line(one), err=True)
    for one in looks:
        typer.echo(watched_line(one), err=True)
    if one.finding is not None:
        sys.stdout.write(canary_text(one.finding))
    return one


def _look(
    paths: list[Path] | None,
    sources: list[str] | None,
    where: tuple[Path | None, str | None, str | None],
    asked: "CanaryAsked",
    scope: "Scope",
) -> "Look":
    """How the question is asked at a time: over files and sources as they are then, or over the store."""
    from lastgood.config import configured
    from lastgood.workbench.canary import canary as ask

    mapping, store, tz = where

    def look(now: "datetime") -> "Finding":
        read = given.fetched(paths, sources, now=now, zone=configured(store, tz).zone.key)
        with given.opened(read, mapping, store, now=now, zone=tz) as (opened, _):
            return ask(opened, asked, now, None, scope)

    return look
