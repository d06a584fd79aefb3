"""`lastgood ask`: one question, with its evidence."""

import json
import os
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.cli._server import of, server_of
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lastgood.model.finding import Finding
    from lastgood.model.trouble import TroublesAsked
    from lastgood.model.window import Comparison, Window
    from lastgood.surfaces.invocation import Invocation
    from lastgood.workbench.store import Store

TROUBLE = "trouble"
Classes = Annotated[
    list[str] | None,
    typer.Option(
        "--class",
        help="Of `trouble`: only this runbook, such as memory; may be repeated.",
        show_default=False,
    ),
]
Databases = Annotated[
    list[str] | None,
    typer.Option(
        "--database",
        help="Of `trouble`: ask this [[database]] of lastgood.toml, or this address, read-only; may be repeated.",
        show_default=False,
    ),
]
Number = Annotated[
    int | None,
    typer.Option(
        "--incident",
        min=1,
        max=2**31 - 1,
        help="Of `trouble`: record in this incident; default: the ongoing one, if there is only one.",
        show_default=False,
    ),
]


def ask(
    question: Annotated[
        str | None, typer.Argument(help="Its name; none lists them.", show_default=False)
    ] = None,
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
    troubles: Classes = None,
    database: Databases = None,
    number: Number = None,
    output: given.Format = Output.TEXT,
    tz: given.Zone = None,
) -> None:
    """One question by name; without a name, the list of them.

    With -o json each finding has its evidence with SQL and parameters, so that anyone can run it again.
    `trouble` runs the checks of known troubles, and asks the databases that are named; its answers are recorded.
    Exit status: 0 answered, 1 an incident or a trouble is confirmed, 2 usage, 3 inconclusive or no data, 4 could not run.
    """
    if question is None:
        list_questions(output)
        return
    from lastgood.config import configured

    asked = _asked_of(question, troubles, database)  # before anything is loaded
    zone = configured(store, tz).zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end, now=instant, zone=zone)
    comparison = given.comparison_of(baseline, window, now=instant, zone=zone)
    paths = given.fetched(paths, source, now=instant, zone=tz, window=window, services=service)
    how = given.invocation(paths, mapping, store, tz, now=instant if now else None, window=window)
    good = comparison.good if comparison else None
    how = replace(how, baseline=good, services=tuple(service or ()), follow=follow)
    if server := server_of(paths, None, store):
        server.say("ask", of(how, output, budget=budget, question=question))
    data = given.opened(paths, mapping, store, now=instant, zone=tz, follow=follow, budget=budget)
    with given.called(how), data as (opened, _):
        about = About(instant, None if comparison else window, comparison, how.services)
        findings = _checked(opened, asked, about, number) if asked else _put(opened, question, about)
    raise typer.Exit(write(findings, output, how, short=asked is not None and not troubles))


@dataclass(frozen=True, slots=True)
class About:
    """What the telemetry is asked about, and when."""

    now: "datetime"
    window: "Window | None"
    comparison: "Comparison | None"
    services: tuple[str, ...]


def _put(store: "Store", question: str, about: About) -> "tuple[Finding, ...]":
    from lastgood.model.scope import Scope
    from lastgood.workbench.ask import ask as put

    scope = Scope(about.services)
    return put(store, question, now=about.now, window=about.window, comparison=about.comparison, scope=scope)


def _asked_of(
    question: str, classes: list[str] | None, databases: list[str] | None
) -> "TroublesAsked | None":
    """Which runbooks, and what the databases answer; None of another question."""
    from lastgood.config import configured
    from lastgood.errors import UsageError
    from lastgood.workbench.ask import question_named
    from lastgood.workbench.trouble import Wanted, asked_of, trouble_named

    question_named(question)
    if question == TROUBLE:
        wanted = Wanted(tuple(map(trouble_named, classes or ())), tuple(databases or ()))
        return asked_of(configured(), wanted, os.environ)
    if classes or databases:
        raise UsageError(f"--class and --database are for `lastgood ask {TROUBLE}` only.")
    return None


def _checked(
    store: "Store", asked: "TroublesAsked", about: About, number: int | None
) -> "tuple[Finding, ...]":
    """The findings of runbooks; on the record of the incident that is named, or is the only one that is ongoing."""
    from lastgood.config import configured
    from lastgood.model.scope import Scope
    from lastgood.surfaces.cli._clock import recording
    from lastgood.workbench.asked_outside import room_for
    from lastgood.workbench.trouble import Asking, troubles

    asking = Asking(about.now, about.window, about.comparison, Scope(about.services))
    with room_for(configured(), recording, number, actor=_room.named(None), now=about.now) as room:
        before = len(room.entries) if room else 0
        findings = troubles(store, asked, asking, room)
        if room and len(room.entries) > before:
            first, last = room.entries[before].sequence, room.entries[-1].sequence
            typer.echo(f"recorded: incident {room.number}, entries {first} to {last}", err=True)
    return findings


def write(findings: "Sequence[Finding]", output: Output, how: "Invocation", *, short: bool = False) -> int:
    """Print the findings, and give the exit status; of runbooks `short` shows only the checks of those that say yes."""
    from lastgood.surfaces.findings import exit_status, findings_written
    from lastgood.surfaces.troubles import troubles_text

    if short and output is Output.TEXT:
        sys.stdout.write(troubles_text(findings, how))
    else:
        sys.stdout.write(findings_written(findings, output, how))
    return exit_status(findings)


def list_questions(output: Output) -> None:
    """Print every question with its name."""
    from lastgood.workbench.ask import questions

    every = questions()
    if output is Output.JSON:
        rows = [{"name": q.name, "question": q.question, "stage": q.stage, "needs": q.needs} for q in every]
        typer.echo(json.dumps(rows, indent=2))
        return
    width = max(len(question.name) for question in every)
    for question in every:
        typer.echo(f"{question.name.ljust(width)}  {question.question}")
