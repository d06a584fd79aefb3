"""How a header and the rows below it are divided: by borders, tabs, runs of blanks, single blanks, or where they stand."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from lastgood.decoding.quantities import quantity
from lastgood.decoding.tables import aligned

_RULE = re.compile(r"[\s|+=─━│┌┐└┘├┤┬┴┼═╪╞╡╔╗╚╝║╠╣╦╩╬:.'-]{3,}")
_BORDER = re.compile(r"[|│║]")
_GAP = re.compile(r" {2,}|\t")
_TIMES = frozenset(["#", "time", "date", "timestamp", "hh:mm:ss", "yyyymmdd"])
_REST = frozenset(
    ["command", "cmd", "args", "info", "query", "command_line"]
)  # their texts have blanks in them
Split = Callable[[str], list[str] | None]


@dataclass(frozen=True, slots=True)
class Header:
    """A header: the names of its columns, and how a row below it is divided into as many texts."""

    names: tuple[str, ...]
    split: Split
    zone: str = ""  # of the times that stand behind its rows


def is_rule(line: str) -> bool:
    """Whether a line only draws a border."""
    return (
        bool(_RULE.fullmatch(line))
        and not line.strip(" .:").isalnum()
        and any(c in line for c in "-=─━═┌└├+╔╚╠|")
    )


def is_boxed(line: str) -> bool:
    """Whether a line has borders between its cells."""
    bare = line.strip()
    return bare[:1] in {"|", "│", "║"} or "│" in bare or " | " in bare


def boxed(line: str) -> list[str]:
    """The cells between borders."""
    cells = [cell.strip() for cell in _BORDER.split(line.strip())]
    if line.strip()[:1] in {"|", "│", "║"}:
        cells = cells[1:]
    return cells[:-1] if cells and not cells[-1] and line.strip()[-1:] in {"|", "│", "║"} else cells


def names_columns(line: str) -> bool:
    """Whether a line may be a header: two words or more, none of which is a quantity."""
    words = boxed(line) if is_boxed(line) else line.split()
    figures = sum(word[:1].isdigit() for word in words)
    return (
        len(words) > 1
        and 2 * figures <= len(words)
        and len(line) < 1000
        and not any(quantity(word) for word in words)
        and not line.rstrip().endswith((".", "..."))
    )


def header(line: str, below: Sequence[str], *, timed: bool = False) -> Header | None:
    """The header that a line is, for the rows seen below it; None where they do not fit together.

    `timed`: the rows had times, which were taken off, but not what the header calls them.
    """
    rows = [row for row in below if row.strip()]
    if not rows:
        return None
    if is_boxed(line):
        return _fitting(boxed(line), boxed, rows)
    if "\t" in line.strip():
        return _fitting(
            [name.strip() for name in line.strip().split("\t")],
            lambda row: [cell.strip() for cell in row.strip("\n").split("\t")],
            rows,
        )
    words = re.sub(
        r"\bMounted on\b",
        "Mounted_on",
        re.sub(r"^(\s*)# ?(?=\w)", r"\1", re.sub(r"^\s*avg-cpu:(?=\s)", "", line)),
    ).split()
    apart = [name.strip() for name in _GAP.split(line.strip()) if name.strip()]
    if timed and words and words[0].lower().strip("#:") in _TIMES:
        words = words[1:]
    single = _by_words(words, rows)
    if (len(apart) < len(words) or single is None) and not (
        single and not any(word in {"/", "%"} for word in words)
    ):
        by_gap = _fitting(
            apart, lambda row: [cell.strip() for cell in _GAP.split(row.strip()) if cell.strip()], rows
        )
        by_place = Header(tuple(apart), lambda row: list(aligned.rows(line, [row])[0].values()))
        return by_gap or (by_place if all(_numeric(by_place.split(row) or []) for row in rows) else None)
    return single


def _by_words(words: list[str], rows: Sequence[str]) -> Header | None:
    """By single blanks; what the header calls the time of every row, which was taken off before, is no column."""
    names = [name.replace("_", " ") if name == "Mounted_on" else name for name in words]
    zone = ""
    while len(names) > 1:
        most = len(names) - 1
        split: Split = partial(_limited, most=most) if names[-1].lower() in _REST else _words
        if (found := _fitting(names, split, rows)) is not None:
            return replace(found, zone=zone)
        if names[0].lower().strip("#:") in {"", *_TIMES}:
            names = names[1:]
        elif _is_zone(names[-1]):
            zone, names = names[-1], names[:-1]
        else:
            return None
    return None


def _limited(row: str, most: int) -> list[str]:
    """The words of a row, the last being all that is left."""
    return row.split(None, most)


def _words(row: str) -> list[str]:
    """The words of a row, without what stands in brackets behind one, as in `3 (5m ago)`."""
    return re.sub(r"(?<=\S) +\([^()]*\)(?=\s|$)", "", row).split()


def _is_zone(name: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{3,5}|[+-]\d\d(?:\d\d)?|timestamp", name))


def _fitting(names: Sequence[str], split: Split, rows: Sequence[str]) -> Header | None:
    """The header, if most of the rows have as many texts as it has names, or one more: a label in front."""
    divided = [cells for row in rows if (cells := split(row)) is not None]
    fit = [cells for cells in divided if len(cells) == len(names) or _labelled(cells, names)]
    if len(names) < 2 or len(fit) * 2 <= len(rows) or not any(map(_numeric, fit)):
        return None
    return Header(tuple(names), split)


def _labelled(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a row has a label in front, as `Mem:`, and perhaps leaves out columns at its end, as `Swap:` does."""
    return 1 < len(cells) <= len(names) + 1 and cells[0].endswith(":")


def _numeric(cells: Sequence[str]) -> bool:
    return any(quantity(part) for cell in cells for part in re.split(r" ?/ ?", cell))
