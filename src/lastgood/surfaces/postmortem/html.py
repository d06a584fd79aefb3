"""The postmortem as one HTML file: no script, no address outside itself, charts as SVG."""

from lastgood.surfaces.html import page
from lastgood.surfaces.postmortem.document import Document


def postmortem_html(document: Document) -> str:
    """The page; it reads in the light, in the dark, on a phone and on paper."""
    return page("postmortem.html", document=document, kind_of=lambda block: type(block).__name__)
