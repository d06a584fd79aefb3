"""Chat: Slack by webhook or app, Microsoft Teams by Workflows, Mattermost by webhook.

After docs.slack.dev (Block Kit, chat.postMessage, chat.update), learn.microsoft.com (Workflows, Adaptive Cards 1.4) and
developers.mattermost.com (incoming webhooks). Tested against their documented interfaces.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from lastgood.config import Mattermost, Slack, SlackWebhook, Teams
from lastgood.model.message import Occasion, UpdateStatus
from lastgood.model.outgoing import Outgoing
from lastgood.outside.sinks import texts
from lastgood.outside.sinks.kind import ANNOUNCED, Kind
from lastgood.outside.sinks.wire import Answer, Call, Credential

# Limits of Block Kit, in characters; of fields in a section.
HEADER, SECTION, FIELD, FIELDS = 150, 3000, 2000, 10
# A card of Teams may have 28 kB in all: so it holds even where each letter has four bytes.
CARD_TEXT, CARD_FIELD = 1500, 400
POST = 16_383  # characters of a message in Mattermost
_OPEN = "Open the incident"
_STYLES = {
    None: "default",
    UpdateStatus.INVESTIGATING: "attention",
    UpdateStatus.IDENTIFIED: "attention",
    UpdateStatus.MONITORING: "warning",
    UpdateStatus.RESOLVED: "good",
}
_REFUSED = "it refuses: "


def blocks(outgoing: Outgoing) -> list[dict[str, Any]]:
    """A message as blocks of Slack."""
    found: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": texts.line(outgoing.headline, HEADER), "emoji": False}}
    ]  # fmt: skip
    if outgoing.said:
        found.append(_section({"text": _mrkdwn(texts.slack(outgoing.said, SECTION))}))
    fields = [_mrkdwn(f"*{label}*\n{texts.slack(value, FIELD - 40)}") for label, value in outgoing.fields]
    if fields:
        found.append(_section({"fields": fields[:FIELDS]}))
    if outgoing.link:
        button = {
            "type": "button",
            "text": {"type": "plain_text", "text": _OPEN},
            "url": outgoing.link,
            "action_id": "open",
        }
        found.append({"type": "actions", "elements": [button]})  # fmt: skip
    stamp, written = int(outgoing.at.timestamp()), f"{outgoing.at:%Y-%m-%d %H:%M} UTC"
    when = f"<!date^{stamp}^{{date_short_pretty}} {{time}}|{written}>"
    found.append({"type": "context", "elements": [_mrkdwn(f"{when} · to {outgoing.audience}")]})
    return found


def _section(content: dict[str, Any]) -> dict[str, Any]:
    return {"type": "section", **content}


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def _slack_body(outgoing: Outgoing) -> dict[str, Any]:
    return {
        "text": texts.slack(texts.line(outgoing.headline, HEADER), 2 * HEADER),
        "blocks": blocks(outgoing),
    }


def _slack_webhook(settings: SlackWebhook, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    del earlier
    return (Call(settings.url, _slack_body(outgoing), again=False),)


def _slack(settings: Slack, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    """The first message of an incident; later the first one made current, and the update in its thread."""
    token = Credential(settings.token, scheme="Bearer")
    body = {**_slack_body(outgoing), "unfurl_links": False, "unfurl_media": False}
    post = f"{settings.url}/chat.postMessage"
    channel, _, stamp = earlier.partition(":")
    if not stamp or outgoing.occasion is not Occasion.UPDATE:
        return (Call(post, {"channel": settings.channel, **body}, credential=token, again=False),)
    return (
        Call(f"{settings.url}/chat.update", {"channel": channel, "ts": stamp, **_slack_body(outgoing)}, credential=token),
        Call(post, {"channel": channel, "thread_ts": stamp, **body}, credential=token, again=False),
    )  # fmt: skip


def _slack_refused(answer: Answer) -> str:
    document = answer.json()
    if isinstance(document, dict) and document.get("ok") is True:
        return ""
    why = document.get("error") if isinstance(document, dict) else None
    return _REFUSED + texts.line(str(why or "its answer is not that of Slack"), 80)


def _slack_refers(answers: Sequence[Answer], earlier: str) -> str:
    """`C024BE91L:1503435956.000247`: the channel and the first message."""
    document = answers[0].json()
    return earlier or f"{document.get('channel', '')}:{document.get('ts', '')}"


def _runs(outgoing: Outgoing) -> Iterator[dict[str, Any]]:
    """Texts of a card: runs are shown as they are, unlike text blocks, in which marks and links have an effect."""
    yield _run([{"text": texts.line(outgoing.headline, HEADER), "size": "Large", "weight": "Bolder"}])
    if outgoing.said:
        yield _run([{"text": texts.cut(texts.seen(outgoing.said), CARD_TEXT)}])
    for label, value in outgoing.fields[:FIELDS]:
        yield _run([{"text": f"{label}: ", "weight": "Bolder"}, {"text": texts.line(value, CARD_FIELD)}])
    yield _run(
        [
            {
                "text": f"{outgoing.at:%Y-%m-%d %H:%M} UTC · to {outgoing.audience}",
                "isSubtle": True,
                "size": "Small",
            }
        ]
    )


def _run(inlines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **one} for one in inlines]}


def _teams(settings: Teams, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    del earlier
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": texts.line(outgoing.headline, HEADER),
        "msteams": {"width": "Full"},
        "body": [{"type": "Container", "style": _STYLES[outgoing.status], "items": [*_runs(outgoing)]}],
    }
    if outgoing.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": _OPEN, "url": outgoing.link}]
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return (Call(settings.url, {"type": "message", "attachments": [attachment]}, again=False),)


def _mattermost(settings: Mattermost, outgoing: Outgoing, earlier: str) -> tuple[Call, ...]:
    del earlier
    parts = [f"#### {texts.markdown(texts.line(outgoing.headline, HEADER))}"]
    parts += [texts.markdown(outgoing.said)] if outgoing.said else []
    parts += ["\n".join(f"- **{label}:** {texts.markdown(value)}" for label, value in outgoing.fields)]
    parts += [f"[{_OPEN}]({outgoing.link})"] if outgoing.link else []
    body = {"text": texts.cut("\n\n".join(part for part in parts if part), POST)}
    channel = {"channel": settings.channel} if settings.channel else {}
    return (Call(settings.url, {**body, **channel}, again=False),)


def _hook(settings: SlackWebhook | Teams | Mattermost) -> Call:
    return Call(settings.url)


def _auth_test(settings: Slack) -> Call:
    return Call(f"{settings.url}/auth.test", credential=Credential(settings.token, scheme="Bearer"))


KINDS = (
    Kind(SlackWebhook, ANNOUNCED, _slack_webhook, _hook),
    Kind(Slack, ANNOUNCED, _slack, _auth_test, harmless=True, refused=_slack_refused, refers=_slack_refers),
    Kind(Teams, ANNOUNCED, _teams, _hook),
    Kind(Mattermost, ANNOUNCED, _mattermost, _hook),
)
