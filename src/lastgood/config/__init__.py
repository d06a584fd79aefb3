"""Settings: flags over environment over `lastgood.toml` over defaults.

The file is found in the working directory, else in the configuration home; `LASTGOOD_CONFIG` names another. One that
is merely there, in the working directory, may have come with what was checked out: until it is trusted (`lastgood trust`) what could
run or send anything in it is left out.
A topic is a typed section here, and its table in docs/reference/settings.md.
"""

import hashlib
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from lastgood.config.sections import (
    ActionTemplate,
    Budgets,
    Database,
    Incident,
    Notified,
    Oidc,
    Postmortems,
    Redaction,
    Retention,
    Settings,
    Slo,
    SnapshotCommand,
    SourceOf,
    Team,
    Updates,
    names_at,
)
from lastgood.config.sinks import (
    AnySink,
    FileSink,
    Github,
    Gitlab,
    Instatus,
    Jira,
    Linear,
    Mail,
    Mattermost,
    Ntfy,
    Opsgenie,
    Pagerduty,
    Recipient,
    Slack,
    SlackWebhook,
    Statuspage,
    Teams,
    WebhookSink,
)
from lastgood.errors import UsageError, instead
from lastgood.model.answers import SeverityLevel
from lastgood.model.message import Audience, Notify, Rhythm
from lastgood.model.moments import parse_duration

__all__ = [
    "FILE",
    "ActionTemplate",
    "AnySink",
    "Budgets",
    "Config",
    "Database",
    "FileSink",
    "Github",
    "Gitlab",
    "Incident",
    "Instatus",
    "Jira",
    "Linear",
    "Mail",
    "Mattermost",
    "Notified",
    "Ntfy",
    "Oidc",
    "Opsgenie",
    "Pagerduty",
    "Postmortems",
    "Recipient",
    "Redaction",
    "Retention",
    "Settings",
    "Slack",
    "SlackWebhook",
    "Slo",
    "SnapshotCommand",
    "SourceOf",
    "Statuspage",
    "Team",
    "Teams",
    "Updates",
    "WebhookSink",
    "configured",
    "data_home",
    "debugging",
    "place_of",
    "settings",
    "settings_file",
    "trust",
    "trusted",
    "unsafe",
    "untrusted",
    "url_problem",
    "zone_of",
]

FILE = "lastgood.toml"
_EVERY: Mapping[SeverityLevel, str] = {
    SeverityLevel.SEV1: "15m",
    SeverityLevel.SEV2: "30m",
    SeverityLevel.SEV3: "1h",
    SeverityLevel.SEV4: "4h",
}
# The first message within five minutes; who decides hears of what is major, everybody of a full outage.
_NOTIFY = tuple(
    Notify(severity, audience, timedelta(minutes=minutes))
    for severity, audience, minutes in (
        (SeverityLevel.SEV1, Audience.TEAM, 5),
        (SeverityLevel.SEV1, Audience.STAKEHOLDERS, 15),
        (SeverityLevel.SEV1, Audience.PUBLIC, 30),
        (SeverityLevel.SEV2, Audience.TEAM, 5),
        (SeverityLevel.SEV2, Audience.STAKEHOLDERS, 30),
        (SeverityLevel.SEV3, Audience.TEAM, 15),
    )
)
_WRONG = re.compile(r"unknown field `(.+)`|(?:enum )?value '(.+)'")
_TYPES = {"array": "a list", "str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false", "object": "a section"}  # fmt: skip
_EXPECTED, _PATTERN = re.compile(r"^Expected `(\w+)[^`]*`, got `(\w+)`"), re.compile(r"matching regex '(.*)'")
_PLACE = re.compile(r" - at (?:`key` in )?`(?:key in )?\$\.?(.*)`$")


@dataclass(frozen=True, slots=True)
class Config:
    """What one run is given from outside."""

    store: str = field(repr=False)  # address of the telemetry store; may hold a password
    record: str = field(repr=False)  # address of the record of incidents; may hold a password
    zone: ZoneInfo  # of input times that do not say theirs
    team_zone: ZoneInfo  # of times for people, beside UTC
    rhythm: Rhythm  # of updates
    timebox: timedelta  # from the opening of an incident to a supported hypothesis
    settings: Settings = field(repr=False)


def configured(store: str | None = None, zone: str | None = None) -> Config:
    """The settings: flags first, then the environment, then `lastgood.toml`, then the defaults.

    Raises:
        UsageError: a setting that means nothing; says where it stands.
    """
    given, home = settings(), _home("XDG_DATA_HOME", ".local/share")
    return Config(
        store=store or os.environ.get("LASTGOOD_STORE") or given.store or f"chdb://{home / 'lastgood'}",
        record=os.environ.get("LASTGOOD_RECORD")
        or given.record
        or f"sqlite:///{home / 'lastgood-incidents' / 'record.db'}",
        zone=zone_of(zone or os.environ.get("LASTGOOD_TZ") or given.zone or "UTC"),
        team_zone=zone_of(given.team.zone),
        rhythm=_rhythm(given),
        timebox=parse_duration(given.incident.timebox),
        settings=given,
    )


def data_home() -> Path:
    """Where data of this person are kept: XDG_DATA_HOME."""
    return _home("XDG_DATA_HOME", ".local/share")


def debugging() -> bool:
    """Whether `LASTGOOD_DEBUG` asks for the traceback of a fault instead of a sentence about it."""
    return os.environ.get("LASTGOOD_DEBUG", "") not in {"", "0"}


def drill_folder() -> Path | None:
    """The folder of the drill whose record the environment names; None with a real record, whatever `LASTGOOD_DRILL` says."""
    named = os.environ.get("LASTGOOD_DRILL", "")
    folder = Path(named).absolute()
    return (
        folder if named and os.environ.get("LASTGOOD_RECORD") == f"sqlite:///{folder / 'record.db'}" else None
    )


def settings() -> Settings:
    """What the file says; the defaults where there is none.

    Raises:
        UsageError: the file cannot be read; says which, where and what was expected.
    """
    found = settings_file()
    if found is None:
        return Settings()
    given = _read(found.absolute())
    if unsafe(given) and not trusted(found):
        given = _harmless(given)
    for sink in given.sink:
        # What a variable holds is seen when it is needed: not every command has it.
        if isinstance(sink, WebhookSink) and not sink.url.startswith("$") and (flaw := url_problem(sink.url)):
            raise UsageError(
                f"{found}: the url of the sink {sink.name!r} cannot be used: {flaw}.",
                hint="Write it as https://host/path, or as $NAME of an environment variable.",
            )
    if drill_folder():  # a drill pages and informs no one
        given = msgspec.structs.replace(
            given, sink=tuple(one for one in given.sink if isinstance(one, FileSink))
        )
    if (given.action or given.snapshot) and _anybodys(found):
        raise UsageError(
            f"{found} can be written by others, so others can change its commands.",
            hint=f"Make it yours: chown $USER {found} && chmod o-w {found}",
        )
    return given


def settings_file() -> Path | None:
    """The file that the settings are read from; None where there is none.

    Raises:
        UsageError: the one that LASTGOOD_CONFIG names is not there.
    """
    named = os.environ.get("LASTGOOD_CONFIG")
    if named and not Path(named).is_file():
        raise UsageError(f"There is no file {named}, which LASTGOOD_CONFIG names.")
    places = [Path(named)] if named else [Path(FILE), _home("XDG_CONFIG_HOME", ".config") / "lastgood" / FILE]
    return next((path for path in places if path.is_file()), None)


def place_of(problem: msgspec.ValidationError) -> tuple[str, str]:
    """Where in the file a value is wrong, and what is wrong with it, with what may be meant."""
    found = _PLACE.search(str(problem))
    place, text = (found[1] if found else ""), _PLACE.sub("", str(problem))
    if (types := _EXPECTED.search(text)) and {types[1], types[2]} <= {*_TYPES}:
        text = f"expected {_TYPES[types[1]]}, not {_TYPES[types[2]]}"
    if (pattern := _PATTERN.search(text)) and r"\\$" in pattern[1]:
        files = ", or file:/path" if "file:" in pattern[1] else ""
        text = f"a secret is not written here: name an environment variable, as $NAME{files}"
    if wrong := _WRONG.search(text):
        text = f"{text}. {instead(wrong[1] or wrong[2], names_at(place))}".rstrip(" .")
    return place, text


def unsafe(given: Settings) -> tuple[str, ...]:
    """The settings of a file that run, send, uncover, delete or let in: commands, sinks, sources, stores, log-in, less redaction.

    A store that others made may hold views that run programs when it is opened; a record may say what was never done.
    """
    names = [
        name
        for name in ("action", "snapshot", "sink", "source", "database", "store", "record", "oidc")
        if getattr(given, name)
    ]
    weaker = given.redaction.kinds != Redaction().kinds or given.redaction.keep
    names += ["redaction"] if weaker else []
    return (*names, "retention") if given.retention != Retention() else tuple(names)


def _harmless(given: Settings) -> Settings:
    safe = {
        "store": None, "record": None, "oidc": None, "redaction": Redaction(fields=given.redaction.fields), "retention": Retention(),
    }  # fmt: skip
    return msgspec.structs.replace(given, **{name: safe.get(name, ()) for name in unsafe(given)})


def untrusted() -> tuple[Path, tuple[str, ...]] | None:
    """The file whose unsafe settings are left out, and which those are; None where all is in force.

    Raises:
        UsageError: the file cannot be read.
    """
    found = settings_file()
    if found is None or trusted(found):
        return None
    names = unsafe(_read(found.absolute()))
    return (found, names) if names else None


def trusted(path: Path) -> bool:
    """Whether a file of settings is in force as a whole: it was named, it is in the configuration home, or it was trusted as it is."""
    if os.environ.get("LASTGOOD_CONFIG") or path != Path(FILE):
        return True
    return _mark(path).exists()


def trust(path: Path, *, trusting: bool = True) -> None:
    """Keep that a file is trusted at this path with this content, or no longer.

    Raises:
        UsageError: there is no such file.
    """
    if not path.is_file():
        raise UsageError(f"There is no file {path}.", hint="Name a lastgood.toml, or run it in its folder.")
    mark = _mark(path)
    if not trusting:
        mark.unlink(missing_ok=True)
        return
    mark.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.write_text(f"{path.resolve()}\n", "utf-8")


def _mark(path: Path) -> Path:
    """Where it is kept that a file is trusted: under a digest of its path and its content."""
    digest = hashlib.sha256(os.fsencode(path.resolve()) + b"\0" + path.read_bytes()).hexdigest()
    return _home("XDG_DATA_HOME", ".local/share") / "lastgood-trusted" / digest


def url_problem(url: str) -> str:
    """Why a webhook cannot have this URL, which is not repeated, for it may hold a secret; empty when it can."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        return "its host or port is invalid"
    if split.scheme not in {"https", "http"} or not split.hostname or port == 0:
        return "it is not of the form https://host/path"
    return "it has white space or control characters" if any(c <= " " or c == "\x7f" for c in url) else ""


def _anybodys(path: Path) -> bool:
    about = path.stat()
    return about.st_uid not in {0, os.geteuid()} or bool(about.st_mode & stat.S_IWOTH)


@cache
def _read(path: Path) -> Settings:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Settings)
    except msgspec.ValidationError as problem:
        place, what = place_of(problem)
        where = f"{path}: {place}" if place else str(path)
        raise UsageError(
            f"{where}: {what}.", hint="Allowed settings: docs/reference/settings.md."
        ) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as problem:
        raise UsageError(f"{path} cannot be read: {problem}.") from problem


def _rhythm(given: Settings) -> Rhythm:
    every = {
        severity: _duration("updates.every", text)
        for severity, text in {**_EVERY, **given.updates.every}.items()
    }
    notify = [
        Notify(one.severity, one.audience, _duration("notify.within", one.within)) for one in given.notify
    ]
    return Rhythm(every, tuple(notify) or _NOTIFY)


def _duration(setting: str, text: str) -> timedelta:
    try:
        return parse_duration(text)
    except UsageError as problem:
        raise UsageError(f"{setting}: {problem.message}", hint=problem.hint) from problem


def zone_of(name: str) -> ZoneInfo:
    """The time zone of a name.

    Raises:
        UsageError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise UsageError(
            f"There is no time zone {name!r}.", hint="Use a name such as Europe/Berlin."
        ) from problem


def _home(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / default)


RHYTHM = _rhythm(Settings())  # of updates, where no other is set
