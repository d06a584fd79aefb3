"""`lastgood doctor`: whether it would work tonight."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.formats import Output


def doctor(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders to check too.", show_default=False)
    ] = None,
    *,
    store: given.StoreAddress = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Whether everything would work tonight: settings, record, store, disk, each source, and what each question lacks.

    Sources are asked a few cheap questions that only read. Credentials are used and never shown.

    Exit status: 0 usable, warnings or not; 1 something is broken; 2 wrong usage.
    """
    from lastgood.config import configured
    from lastgood.errors import LastgoodError
    from lastgood.model.clock import system_clock
    from lastgood.surfaces.doctor import doctor_document, doctor_exit, doctor_text
    from lastgood.workbench.doctor import Machine, settings_only
    from lastgood.workbench.doctor import doctor as examine

    try:
        config = configured(store)
    except LastgoodError as problem:
        found = settings_only(problem)
    else:
        found = examine(config, Machine(system_clock), tuple(paths or ()))
    if output is Output.JSON:
        _room.write_json(doctor_document(found))
    else:
        sys.stdout.write(doctor_text(found))
    raise typer.Exit(doctor_exit(found))
