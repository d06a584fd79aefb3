"""Written: what `triage`, `ask`, `changes` and `incident` print, as text, for a server that is asked by them."""

from dataclasses import dataclass
from typing import TypeVar

from lastgood.errors import UsageError, instead
from lastgood.model.scope import Scope
from lastgood.surfaces.asked import Asked
from lastgood.surfaces.changes import feed_written
from lastgood.surfaces.findings import exit_status, findings_written
from lastgood.surfaces.formats import CardOutput, Output
from lastgood.surfaces.incident_page import incident_document, list_card
from lastgood.surfaces.page import Page, ready, rendered
from lastgood.surfaces.release import release_written
from lastgood.surfaces.room_page import room_page, room_page_document
from lastgood.surfaces.terminal.text import card_text
from lastgood.surfaces.wording import json_text
from lastgood.workbench.ask import ask
from lastgood.workbench.changes import feed
from lastgood.workbench.pulse import pulse
from lastgood.workbench.release import release
from lastgood.workbench.room import enter, incidents, owed
from lastgood.workbench.service import Service
from lastgood.workbench.triage import triage, updated_by

Kind = TypeVar("Kind", CardOutput, Output)

TROUBLE = "trouble"
NO_INCIDENTS = "no incidents yet: lastgood incident open TITLE"


@dataclass(frozen=True, slots=True)
class Written:
    """What a command prints: on standard output, on standard error, and its exit status."""

    text: str
    note: str = ""
    exit_status: int = 0


def triage_written(service: Service, asked: Asked) -> Written:
    """`lastgood triage`."""
    output, config, scope = _output(CardOutput, asked), service.config, Scope(asked.services)
    with service.apart() as store:
        sitrep = triage(
            store, now=asked.now or service.clock(), window=None if asked.comparison else asked.window,
            comparison=asked.comparison, scope=scope,
        )  # fmt: skip
        sitrep = updated_by(sitrep, config.rhythm)
        drawn = sitrep.window if output is CardOutput.HTML else None
        beat = pulse(store, drawn, scope=scope) if drawn else ()
    page = Page(output, asked.how, ready(config, sitrep), asked.brief, beat, asked.width)
    return Written(rendered(sitrep, page), "", exit_status((sitrep.confirmed,) if sitrep.confirmed else ()))


def ask_written(service: Service, asked: Asked) -> Written:
    """`lastgood ask`."""
    output = _output(Output, asked)
    if asked.question == TROUBLE:
        raise UsageError(f"`lastgood ask {TROUBLE}` cannot ask a server.", hint="Unset LASTGOOD_URL.")
    with service.apart() as store:
        findings = ask(
            store, asked.question, now=asked.now or service.clock(),
            window=None if asked.comparison else asked.window, comparison=asked.comparison, scope=Scope(asked.services),
        )  # fmt: skip
    return Written(findings_written(findings, output, asked.how), "", exit_status(findings))


def changes_written(service: Service, asked: Asked) -> Written:
    """`lastgood changes`."""
    with service.apart() as store:
        if asked.release:
            return Written(release_written(release(store, asked.release), asked.output))
        now = asked.now or service.clock()
        found = feed(store, now=now, window=asked.window, services=asked.services, limit=asked.limit)
    return Written(*feed_written(found, asked.output))


def list_written(service: Service, asked: Asked) -> Written:
    """`lastgood incident list`."""
    config, every = service.config, incidents(service.config, service.clock)
    if _output(Output, asked) is Output.JSON:
        documents = [incident_document(one, owed(one, config)) for one in every]
        return Written(json_text(documents, indent=2) + "\n")
    if not every:
        return Written("", asked.how.filled(NO_INCIDENTS))
    dues = {one.number: owed(one, config) for one in every}
    card = list_card(every, asked.now or service.clock(), dues)
    return Written(card_text(card.called(asked.how)))


def show_written(service: Service, asked: Asked) -> Written:
    """`lastgood incident show`."""
    now, config, clock = asked.now or service.clock(), service.config, service.clock
    with enter(config, clock, actor="", now=now, incident=asked.incident) as room:
        if _output(Output, asked) is Output.JSON:
            return Written(json_text(room_page_document(room, config), indent=2) + "\n")
        return Written(card_text(room_page(room, config).called(asked.how)))


def _output(kind: type[Kind], asked: Asked) -> Kind:
    try:
        return kind(asked.output)
    except ValueError as problem:
        raise UsageError(
            f"There is no output {asked.output!r}.", hint=instead(asked.output, kind)
        ) from problem
