"""`lastgood reproduce`: a failing request as files that people run."""

from pathlib import Path
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli.replay import Captures, Trace

Folder = Annotated[Path, typer.Option("--out", help="Write into this folder, which must be new or empty.")]


def reproduce(
    paths: Captures = None,
    *,
    out: Folder = Path("repro"),
    trace: Trace = "",
    service: Annotated[str, typer.Option(help="A failing request of this service.")] = "",
    mapping: given.Map = None,
    store: given.StoreAddress = None,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    now: given.Now = None,
    tz: given.Zone = None,
) -> None:
    """A failing request and a working one as files: curl, Hurl, payloads, a test skeleton, load scripts, and what is missing.

    Secrets are left out, and personal data is replaced by data of the same shape.

    Exit status: 0 written, 2 usage, 3 no request failed.
    """
    from lastgood.config import configured
    from lastgood.surfaces.reproduction import files_of, refused, replay_command
    from lastgood.surfaces.wording import PLAIN
    from lastgood.workbench.captures import new_folder, pair_from, pair_in_files
    from lastgood.workbench.reproduce import reproduce as make
    from lastgood.workbench.whole_file import whole_file

    config = configured(store, tz)
    instant = given.now_of(now, config.zone)
    new_folder(out)
    pair = pair_in_files(paths or [])
    if pair is not None:
        found = make(pair, instant)
    else:
        window = given.window_of(since, start, end, now=instant, zone=config.zone)
        with given.opened(paths, mapping, store, now=instant, zone=tz) as (opened, _):
            failing, working, looked = pair_from(
                opened, now=instant, window=window, trace_id=trace, service=service
            )
            found = make((failing, working), instant, opened, looked)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files_of(found).items():
        with whole_file(out / name) as file:
            file.write(content.encode("utf-8", "surrogateescape"))
        typer.echo(str(out / name))
    for one in found.missing:
        typer.echo(f"missing: {' '.join(one.split())}".translate(PLAIN), err=True)
    for line in (*refused(found), f"To replay it: {replay_command(found, str(out))}"):
        typer.echo(line.translate(PLAIN), err=True)
