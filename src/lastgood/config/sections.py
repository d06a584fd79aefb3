"""Sections: what each topic of `lastgood.toml` may hold. Its table is in docs/reference/settings.md."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Any, get_args

import msgspec

from lastgood.config.sinks import AnySink, Recipient
from lastgood.model.access import Role
from lastgood.model.answers import SeverityLevel
from lastgood.model.message import Audience
from lastgood.model.redaction import Redacted


class Team(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[team]`: who is on call."""

    zone: str = "UTC"  # times are shown in it, beside UTC
    url: str = ""  # of the server, for links in messages that are not public


class ActionTemplate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[action]]`: how the team does one kind of thing; `{name}` in an argument is a value that it is given."""

    kind: str
    command: tuple[str, ...]
    targets: tuple[str, ...] = ()  # that it is for; any, where none is named
    undo: tuple[str, ...] = ()
    minutes: Annotated[float, msgspec.Meta(ge=0)] | None = None  # until it works
    risk: str = ""
    evidence_lost: str = ""
    effect: str = ""  # what must come true
    timeout_seconds: Annotated[float, msgspec.Meta(gt=0)] = 120
    environment: tuple[str, ...] = ()  # names of variables that are passed on


class SnapshotCommand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[snapshot]]`: a read-only command whose output is kept before anything is changed."""

    name: str
    command: tuple[str, ...]
    timeout_seconds: Annotated[float, msgspec.Meta(gt=0)] = 10
    environment: tuple[str, ...] = ()


class Updates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[updates]`: how often an incident is spoken of."""

    every: Mapping[SeverityLevel, str] = {}  # over the defaults, severity by severity


class Notified(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of `[[notify]]`: who is informed within what time; any at all replaces the defaults."""

    severity: SeverityLevel
    audience: Audience
    within: str


class SourceOf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of `[[source]]`: a system to ask; those of one name are asked together. Secrets are named as `$NAME`."""

    name: str
    kind: str  # prometheus, loki, kubernetes, gitlab, …: docs/howto/fetch-from-your-systems.md has all
    url: str = ""
    token: Annotated[str, msgspec.Meta(pattern=r"^(\$\w+)?$")] = (
        ""  # sent as the system wants it, usually as Authorization: Bearer
    )
    user: str = ""
    password: Annotated[str, msgspec.Meta(pattern=r"^(\$\w+)?$")] = ""
    headers: dict[str, str] = {}  # such as X-Scope-OrgID
    ca_file: str = ""
    select: str = ""  # its own way to choose: namespace="shop", a query string
    target: str = ""  # owner/repository, an index, a context of kubectl
    parts: tuple[str, ...] = ()  # namespaces

    def __repr__(self) -> str:
        """Without headers, which may hold a secret."""
        return f"SourceOf({self.name!r}, {self.kind!r})"


class Database(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of `[[database]]`: a database or endpoint that may be asked about known troubles, read-only, by its name."""

    name: str
    address: str  # postgresql://…, mysql://…, redis://…, rabbitmq+http://…, go+http://…, actuator+http://…, or env:NAME
    password: Annotated[str, msgspec.Meta(pattern=r"^(\$\w+)?$")] = ""  # $NAME of the environment variable


class Incident(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[incident]`: how an incident is worked on."""

    timebox: str = "30m"  # without a supported hypothesis: escalate
    escalate_to: str = ""


class Slo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[slo]`: which share of requests must succeed, in percent, and over how many days."""

    target: Annotated[float, msgspec.Meta(gt=0, lt=100)] | None = None
    days: Annotated[int, msgspec.Meta(ge=1)] = 30
    services: dict[str, Annotated[float, msgspec.Meta(gt=0, lt=100)]] = {}  # targets of their own


class Postmortems(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[postmortem]`: from how many minutes on something could have been better."""

    detect_minutes: Annotated[float, msgspec.Meta(gt=0)] = 5
    severity_minutes: Annotated[float, msgspec.Meta(gt=0)] = 15
    silence_minutes: Annotated[float, msgspec.Meta(gt=0)] = 30
    mitigate_minutes: Annotated[float, msgspec.Meta(gt=0)] = 60


class Budgets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[budget]`: how long a question may take, and all of a triage; what is not finished by then is left open."""

    question: str = "20s"
    triage: str = "60s"
    questions: dict[str, str] = {}  # of one by its name, over `question`


class Redaction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[redaction]`: what is replaced by a keyed token before telemetry is stored."""

    kinds: tuple[Redacted, ...] = tuple(Redacted)  # none: nothing is replaced
    keep: tuple[str, ...] = ()  # attributes that are stored as they are
    fields: tuple[str, ...] = ()  # attributes whose whole value is personal


class Retention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[retention]`: how much telemetry a server keeps: days, bytes or both, `14d 50GB`; empty: all."""

    logs: str = ""
    spans: str = ""
    metrics: str = ""
    disk_free: str = "2GB"  # with less free, the oldest telemetry goes; empty: never for this reason


class Oidc(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[oidc]`: log-in through an OpenID Connect provider; `team.url` is where browsers come back to."""

    issuer: str  # exactly as the provider writes it
    client_id: Annotated[str, msgspec.Meta(min_length=1)]
    client_secret: Annotated[str, msgspec.Meta(pattern=r"^(\$\w+)?$")] = (
        ""  # $NAME of the environment variable
    )
    claim: str = "groups"  # whose values give roles; a.b is b within a
    roles: dict[Role, tuple[str, ...]]
    name: str = "email"  # the claim that is the name of a user here
    scopes: tuple[str, ...] = ("openid", "email", "profile")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `lastgood.toml` may say."""

    store: str | None = None
    record: str | None = None
    zone: str | None = None
    team: Team = Team()
    action: tuple[ActionTemplate, ...] = ()
    snapshot: tuple[SnapshotCommand, ...] = ()
    updates: Updates = Updates()
    notify: tuple[Notified, ...] = ()
    sink: tuple[AnySink, ...] = ()
    recipient: tuple[Recipient, ...] = ()
    source: tuple[SourceOf, ...] = ()
    database: tuple[Database, ...] = ()
    incident: Incident = Incident()
    slo: Slo = Slo()
    postmortem: Postmortems = Postmortems()
    budget: Budgets = Budgets()
    redaction: Redaction = Redaction()
    retention: Retention = Retention()
    oidc: Oidc | None = None


def names_at(place: str) -> list[str]:
    """The names that may stand at a place of the settings such as `sink[0]`: keys of a table, or words of a list of words."""
    at: list[Any] = [Settings]
    for part in filter(None, re.sub(r"\[[^\]]*\]", "", place).split(".")):
        at = [
            inner for one in at for key, kind in _keys(one).items() if part == key for inner in _inside(kind)
        ]
    words = [str(member.value) for one in at if issubclass(one, Enum) for member in one]
    return words or [key for one in at for key in _keys(one)]


def _keys(kind: type) -> dict[str, Any]:
    if not issubclass(kind, msgspec.Struct):
        return {}
    return {field.encode_name: field.type for field in msgspec.structs.fields(kind)}


def _inside(kind: Any) -> list[type]:
    """The tables and lists of words that a type is made of."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct | Enum):
        return [kind]
    return [found for part in get_args(kind) for found in _inside(part)]
