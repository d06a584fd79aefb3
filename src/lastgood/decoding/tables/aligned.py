"""Tables as programs print them for people: a header of capitals over columns that are aligned, or separated by tabs."""

import re
from collections.abc import Sequence

_ASKEW = 4  # letters by which a head may stand beside its column
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
    names, starts = [match[0] for match in found], [match.start() for match in found]
    return [dict(zip(names, _cells(line, starts), strict=True)) for line in lines]


def _cells(line: str, starts: Sequence[int]) -> list[str]:
    """The cells of a row: as its columns begin, or before, where the head of one is not above its begin."""
    begins = [_begin(line, start) for start in starts]
    return [line[begin:end].strip() for begin, end in zip(begins, [*begins[1:], None], strict=True)]


def _begin(line: str, start: int) -> int:
    """Where the cell begins that a column cuts: there, or a few letters before if it would cut a word behind two blanks."""
    apart = line.rfind("  ", max(0, start - _ASKEW - 2), start)
    cuts = 0 < start < len(line) and not line[start - 1].isspace() and not line[start].isspace()
    return apart + 2 if cuts and apart >= 0 else start
