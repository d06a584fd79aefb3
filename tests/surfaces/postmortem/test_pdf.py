"""The postmortem on paper."""

import re
from pathlib import Path

from lastgood.surfaces.postmortem.chapters import document
from lastgood.surfaces.postmortem.document import Bullets, Chapter, Document, Grid, Paragraph, Rows
from lastgood.surfaces.postmortem.pdf import postmortem_pdf
from postmortems import FOLLOW_UP, made
from records import START


def test_a_postmortem_is_set_on_pages(tmp_path: Path) -> None:
    """With its charts; the same document at the same time gives the same bytes."""
    paper = document(made(tmp_path, FOLLOW_UP), charts=True)
    pages = postmortem_pdf(paper, START)

    assert pages.startswith(b"%PDF-")
    assert 3 == len(re.findall(rb"/Subtype ?/Image", pages)) - len(re.findall(rb"/SMask", pages))
    assert pages == postmortem_pdf(paper, START)


def test_what_the_record_says_is_no_markup() -> None:
    """Whatever means something to the typesetter is text; so are letters of any script."""
    nasty = '#panic("x") $1/0$ *a _b `c` @d <e> \\ // "quoted" 失敗 é'
    blocks = (
        Paragraph(nasty), Bullets((nasty,)), Grid((nasty, ""), ((nasty, nasty * 20),), frozenset({0})),
        Rows(1, nasty, (), (), 0, "", ""),
    )  # fmt: skip
    paper = Document(nasty, {"authors": [nasty]}, ((nasty, nasty),), (Chapter(nasty, blocks),))

    assert postmortem_pdf(paper, START).startswith(b"%PDF-")
