"""`lastgood ask`: one question, with its evidence."""

import json
import sys
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli._options import Output


def ask(
    question: Annotated[
        str | None, typer.Argument(help="Its name; none lists them.", show_default=False)
    ] = None,
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
    output: given.Format = Output.TEXT,
    tz: given.Zone = None,
) -> None:
    """One question by name; without a name, the list of them.

    With -o json each finding has its evidence with SQL and parameters, so that anyone can run it again.
    Exit status: 0 it was answered, 1 it confirms a problem, 3 the data do not decide.
    """
    if question is None:
        list_questions(output)
        return
    from lastgood.config import configured
    from lastgood.model.scope import Scope
    from lastgood.surfaces.findings import exit_status, finding_document, finding_text
    from lastgood.workbench.ask import ask as put
    from lastgood.workbench.ask import question_named

    question_named(question)  # before anything is loaded
    zone = configured(store, tz).zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end, now=instant, zone=zone)
    comparison = given.comparison_of(baseline, window, now=instant, zone=zone)
    with given.opened(paths, mapping, store, now=instant, zone=tz, budget=budget) as (opened, _):
        findings = put(
            opened,
            question,
            now=instant,
            window=None if comparison else window,
            comparison=comparison,
            scope=Scope(tuple(service or ())),
        )
    if output is Output.JSON:
        documents = [finding_document(finding) for finding in findings]
        sys.stdout.write(json.dumps(documents, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(finding_text(finding) for finding in findings))
    raise typer.Exit(exit_status(findings))


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
