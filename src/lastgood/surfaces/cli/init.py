"""`lastgood init`: the first lastgood.toml."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.formats import Output


def init(
    file: Annotated[Path, typer.Argument(help="The file to write.")] = Path("lastgood.toml"),
    *,
    context: Annotated[
        str, typer.Option("--context", help="Context of kubectl whose cluster may be asked for dry runs.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    output: given.Format = Output.TEXT,
) -> None:
    """Write the first lastgood.toml: sources and actions that can be seen from here, each marked by how it was tried.

    Looks at kubeconfig, git remotes, compose and flagd files of this folder, and installed programs. Over the
    network: one GET of the readiness endpoint of usual loopback addresses and of addresses in the environment
    (PROMETHEUS_URL, VICTORIAMETRICS_URL, ALERTMANAGER_URL, LOKI_ADDR, VICTORIALOGS_URL, ZIPKIN_URL, TEMPO_URL, JAEGER_URL).

    Exit status: 0 written, 2 the file exists or cannot be written.
    """
    import os

    from lastgood.surfaces.init import init_document, init_text
    from lastgood.workbench.init import init as write

    done = write(file, Path(), os.environ, context=context, force=force)
    if output is Output.JSON:
        _room.write_json(init_document(done))
    else:
        sys.stdout.write(init_text(done))
