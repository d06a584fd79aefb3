"""Tables as programs print them for people: a header of capitals over columns that are aligned, or separated by tabs."""

import re
from collections.abc import Callable, Iterable, Sequence

from lastgood.decoding.input import REJECT_TEXT, Decoded, Input, Reject, Tally
from lastgood.decoding.rows import Row, Rows
from lastgood.decoding.whole import read_whole
from lastgood.telemetry.tables import StoreTable

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


def decode_rows(
    given: Input,
    heads: frozenset[str],
    prompt: re.Pattern[str],
    made: Callable[[str, str], Iterable[tuple[StoreTable, Row]]],
) -> Decoded:
    """What is made of each line and the header above it; a ValueError of `made` is a reject with its reason.

    A header names all of `heads`, and may come again; a line that `prompt` matches whole belongs to the command.
    """
    with given.open() as stream:
        content, problem = read_whole(stream)
    table, header = Rows(), ""
    for number, line in enumerate(content.decode("utf-8-sig", "replace").splitlines(), 1):
        if not line.strip():
            yield Tally(1, blanks=1)
        elif prompt.fullmatch(line) or set(headings(line)) >= heads:
            header = header if prompt.fullmatch(line) else line
            yield Tally(1, continuations=1)
        else:
            try:
                found = list(made(header, line))
            except ValueError as wrong:
                yield Reject(number, f"not understood: {wrong}", line[:REJECT_TEXT])
                yield Tally(1)
                continue
            for row in found:
                table.add(*row, number)
            yield Tally(1, events=int(bool(found)), continuations=int(not found))
            yield from table.full()
    yield from table.rest()
    if problem is not None:
        raise problem


def _cells(line: str, starts: Sequence[int]) -> list[str]:
    """The cells of a row: as its columns begin, or before, where the head of one is not above its begin."""
    begins = [_begin(line, start) for start in starts]
    return [line[begin:end].strip() for begin, end in zip(begins, [*begins[1:], None], strict=True)]


def _begin(line: str, start: int) -> int:
    """Where the cell begins that a column cuts: there, or a few letters before if it would cut a word behind two blanks."""
    apart = line.rfind("  ", max(0, start - _ASKEW - 2), start)
    cuts = 0 < start < len(line) and not line[start - 1].isspace() and not line[start].isspace()
    return apart + 2 if cuts and apart >= 0 else start
