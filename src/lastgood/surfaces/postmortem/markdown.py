"""The postmortem as Markdown with YAML front matter; without charts, which Markdown cannot carry."""

import json
from collections.abc import Iterator

from lastgood.surfaces.charts import Chart
from lastgood.surfaces.markdown import escaped, paragraph
from lastgood.surfaces.postmortem.document import Block, Bullets, Document, Grid, Paragraph, Rows
from lastgood.surfaces.wording import PLAIN

_BREAKS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}  # which some take for the end of a line


def postmortem_markdown(document: Document) -> str:
    """The whole document; JSON scalars are YAML, so the front matter cannot be broken by what is in it."""
    front = [
        f"{name}: {json.dumps(value, ensure_ascii=False).translate(_BREAKS)}"
        for name, value in document.front.items()
    ]
    parts = ["\n".join(("---", *front, "---")), f"# {escaped(document.title)}"]
    parts.append("\n".join(f"- **{name}:** {escaped(value)}" for name, value in document.facts))
    for chapter in document.chapters:
        parts.append(f"## {escaped(chapter.title)}")
        parts += ["\n".join(_block(block)) for block in chapter.blocks]
    return "\n\n".join(parts).translate(PLAIN) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text, quiet):
            yield f"_{escaped(text)}_" if quiet else paragraph(text)
        case Bullets(items):
            yield from (f"- {escaped(item)}" for item in items)
        case Grid(columns, rows, strong):
            yield f"| {' | '.join(map(escaped, columns))} |"
            yield "|" + "---|" * len(columns)
            for place, row in enumerate(rows):
                cells = (_cell(cell, strong=place in strong) for cell in row)
                yield f"| {' | '.join(cells)} |"
        case Rows(number, title):
            yield f"Evidence {number}: {escaped(title)}"
        case Chart(title, description):
            yield f"{escaped(title)}: {escaped(description)}"


def _cell(text: str, *, strong: bool) -> str:
    return f"**{escaped(text)}**" if strong and text.strip() else escaped(text)
