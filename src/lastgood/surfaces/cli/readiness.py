"""`lastgood readiness`: what the next incident could not answer."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given

if TYPE_CHECKING:
    from datetime import datetime

    from lastgood.model.loading import LoadReport
    from lastgood.model.readiness import Lacked, Readiness
    from lastgood.model.rehearsal import Effect
    from lastgood.model.window import Window
    from lastgood.workbench.store import Store


Opening = Callable[[], "AbstractContextManager[tuple[Store, LoadReport | None]]"]


class ReadinessOutput(StrEnum):
    """How it is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


FailUnder = Annotated[
    float, typer.Option("--fail-under", min=0, max=100, help="Exit 1 when the score is lower.")
]
Format = Annotated[ReadinessOutput, typer.Option("--output", "-o", help="How it is written.")]
Html = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", show_default=False,
        help="Write a page into this file too: per service, each gap with its fix and the past incidents without an answer.",
    ),
]  # fmt: skip
Keep = Annotated[bool, typer.Option("--keep", help="Keep the score and its parts in the record.")]
Trend = Annotated[bool, typer.Option("--trend", help="Show the kept runs instead; nothing is measured.")]
Rehearse = Annotated[
    str | None,
    typer.Option(
        metavar="EFFECT", show_default=False,
        help="Draw a fault into a copy of the last hour, such as 'payments errors=40% where region=eu'; report which questions it answers.",
    ),
]  # fmt: skip
Like = Annotated[
    int | None,
    typer.Option(min=1, metavar="ID", show_default=False, help="The same with the effect of an incident of the record."),
]  # fmt: skip


def readiness(
    paths: given.Paths = None,
    *,
    fail_under: FailUnder = 0,
    html: Html = None,
    keep: Keep = False,
    trend: Trend = False,
    rehearse: Rehearse = None,
    like: Like = None,
    mapping: given.Map = None,
    follow: given.Follow = False,
    store: given.StoreAddress = None,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    now: given.Now = None,
    output: Format = ReadinessOutput.TEXT,
    tz: given.Zone = None,
) -> None:
    """What tonight's incident could not answer, and why, from the telemetry and the change feed alone.

    Each gap has its cost in points, the effort to mend it, and how in the language of the service. With --rehearse or --like a fault
    is drawn into a copy of the last hour: nothing is written to the store.

    Exit status: 0, 1 when the score is under --fail-under, 3 when there is no telemetry.
    """
    from lastgood.config import configured
    from lastgood.surfaces.cli._out import checked
    from lastgood.workbench.readiness import readiness as measure

    checked(html)
    if trend:
        _trend(output)
        return
    zone = configured(store, tz).zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end or given.till(now), now=instant, zone=zone)
    opening = partial(given.opened, paths, mapping, store, now=instant, zone=tz, follow=follow)
    if rehearse or like:
        _rehearse(_effect(rehearse, like), opening, window, output)
        return
    with opening() as (opened, _):
        found = measure(opened, window=window)
    past = _past()
    _write(found, past, output)
    _record(found, past, instant if keep else None, html)
    if found.score < fail_under:
        typer.echo(f"The score is under {fail_under:g}.", err=True)
        raise typer.Exit(1)


def _past() -> "tuple[Lacked, ...]":
    """The incidents of the record that lacked something."""
    from lastgood.config import configured
    from lastgood.model.clock import system_clock
    from lastgood.workbench.readiness_costs import lacked_in

    return lacked_in(configured(), system_clock)


def _write(found: "Readiness", past: "tuple[Lacked, ...]", output: ReadinessOutput) -> None:
    from lastgood.surfaces.readiness import readiness_document, readiness_markdown, readiness_text
    from lastgood.surfaces.wording import json_text

    match output:
        case ReadinessOutput.TEXT:
            sys.stdout.write(readiness_text(found, past))
        case ReadinessOutput.MARKDOWN:
            sys.stdout.write(readiness_markdown(found))
        case ReadinessOutput.JSON:
            sys.stdout.write(json_text(readiness_document(found, past), indent=2) + "\n")


def _record(
    found: "Readiness", past: "tuple[Lacked, ...]", keep_at: "datetime | None", html: Path | None
) -> None:
    """Keep it, as of a time; write the page, which has all kept runs."""
    from lastgood.config import configured
    from lastgood.surfaces.cli import _out, _room
    from lastgood.surfaces.readiness_page import readiness_html
    from lastgood.workbench.readiness_trend import keep, kept

    config = configured()
    if keep_at is not None:
        keep(config.record, found, actor=_room.named(None), at=keep_at)
    if html is not None:
        page = readiness_html(found, past, kept(config.record))
        _out.save(html, page.encode())


def _trend(output: ReadinessOutput) -> None:
    from lastgood.config import configured
    from lastgood.surfaces.cli import _room
    from lastgood.surfaces.readiness_trend import trend_document, trend_text
    from lastgood.workbench.readiness_trend import kept

    runs = kept(configured().record)
    if output is ReadinessOutput.JSON:
        _room.write_json(trend_document(runs))
    else:
        sys.stdout.write(trend_text(runs))


def _effect(text: str | None, like: int | None) -> "Effect":
    """As it is written; else that of an incident."""
    from lastgood.config import configured
    from lastgood.errors import UsageError
    from lastgood.model.clock import system_clock
    from lastgood.surfaces.cli import _room
    from lastgood.workbench.rehearsal import effect_in, effect_like
    from lastgood.workbench.room import enter

    if text and like:
        raise UsageError("An effect is given twice.", hint="Pass --rehearse or --like.")
    if text:
        return effect_in(text)
    config, now = configured(), system_clock()
    with enter(config, system_clock, actor=_room.named(None), now=now, incident=like) as room:
        return effect_like(room.incident)


def _rehearse(effect: "Effect", opening: Opening, window: "Window | None", output: ReadinessOutput) -> None:
    """Copy, then close the store: a process has one embedded store."""
    from lastgood.surfaces.cli import _room
    from lastgood.surfaces.rehearsal import rehearsal_document, rehearsal_text
    from lastgood.workbench.rehearsal import copied, rehearsed
    from lastgood.workbench.store import throwaway_store

    with opening() as (opened, _):
        copy = copied(opened, within=window)
    with throwaway_store() as empty:
        found = rehearsed(copy, effect, empty)
    if output is ReadinessOutput.JSON:
        _room.write_json(rehearsal_document(found))
    else:
        sys.stdout.write(rehearsal_text(found))
