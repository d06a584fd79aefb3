"""`lastgood incident chat`: what was said in a chat comes into the record, with authors and times."""

from pathlib import Path
from typing import Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room


def chat(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Exports of Slack, Teams, Discord, Mattermost or Google Chat, as JSON."),
    ] = None,
    *,
    source: given.FromSource = None,
    thread: Annotated[
        str, typer.Option("--thread", help="Only this thread, by the id of its first message.")
    ] = "",
    start: given.From = None,
    end: given.To = None,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Bring what was said in a chat into the record: each message once, with its author and its time.

    Without --from and --to: from the opening of the incident until now. Secrets and personal data are taken out.
    """
    from lastgood.errors import UsageError
    from lastgood.model import figures
    from lastgood.model.window import Window
    from lastgood.workbench.chat import bring_in, messages

    if not paths and not source:
        raise UsageError(
            "No chat is given.", hint="Name a file, or a [[source]] of kind slack: --source NAME."
        )
    with _room.entered(number, actor, now) as (config, room):
        first = _room.moment(start, room.now, config) or room.incident.opened_at
        last = _room.moment(end, room.now, config) or room.now
        if first >= last:
            raise UsageError("--from is not before --to.", hint="The incident was opened later? Give --from.")
        places = given.fetched(paths, source, now=room.now, zone=None, window=Window(first, last))
        found = list(messages(places or (), config, room.now))
        brought = bring_in(room, found, start=first, end=last, thread=thread)
        typer.echo(
            f"{figures.counted(brought.written, 'message')} brought in, {brought.known} known, "
            f"{brought.outside} of another time or thread",
            err=True,
        )
