"""`lastgood incident`: from the page to the end, on the record."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lastgood.surfaces.cli import _options as given
from lastgood.surfaces.cli import _room
from lastgood.surfaces.cli.chat import chat
from lastgood.surfaces.cli.handover import handover
from lastgood.surfaces.cli.notify import leave, notified, notify, told
from lastgood.surfaces.formats import Output

if TYPE_CHECKING:
    from lastgood.model.entry import Payload

HELP = "An incident from the page to the end, on the record."
incident = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=HELP)
for verb in (handover, chat, notify, told):
    incident.command()(verb)

Because = Annotated[str, typer.Option("--because", help="Why, in a sentence.")]
At = Annotated[
    str | None,
    typer.Option("--at", help="When it happened, if not now: RFC 3339, or now-10m.", show_default=False),
]


@incident.callback()
def _incident() -> None:
    """An incident from the page to the end, on the record."""


@incident.command("open")
def open_(
    title: Annotated[str, typer.Argument(help="What is wrong, in a few words.")],
    paths: given.Paths = None,
    *,
    source: given.FromSource = None,
    mapping: given.Map = None,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    now: given.Now = None,
    baseline: given.Baseline = None,
    actor: _room.Actor = None,
    tz: given.Zone = None,
) -> None:
    """Open an incident: starts the clock, runs triage over PATHS or the saved store, shows the incident page.

    The clock runs, and the incident is on the record, whether or not there is telemetry to look at.
    """
    from lastgood.config import configured
    from lastgood.errors import CannotRunError
    from lastgood.model.entry import Opened
    from lastgood.surfaces.cli._clock import recording
    from lastgood.workbench.room import opened

    _room.only_here("open an incident")
    config = configured(zone=tz)
    instant = given.now_of(now, config.zone)
    window = given.window_of(since, start, end, now=instant, zone=config.zone)
    comparison = given.comparison_of(baseline, window, now=instant, zone=config.zone)
    try:
        paths = given.fetched(paths, source, now=instant, zone=tz, window=window)
    except CannotRunError as problem:  # the clock starts all the same
        typer.echo(problem.message, err=True)
        paths = [path for path in paths or () if path.exists()]
    files = tuple(str(path.absolute()) for path in paths or ())
    what = Opened(title, files, str(mapping.absolute()) if mapping else None, str(config.zone))
    how = _room.in_room(None, instant if now else None)
    with (
        given.called(how),
        opened(config, recording, what, actor=_room.named(actor), now=instant) as room,
    ):
        typer.echo(f"incident {room.number} is open", err=True)
        with given.called(_room.among_others(config, room.number, how)):
            _room.assessed(room, config, window=None if comparison else window, comparison=comparison)
            _room.show(room, config)


@incident.command()
def assess(
    *,
    since: given.Since = None,
    start: given.From = None,
    end: given.To = None,
    baseline: given.Baseline = None,
    trust_case: _room.TrustCase = False,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Run triage again, as of now, and show the incident page."""
    with _room.entered(number, actor, now) as (config, room):
        window = given.window_of(since, start, end, now=room.now, zone=config.zone)
        comparison = given.comparison_of(baseline, window, now=room.now, zone=config.zone)
        looked = None if comparison else window
        _room.assessed(room, config, window=looked, comparison=comparison, trust_case=trust_case)
        _room.show(room, config)


@incident.command()
def show(
    *,
    number: _room.Number = None,
    now: given.Now = None,
    output: given.Format = Output.TEXT,
) -> None:
    """Show the incident page: status, clocks, impact, suspects, what was last done, what comes next."""
    _room.answered("incident-show", number, now, output)
    with _room.entered(number, None, now) as (config, room):
        if output is Output.JSON:
            from lastgood.surfaces.room_page import room_page_document

            _room.write_json(room_page_document(room, config))
        else:
            _room.show(room, config)


@incident.command("list")
def list_(*, now: given.Now = None, output: given.Format = Output.TEXT) -> None:
    """Every incident, the last one first."""
    from lastgood.config import configured
    from lastgood.surfaces.cli._clock import recording
    from lastgood.surfaces.incident_page import incident_document, list_card
    from lastgood.workbench.room import incidents, owed

    _room.answered("incident-list", None, now, output)
    config = configured()
    instant = given.now_of(now, config.zone)
    every = incidents(config, recording)
    with given.called(_room.in_room(None, instant if now else None)):
        if output is Output.JSON:
            _room.write_json([incident_document(one, owed(one, config)) for one in every])
        elif every:
            _room.write(list_card(every, instant, {one.number: owed(one, config) for one in every}))
        else:
            _room.note("no incidents yet: lastgood incident open TITLE")


@incident.command()
def acknowledge(
    *,
    by: Annotated[str | None, typer.Option("--by", help="Who acknowledges it. Default: you.")] = None,
    at: At = None,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Acknowledge the incident."""
    from lastgood.model.entry import Acknowledged

    _record(Acknowledged(by or _room.named(actor)), at, number, actor, now)


@incident.command()
def severity(
    level: Annotated[str, typer.Argument(help="SEV1 to SEV4.")],
    *,
    because: Because = "as proposed",
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Set the severity; Lastgood only proposes one."""
    from lastgood.errors import UsageError, instead
    from lastgood.model.answers import SeverityLevel
    from lastgood.model.entry import SeveritySet

    known = {one.value: one for one in SeverityLevel}
    if level.upper() not in known:
        raise UsageError(f"There is no severity {level!r}.", hint=instead(level, known))
    _record(SeveritySet(known[level.upper()], because), None, number, actor, now)


@incident.command()
def mitigated(
    because: Annotated[str, typer.Argument(help="What mitigated it.")],
    *,
    at: At = None,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Record that users are no longer affected."""
    from lastgood.model.entry import Mitigated

    _record(Mitigated(because), at, number, actor, now)


@incident.command()
def resolve(
    because: Annotated[str, typer.Argument(help="Why it has ended.")],
    *,
    despite: Annotated[
        str, typer.Option("--despite", help="Record it although users are still affected, for this reason.")
    ] = "",
    at: At = None,
    trust_case: _room.TrustCase = False,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Record that the incident has ended. First, the latest data are checked for users who are still affected.

    Exit status: 0 recorded, 1 not recorded because users are still affected; --despite records it all the same.
    """
    from lastgood.model.entry import Resolved
    from lastgood.surfaces.entries import recovery_line
    from lastgood.workbench.recovery import resolve as resolved
    from lastgood.workbench.transitions import refuse_silent_return

    with _room.entered(number, actor, now) as (config, room):
        refuse_silent_return(room.incident, Resolved(because))
        moment = _room.moment(at, room.now, config)
        found = _room.recovery_in(room, config, trust_case=trust_case)
        entry = resolved(room, because, found, despite=despite, at=moment)
        if isinstance(entry.payload, Resolved):
            _room.note(recovery_line(entry.payload))
        _room.show(room, config)


@incident.command()
def close(
    because: Annotated[str, typer.Argument(help="Why no more work is needed.")],
    *,
    without_postmortem: Annotated[
        bool, typer.Option("--without-postmortem", help="Also where one is required: WHY is recorded.")
    ] = False,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Close an incident that has ended: SEV1 and SEV2 need an accepted postmortem. Follow-ups stay open."""
    from lastgood.workbench.postmortem_check import close as closed

    with _room.entered(number, actor, now) as (config, room):
        closed(room, because, without_postmortem=without_postmortem)
        _room.show(room, config)
        if room.incident.accepted_at is None and not room.incident.needs_postmortem:
            _room.note("no postmortem was accepted; one can still be written: lastgood postmortem")


@incident.command()
def reopen(
    because: Annotated[str, typer.Argument(help="Why it had not ended.")],
    *,
    number: _room.Number = None,
    now: given.Now = None,
    actor: _room.Actor = None,
) -> None:
    """Record that the incident had not ended."""
    from lastgood.model.entry import Reopened

    _record(Reopened(because), None, number, actor, now)


@incident.command()
def timeline(*, number: _room.Number = None, now: given.Now = None) -> None:
    """Every entry in the order of the record, with when it happened and when it was written."""
    with _room.entered(number, None, now) as (_, room):
        from lastgood.surfaces.entries import timeline_lines

        sys.stdout.writelines(f"{line}\n" for line in timeline_lines(room.entries))


@incident.command()
def similar(
    *, number: _room.Number = None, now: given.Now = None, output: given.Format = Output.TEXT
) -> None:
    """Earlier incidents with the same symptoms and cause, what they share, and what helped then.

    None is a good answer: something must be shared under two headings, and what is rare counts most.
    """
    with _room.entered(number, None, now) as (_, room):
        from lastgood.surfaces.similar import similar_card, similar_document
        from lastgood.workbench.similar import similar as alike

        found = alike(room.record, room.incident)
        if output is Output.JSON:
            _room.write_json(similar_document(found))
        else:
            _room.write(similar_card(room.incident, found))


@incident.command()
def stats(*, now: given.Now = None, output: given.Format = Output.TEXT) -> None:
    """How long incidents take to be detected, mitigated and resolved, over time, and what is left undone."""
    from lastgood.config import configured
    from lastgood.surfaces.cli._clock import recording
    from lastgood.surfaces.similar import track_card, track_document
    from lastgood.workbench.track_record import track_record

    config = configured()
    instant = given.now_of(now, config.zone)
    track = track_record(config, recording, instant.astimezone(config.team_zone).date())
    with given.called(_room.in_room(None, instant if now else None)):
        if output is Output.JSON:
            _room.write_json(track_document(track))
        elif track.whole.incidents:
            _room.write(track_card(track))
        else:
            _room.note("no incidents yet: lastgood incident open TITLE")


@incident.command("verify-record")
def verify_record(
    *,
    number: _room.Number = None,
    heads: Annotated[
        list[str] | None,
        typer.Option(
            "--head", help="HASH[:N] of an entry that must be there, noted elsewhere. May be repeated."
        ),
    ] = None,
    cases: Annotated[
        list[Path] | None,
        typer.Option("--case", help="An exported case whose entries must be there. May be repeated."),
    ] = None,
) -> None:
    """Check the chain of every incident, or of one: whether anything was edited or taken out.

    A chain cannot show that its end, or a whole incident, was removed, or that all of it was hashed anew. An anchor can:
    the head that this prints, and that each update and export carries, if it was kept outside of the record.

    Exit status: 0 every chain holds and every anchor is there, 1 otherwise; what is at fault is named.
    """
    from lastgood.config import configured
    from lastgood.surfaces.cli._clock import recording
    from lastgood.workbench.case_file import anchors_of
    from lastgood.workbench.verify_record import anchor, damages, verified

    config = configured()
    anchors = [anchor(head) for head in heads or ()]
    anchors += [one for case in cases or () for one in anchors_of(case)]
    found = verified(config, recording, number)
    wrong = damages(config, recording, anchors)
    for one in found:
        for fault in one.faults:
            typer.echo(f"incident {one.incident}, entry {fault.sequence}: {fault.problem}")
    for problem in wrong:
        typer.echo(f"record: {problem}")
    held = sum(not one.faults for one in found)
    typer.echo(f"{held} of {len(found)} incidents hold, {sum(one.entries for one in found)} entries")
    for one in found:
        typer.echo(f"incident {one.incident}, head {one.head}")
    if not anchors:
        typer.echo(
            "No anchor given: a removed end would not show. Keep the heads elsewhere, and pass --head.",
            err=True,
        )
    raise typer.Exit(int(held < len(found) or bool(wrong)))


@incident.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write it.")], *, number: _room.Number = None
) -> None:
    """Write the whole case, entries and evidence, into one file; its index.html can be read anywhere."""
    from lastgood.surfaces.postmortem.html import postmortem_html
    from lastgood.workbench.case_file import exported

    with _room.entered(number, None, None) as (config, room):
        exported(room, file, postmortem_html(room, config))
        last = room.entries[-1]
        typer.echo(f"incident {room.number} is in {file}, head {last.hash}:{last.sequence}", err=True)


@incident.command("import")
def import_(file: Annotated[Path, typer.Argument(help="What was exported.")]) -> None:
    """Take a case from a file into this record; its entries are checked, and stay as they are.

    What it asks for is not done unasked: its SQL runs, and the files that it names are read, only with --trust-case.
    """
    from lastgood.config import configured
    from lastgood.surfaces.cli._clock import recording
    from lastgood.workbench.case_file import imported

    number = imported(configured(), recording, file)
    typer.echo(f"it is incident {number} here", err=True)


def _record(
    payload: "Payload", at: str | None, number: int | None, actor: str | None, now: str | None
) -> None:
    from lastgood.workbench.transitions import refuse_silent_return

    with _room.entered(number, actor, now) as (config, room):
        refuse_silent_return(room.incident, payload)
        room.append(payload, at=_room.moment(at, room.now, config), guarded=True)
        sent = notified(room, config)
        _room.show(room, config)
        leave(sent)
