"""Rows as a mapping's rule sees them: fields picked out of columns, and what became of each row."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from lastgood.algorithms.timestamps import NAT, Reference, parse_times
from lastgood.decoding.input import Settings
from lastgood.decoding.instants import Instant, epoch, guessed_epoch, iso, pattern
from lastgood.decoding.tables.mapping import FileRule, Pick, Picks
from lastgood.decoding.tables.records import Block
from lastgood.model.clock import to_nanoseconds

Texts = list[str]
LEAST = 12  # characters of a text with a date and a time
_TIME = pa.timestamp("ns", "UTC")


class PickedRows:
    """The rows of one block: those left out, those that are bad and why, and the fields of the rest."""

    def __init__(self, rule: FileRule, block: Block, settings: Settings) -> None:
        self.rule, self.block, self.settings = rule, block, settings
        self.bad: dict[int, str] = {}
        self.out = _left_out(rule, block)

    def texts(self, name: str, default: str = "") -> Texts:
        """A field's texts."""
        return self.picked(self.rule.fields.get(name, ()), default)

    def picked(self, picks: Picks, default: str = "") -> Texts:
        """The first text that the alternatives give, per row."""
        taken = [_taken(pick, self.block) for pick in picks]
        values = taken[0] if taken else [default] * len(self.block)
        for other in taken[1:]:
            values = either(values, other)
        return [value or default for value in values] if default else values

    def times(self, name: str) -> list[int | None]:
        """A field's times in nanoseconds."""
        values: list[int | None] = [None] * len(self.block)
        for pick in reversed(self.rule.fields.get(name, ())):
            read = _instant(pick, self.settings)
            found = [read(text) if text else None for text in _taken(pick, self.block)]
            values = [new if new is not None else old for new, old in zip(found, values, strict=True)]
        return values

    def refuse(self, values: Sequence[Any], reason: Callable[[int], str]) -> None:
        """Reject the rows where a needed value is missing."""
        for row, value in enumerate(values):
            if (value is None or value == "") and row not in self.bad:
                self.bad[row] = reason(row)

    def good(self) -> list[int]:
        """The rows that are taken."""
        return [row for row in range(len(self.block)) if row not in self.bad and not self.out[row]]

    def maps(self, rows: list[int]) -> tuple[pa.Array, pa.Array]:
        """Attributes and resource attributes of rows."""
        resource = {key: self.picked(picks) for key, picks in self.rule.resource.items()}
        return map_array(self.attributes(), rows), map_array(resource, rows)

    def attributes(self) -> dict[str, Texts]:
        """The attributes' texts, a column each."""
        named = {key: self.picked(picks) for key, picks in self.rule.attributes.items()}
        if self.rule.rest:
            for name, column in self.block.columns.items():
                if self.rule.is_free(name) and not any(w.columns.fullmatch(name) for w in self.rule.values):
                    named.setdefault(name, column)
        return named


def _left_out(rule: FileRule, block: Block) -> list[bool]:
    out = [False] * len(block)
    for name, expression in rule.keep.items():
        column = block.columns.get(name, [""] * len(block))
        out = [o or not expression.search(text) for o, text in zip(out, column, strict=True)]
    for name, expression in rule.drop.items():
        column = block.columns.get(name, [""] * len(block))
        out = [o or bool(expression.search(text)) for o, text in zip(out, column, strict=True)]
    return out


def _taken(pick: Pick, block: Block) -> Texts:
    """A pick's texts: columns in order, then the cut, the translation and the default."""
    if pick.constant is not None:
        return [pick.constant] * len(block)
    columns = [block.columns[name] for name in pick.columns if name in block.columns]
    values = columns[-1] if columns else [""] * len(block)
    for column in reversed(columns[:-1]):
        values = either(column, values)
    if pick.regex is None and not pick.translate and not pick.default:
        return values
    shaped = _Shaped(pick)
    return [shaped[text] for text in values]


class _Shaped(dict[str, str]):
    """Texts after a pick's cut, translation and default; each distinct text is worked on once."""

    def __init__(self, pick: Pick) -> None:
        super().__init__()
        self._pick = pick

    def __missing__(self, text: str) -> str:
        pick, value = self._pick, text
        if pick.regex is not None:
            found = pick.regex.search(text)
            value = _cut(found) if found else ""
        if pick.translate:
            value = pick.translate.get(value, pick.translate.get("*", value))
        self[text] = value = value or pick.default
        return value


def _cut(found: Any) -> str:
    if "value" in found.re.groupindex:
        return found["value"] or ""
    return found[1 if found.re.groups else 0] or ""


def either(first: Texts, second: Texts) -> Texts:
    """Of each row the first text, or the second where the first is missing."""
    return [one or other for one, other in zip(first, second, strict=True)]


def _instant(pick: Pick, settings: Settings) -> Instant:
    zone = pick.zone or settings.zone
    if pick.unit:
        return epoch(pick.unit)
    if pick.format and pick.format != "iso":
        return pattern(pick.format, zone)
    read = iso(zone)
    reference = Reference(zone, to_nanoseconds(settings.now), order=settings.order)
    return lambda text: (
        next((v for v in (read(text), guessed_epoch(text)) if v is not None), None)
        or _written(text, reference)
    )


def _written(text: str, reference: Reference) -> int | None:
    """The time of a text that is written in some other usual way."""
    found = (
        int(parse_times(pa.array([text.strip()], pa.string()), reference)[0]) if len(text) >= LEAST else NAT
    )
    return None if found == NAT else found


def map_array(columns: Mapping[str, Texts], rows: list[int]) -> pa.Array:
    """A map per row out of a column per key; empty texts are left out."""
    counts = np.zeros(len(rows) + 1, np.int32)
    keys: list[str] = []
    items: list[str] = []
    named = list(columns.items())
    for place, row in enumerate(rows, 1):
        for key, column in named:
            if column[row]:
                keys.append(key)
                items.append(column[row])
        counts[place] = len(keys)
    return pa.MapArray.from_arrays(
        pa.array(counts), pa.array(keys, pa.string()), pa.array(items, pa.string())
    )


def at_rows(values: Sequence[Any], rows: list[int]) -> list[Any]:
    """The values of the rows numbered; all of them where every row is."""
    return [values[row] for row in rows] if len(rows) != len(values) else list(values)


def stamps(values: Sequence[int | None], rows: list[int]) -> pa.Array:
    """The instants (nanoseconds since 1970, UTC) of the rows numbered, as a column of time."""
    return pa.array(at_rows(values, rows), pa.int64()).cast(_TIME)


def lacks(row: PickedRows, field: str) -> Callable[[int], str]:
    """A sentence for a row that has no value of the field: what was looked for."""
    columns = list(dict.fromkeys(name for pick in row.rule.fields.get(field, ()) for name in pick.columns))

    def reason(place: int) -> str:
        texts = [row.block.columns[name][place] for name in columns if name in row.block.columns]
        return f"no {field} in {' or '.join(columns) or 'the record'}: {' or '.join(map(repr, texts))}"

    return reason
