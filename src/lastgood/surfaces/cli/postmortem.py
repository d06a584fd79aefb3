"""`lastgood postmortem`: the document from the record, what people add to it, its check and its acceptance."""

import sys
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.cli._out import Out, save
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from lastgood.config import Config
    from lastgood.model.postmortem import Part
    from lastgood.workbench.postmortem import Postmortem
    from lastgood.workbench.room import Room

HELP = "The postmortem of an incident, made anew from its record whenever it is asked for."
postmortem = typer.Typer(rich_markup_mode=None, help=HELP)


class Paper(StrEnum):
    """How a postmortem is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    JSON = "json"


Section = Annotated[
    str | None,
    typer.Option(
        "--section",
        help="summary, impact, mechanism, went-well, could-be-better, lucky, lessons or again.",
        show_default=False,
    ),
]


@postmortem.callback(invoke_without_command=True)
def written(
    context: typer.Context,
    *,
    output: Annotated[Paper, typer.Option("--output", "-o", help="How it is written.")] = Paper.MARKDOWN,
    out: Out = None,
    number: _room.Number = None,
    now: given.Now = None,
) -> None:
    """The postmortem of an incident, made anew from its record whenever it is asked for.

    Nothing is asked of the telemetry: numbers, times and charts are those that the record holds.
    """
    if context.invoked_subcommand:
        return
    with _room.entered(number, None, now) as (config, room):
        content = _rendered(room, config, output)
    if out is not None:
        save(out, content)
    elif output is Paper.PDF and sys.stdout.isatty():
        from lastgood.errors import UsageError

        raise UsageError("A PDF cannot be written to a terminal.", hint="Name a file: --out postmortem.pdf")
    else:
        sys.stdout.buffer.write(content)


@postmortem.command()
def edit(
    *,
    section: Section = None,
    text: Annotated[
        str | None, typer.Option(help="Its words; without, your $EDITOR opens.", show_default=False)
    ] = None,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Write the parts that only people can: summary, what went well, lessons, could it happen again.

    Each part that changed is an entry of the record; the last words count, and empty ones take a part out.
    """
    from lastgood.model.postmortem import Written
    from lastgood.surfaces.cli._editor import edited
    from lastgood.surfaces.postmortem.parts import changed, template
    from lastgood.workbench.postmortem import written_parts

    with _room.entered(number, actor, now) as (_, room):
        before = written_parts(room.entries)
        if text is not None:
            parts = {_part(section): text}
        else:
            shown = [_part(section)] if section else None
            parts = changed(before, edited(template(before, shown)))
        for part, words in parts.items():
            entry = room.append(Written(part, words))
            typer.echo(f"entry {entry.sequence} of incident {room.number}: {part.value}", err=True)
        if not parts:
            typer.echo("nothing has changed", err=True)


@postmortem.command()
def check(*, number: _room.Number = None, now: given.Now = None, output: given.Format = Output.TEXT) -> None:
    """What the postmortem lacks before it can be accepted, and the question that fills each gap.

    Exit status: 0 it can be accepted, 1 something is missing.
    """
    from lastgood.surfaces.postmortem.sentences import lack_document, lack_lines
    from lastgood.workbench.postmortem import postmortem as made
    from lastgood.workbench.postmortem_check import lacks

    with _room.entered(number, None, now) as (config, room):
        missing = lacks(made(room, config))
        if output is Output.JSON:
            _room.write_json([lack_document(one) for one in missing])
        for one in () if output is Output.JSON else missing:
            what, question = lack_lines(one)
            typer.echo(what)
            typer.echo(f"  {given.how().filled(question)}")
        if not missing:
            _room.note("nothing is missing: lastgood postmortem accept")
    raise typer.Exit(int(bool(missing)))


@postmortem.command()
def accept(*, number: _room.Number = None, now: given.Now = None, actor: _room.Actor = None) -> None:
    """Say that the postmortem, as it is now, is what the team has to say; it is kept with the record."""
    from lastgood.workbench.postmortem import postmortem as made
    from lastgood.workbench.postmortem_check import accept as accepted

    with _room.entered(number, actor, now) as (config, room):
        found = made(room, config)
        as_accepted = replace(found, incident=replace(found.incident, accepted_at=room.now))
        accepted(room, found, _markdown(as_accepted))
        typer.echo(f"the postmortem of incident {room.number} is accepted", err=True)


def _rendered(room: "Room", config: "Config", output: Paper) -> bytes:
    """The document of the record as it is now."""
    from lastgood.surfaces.postmortem.chapters import document
    from lastgood.workbench.postmortem import postmortem as made

    found = made(room, config)
    match output:
        case Paper.MARKDOWN:
            return _markdown(found)
        case Paper.HTML:
            from lastgood.surfaces.postmortem.html import postmortem_html

            return postmortem_html(room, config).encode()
        case Paper.PDF:
            from lastgood.surfaces.postmortem.pdf import postmortem_pdf

            return postmortem_pdf(document(found, charts=True), room.now)
        case Paper.JSON:
            from lastgood.surfaces.findings import plain_values
            from lastgood.surfaces.wording import json_text

            values = plain_values(document(found, charts=False))
            return (json_text(values, indent=2) + "\n").encode()


def _markdown(found: "Postmortem") -> bytes:
    from lastgood.surfaces.postmortem.chapters import document
    from lastgood.surfaces.postmortem.markdown import postmortem_markdown

    return postmortem_markdown(document(found, charts=False)).encode()


def _part(name: str | None) -> "Part":
    from lastgood.errors import UsageError, instead
    from lastgood.model.postmortem import Part

    known = {part.value: part for part in Part}
    if name is None:
        raise UsageError("Say which section the text is of.", hint=f"--section: {', '.join(known)}.")
    if name not in known:
        raise UsageError(f"There is no section {name!r}.", hint=instead(name, known))
    return known[name]
