"""The parts that people write, as one text for an editor, and back."""

import re
from collections.abc import Mapping, Sequence

from lastgood.model.postmortem import Part
from lastgood.surfaces.postmortem.sentences import PARTS

_HEADING = re.compile(r"^# \S.*? \[([a-z-]+)\]$", re.MULTILINE)


def template(written: Mapping[Part, str], parts: Sequence[Part] | None = None) -> str:
    """The parts with the words that they have, under headings that must stay."""
    return "\n".join(f"# {PARTS[part]} [{part.value}]\n\n{written.get(part, '')}\n" for part in parts or Part)


def changed(before: Mapping[Part, str], text: str) -> dict[Part, str]:
    """The parts whose words differ from before; a part without its heading is as it was."""
    pieces = _HEADING.split(text)
    names = {part.value: part for part in Part}
    after = {
        names[name]: words.strip()
        for name, words in zip(pieces[1::2], pieces[2::2], strict=True)
        if name in names
    }
    return {part: words for part, words in after.items() if words != before.get(part, "")}
