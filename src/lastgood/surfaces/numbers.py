"""Numbers of an incident's record as they are written: a letter says what is counted, so that none is taken for another.

`E9` is evidence, by its entry in the record; `H2` is the second hypothesis; `#7` is an incident. Actions and other
entries are called so: action 25, entry 9. In JSON all are plain numbers.
"""

from collections.abc import Iterable, Sequence

from lastgood.errors import UsageError
from lastgood.model.action import ActionBegun, Captured
from lastgood.model.entry import Entry, Frozen

EVIDENCE, HYPOTHESIS = "E", "H"


def evidence(number: int) -> str:
    """`E9` of entry 9."""
    return f"{EVIDENCE}{number}"


def hypothesis(number: int) -> str:
    """`H2`."""
    return f"{HYPOTHESIS}{number}"


def evidence_range(first: int, last: int) -> str:
    """`evidence E3 to E12`."""
    return f"evidence {evidence(first)}" + (f" to {evidence(last)}" if first < last else "")


def cited(numbers: Iterable[int], entries: Sequence[Entry]) -> str:
    """`E3, E4`, `action 25`, `entry 2`: each entry by what it is."""
    kinds = {entry.sequence: entry.payload for entry in entries}
    return ", ".join(_named(number, kinds.get(number)) for number in numbers)


def _named(number: int, payload: object) -> str:
    match payload:
        case Frozen() | Captured():
            return evidence(number)
        case ActionBegun():
            return f"action {number}"
        case _:
            return f"entry {number}"


def numbered(text: str, letter: str) -> int:
    """The number of `E9`, `e9` or `9`.

    Raises:
        UsageError: it is none, or has the letter of something else.
    """
    digits = text[1:] if text[:1].upper() == letter else text
    if digits.isascii() and digits.isdigit():
        return int(digits)
    raise UsageError(f"{text[:20]!r} is not a number such as {letter}3.", hint=f"Write {letter}3, or 3.")
