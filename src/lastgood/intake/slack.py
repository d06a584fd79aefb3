"""A channel of Slack as it is exported, or as `conversations.history` gives it: what people and bots said, and what they changed.

Every message is a log line of what was said, as a note. One that says that something was deployed, rolled back, switched or restarted is
a change as well (`decoding.tables.spoken`); what people ask or intend is none.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, at, change, decoded, glimpses, inside, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.decoding.tables.spoken import told
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_STAMP = re.compile(r"\d{10}\.\d{6}")
_MARKS = re.compile(r"[*_`~]|<(?:[^|>]*\|)?([^>]*)>")


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects are messages with Slack's time stamps."""
    for row in glimpses(given, 3):
        if row.get("type") == "message" and "text" in row and _STAMP.fullmatch(str(row.get("ts", ""))):
            return Claim("Slack messages", 0.97, "its first object is a message with a time stamp of Slack")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A line for each message, and a change where it says that one was made."""
    del claim, settings
    return decoded(given, ("messages",), _rows)


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    time = at(row["ts"])
    text = _plain(row)
    bot = row.get("subtype") == "bot_message" or bool(row.get("bot_id"))
    who = str(
        inside(row, "user_profile", "real_name")
        or row.get("username")
        or inside(row, "bot_profile", "name")
        or row.get("user")
        or ""
    )
    yield logged(
        text, time, service="slack", source="slack",
        attributes={"user.id": row.get("user"), "slack.author": who, "slack.thread": row.get("thread_ts"), "slack.bot": "true" if bot else ""},
    )  # fmt: skip
    if work := told(text):
        yield change(
            work.kind, time, id=f"slack/{row['ts']}", title=work.sentence, actor=who, source="slack", service=work.service,
            version=work.version,
        )  # fmt: skip


def _plain(row: Mapping[str, Any]) -> str:
    """The text without Slack's marks; of a bot that has none, that of its attachments."""
    reported = [str(row.get("text") or "")] + [
        str(one.get("text") or one.get("fallback") or "")
        for one in row.get("attachments") or ()
        if isinstance(one, Mapping)
    ]
    whole = "\n".join(part for part in dict.fromkeys(reported) if part)
    return _MARKS.sub(lambda found: found[1] or "", whole)


SOURCE = Source("slack", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
