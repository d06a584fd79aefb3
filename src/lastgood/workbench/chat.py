"""Chat: what was said about an incident elsewhere comes into its record, with authors and times, each message once."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lastgood.algorithms.redaction import redacted
from lastgood.config import Config
from lastgood.decoding.input import Batch, Input, Settings
from lastgood.errors import NoDataError, UsageError
from lastgood.intake import chats, slack
from lastgood.intake._registry import Source
from lastgood.model.message import Quoted
from lastgood.outside.sinks import texts
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.deliveries import Row
from lastgood.workbench.room import Room

MOST_QUOTED = 500  # messages that are brought in at once: a record is read by people
LONGEST_QUOTE = 4000  # characters of a message
SOURCES: tuple[Source, ...] = (slack.SOURCE, chats.SOURCE)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat, without secrets and what cannot be seen."""

    at: datetime
    quoted: Quoted
    thread: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of bringing messages in."""

    written: int
    known: int  # that were in the record before
    outside: int  # of the time, or of another thread


def messages(paths: Iterable[Path], config: Config, now: datetime) -> Iterator[Message]:
    """What was said in exports of chats, or in what their programming interfaces gave.

    Raises:
        NoDataError: a file is none of a chat that is known.
    """
    for path in paths:
        files = sorted(one for one in path.rglob("*.json") if one.is_file()) if path.is_dir() else [path]
        for file in files:
            if not file.name.startswith("."):
                yield from _of_file(file, config, now)


def _of_file(file: Path, config: Config, now: datetime) -> Iterator[Message]:
    given = Input(file, str(file))
    claims = [(source, claim) for source in SOURCES if (claim := source.recognise(given))]
    if not claims:
        raise NoDataError(
            f"{file} has no messages of a known chat.",
            hint="Known are Slack, Teams, Discord, Mattermost and Google Chat, as JSON.",
        )
    source, claim = claims[0]
    for item in source.decode(given, claim, Settings(now, config.zone)):
        if isinstance(item, Batch) and item.table is LOGS:
            yield from map(_message, item.rows.to_pylist())


def _message(row: Row) -> Message:
    about = dict(row["LogAttributes"])
    author = next(
        (about[one] for one in ("slack.author", "user.name", "user.id") if about.get(one)), "unknown"
    )
    program, text = str(row["ScopeName"]), redacted(texts.seen(str(row["Body"])))[0]
    at: datetime = row["Timestamp"]
    named = f"{program}\0{at.isoformat()}\0{author}\0{text}".encode("utf-8", "replace")
    quoted = Quoted(
        texts.line(author, 100),
        texts.cut(text, LONGEST_QUOTE),
        program,
        hashlib.sha256(named).hexdigest()[:32],
    )
    return Message(at, quoted, about.get("slack.thread") or about.get("chat.thread") or "")


def bring_in(
    room: Room, found: Sequence[Message], *, start: datetime | None, end: datetime | None, thread: str = ""
) -> Brought:
    """Messages from `start` to `end`, without them from the incident's opening to now; of one thread, where it is given.

    Raises:
        UsageError: there are too many for a record.
    """
    first, last = start or room.incident.opened_at, end or room.now
    inside = [
        one
        for one in found
        if first <= one.at <= last and one.quoted.text.strip() and thread in {"", one.thread}
    ]
    known = {entry.payload.id for entry in room.entries if isinstance(entry.payload, Quoted)}
    new = {one.quoted.id: one for one in inside if one.quoted.id not in known}
    if len(new) > MOST_QUOTED:
        raise UsageError(
            f"These are {len(new)} messages; at most {MOST_QUOTED} are brought in at once.",
            hint="Narrow it: --from, --to or --thread.",
        )
    for one in sorted(new.values(), key=lambda one: one.at):
        room.append(one.quoted, at=one.at)
    return Brought(len(new), len(inside) - len(new), len(found) - len(inside))
