"""The postmortem as one HTML file: no script, no address outside itself, charts as SVG."""

from lastgood.config import Config
from lastgood.surfaces.html import page
from lastgood.surfaces.postmortem.chapters import document
from lastgood.surfaces.postmortem.document import Document
from lastgood.workbench.evidence import all_kept
from lastgood.workbench.postmortem import postmortem
from lastgood.workbench.room import Room


def postmortem_html(paper: Document) -> str:
    """The page; it reads in the light, in the dark, on a phone and on paper."""
    return page("postmortem.html", document=paper, kind_of=lambda block: type(block).__name__)


def case_html(room: Room, config: Config) -> str:
    """The same with the rows and the query of every piece of evidence, for who has nothing else.

    Raises:
        RecordBrokenError: what an entry cites is not what was kept.
    """
    return postmortem_html(document(postmortem(room, config), charts=True, evidence=all_kept(room)))
