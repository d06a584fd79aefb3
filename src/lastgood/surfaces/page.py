"""Page: a sitrep in any format, with what the team can do; for commands and for the server."""

from dataclasses import dataclass, field

from lastgood.config import Config
from lastgood.model.clock import system_clock
from lastgood.model.evidence import Series
from lastgood.model.finding import Verdict
from lastgood.model.sitrep import Sitrep
from lastgood.surfaces.card import Card, card_of
from lastgood.surfaces.formats import CardOutput
from lastgood.surfaces.html import sitrep_html
from lastgood.surfaces.invocation import Invocation
from lastgood.surfaces.markdown import card_markdown
from lastgood.surfaces.sitrep_json import sitrep_document
from lastgood.surfaces.steps import NONE_READY, Ready, ready_for
from lastgood.surfaces.terminal.brief import brief_text
from lastgood.surfaces.terminal.text import WIDTH, card_text
from lastgood.surfaces.wording import json_text
from lastgood.workbench.options import lacking
from lastgood.workbench.room import ongoing


@dataclass(frozen=True, slots=True)
class Page:
    """How a sitrep is written: the format, the commands on it, and what else is drawn."""

    output: CardOutput
    how: Invocation = field(default_factory=Invocation)
    ready: Ready = NONE_READY
    brief: bool = False
    pulse: tuple[Series, ...] = ()
    width: int = WIDTH  # of the brief text

    def card(self, sitrep: Sitrep) -> Card:
        """The card, its commands completed."""
        return card_of(sitrep, self.ready).called(self.how)


def ready(config: Config, sitrep: Sitrep) -> Ready:
    """Which options the team has commands for, and whether an incident is ongoing."""
    if sitrep.is_real is not Verdict.YES:
        return NONE_READY
    found = sitrep.mitigations.ranked if sitrep.mitigations else ()
    services = sitrep.blast_radius.services if sitrep.blast_radius else ()
    reported = {
        (one.kind, one.target): why
        for one in found
        if (why := lacking(config, one.kind, one.target, services, one.one_back)) is not None
    }
    return ready_for(reported, ongoing(config, system_clock))


def rendered(sitrep: Sitrep, page: Page) -> str:
    """A sitrep in one of the formats, without colour."""
    match page.output:
        case CardOutput.TEXT if page.brief:
            return brief_text(sitrep, page.ready, page.how, page.width)
        case CardOutput.TEXT:
            return card_text(page.card(sitrep))
        case CardOutput.JSON:
            return json_text(sitrep_document(sitrep), indent=2) + "\n"
        case CardOutput.MARKDOWN:
            return card_markdown(page.card(sitrep))
        case CardOutput.HTML:
            return sitrep_html(sitrep, page.pulse, page.card(sitrep))
