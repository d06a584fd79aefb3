"""GitHub deployments and their statuses: API arrays, webhook payloads, or JSON lines of either.

A deployment took effect when its status says `success`, or `in_progress`; both are kept.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, at_first, change, decoded, glimpses, inside
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

STATES = frozenset(["error", "failure", "inactive", "in_progress", "queued", "pending", "success", "waiting"])


def recognise(given: Input) -> Claim | None:
    """JSON whose first object is a deployment (sha, ref, environment), one's status, or a webhook about one."""
    for row in glimpses(given, 1):
        if isinstance(row.get("deployment"), dict):
            return Claim("GitHub deployment webhook", 0.97, "it has a deployment")
        if {"sha", "ref", "environment", "created_at"} <= row.keys():
            return Claim("GitHub deployments", 0.97, "its first object has sha, ref and environment")
        if str(row.get("state")) in STATES and "deployment_url" in row:
            return Claim("GitHub deployment statuses", 0.97, "its first object has state and deployment_url")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A deploy for each deployment and each status of one."""
    del claim, settings
    return decoded(given, ("deployments", "deployment_statuses"), _rows)


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    deployment = row.get("deployment")
    if isinstance(deployment, Mapping):
        repository = str(inside(row, "repository", "name") or "")
        status = row.get("deployment_status")
        yield _deploy(deployment, status if isinstance(status, Mapping) else None, repository)
    elif "sha" in row:
        statuses, held = row.get("statuses"), row.get("repository")
        named = _last(held if isinstance(held, str) else inside(held, "name"))
        yield _deploy(row, None, named)
        for status in statuses if isinstance(statuses, list) else []:
            yield _deploy(row, status, named)
    else:
        yield _deploy({}, row, "")


def _deploy(deployment: Mapping[str, Any], status: Mapping[str, Any] | None, repository: str) -> Row:
    latest: Mapping[str, Any] = status if status is not None else deployment
    identity = deployment.get("id") or _last(latest.get("deployment_url"))
    service = _service(deployment) or repository or _repository(latest)
    reference = str(deployment.get("ref") or "")
    state = str(latest.get("state") or "created")
    environment = latest.get("environment") or deployment.get("environment") or ""
    return change(
        "deploy", at_first(latest, "created_at", "updated_at"),
        id=f"github/{identity}/{latest.get('id')}" if status is not None else f"github/{identity}",
        service=service, state=state, version=reference or str(deployment.get("sha") or "")[:12],
        title=_title(str(latest.get("description") or deployment.get("description") or f"to {environment}: {state}"), service, reference),
        actor=inside(latest, "creator", "login") or inside(deployment, "creator", "login"), source="github",
        url=latest.get("log_url") or latest.get("environment_url") or latest.get("url"),
        attributes={
            "deployment.environment.name": environment, "vcs.ref.head.revision": deployment.get("sha"),
            "deployment.id": identity, "github.task": deployment.get("task"),
        },
    )  # fmt: skip


def _title(said: str, service: str, reference: str) -> str:
    """What was deployed, and what is said of it: a description alone may name instances, or all."""
    return (
        said if reference and reference in said else " ".join(filter(None, (service, f"{reference}:", said)))
    )


def _service(deployment: Mapping[str, Any]) -> str:
    payload = deployment.get("payload")
    named = inside(payload, "service") or inside(payload, "app") or inside(payload, "name")
    return str(named or "")


def _repository(row: Mapping[str, Any]) -> str:
    """NAME of an address …/repos/OWNER/NAME/deployments/…, else nothing."""
    for field in ("repository_url", "url", "deployment_url"):
        parts = str(row.get(field) or "").split("/repos/")
        if len(parts) == 2 and "/" in parts[1]:
            return parts[1].split("/")[1]
    return ""


def _last(address: Any) -> str:
    return str(address or "").rstrip("/").rpartition("/")[2]


SOURCE = Source("github", frozenset({Signal.CHANGES}), recognise, decode)
