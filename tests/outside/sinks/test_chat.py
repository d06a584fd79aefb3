"""Chat: what stands in a message, where, and that it leads back to the incident."""

import json
from dataclasses import replace

from contracts.test_sink_contract import OUT
from lastgood.config import Mattermost, Slack, Teams
from lastgood.model.message import Occasion, UpdateStatus
from lastgood.outside.sinks._registry import kinds
from lastgood.outside.sinks.chat import blocks

SLACK = Slack(name="s", channel="#x", token="$T")  # noqa: S106 - the name of a variable


def test_a_message_of_slack_has_its_parts() -> None:
    """A headline, the writer's words, the fields, a button to the incident, the reader's own time."""
    found = {one["type"]: one for one in blocks(OUT)}

    assert OUT.headline == found["header"]["text"]["text"]
    assert "*Impact*\n5.6 % of requests fail" == found["section"]["fields"][0]["text"]
    assert OUT.link == found["actions"]["elements"][0]["url"]
    assert f"<!date^{int(OUT.at.timestamp())}^" in found["context"]["elements"][0]["text"]
    assert "2026-11-22 15:00 UTC" in found["context"]["elements"][0]["text"]


def test_the_public_gets_no_way_in() -> None:
    """Without a link there is no button."""
    hidden = replace(OUT, link="")

    assert "actions" not in {one["type"] for one in blocks(hidden)}
    for settings in (Teams(name="t", url="$U"), Mattermost(name="m", url="$U")):
        (call,) = kinds()[type(settings)].plan(settings, hidden, "")
        assert "Open the incident" not in json.dumps(call.body)


def test_slack_keeps_the_first_message_current() -> None:
    """Then the update in its thread, last, for it must not be repeated; a change begins no thread."""
    plan = kinds()[Slack].plan
    current, reply = plan(SLACK, OUT, "C1:17.1")

    assert ("17.1", "17.1") == (current.body["ts"], reply.body["thread_ts"])
    assert (True, False) == (current.again, reply.again)
    assert 1 == len(plan(SLACK, OUT, ""))
    assert 1 == len(plan(SLACK, replace(OUT, occasion=Occasion.CHANGE), "C1:17.1"))


def test_a_card_of_teams_shows_how_it_stands() -> None:
    """By its colour."""
    settings = Teams(name="t", url="$U")
    styles = []
    for status in (UpdateStatus.INVESTIGATING, UpdateStatus.MONITORING, UpdateStatus.RESOLVED, None):
        (call,) = kinds()[Teams].plan(settings, replace(OUT, status=status), "")
        styles.append(call.body["attachments"][0]["content"]["body"][0]["style"])

    assert ["attention", "warning", "good", "default"] == styles


def test_mattermost_can_have_another_channel() -> None:
    """Where it is named."""
    plan = kinds()[Mattermost].plan

    assert "channel" not in plan(Mattermost(name="m", url="$U"), OUT, "")[0].body
    assert "deploys" == plan(Mattermost(name="m", url="$U", channel="deploys"), OUT, "")[0].body["channel"]
