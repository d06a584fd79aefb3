"""`lastgood trust`: let the settings of a folder run commands and send data."""

from pathlib import Path
from typing import Annotated

import typer


def trust(
    path: Annotated[Path, typer.Argument(help="The file of settings.")] = Path("lastgood.toml"),
    *,
    revoke: Annotated[bool, typer.Option("--revoke", help="No longer trust the file.")] = False,
) -> None:
    """Trust a lastgood.toml as it is now.

    A lastgood.toml in the working directory may come from another person. Until you trust it, its commands, sinks, sources,
    store and record are ignored. After every edit it must be trusted again. A file that LASTGOOD_CONFIG names, and the one in your
    configuration home, need no trust.
    """
    from lastgood.config import trust as keep
    from lastgood.surfaces.wording import PLAIN

    keep(path, trusting=not revoke)
    shown = str(path.resolve()).translate(PLAIN)
    typer.echo(f"{shown} is no longer trusted." if revoke else f"{shown} is trusted until it is edited.")
