"""GitLab deployments, as its API lists them (docs.gitlab.com, Deployments API): one entry a deployment of one project.

A deployment began with its job and was done when that finished; `updated_at` is the nearest to it where no job is reported.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, at, change, decoded, glimpses, inside
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.attributes import NOT_PRODUCTION
from lastgood.model.signal import Signal

_DEPLOYS = re.compile(r"deploy(?:ment)?[:/ ](?P<name>[a-z][\w.-]*)")
_OWN = frozenset({"iid", "ref", "sha", "created_at", "environment", "status"})


def recognise(given: Input) -> Claim | None:
    """JSON whose first object has the fields of a deployment, its environment an object with a name."""
    for row in glimpses(given, 1):
        if row.keys() >= _OWN and inside(row, "environment", "name"):
            return Claim(
                "GitLab deployments",
                0.98,
                "its first object has iid, ref, sha and an environment with a name",
            )
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A deploy for each deployment."""
    del claim, settings
    return decoded(given, ("deployments",), _rows)


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    began = inside(row, "deployable", "started_at") or row["created_at"]
    ended = inside(row, "deployable", "finished_at") or row.get("updated_at")
    reference, sha, state = str(row.get("ref") or ""), str(row.get("sha") or ""), str(row.get("status") or "")
    environment, service = str(inside(row, "environment", "name")), _project(row)
    yield change(
        "deploy", at(began), until=at(ended) if ended else None, id=f"gitlab/{row.get('id') or row['iid']}", service=service,
        version=reference or sha[:12], title=f"deploy {reference} to {environment}: {state}", state=state, source="gitlab",
        actor=inside(row, "user", "username") or inside(row, "user", "name"), url=inside(row, "deployable", "web_url"),
        attributes={"deployment.environment.name": environment, "vcs.ref.head.revision": sha},
    )  # fmt: skip


def _project(row: Mapping[str, Any]) -> str:
    """The project's own name: of its path, of an object, or of the address of its job `…/GROUP/NAME/-/jobs/7`."""
    project = row.get("project") or inside(row, "deployable", "project") or {}
    named = (
        project
        if isinstance(project, str)
        else inside(project, "path_with_namespace") or inside(project, "path")
    )
    job = str(inside(row, "deployable", "web_url") or "").partition("/-/")
    own = str(named or (job[0] if job[1] else "")).rstrip("/").rpartition("/")[2]
    return own or _of_job(row)


def _of_job(row: Mapping[str, Any]) -> str:
    """The service that the name of a job has behind `deploy:`; empty for an environment."""
    found = _DEPLOYS.fullmatch(str(inside(row, "deployable", "name") or ""))
    environment = str(inside(row, "environment", "name") or "").lower()
    return (
        found["name"]
        if found and found["name"] not in {"prod", "production", "live", environment, *NOT_PRODUCTION}
        else ""
    )


SOURCE = Source("gitlab", frozenset({Signal.CHANGES}), recognise, decode)
