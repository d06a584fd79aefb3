"""The postmortem as Markdown."""

import json
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lastgood.surfaces.charts import Chart
from lastgood.surfaces.postmortem.chapters import document
from lastgood.surfaces.postmortem.document import Bullets, Chapter, Document, Grid, Paragraph, Rows
from lastgood.surfaces.postmortem.markdown import postmortem_markdown
from lastgood.surfaces.wording import UNSEEN
from postmortems import FOLLOW_UP, made


def one(*blocks: Paragraph | Bullets | Grid | Rows | Chart, title: str = "It") -> str:
    """A document of one chapter."""
    return postmortem_markdown(
        Document(title, {"title": title}, (("Severity", "SEV2"),), (Chapter("C", blocks),))
    )


def test_each_block_has_its_form() -> None:
    """Key rows are bold; what data holds is no markup."""
    text = one(
        Paragraph("a_b"),
        Paragraph("remark", quiet=True),
        Bullets(("x|y",)),
        Grid(("A", ""), (("1", ""), ("2", "<b>")), frozenset({1})),
        Rows(4, "so", (), (), 0, "", ""),
        Chart("errors", "from 0 to 1", "<svg/>"),
    )

    for line in (
        "a\\_b",
        "_remark_",
        "- x\\|y",
        "| 1 |  |",
        "| **2** | **\\<b>** |",
        "Evidence 4: so",
        "errors: from 0 to 1",
    ):
        assert line in text.splitlines()


@given(st.text(max_size=40), st.text(max_size=40))
def test_nothing_in_the_record_breaks_the_document(title: str, text: str) -> None:
    """The front matter is read back as it was; a paragraph is one, whatever it begins with."""
    lines = one(Paragraph(text), title=title).splitlines()

    end = lines.index("---", 1)
    front = dict(line.split(": ", 1) for line in lines[1:end])
    assert title.replace("\u00a0", " ").translate(_CONTROLS) == json.loads(front["title"]).translate(
        _CONTROLS
    )
    assert 1 == sum(line.startswith("# ") for line in lines)
    assert 1 == sum(line.startswith("## ") for line in lines)


_CONTROLS = dict.fromkeys((*UNSEEN, *range(32), *range(127, 161), 0xFFFD, 0x85, 0x2028, 0x2029))


def test_a_whole_postmortem(tmp_path: Path) -> None:
    """Every chapter once, and tables whose rows are as wide as their heads."""
    text = postmortem_markdown(document(made(tmp_path, FOLLOW_UP), charts=False))

    assert text.startswith('---\nschema: "lastgood.postmortem/1"\nnumber: 1\n')
    assert "# Postmortem 1: Checkout failing" in text
    assert 13 == len(re.findall(r"^## ", text, re.MULTILINE))
    assert "| 1.10 | detect | Alert per issuer | silent refusals | kim | 2026-12-01 | open |" in text
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert 1 == len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()})
