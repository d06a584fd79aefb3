"""`lastgood demo`: a live shop that breaks on purpose, and the answer."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    *,
    fault: Annotated[
        str | None, typer.Option("--fault", help="What breaks. Default: provider-402.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Draws users, and what happens beside the fault.")] = 3,
    show: Annotated[bool, typer.Option("--list", help="List the faults.")] = False,
    act: Annotated[
        bool, typer.Option("--act", help="Also do what mitigates, verify it, and write the postmortem.")
    ] = False,
    record: Annotated[
        Path | None,
        typer.Option(
            "--record",
            help="Keep telemetry, changes and alerts in this new folder, for a triage.",
            show_default=False,
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help="New folder of the run. Default: a temporary one.", show_default=False),
    ] = None,
) -> None:
    """Start a small shop beside `lastgood serve`, break it, and show the answer that an alert brings. Takes two minutes.

    Shop and server listen on free ports of the loopback address. Ctrl-C ends both.

    Exit status: 0 answered, and with --act recovered; 1 no answer, or no effect; 2 no such fault; 3 too early to decide; 130 interrupted.
    """
    import os

    from lastgood.workbench.demo import demo as program

    words = ["faults"] if show else ["demo", f"--seed={seed}"]
    given = {"--fault": fault, "--record": record, "--folder": folder}
    words += [] if show else [f"{name}={value}" for name, value in given.items() if value is not None]
    words += ["--act"] if act and not show else []
    wanted = program(*words)
    # The shop takes the place of this process: signals and exit status are its own.
    os.execve(wanted.command[0], wanted.command, wanted.environment)  # noqa: S606
