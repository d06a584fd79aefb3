"""Slack: a thread, or what a channel said in the window, with the names of those who wrote (Web API).

After docs.slack.dev: conversations.replies, conversations.history, users.info, auth.test.
"""

from collections.abc import Iterator
from typing import Any

import orjson

from lastgood.errors import NotFetchedError, UsageError
from lastgood.model.signal import Signal
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.limits import LOOKUPS
from lastgood.outside.connectors.wire import Wire

_PAGE = 200  # messages of one answer
URL = "https://slack.com/api"


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """The messages in the order in which they were written; `select` is the time stamp of a thread's first one."""
    if not asking.target:
        raise UsageError(
            "A Slack source needs target, the id of a channel.", hint="Set it in [[source]]: C024BE91L."
        )
    messages: list[dict[str, Any]] = []
    try:
        for page in _pages(wire, asking):
            messages += page
    except NotFetchedError as problem:
        if not messages:
            raise
        yield Limit(f"later pages of the channel did not come: {problem.message}")
    if nameless := _name(wire, messages):
        yield Limit(f"{nameless} authors are known by their ids only")
    if messages:
        yield Document("messages.json", orjson.dumps(sorted(messages, key=lambda one: str(one.get("ts")))))


def _name(wire: Wire, messages: list[dict[str, Any]]) -> int:
    """Put the names of those who wrote into their messages; how many are not known."""
    users = {str(one["user"]) for one in messages if one.get("user") and not one.get("user_profile")}
    names = dict(_names(wire, sorted(users)[:LOOKUPS]))
    for one in messages:
        if name := names.get(str(one.get("user"))):
            one["user_profile"] = {"real_name": name}
    return len(users) - len(names)


def _pages(wire: Wire, asking: Asking) -> Iterator[list[dict[str, Any]]]:
    """Page by page: the answer names the next one."""
    method = "conversations.replies" if asking.select else "conversations.history"
    start, end = (str(moment.timestamp()) for moment in (asking.window.start, asking.window.end))
    within = {"ts": asking.select} if asking.select else {"oldest": start, "latest": end}
    cursor = ""
    while True:
        answer = _asked(wire, method, channel=asking.target, limit=_PAGE, cursor=cursor, **within)
        yield [one for one in answer.get("messages") or () if isinstance(one, dict)]
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


def _names(wire: Wire, users: list[str]) -> Iterator[tuple[str, str]]:
    for user in users:
        try:
            about = _asked(wire, "users.info", user=user).get("user") or {}
        except NotFetchedError:
            continue  # without the scope users:read an author is known by the id
        if name := str(about.get("real_name") or about.get("name") or ""):
            yield user, name


def _asked(wire: Wire, method: str, **parameters: Any) -> dict[str, Any]:
    """An answer that is well: Slack answers 200 whatever is wrong."""
    answer = wire.get_json(method, **parameters)
    if not isinstance(answer, dict) or answer.get("ok") is not True:
        why = answer.get("error") if isinstance(answer, dict) else None
        raise NotFetchedError(
            f"{method} of Slack refuses: {str(why or 'its answer is not that of Slack')[:80]}."
        )
    return answer


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether the token is good, and reads the channel."""
    _asked(wire, "auth.test")
    found = _asked(wire, "conversations.history", channel=asking.target, limit=1).get("messages") or ()
    return Held("the channel can be read", empty=not found)


CONNECTOR = Connector(
    "slack", "a thread or channel, as notes", fetch, None, holds, frozenset({Signal.LOGS, Signal.CHANGES})
)
