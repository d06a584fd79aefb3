"""Events and releases of Sentry as JSON: what its API lists, one event as it is downloaded, and as it is sent.

An event is an error line, with its exception, release, environment and user. A release that is named for the first time is no
change: when it was deployed is not said. One of the list of releases is, if that says when it was deployed or released.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, at, at_first, change, decoded, glimpses, inside, logged
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

_TIMES = ("dateCreated", "timestamp", "datetime", "lastSeen", "dateReceived", "received")
_RELEASE = frozenset({"version", "dateCreated", "dateReleased", "lastDeploy", "projects"})
_LEVELS = {"debug": "DEBUG", "info": "INFO", "warning": "WARN", "fatal": "FATAL"}


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects are events of Sentry."""
    for row in glimpses(given, 3):
        if _is_event(row):
            return Claim("Sentry events", 0.97, "its first object is an event of Sentry")
        if row.keys() >= _RELEASE:
            return Claim("Sentry releases", 0.97, "its first object is a release of Sentry")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The events; a deploy for each release."""
    del settings
    rows = _released if claim.format == "Sentry releases" else _rows
    return decoded(given, ("data", "events"), rows)


def _is_event(row: Mapping[str, Any]) -> bool:
    named = bool({"event_id", "eventID"} & row.keys())
    return named and bool({"platform", "exception", "entries", "groupID", "culprit"} & row.keys())


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    tags = _tags(row.get("tags"))
    level = str(row.get("level") or tags.get("level") or "error").lower()
    exceptions = _values(row, "exception")
    kind, value = (str((exceptions[-1] if exceptions else {}).get(name) or "") for name in ("type", "value"))
    title = row.get("title") or row.get("message") or inside(row, "logentry", "formatted") or ""
    release = row.get("release") or tags.get("release") or ""
    version = inside(release, "version") if isinstance(release, Mapping) else release
    service, _, number = str(version or "").rpartition("@")
    yield logged(
        f"{kind}: {value}" if kind else str(title) or "an event without a title", at_first(row, *_TIMES),
        _LEVELS.get(level, "ERROR"), service=service or row.get("project") or tags.get("service") or "",
        source=row.get("logger"), trace=inside(row, "contexts", "trace", "trace_id"),
        attributes={
            "exception.type": kind, "exception.message": value, "exception.stacktrace": _frames(exceptions),
            "url.path": row.get("transaction") or tags.get("transaction"), "code.function": row.get("culprit"),
            "user.id": inside(row, "user", "id"), "sentry.event_id": row.get("eventID") or row.get("event_id"),
            **{name: text for name, text in tags.items() if name not in {"level", "release", "environment"}},
        },
        resource={
            "service.version": number or version, "host.name": row.get("server_name") or tags.get("server_name"),
            "deployment.environment": row.get("environment") or tags.get("environment"),
        },
    )  # fmt: skip


def _released(row: Mapping[str, Any]) -> Iterator[Row]:
    """A release as a change, from its last deploy, else from when it was released; as a line where neither is known."""
    deploy = row.get("lastDeploy") or {}
    version = str(row["version"])
    named, _, number = version.rpartition("@")
    service = str(row.get("project") or named or inside(next(iter(row["projects"]), {}), "slug") or "")
    ended = deploy.get("dateFinished")
    began = deploy.get("dateStarted") or ended or row["dateReleased"]
    if not began:
        yield logged(f"release {version} was made", at(row["dateCreated"]), service=service, source="sentry")
        return
    where = str(deploy.get("environment") or "")
    yield change(
        "deploy", at(began), until=at(ended) if ended else None, id=f"sentry/{version}/{deploy.get('id') or ''}", service=service,
        version=number or version, title=" to ".join(filter(None, (f"release {version}", where))), source="sentry",
        url=deploy.get("url") or row.get("url"),
        attributes={"deployment.environment.name": where, "vcs.ref.head.revision": row.get("ref")},
    )  # fmt: skip


def _tags(given: Any) -> dict[str, str]:
    """Tags as an object, as pairs, or as the objects that the API gives."""
    if isinstance(given, Mapping):
        return {str(name): str(value) for name, value in given.items()}
    pairs = (one.values() if isinstance(one, Mapping) else one for one in given or ())
    return {str(name): str(value) for name, value, *_ in pairs}


def _values(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The exceptions of an event, wherever it keeps them; the last one is what was raised at the end."""
    given = row.get(name)
    if given is None:
        given = next((one.get("data") for one in row.get("entries") or () if one.get("type") == name), None)
    found = given.get("values") if isinstance(given, Mapping) else given
    return [one for one in found or () if isinstance(one, Mapping)]


def _frames(exceptions: list[Mapping[str, Any]]) -> str:
    frames = inside(exceptions[-1], "stacktrace", "frames") if exceptions else None
    return "\n".join(
        f"  at {one.get('function')} ({one.get('filename')}:{one.get('lineno', one.get('lineNo'))})"
        for one in frames or ()
    )


SOURCE = Source("sentry", frozenset({Signal.LOGS, Signal.CHANGES}), recognise, decode)
