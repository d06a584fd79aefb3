"""The postmortem as one HTML file: no script, no address outside itself, charts as SVG."""

from lastgood.config import Config
from lastgood.surfaces.html import page
from lastgood.surfaces.postmortem.chapters import document
from lastgood.surfaces.postmortem.document import Document, Rows
from lastgood.workbench.evidence import all_saved
from lastgood.workbench.postmortem import postmortem
from lastgood.workbench.room import Room


def postmortem_html(room: Room, config: Config) -> str:
    """The page, with query and rows of the evidence; it reads in the light, in the dark, on a phone and on paper.

    Raises:
        RecordBrokenError: what an entry cites is not what was kept.
    """
    return drawn_page(document(postmortem(room, config), charts=True, evidence=all_saved(room)))


def drawn_page(paper: Document) -> str:
    """A document as a page; entries whose rows are in it are linked to them."""
    shown = {str(block.number) for one in paper.chapters for block in one.blocks if isinstance(block, Rows)}
    return page("postmortem.html", document=paper, shown=shown, kind_of=lambda block: type(block).__name__)
