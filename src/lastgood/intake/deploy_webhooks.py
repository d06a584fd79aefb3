"""What tools post when they have deployed or applied something: GitLab, Argo CD, Flux, Jenkins, Terraform Cloud, PagerDuty.

One body tells of one step. Only what took effect, or failed on the way to it, is a change: a run that is planned, a test
message and a build that deploys nothing are none.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lastgood.decoding.change import UNKNOWN, Row, at, at_first, change, decoded, glimpses, inside, kind_of
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.signal import Signal

Body = Mapping[str, Any]

_DEPLOYS = re.compile(r"deploy|release|rollout|roll[- ]?back|promot", re.IGNORECASE)
_JENKINS_DONE = frozenset({"COMPLETED", "FINALIZED"})  # both are sent of the same build
_ARGO_DONE = frozenset({"Succeeded", "Failed", "Error"})
_FLUX_DONE = re.compile(r"(?:Succeeded|Failed)$")
_TERRAFORM_DONE = {"applied": "applied", "errored": "failed"}
_REVISION = re.compile(r"^(?:.*[@/])?(?:sha1:|sha256:)?(?P<commit>[0-9a-f]{7,64})$")
_PARAMETERS = ("VERSION", "version", "TAG", "tag", "IMAGE_TAG", "RELEASE")


def recognise(given: Input) -> Claim | None:
    """The first object has the fields of one of these tools."""
    for row in glimpses(given, 1)[:1]:
        for form, (fits, _) in _FORMS.items():
            if fits(row):
                return Claim(form, 0.985, "its fields are those of its webhook")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """The changes that a body reports."""
    del settings
    return decoded(given, (), _FORMS[claim.format][1])


def _gitlab(row: Body) -> Iterator[Row]:
    state, reference = str(row["status"]), str(row.get("ref") or "")
    environment, commit = str(row.get("environment") or ""), str(row.get("short_sha") or "")
    title = f"deploy {reference or commit} to {environment}: {state}"
    yield change(
        "deploy", at_first(row, "status_changed_at"), id=f"gitlab/{row.get('deployment_id')}/{state}", state=state,
        service=_last(inside(row, "project", "path_with_namespace") or inside(row, "project", "name")), title=title,
        version=reference or commit, actor=inside(row, "user", "username") or inside(row, "user", "name"), source="gitlab",
        url=row.get("deployable_url"),
        attributes={"deployment.environment.name": environment, "vcs.ref.head.revision": commit},
    )  # fmt: skip


def _argo(row: Body) -> Iterator[Row]:
    application = row["app"] if isinstance(row.get("app"), Mapping) else row
    done = inside(application, "status", "operationState") or {}
    if done.get("phase") not in _ARGO_DONE:
        return
    state = str(done["phase"]).lower()
    service = str(inside(application, "metadata", "name"))
    revision = str(
        inside(done, "syncResult", "revision") or inside(application, "status", "sync", "revision") or ""
    )
    images = [str(one) for one in inside(application, "status", "summary", "images") or ()]
    began = at_first(done, "startedAt", "finishedAt")
    yield change(
        "deploy", began, until=at(done["finishedAt"]) if done.get("finishedAt") else None, service=service, state=state,
        id=f"argocd/{service}/{began}", version=_tag(images, service) or revision[:12], source="argocd",
        title=f"sync {service} to {revision[:12]}: {state}", actor=inside(done, "operation", "initiatedBy", "username"),
        attributes={"vcs.ref.head.revision": revision, "argocd.images": images, "argocd.message": done.get("message")},
    )  # fmt: skip


def _flux(row: Body) -> Iterator[Row]:
    ended = _FLUX_DONE.search(str(row["reason"]))
    if not ended:
        return
    state = ended[0].lower()
    service, metadata = str(row["involvedObject"].get("name") or ""), row.get("metadata") or {}
    revision = next(
        (str(value) for key, value in metadata.items() if key.rpartition("/")[2] == "revision"), ""
    )
    commit = _REVISION.match(revision)
    time = at_first(row, "timestamp")
    yield change(
        "deploy", time, id=f"flux/{service}/{row['reason']}/{time}", service=service, state=state, source="flux",
        version=commit["commit"][:12] if commit else revision, title=f"{service}: {row.get('message') or state}",
        attributes={"vcs.ref.head.revision": commit["commit"] if commit else "", "k8s.namespace.name": row["involvedObject"].get("namespace")},
    )  # fmt: skip


def _jenkins(row: Body) -> Iterator[Row]:
    build, name = row["build"], str(row.get("display_name") or row["name"])
    if build.get("phase") not in _JENKINS_DONE or not _DEPLOYS.search(name):
        return
    given, state = build.get("parameters") or {}, str(build.get("status") or "").lower()
    version = next((str(given[one]) for one in _PARAMETERS if given.get(one)), "")
    commit = str(inside(build, "scm", "commit") or "")
    service = str(given.get("SERVICE") or given.get("service") or _repository(inside(build, "scm", "url")))
    yield change(
        "deploy", at_first(build, "timestamp"), id=f"jenkins/{row['name']}/{build.get('number')}", service=service,
        state=state, version=version or commit[:12], title=f"{name} #{build.get('number')}: {state}",
        source="jenkins", url=build.get("full_url"), attributes={"vcs.ref.head.revision": commit, "cicd.pipeline.name": name},
    )  # fmt: skip


def _terraform(row: Body) -> Iterator[Row]:
    for one in row["notifications"]:
        state = _TERRAFORM_DONE.get(str(one.get("run_status")))
        if state is None:
            continue
        yield change(
            "infrastructure", at_first(one, "run_updated_at"), id=f"terraform/{row['run_id']}/{state}", state=state,
            title=f"{row.get('workspace_name')}: {row.get('run_message') or 'run'}: {state}", version=row["run_id"],
            actor=one.get("run_updated_by") or row.get("run_created_by"), source="terraform", url=row.get("run_url"),
            attributes={"terraform.workspace": row.get("workspace_name"), "terraform.organization": row.get("organization_name")},
        )  # fmt: skip


def _pagerduty(row: Body) -> Iterator[Row]:
    said, summary = row["payload"], str(row["payload"]["summary"])
    details = said.get("custom_details") if isinstance(said.get("custom_details"), Mapping) else {}
    kind = kind_of(str(details.get("kind") or details.get("type") or ""))
    links = row.get("links") or [{}]
    yield change(
        kind or ("deploy" if _DEPLOYS.search(summary) else UNKNOWN), at_first(said, "timestamp"), title=summary,
        service=details.get("service"), version=details.get("version"), actor=details.get("user"), source="pagerduty",
        url=inside(links[0], "href"), attributes={**details, "pagerduty.source": said.get("source")},
    )  # fmt: skip


def _last(path: object) -> str:
    return str(path or "").rstrip("/").rpartition("/")[2]


def _repository(url: object) -> str:
    """The name of a repository: of `git@example.com:shop/payments.git` it is `payments`."""
    return _last(url).removesuffix(".git")


def _tag(images: list[str], service: str) -> str:
    """The tag of the application's own image; without one, of the only image that has a tag."""
    tags = {
        name.rpartition("/")[2]: tag
        for name, _, tag in (one.partition("@")[0].rpartition(":") for one in images)
        if name
    }
    return tags.get(service) or (next(iter(tags.values())) if len(tags) == 1 else "")


def _is_argo(row: Body) -> bool:
    application = row.get("app") if isinstance(row.get("app"), Mapping) else row
    return inside(application, "status", "operationState", "phase") is not None and bool(
        inside(application, "metadata", "name")
    )


# Of each: whether a body is its own, and what it tells.
_FORMS: dict[str, tuple[Callable[[Body], bool], Callable[[Body], Iterator[Row]]]] = {
    "GitLab deployment webhook": (
        lambda row: row.get("object_kind") == "deployment" and "status_changed_at" in row, _gitlab,
    ),
    "Argo CD application": (_is_argo, _argo),
    "Flux notification": (
        lambda row: {"reason", "timestamp", "reportingController"} <= row.keys()
        and isinstance(row.get("involvedObject"), dict), _flux,
    ),
    "Jenkins notification": (
        lambda row: "name" in row and isinstance(row.get("build"), dict) and "phase" in row["build"], _jenkins,
    ),
    "Terraform Cloud notification": (
        lambda row: {"run_id", "notification_configuration_id"} <= row.keys()
        and isinstance(row.get("notifications"), list), _terraform,
    ),
    "PagerDuty change event": (
        lambda row: {"summary", "timestamp"} <= (inside(row, "payload") or {}).keys() and "event_action" not in row,
        _pagerduty,
    ),
}  # fmt: skip

SOURCE = Source("deploy_webhooks", frozenset({Signal.CHANGES}), recognise, decode)
