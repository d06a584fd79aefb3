"""`lastgood evidence`: what a claim rested on, as it was, and as it is now."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from lastgood.config import Config
    from lastgood.workbench.room import Room


def evidence(
    entry: Annotated[
        int | None,
        typer.Argument(
            help="Evidence number: E3. Default: list all.",
            parser=_room.evidence_number,
            metavar="number",
            show_default=False,
        ),
    ] = None,
    *,
    rerun: Annotated[bool, typer.Option("--rerun", help="Run the query again and show differences.")] = False,
    trust_case: _room.TrustCase = False,
    number: _room.Number = None,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Evidence of an incident: its claim, query and rows as they were saved; with --rerun what differs now.

    Exit status: 0, or 1 when a rerun gives other rows.
    """
    from lastgood.surfaces.evidence import evidence_lines, saved_document, saved_text
    from lastgood.workbench.evidence import kept
    from lastgood.workbench.snapshot import printed

    with _room.entered(number, None, now) as (config, room):
        if entry is None:
            sys.stdout.writelines(f"{line}\n" for line in evidence_lines(room.entries))
        elif (output_kept := printed(room, entry)) is not None:
            sys.stdout.write(output_kept)
        elif rerun:
            raise typer.Exit(_again(config, room, entry, output, trust_case=trust_case))
        else:
            found = kept(room, entry)
            _write(saved_document(found) if output is Output.JSON else saved_text(found, given.how()))


def _again(config: "Config", room: "Room", entry: int, output: Output, *, trust_case: bool) -> int:
    from lastgood.surfaces.evidence import rerun_document, rerun_text
    from lastgood.workbench.evidence import rerun
    from lastgood.workbench.sources import telemetry

    with (
        given.watching() as watch,
        telemetry(room, config, watch, trust_case=trust_case) as (store, _),
    ):
        found = rerun(room, store, entry, trust_case=trust_case)
    _write(rerun_document(found) if output is Output.JSON else rerun_text(found))
    return int(bool(found.gone or found.new))


def _write(answer: dict[str, Any] | str) -> None:
    if isinstance(answer, str):
        sys.stdout.write(answer)
    else:
        _room.write_json(answer)
