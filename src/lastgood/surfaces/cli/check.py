"""`lastgood check`: what is wrong in lastgood.toml."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.formats import Output

File = Annotated[Path | None, typer.Argument(help="The file. Default: the one in force.", show_default=False)]


def check(
    file: File = None,
    *,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON schema, for editors.")] = False,
    output: given.Format = Output.TEXT,
) -> None:
    """Everything that is wrong in lastgood.toml, at once: names, types, durations, kinds, and what this machine lacks.

    Exit status: 0 usable, 1 something is wrong, 2 it is not TOML, 3 there is no file.
    """
    from lastgood.surfaces.check import check_document, check_exit, check_text
    from lastgood.workbench.check import checked_file
    from lastgood.workbench.check import schema as made

    if schema:
        _room.write_json(made())
        return
    path, flaws = checked_file(file)
    if output is Output.JSON:
        _room.write_json(check_document(path, flaws))
    else:
        sys.stdout.write(check_text(path, flaws))
    raise typer.Exit(check_exit(flaws))
