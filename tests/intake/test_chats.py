"""Messages of channels: every one is a note with its time and author."""

import json
from typing import Any

import pytest

from outcomes import outcome

TEAMS: dict[str, Any] = {"@odata.context": "https://graph.example/x", "value": [
    {"id": "1", "messageType": "message", "createdDateTime": "2026-11-22T08:11:40.123Z", "subject": None, "replyToId": None,
     "from": {"user": {"displayName": "Ann"}}, "body": {"contentType": "html", "content": "<p>till is <b>slow</b><br>since 8 &amp; now</p>"}},
    {"id": "2", "messageType": "systemEventMessage", "createdDateTime": "2026-11-22T08:12:40Z", "from": None,
     "body": {"contentType": "html", "content": "<systemEventMessage/>"}},
    {"id": "3", "messageType": "message", "createdDateTime": "2026-11-22T08:13:40Z", "replyToId": "1", "from": {"application": {"displayName": "alerts"}},
     "body": {"contentType": "text", "content": "TillSlow is firing"}},
]}  # fmt: skip
DISCORD = {"guild": {"name": "g"}, "channel": {"name": "ops"}, "messages": [
    {"id": "1", "type": "Default", "timestamp": "2026-11-22T08:11:40.123+00:00", "content": "till is slow", "author": {"id": "7", "name": "ann"}}]}  # fmt: skip
GOOGLE = {"messages": [{"creator": {"name": "Ann", "email": "ann@till.example"}, "created_date": "Sunday, November 22, 2026 at 8:11:40\u202fAM UTC",
                        "text": "till is slow", "topic_id": "t"}]}  # fmt: skip
MATTERMOST = [{"type": "version", "version": 1},
              {"type": "post", "post": {"team": "t", "channel": "ops", "user": "ann", "message": "till is slow", "create_at": 1795335100123}}]  # fmt: skip


def test_teams_writes_html_and_says_who_came_and_went() -> None:
    """The text is without tags; what the system says is no note."""
    found = outcome(json.dumps(TEAMS).encode(), "messages.json")
    lines = found.rows["otel_logs"]
    assert [line["Body"] for line in lines] == ["till is slow\nsince 8 & now", "TillSlow is firing"]
    assert [dict(line["LogAttributes"])["user.name"] for line in lines] == ["Ann", "alerts"]
    assert not found.rejects


@pytest.mark.parametrize(
    "text", [json.dumps(DISCORD), json.dumps(GOOGLE), "\n".join(map(json.dumps, MATTERMOST))]
)
def test_others_have_their_own_names_for_it(text: str) -> None:
    """The same message of each."""
    found = outcome(text.encode(), "export.json")
    (line,) = found.rows["otel_logs"]
    assert line["Body"] == "till is slow"
    assert f"{line['Timestamp']:%Y-%m-%d %H:%M:%S}" == "2026-11-22 08:11:40"
    assert dict(line["LogAttributes"])["user.name"].lower() == "ann"
    assert not found.rejects
