"""`lastgood bisect`: the first bad commit, by a command that may be flaky."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from lastgood.surfaces.cli._interrupts import ended_as_well
from lastgood.surfaces.cli._options import Format
from lastgood.surfaces.formats import Output

Prior = Annotated[
    Path | None,
    typer.Option(
        help="Where the fault is likelier: JSON of changes --in or triage, or lines of a commit and a weight. Default: all alike."
    ),
]
State = Annotated[
    Path | None, typer.Option(help="Keep all runs in this file; if it exists, continue from it.")
]
Url = Annotated[
    str,
    typer.Option(
        help="The command starts a server: this address of it decides, below 400 is good; not coming up is skipped."
    ),
]
Certainty = Annotated[float, typer.Option(min=50, max=99.99, help="Stop when this sure, in percent.")]
Flake = Annotated[
    float | None,
    typer.Option(
        min=0, max=49, show_default=False, help="How often the test is wrong, in percent. Default: estimated."
    ),
]


def bisect(
    command: Annotated[
        list[str], typer.Argument(help="The test, after --. Exit 0: good, 125: skip, other: bad.")
    ],
    *,
    good: Annotated[str, typer.Option(help="A commit without the fault.")],
    bad: Annotated[str, typer.Option(help="A later commit with the fault.")] = "HEAD",
    repo: Annotated[Path, typer.Option(help="The repository.")] = Path(),
    certainty: Certainty = 98,
    flake: Flake = None,
    prior: Prior = None,
    state: State = None,
    max_runs: Annotated[int, typer.Option(min=3, help="Give up after so many runs.")] = 500,
    timeout: Annotated[str, typer.Option(help="End a run after this time; it counts as bad.")] = "10m",
    url: Url = "",
    log: Annotated[Path | None, typer.Option(help="Write a log for `git bisect replay`.")] = None,
    output: Format = Output.TEXT,
) -> None:
    """The first bad commit between two, by a test that may be flaky. Runs in a working tree of its own.

    Each run goes to the most informative commit; a test is repeated where that helps. Ctrl-C and --state: continue later.

    Exit status: 0 found, 3 inconclusive (the test does not fit, or the runs are used up), 2 usage, 4 git or the test cannot be run.
    """
    from lastgood.model.moments import parse_duration
    from lastgood.surfaces.bisect import bisect_document, bisect_text, exit_status, run_line
    from lastgood.surfaces.cli import _out
    from lastgood.surfaces.wording import json_text
    from lastgood.workbench.bisect import Asked
    from lastgood.workbench.bisect import bisect as search
    from lastgood.workbench.bisect_files import git_log

    for place in (state, log):
        _out.checked(place)
    seconds = max(0.1, parse_duration(timeout).total_seconds())
    asked = Asked(
        repo, good, bad, tuple(command), certainty / 100, None if flake is None else flake / 100, max_runs, seconds, state, prior,
        environment=tuple(os.environ), url=url,
    )  # fmt: skip
    with ended_as_well():
        found = search(asked, lambda one, so_far: typer.echo(run_line(one, so_far), err=True))
    if output is Output.JSON:
        sys.stdout.write(json_text(bisect_document(found), indent=2) + "\n")
    else:
        sys.stdout.write(bisect_text(found))
    if log:
        _out.save(log, git_log(found).encode())
    raise typer.Exit(exit_status(found))
