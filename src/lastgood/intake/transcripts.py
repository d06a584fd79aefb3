"""What was said in a chat as text: exports of WhatsApp, Signal, Teams, Skype and IRC, and what people paste out of a channel.

Every message is a log line of what was said, as a note. One in which a person says that something was done is a change as well
(`decoding.tables.spoken`). A message begins with its time and who wrote it; where it has a time of day alone, a heading, the
file's name or the telemetry beside it says the day.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import PurePath

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, change, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.dated import Days, clock_in, day_in, led_by_day
from lastgood.decoding.tables.noted import decoded_notes
from lastgood.decoding.tables.spoken import told
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

LOOKED_AT = 64 * 1024  # bytes: a chat may go on for years
_WHO = r"(?!(?:[\w-]+\.)?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRIT(?:ICAL)?)\b)(?P<who>[^\W\d_][\w.'\u2019&#+ -]{0,38})"
# Behind the time: a nick in brackets, a name and a colon. A tab parts what weechat writes.
_SAYS = re.compile(rf"\s*(?:[-\u2013—] )?(?:<[@+ %&~]?(?P<nick>[^\s<>]{{1,30}})>|{_WHO}(?<! ):(?=\s))\s*")
_TABBED = re.compile(r"\t(?P<who>[^\t]{1,30})\t")
_APART_BY_BLANKS = re.compile(rf" {_WHO.replace(' -]{0,38}', '-]{0,30}')} {{2,}}(?=\S)")
_ALONE = re.compile(rf"\s*+(?:[-\u2013—|]\s*+)?{_WHO}\s*$")
_NAME_FIRST = re.compile(rf"{_WHO}(?:\s{{2,}}|\t|\s+[-\u2013—|]\s+|,\s+)(?P<rest>\[?\d.*)$")
_SYSTEM = re.compile(r"[-<>*!]{2,}|\*")
_TALK = re.compile(r"chat|whatsapp|signal|telegram|teams|slack|discord|irc|weechat|messages|channel|conversation|#\w", re.IGNORECASE)  # fmt: skip
_APART = 15  # seconds on average between messages: a log has more
_SPOKEN_OF = 0.5  # of the lines with anything on them belong to messages of a person, at least
_LONGEST_HEADING = 60  # characters
_FEWEST = 2  # messages, and people
_ANY_TIME = Reference(UTC, 4_102_444_800_000_000_000)


@dataclass(slots=True)
class _Message:
    """Who said what and when; `time` is 0 where no day is known."""

    place: int
    time: int
    who: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(line for line in self.lines if line).strip()


def recognise(given: Input) -> Claim | None:
    """Most lines are messages of several people, with times that are far apart."""
    head = given.head[:LOOKED_AT]
    if b"\0" in head or head.lstrip()[:1] in (b"{", b"<"):
        return None
    text = head.decode("utf-8-sig", "replace")
    reading = _Reading(text, Days(_ANY_TIME, datetime(2026, 1, 1, tzinfo=UTC).date()))
    messages = [one for one in reading.messages() if one.text]
    people = Counter(one.who for one in messages)
    called = bool(_TALK.search(PurePath(given.name).stem) or _TALK.search(text[:200]))
    if len(messages) < _FEWEST or len(people) < _FEWEST or (not called and not reading.chat):
        return None
    lines = sum(bool(line.strip()) for line in text.splitlines())
    times = sorted(one.time for one in messages)
    apart = sum(b - a for a, b in pairwise(times)) / 1e9 / max(1, len(times) - 1)
    if apart < _APART or reading.said < _SPOKEN_OF * lines:
        return None
    return Claim("chat", 0.93, f"{len(messages)} messages of {len(people)} people")


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A line for each message, and a change where it says that one was made; what stands around them continues them."""
    del claim
    return decoded_notes(given, settings, lambda text, days: _Reading(text, days).messages(), _rows)


def _rows(message: _Message, services: Sequence[str], about: Mapping[str, str]) -> Iterator[Row]:
    said = {"user.name": message.who}
    yield logged(message.text, message.time, service="chat", source="chat", attributes=said)
    if work := told(message.text, services):
        yield change(
            work.kind, message.time, id=f"chat/{message.time}/{message.place}", title=work.sentence, actor=message.who, service=work.service,
            version=work.version, source="chat", attributes=about,
        )  # fmt: skip


class _Reading:
    """The messages of a text, and how many of its lines belong to them."""

    def __init__(self, text: str, days: Days) -> None:
        self._lines, self._days = text.splitlines(), days
        self.said = 0
        self.chat = False  # whether a message has a form that only chats have

    def messages(self) -> Iterator[_Message]:
        """Each message, with the lines that follow it."""
        last: _Message | None = None
        for number, raw in enumerate(self._lines, 1):
            line = raw.replace("\u200e", "").replace("\u202f", " ").rstrip()
            begun = self._begun(line.lstrip(), number)
            if begun:
                if last:
                    yield last
                last, self.said = begun, self.said + 1
            elif day := self._heading(line):
                self._days.begin(day)
            elif last and line.strip() and not self._is_system(line):
                last.lines.append(line.strip())
                self.said += 1
        if last:
            yield last

    def _begun(self, line: str, number: int) -> _Message | None:
        """The message that a line begins, in one of the forms."""
        if found := _NAME_FIRST.match(line):
            return self._named_first(found, number)
        timed = self._moment(line.lstrip("["))
        return self._timed_first(line, timed, number) if timed else None

    def _timed_first(self, line: str, timed: tuple[int, str, bool], number: int) -> _Message | None:
        """The message of whom a line names behind its time."""
        bracketed, rest = line.startswith("["), timed[1].removeprefix("]")
        if tabbed := _TABBED.match(rest):
            self.chat |= (by_people := not _SYSTEM.fullmatch(tabbed["who"].strip()))
            return _Message(number, timed[0], tabbed["who"].strip(" @+"), [rest[tabbed.end() :]]) if by_people else None  # fmt: skip
        if found := _SAYS.match(rest):
            self.chat |= bool(
                found["nick"] or bracketed or re.match(r" [-\u2013\u2014] ", rest) or not timed[2]
            )
            return _Message(number, timed[0], (found["nick"] or found["who"]).strip(), [rest[found.end() :]])
        if not timed[2] and (
            found := _APART_BY_BLANKS.match(rest)
        ):  # which says nothing of a form: programs write so too
            return _Message(number, timed[0], found["who"], [rest[found.end() :]])
        if bracketed and (found := _ALONE.match(rest)):
            self.chat = True
            return _Message(number, timed[0], found["who"].strip())
        return None

    def _named_first(self, found: re.Match[str], number: int) -> _Message | None:
        """The message of whom a line names before its time, and nothing behind it."""
        time = self._moment(found["rest"].lstrip("["))
        if time is None or time[1].strip(" ]"):
            return None
        self.chat = True
        return _Message(number, time[0], found["who"].strip())

    def _moment(self, text: str) -> tuple[int, str, bool] | None:
        """The time that a text begins with, what follows, and whether it has seconds; a time of day is of the day above."""
        at, led = 0, led_by_day(text, self._days.reference)
        if led:
            at = led[1] + len(text[led[1] :]) - len(text[led[1] :].lstrip(" ,T"))
        clock = clock_in(text, at)
        if clock is None:
            return None
        seconds = text[at : clock.end].count(":") > 1
        return (self._days.of(led[0], clock) if led else self._days.at(clock)), text[clock.end :], seconds

    def _heading(self, line: str) -> date | None:
        """The day of a heading: a line of hardly more than a date."""
        return day_in(line, self._days.reference) if len(line) <= _LONGEST_HEADING else None

    def _is_system(self, line: str) -> bool:
        """Whether a line is of the program: with a time, and of no person."""
        return bool(self._moment(line.lstrip(" [")))


SOURCE = Source("transcripts", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode, late=True)
