"""Notes of a text: their rows, lines that continue them, and those without a day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lastgood.decoding.change import Row, logged
from lastgood.decoding.input import Batch, Decoded, Input, Reject, Tally
from lastgood.decoding.tables.dated import Days
from lastgood.decoding.tables.noted import decoded_notes
from outcomes import SETTINGS


@dataclass
class Line:
    """A note of a line that begins with a plus; of an unknown day where it has a question mark."""

    place: int
    time: int
    text: str


def lines(text: str, days: Days) -> Iterator[Line]:
    """The notes of a text."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("+"):
            yield Line(number, 0 if "?" in line else 1_700_000_000_000_000_000, line[1:].strip())


def rows(note: Line, services: Sequence[str], about: Mapping[str, str]) -> Iterator[Row]:
    """A log line for each."""
    yield logged(note.text, note.time, service="notes", source="test", attributes={})


def read(text: str) -> Decoded:
    """What is decoded of a text."""
    return decoded_notes(Input(None, "book.txt", text.encode()), SETTINGS, lines, rows)


def test_every_line_is_accounted_for() -> None:
    """A note, its continuation, a blank line, a note without text, and one without a day, which is a reject."""
    found = list(read("+ disk full\nsince noon\n\n+\n+ when?\n"))
    tallies = [one for one in found if isinstance(one, Tally)]

    assert [(1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 0), (0, 0, 0)] == [
        (one.events, one.continuations, one.blanks) for one in tallies
    ]
    assert [5] == [one.line for one in found if isinstance(one, Reject)]
    assert 1 == sum(len(one.rows) for one in found if isinstance(one, Batch))
