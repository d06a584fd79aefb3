"""`--out`: an answer put into a file, whole or not at all."""

from pathlib import Path
from typing import Annotated

import typer

Out = Annotated[Path | None, typer.Option("--out", help="Write into this file.", show_default=False)]


def checked(out: Path | None) -> None:
    """Refuse, before any work is done, a place where no file can be.

    Raises:
        UsageError: it is a folder, or its folder is missing.
    """
    from lastgood.workbench.whole_file import refuse_no_place

    if out is not None:
        refuse_no_place(out)


def save(out: Path, content: bytes) -> None:
    """Write the file.

    Raises:
        UsageError: no file can be there.
        CannotRunError: it cannot be written.
    """
    from lastgood.workbench.whole_file import whole_file

    with whole_file(out) as file:
        file.write(content)
    typer.echo(f"written to {out}", err=True)
