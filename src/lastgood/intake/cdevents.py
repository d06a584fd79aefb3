"""CDEvents and CloudEvents: what pipelines and platforms say they did, as changes and alerts.

Structured JSON: one event, a batch (array) or JSON lines; CDEvents also without a CloudEvents envelope.
The types are those of CDEvents 0.4 and 0.5; flags come as custom events (`dev.cdeventsx.*flag*`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, alert, at, at_first, change, decoded, glimpses, inside, said, text
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

# Subject and predicate of a CDEvents type: the kind of change it is.
_KINDS = {
    ("service", "deployed"): "deploy", ("service", "upgraded"): "deploy", ("service", "rolledback"): "deploy",
    ("service", "removed"): "deploy", ("service", "published"): "deploy", ("environment", "created"): "infrastructure",
    ("environment", "modified"): "config", ("environment", "deleted"): "infrastructure", ("change", "merged"): "commit",
}  # fmt: skip
# Words in other events' types, the first that is there.
_WORDS = (
    ("flag", "flag"), ("migration", "migration"), ("certificate", "certificate"), ("dns", "dns"), ("scal", "scaling"),
    ("config", "config"), ("secret", "config"), ("deploy", "deploy"), ("release", "deploy"), ("rollback", "deploy"),
    ("infra", "infrastructure"),
)  # fmt: skip


def recognise(given: Input) -> Claim | None:
    """JSON whose first object is a CloudEvent (specversion and type) or a CDEvent (context and subject)."""
    for row in glimpses(given, 1):
        kind = inside(row, "context", "type") or (row.get("type") if "specversion" in row else None)
        if isinstance(kind, str):
            family = "CDEvents" if kind.startswith("dev.cdevents") else "CloudEvents"
            return Claim(family, 0.97, f"its first event is of type {kind}")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change or an alert for each event that says one."""
    del claim, settings
    return decoded(given, (), _rows)


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    event = row if "context" in row else row.get("data")
    kind = str(inside(event, "context", "type") or row.get("type") or "")
    if isinstance(event, Mapping) and kind.startswith("dev.cdevents"):
        yield from _cdevent(kind, event, row)
    else:
        yield _other(kind, row)


def _cdevent(kind: str, event: Mapping[str, Any], outer: Mapping[str, Any]) -> Iterator[Row]:
    context, subject = event["context"], event.get("subject") or {}
    content = subject.get("content") or {}
    parts = kind.split(".")
    what, did = (parts[2], parts[3]) if len(parts) > 3 else (kind, "")
    time = at(context.get("timestamp") or outer.get("time"))
    identity = str(context.get("id") or outer.get("id") or "")
    artifact = str(content.get("artifactId") or "")
    service = str(inside(content, "service", "id") or subject.get("id") or "")
    environment = str(inside(content, "environment", "id") or "")
    if what in {"incident", "ticket"}:
        if what == "incident":
            state = "resolved" if did == "resolved" else "firing"
            summary = str(content.get("description") or "")
            yield alert(
                f"incident {did}", time, id=identity, service=inside(content, "service", "id"), state=state,
                summary=summary, labels={"environment": environment, "source": context.get("source")},
            )  # fmt: skip
        return
    chosen = _KINDS.get((what, did)) or _by_word(kind)
    if chosen is None:  # builds, tests and artifacts change nothing that runs
        return
    yield change(
        chosen, time, id=identity, service=service if what != "environment" else "", state=did,
        title=f"{what} {subject.get('id', '')} {did}".strip(), version=_version(artifact), source="cdevents",
        actor=text(content.get("author") or context.get("author") or ""), url=content.get("url") or content.get("uri"),
        attributes={
            "deployment.environment.name": environment, "cdevents.artifact": artifact, "cdevents.type": kind,
            "cdevents.source": context.get("source"), **_custom(event),
        },
    )  # fmt: skip


def _custom(event: Mapping[str, Any]) -> dict[str, str]:
    given = event.get("customData")
    return said(given) if isinstance(given, Mapping) else {}


def _other(kind: str, row: Mapping[str, Any]) -> Row:
    given = row.get("data")
    content: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    service = content.get("service") or content.get("serviceName") or row.get("subject") or ""
    version = content.get("version") or content.get("tag") or ""
    return change(
        _by_word(kind) or "infrastructure", at_first(row, "time"), id=row.get("id"), service=text(service),
        title=text(content.get("title") or content.get("message") or f"{kind} {row.get('subject') or ''}".strip()),
        version=text(version), actor=text(content.get("actor") or content.get("user") or ""), source="cloudevents",
        attributes={"cloudevents.type": kind, "cloudevents.source": row.get("source"), **said(content)},
    )  # fmt: skip


def _by_word(kind: str) -> str | None:
    return next((chosen for word, chosen in _WORDS if word in kind.lower()), None)


def _version(artifact: str) -> str:
    """The version of a package URL: pkg:oci/name@sha256:…?tag=v2 → v2."""
    name, _, qualifiers = artifact.partition("?")
    for qualifier in qualifiers.split("&"):
        if qualifier.startswith("tag="):
            return qualifier[4:]
    return name.partition("@")[2]


SOURCE = Source("cdevents", frozenset({Signal.CHANGES, Signal.ALERTS}), recognise, decode)
