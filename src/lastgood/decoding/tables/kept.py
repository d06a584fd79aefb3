"""Tables that people keep: delimited, aligned by blanks, or ruled as in Markdown and psql; whatever stands over them."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lastgood.decoding.tables.aligned import headings

LETTERS = re.compile(r"[^\W\d_]{3}")
_DAY = re.compile(
    r"(?:[^\W\d_]{2,10}\.?,? )?(?:\d{4}[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?(?:[-./]\d{2,4})?\.?|\d\d?\.? [^\W\d_]{3,12}\.?(?: \d{4})?)"
)
_CLOCK = re.compile(r"\d\d?[:.]\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?")
_RULE = re.compile(r"[|+]?[ :]*-+[ :]*(?:[|+][ :]*-+[ :]*)+[|+]?")
_MOSTLY = 0.6  # of a column's values are of one form


@dataclass(frozen=True, slots=True)
class KeptTable:
    """What stands over the header, the header, and the rows with their line numbers."""

    above: str
    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def kept_table(text: str) -> KeptTable | None:
    """The first of the forms whose rows are as wide as its header."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    for cut in (_ruled, _delimited, _aligned):
        if table := cut(lines):
            return table
    return None


def _ruled(lines: Sequence[tuple[int, str]]) -> KeptTable | None:
    """A header over a rule, and rows, with bars between the cells: Markdown, and what psql prints; whatever stands around it."""
    rule = next(
        (n for n, (_, line) in enumerate(lines) if n and _RULE.fullmatch(line.strip()) and "-" in line), 0
    )
    if not rule or "|" not in lines[rule - 1][1]:
        return None
    header = _cells(lines[rule - 1][1])
    rows = []
    for number, line in lines[rule + 1 :]:
        if len(cells := _cells(line)) != len(header):
            break
        rows.append((number, cells))
    above = " ".join(line for _, line in lines[: rule - 1])
    return _checked(above, [(lines[rule - 1][0], header), *rows])


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _delimited(lines: Sequence[tuple[int, str]]) -> KeptTable | None:
    """Under a header of names; comments above it are skipped."""
    above = [line for _, line in lines if line.startswith("#")]
    kept = [(number, line) for number, line in lines if not line.startswith("#")]
    delimiter = max(",;\t", key=kept[0][1].count) if kept else ","
    if len(kept) < 2 or kept[0][1].count(delimiter) < 2:
        return None
    rows: list[tuple[int, tuple[str, ...]]] = []
    reader, before = csv.reader(io.StringIO("\n".join(line for _, line in kept)), delimiter=delimiter), 0
    try:
        for row in reader:
            rows.append((kept[before][0], tuple(cell.strip() for cell in row)))
            before = reader.line_num
    except (csv.Error, IndexError):
        return None
    return _checked(" ".join(above), rows)


def _aligned(lines: Sequence[tuple[int, str]]) -> KeptTable | None:
    """Columns that two blanks part at least."""
    rows = [(number, tuple(headings(line))) for number, line in lines if not line.startswith("#")]
    return _checked(" ".join(line for _, line in lines if line.startswith("#")), rows)


def _together(
    names: Sequence[str], rows: Sequence[tuple[int, tuple[str, ...]]]
) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    """The columns with a day and a clock beside it as one: people write them apart."""
    columns = list(zip(*(row for _, row in rows), strict=True))
    day, clock = (
        next(
            (
                n
                for n, values in enumerate(columns)
                if sum(map(bool, map(form.fullmatch, values))) >= _MOSTLY * len(values)
            ),
            None,
        )
        for form in (_DAY, _CLOCK)
    )
    if day is None or clock is None:
        return tuple(names), list(rows)

    def joined(cells: Sequence[str]) -> tuple[str, ...]:
        both = f"{cells[day]} {cells[clock]}"
        return tuple(both if n == day else cell for n, cell in enumerate(cells) if n != clock)

    return joined(names), [(number, joined(row)) for number, row in rows]


def _checked(above: str, rows: Sequence[tuple[int, tuple[str, ...]]]) -> KeptTable | None:
    """None where the header names no columns, or a row has more or less of them."""
    if len(rows) < 2 or len(header := rows[0][1]) < 3 or any(len(row) != len(header) for _, row in rows[1:]):
        return None
    if any(not LETTERS.search(f"{name}---"[:60]) and not re.search(r"[^\W\d_]", name) for name in header):
        return None
    names, entries = _together(header, rows[1:])
    return KeptTable(above, names, tuple(entries))
