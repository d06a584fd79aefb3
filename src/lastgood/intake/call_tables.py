"""Who calls whom as a table: a pair of services a row, or a matrix of services, without a mapping."""

from collections.abc import Mapping, Sequence

from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.headed import is_number, rule_of, sampled
from lastgood.decoding.tables.mapping import Pick, Picks
from lastgood.decoding.tables.ruled import decode_by
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

# What the two ends of a call are called, in pairs; a table of events has further columns of texts.
_ENDS = (
    ("caller", "callee"),
    ("source", "target"),
    ("source", "destination"),
    ("from", "to"),
    ("client", "server"),
)


def recognise(given: Input) -> Claim | None:
    """A header of two ends beside numbers at most, or one whose names begin its rows, with numbers in every cell."""
    found = sampled(given.head)
    if found is None:
        return None
    _, columns = found
    ends = _ends(columns)
    if ends:
        return Claim("call table", 0.9, f"callers in {ends[0]}, callees in {ends[1]}")
    if _is_matrix(columns):
        return Claim("call matrix", 0.9, f"{len(columns) - 1} services in the header and in the first column")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The calls."""
    found = sampled(given.head)
    if found is None:
        return
    delimiter, columns = found
    ends = _ends(columns)
    if claim.format == "call table" and ends:
        fields: dict[str, Picks] = {
            field: (Pick(columns=(name,)),) for field, name in zip(("caller", "callee"), ends, strict=True)
        }
        yield from decode_by((rule_of("calls", delimiter, fields),), given, settings)
    else:
        yield from decode_by((rule_of("adjacency", delimiter, {}),), given, settings)


def _ends(columns: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    folded = {name.strip().lower(): name for name in columns}
    for caller, callee in _ENDS:
        if caller in folded and callee in folded:
            ends = folded[caller], folded[callee]
            others = [text for name, column in columns.items() if name not in ends for text in column]
            names = [text for name in ends for text in columns[name]]
            if all(map(is_number, filter(None, others))) and all(names) and not any(map(is_number, names)):
                return ends
    return None


def _is_matrix(columns: Mapping[str, Sequence[str]]) -> bool:
    first, *others = columns
    cells = [text for name in others for text in columns[name]]
    return len(others) > 1 and set(columns[first]) <= set(others) and all(map(is_number, filter(None, cells)))


SOURCE = Source("call_tables", frozenset({Signal.METRICS}), recognise, decode)
