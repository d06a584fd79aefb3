"""`lastgood ask`: one question, with its evidence."""

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli._options import Output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastgood.model.finding import Finding
    from lastgood.surfaces.invocation import Invocation


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
    output: given.Format = Output.TEXT,
    tz: given.Zone = None,
) -> None:
    """One question by name; without a name, the list of them.

    With -o json each finding has its evidence with SQL and parameters, so that anyone can run it again.
    Exit status: 0 answered, 1 an incident is confirmed, 2 usage, 3 inconclusive or no data, 4 could not run.
    """
    if question is None:
        list_questions(output)
        return
    from lastgood.config import configured
    from lastgood.model.scope import Scope
    from lastgood.surfaces.findings import exit_status
    from lastgood.workbench.ask import ask as put
    from lastgood.workbench.ask import question_named

    question_named(question)  # before anything is loaded
    zone = configured(store, tz).zone
    instant = given.now_of(now, zone)
    window = given.window_of(since, start, end, now=instant, zone=zone)
    comparison = given.comparison_of(baseline, window, now=instant, zone=zone)
    paths = given.fetched(paths, source, now=instant, zone=tz, window=window, services=service)
    how = given.invocation(paths, mapping, store, tz, now=instant if now else None, window=window)
    good = comparison.good if comparison else None
    how = replace(how, baseline=good, services=tuple(service or ()), follow=follow)
    data = given.opened(paths, mapping, store, now=instant, zone=tz, follow=follow, budget=budget)
    with given.called(how), data as (opened, _):
        alone = None if comparison else window
        scope = Scope(how.services)
        findings = put(opened, question, now=instant, window=alone, comparison=comparison, scope=scope)
    write(findings, output, how)
    raise typer.Exit(exit_status(findings))


def write(findings: "Sequence[Finding]", output: Output, how: "Invocation") -> None:
    """Print the findings."""
    from lastgood.surfaces.findings import finding_document, finding_text

    if output is Output.JSON:
        from lastgood.surfaces.wording import json_text

        documents = [finding_document(finding) for finding in findings]
        sys.stdout.write(json_text(documents, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(finding_text(finding, how=how) for finding in findings))


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
