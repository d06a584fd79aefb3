"""Sections of sinks: `[[sink]]` by its kind. A secret is named, as `$NAME` of the environment or `file:/path`, never written."""

from typing import Annotated, Literal

import msgspec

from lastgood.model.answers import SeverityLevel
from lastgood.model.message import Audience

Secret = Annotated[str, msgspec.Meta(pattern=r"^(\$\w+|file:(?!//).+)$")]
Maybe = Annotated[str, msgspec.Meta(pattern=r"^(\$\w+|file:(?!//).+)?$")]
_MAJOR = (SeverityLevel.SEV1, SeverityLevel.SEV2)


class _Sink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What all have."""

    name: str


class _Telling(_Sink, frozen=True, kw_only=True):
    """One that takes updates, and changes where that is wanted."""

    audiences: tuple[Audience, ...] = tuple(Audience)
    changes: bool = False  # whether each change that the server accepts is posted


class FileSink(_Telling, frozen=True, kw_only=True, tag="file"):
    """Updates are added to a file, as Markdown."""

    path: str


class WebhookSink(_Telling, frozen=True, kw_only=True, tag="webhook"):
    """Updates are posted as JSON, signed as Standard Webhooks say."""

    url: str
    secret: str  # whsec_…, or its name
    allow: tuple[str, ...] = ()  # hosts and networks that need not be public

    def __repr__(self) -> str:
        """Without the secret, nor a URL that may hold one."""
        return f"WebhookSink({self.name!r})"


class SlackWebhook(_Telling, frozen=True, kw_only=True, tag="slack-webhook"):
    """A channel of Slack by its incoming webhook."""

    url: Secret
    allow: tuple[str, ...] = ()


class Slack(_Telling, frozen=True, kw_only=True, tag="slack"):
    """A channel of Slack by an app: the first message is kept current, the updates are its thread."""

    channel: str
    token: Secret  # xoxb-…, with the scope chat:write
    url: str = "https://slack.com/api"
    allow: tuple[str, ...] = ()


class Teams(_Telling, frozen=True, kw_only=True, tag="teams"):
    """A channel of Microsoft Teams by a webhook of Workflows."""

    url: Secret
    allow: tuple[str, ...] = ()


class Mattermost(_Telling, frozen=True, kw_only=True, tag="mattermost"):
    """A channel of Mattermost by its incoming webhook."""

    url: Secret
    channel: str = ""  # instead of the webhook's own
    allow: tuple[str, ...] = ()


class Mail(_Telling, frozen=True, kw_only=True, tag="email"):
    """Messages by SMTP."""

    host: str
    sender: str
    to: tuple[str, ...]
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: Maybe = ""
    allow: tuple[str, ...] = ()


class Statuspage(_Sink, frozen=True, kw_only=True, tag="statuspage"):
    """A page of Statuspage."""

    page: str
    token: Secret
    components: tuple[str, ...] = ()  # ids of those that are affected
    audiences: tuple[Audience, ...] = (Audience.PUBLIC,)
    url: str = "https://api.statuspage.io/v1"
    allow: tuple[str, ...] = ()


class Instatus(_Sink, frozen=True, kw_only=True, tag="instatus"):
    """A page of Instatus."""

    page: str
    token: Secret
    components: tuple[str, ...] = ()
    audiences: tuple[Audience, ...] = (Audience.PUBLIC,)
    url: str = "https://api.instatus.com"
    allow: tuple[str, ...] = ()


class _Paging(_Sink, frozen=True, kw_only=True):
    """One that calls a person."""

    severities: tuple[SeverityLevel, ...] = _MAJOR  # once a person has set one of them
    timebox: bool = False  # when the time box ends without a supported hypothesis
    audiences: tuple[Audience, ...] = ()  # none: it takes no updates
    allow: tuple[str, ...] = ()


class Pagerduty(_Paging, frozen=True, kw_only=True, tag="pagerduty"):
    """A service of PagerDuty by its Events API v2."""

    key: Secret  # the integration's
    url: str = "https://events.pagerduty.com/v2"


class Opsgenie(_Paging, frozen=True, kw_only=True, tag="opsgenie"):
    """Alerts of Opsgenie."""

    key: Secret
    url: str = "https://api.opsgenie.com/v2"


class Ntfy(_Paging, frozen=True, kw_only=True, tag="ntfy"):
    """A topic of ntfy; its name is as good as a password."""

    topic: Secret
    token: Maybe = ""
    url: str = "https://ntfy.sh"


class _Tickets(_Sink, frozen=True, kw_only=True):
    """One that keeps tickets."""

    severities: tuple[SeverityLevel, ...] = (SeverityLevel.SEV4,)
    follow_ups: bool = True
    labels: tuple[str, ...] = ("incident",)
    audiences: tuple[Audience, ...] = ()
    allow: tuple[str, ...] = ()


class Github(_Tickets, frozen=True, kw_only=True, tag="github"):
    """Issues of a repository on GitHub."""

    repository: Annotated[str, msgspec.Meta(pattern=r"^[\w.-]+/[\w.-]+$")]
    token: Secret
    url: str = "https://api.github.com"


class Gitlab(_Tickets, frozen=True, kw_only=True, tag="gitlab"):
    """Issues of a project on GitLab."""

    project: str  # its number, or group/project
    token: Secret
    url: str = "https://gitlab.com"


class Jira(_Tickets, frozen=True, kw_only=True, tag="jira"):
    """Issues of a project in Jira."""

    project: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]  # its key
    token: Secret
    url: str
    user: str = ""  # of Jira Cloud: the e-mail address; without one the token is sent as Bearer
    type: str = "Task"


class Linear(_Tickets, frozen=True, kw_only=True, tag="linear"):
    """Issues of a team in Linear."""

    team: str  # its id, a UUID
    token: Secret
    url: str = "https://api.linear.app"


AnySink = (
    FileSink | WebhookSink | SlackWebhook | Slack | Teams | Mattermost | Mail | Statuspage | Instatus
    | Pagerduty | Opsgenie | Ntfy | Github | Gitlab | Jira | Linear
)  # fmt: skip


class Recipient(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of `[[recipient]]`: a person who is to be notified, by severity."""

    name: str  # engineering lead, CTO, support, status page
    severities: tuple[SeverityLevel, ...] = _MAJOR
    within: str = ""  # of the severity being known
    sinks: tuple[str, ...] = ()  # what arrives there has notified them
