"""A channel of Slack as it is exported, or as `conversations.history` gives it: what people and bots said, and what they changed.

Every message is a log line of what was said, as a note. One that says that something was deployed, rolled back, switched or scaled is a
change as well, if a bot said it or it names a version; what people ask or intend is none.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, at, change, decoded, glimpses, inside, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_STAMP = re.compile(r"\d{10}\.\d{6}")
_MARKS = re.compile(r"[*_`~]|<(?:[^|>]*\|)?([^>]*)>")
_DONE = re.compile(
    r"\b(?P<what>deployed|deploying|released|releasing|rolled out|rolling out|rolled back|rolling back|reverted|promoted|shipped"
    r"|restarted|scaled|enabled|disabled|switched (?:on|off)|turned (?:on|off)|upgraded|migrated|merged|applied)\b",
    re.IGNORECASE,
)  # fmt: skip
_KINDS = (("scaled", "scaling"), ("abled", "flag"), ("switched", "flag"), ("turned", "flag"), ("migrated", "migration"),
          ("merged", "commit"), ("restarted", "config"), ("applied", "config"))  # fmt: skip
_VERSION = re.compile(r"\bv?\d+\.\d+(?:\.\d+)?(?:[-+][\w.]+)?\b|\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b")
_SERVICE = re.compile(r"(?:deploy\w*|releas\w+|roll\w+ \w+|revert\w*|promot\w+|shipp\w+|restart\w*|scal\w+|upgrad\w+) (?:of )?(?P<service>[A-Za-z][\w.-]+)", re.IGNORECASE)  # fmt: skip
_ASKED = re.compile(
    r"\?\s*$|^(?:should|can|could|shall|may|did|has|have|is|are|who|when|why|what|please)\b|\bnot\b|n't\b",
    re.IGNORECASE,
)


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
    done, version = _DONE.search(text), _VERSION.search(text)
    if done is None or _ASKED.search(text) or not (bot or version):
        return
    service = _SERVICE.search(text)
    kind = next((kind for word, kind in _KINDS if word in done["what"].lower()), "deploy")
    yield change(
        kind, time, id=f"slack/{row['ts']}", title=text.split("\n")[0], actor=who, source="slack",
        service=service["service"] if service else "", version=version[0] if version else "",
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
