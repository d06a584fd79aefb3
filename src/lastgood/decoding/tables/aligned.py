"""Tables as programs print them for people: a header of capitals over columns that are aligned, or separated by tabs."""

import re
from collections.abc import Sequence

_HEADINGS = re.compile(r"\S+(?: \S+)*")


def headings(line: str) -> list[str]:
    """The names in a header: words with one blank between them belong together."""
    return [name.strip() for name in line.split("\t")] if "\t" in line else _HEADINGS.findall(line.strip())


def rows(header: str, lines: Sequence[str]) -> list[dict[str, str]]:
    """The rows under a header, each as texts by column; the last column takes what is left."""
    if "\t" in header:
        names = headings(header)
        return [
            dict(zip(names, [cell.strip() for cell in line.split("\t", len(names) - 1)], strict=False))
            for line in lines
        ]
    found = list(_HEADINGS.finditer(header))
    starts = [match.start() for match in found]
    ends = [*starts[1:], None]
    return [
        {match[0]: line[start:end].strip() for match, start, end in zip(found, starts, ends, strict=True)}
        for line in lines
    ]
