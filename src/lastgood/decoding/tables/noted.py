"""What people noted line by line: each note a log line, and a change where it says that one was made."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from lastgood.decoding.change import Row
from lastgood.decoding.input import REJECT_TEXT, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import Rows
from lastgood.decoding.tables.dated import Days, days_of
from lastgood.decoding.whole import read_whole


class Note(Protocol):
    """What a person wrote at a time."""

    @property
    def place(self) -> int:
        """The line that it begins at, counted from 1."""

    @property
    def time(self) -> int:
        """When, in nanoseconds since 1970; 0 where no day is known."""

    @property
    def text(self) -> str:
        """What it says; a note without any is none."""


N = TypeVar("N", bound=Note)


def decoded_notes(
    given: Input,
    settings: Settings,
    read: Callable[[str, Days], Iterable[N]],
    rows_of: Callable[[N, Sequence[str], Mapping[str, str]], Iterator[Row]],
) -> Decoded:
    """The rows of every note of a text; other lines continue them.

    `read` finds the notes, `rows_of` makes the rows of one from it, the services that are known and what is known of
    its day. A note without a day is a reject.
    """
    with given.open() as stream:
        content, problem = read_whole(stream)
    text, rows = content.decode("utf-8-sig", "replace"), Rows()
    days = days_of(given, text, settings)
    found = {one.place: one for one in read(text, days)}
    for number, line in enumerate(text.splitlines(), 1):
        note = found.get(number)
        if note is not None and not note.time:
            yield Reject(number, "nothing says of which day it is", line[:REJECT_TEXT])
        taken = bool(note and note.time and note.text)
        if note is not None and taken:
            for row in rows_of(note, settings.services, days.about):
                rows.add(*row, number)
        blank = not line.strip()
        rest = not blank and not taken and (note is None or bool(note.time))
        yield Tally(1, int(taken), int(rest), int(blank))
    yield from rows.rest()
    if problem is not None:
        raise problem
