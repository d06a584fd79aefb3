"""The postmortem as PDF, set by Typst in the process from a template that takes the document as JSON."""

import json
from datetime import datetime
from importlib.resources import files
from typing import Any

from lastgood.surfaces.charts import Chart
from lastgood.surfaces.findings import plain_values
from lastgood.surfaces.postmortem.document import Block, Document, Rows


def postmortem_pdf(document: Document, made_at: datetime) -> bytes:
    """The pages; the same document at the same time gives the same bytes."""
    import typst  # noqa: PLC0415 - a typesetter: only who wants paper pays for it

    content = {
        "title": document.title,
        "authors": document.front["authors"],
        "facts": document.facts,
        "chapters": [
            {
                "title": chapter.title,
                "blocks": [_block(block) for block in chapter.blocks if not isinstance(block, Rows)],
            }
            for chapter in document.chapters
        ],
    }
    template = files("lastgood.surfaces").joinpath("templates", "postmortem.typ").read_bytes()
    page: bytes = typst.compile(
        template,
        format="pdf",
        sys_inputs={"document": json.dumps(content, ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
    )
    return page


def _block(block: Block) -> dict[str, Any]:
    """A block as JSON values; a drawing as pixels, for its letters are not in every typesetter's fonts."""
    if isinstance(block, Chart):
        import vl_convert  # noqa: PLC0415 - starts a JavaScript engine

        drawn = vl_convert.svg_to_png(_on_white(block.svg), scale=3)
        return {"kind": "Chart", "title": block.title, "description": block.description, "png": list(drawn)}
    return {"kind": type(block).__name__, **plain_values(block)}


def _on_white(svg: str) -> str:
    """A drawing for paper: ink in place of the page's colour, and a ground, without which faint colours come out grey."""
    start = svg.index(">") + 1
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    return f"{svg[:start]}{ground}{svg[start:]}".replace("currentColor", "#1b1f24")
