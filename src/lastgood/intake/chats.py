"""What was said in a channel of Teams, Discord, Mattermost, Zulip or Google Chat, as they export it or their programming interfaces give it.

Every message is a log line of what was said, as a note. One that says that something was done is a change as well
(`decoding.tables.spoken`); what people ask or intend is none.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from lastgood.decoding.change import Row, at, change, decoded, glimpses, inside, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.spoken import told
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

Object = Mapping[str, Any]
_BREAK = re.compile(r"<br ?/?>|</(?:p|div|li|h\d|tr)>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SYSTEM = ("systemEventMessage", "unknownFutureValue")


@dataclass(frozen=True, slots=True)
class _Chat:
    """One program's messages: how they are known, and what they become."""

    name: str
    known: Callable[[Object], bool]
    rows: Callable[[Object], list[Row]]


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects are messages of one of these programs."""
    for row in glimpses(given, 4):
        chat = _chat_of(row)
        if chat is not None:
            return Claim(f"{chat.name} messages", 0.97, f"its first object is a message of {chat.name}")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A line for each message that a person wrote, and a change where it says that one was made."""
    del claim, settings
    return decoded(given, ("value", "messages"), _rows)


def _chat_of(row: Object) -> _Chat | None:
    return next((chat for chat in _CHATS if chat.known(row)), None)


def _rows(row: Object) -> Iterator[Row]:
    chat = _chat_of(row)
    if chat is None:
        if row.get("type") in {"version", "team", "channel", "user"}:
            return  # what Mattermost exports beside its messages
        raise ValueError("it is not a message of a known program")
    yield from chat.rows(row)


def _teams(row: Object) -> list[Row]:
    if row.get("messageType") in _SYSTEM or row.get("deletedDateTime"):
        return []
    sender = row.get("from") or {}
    who = inside(sender, "user", "displayName") or inside(sender, "application", "displayName") or ""
    parts = [row.get("subject"), _plain(str(inside(row, "body", "content") or ""))]
    parts += [
        _plain(str(one.get("content") or ""))
        for one in row.get("attachments") or ()
        if isinstance(one, Mapping)
    ]
    return _note(
        "teams", "\n".join(part for part in parts if part), row["createdDateTime"], who, row.get("replyToId")
    )


def _discord(row: Object) -> list[Row]:
    author = row.get("author") or {}
    who = author.get("nickname") or author.get("name") or author.get("username")
    return _note(
        "discord", str(row.get("content") or ""), row["timestamp"], who, inside(row, "reference", "messageId")
    )


def _mattermost(row: Object) -> list[Row]:
    post = row["post"]
    return _note("mattermost", str(post.get("message") or ""), post["create_at"], post.get("user"), "")


def _zulip(row: Object) -> list[Row]:
    return _note(
        "zulip", _plain(str(row["content"])), row["timestamp"], row["sender_full_name"], row.get("subject")
    )


def _google(row: Object) -> list[Row]:
    written = str(row["created_date"]).replace("\u202f", " ")
    time: Any = written
    if " at " in written:
        spoken = datetime.strptime(written.replace(" UTC", " +0000"), "%A, %B %d, %Y at %I:%M:%S %p %z")
        time = int(spoken.timestamp())
    return _note(
        "google chat", str(row.get("text") or ""), time, inside(row, "creator", "name"), row.get("topic_id")
    )


def _note(program: str, text: str, time: Any, who: Any, thread: Any) -> list[Row]:
    if not (bare := text.strip()):
        return []
    about = {"user.name": who, "chat.thread": thread}
    said = [logged(bare, at(time), service=program, source=program, attributes=about)]
    if work := told(bare):
        said.append(change(work.kind, at(time), title=work.sentence, actor=who, source=program, service=work.service, version=work.version))  # fmt: skip
    return said


def _plain(html: str) -> str:
    """What is left of a text without its tags."""
    lines = unescape(_TAG.sub("", _BREAK.sub("\n", html))).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


_CHATS = (
    _Chat("Teams", lambda row: "createdDateTime" in row and isinstance(row.get("body"), Mapping) and "content" in row["body"], _teams),
    _Chat("Discord", lambda row: {"id", "timestamp", "content", "author"} <= row.keys() and isinstance(row["author"], Mapping), _discord),
    _Chat("Mattermost", lambda row: row.get("type") == "post" and "create_at" in (row.get("post") or {}), _mattermost),
    _Chat("Zulip", lambda row: {"sender_full_name", "timestamp", "content"} <= row.keys(), _zulip),
    _Chat("Google Chat", lambda row: {"creator", "created_date"} <= row.keys(), _google),
)  # fmt: skip

SOURCE = Source("chats", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
