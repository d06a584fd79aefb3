"""Applies of GitOps controllers: what Flux and Argo CD put into a cluster, as their events tell it.

Flux annotates its events with the revision that it applied (`main@sha1:1f3c…`, before v2 `main/1f3c…`) and lists what it
changed, a line an object: `Deployment/shop/cart configured` (fluxcd.io/flux/components/kustomize, Events). As `flux events` prints
them, they name no revision. Of a release it writes `Helm upgrade succeeded for release shop/pay.v7 with chart pay@6.6.2`. Argo CD
writes `Sync operation to 1f3c… succeeded` about its Application. Each object that was changed is a deploy of its service.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, change, inside

_FLUX = "toolkit.fluxcd.io"
_OBJECT = re.compile(
    r"^(?P<kind>[A-Z]\w+)/(?:(?P<space>[\w.-]+)/)?(?P<name>[\w.-]+) (?:configured|created)\b", re.MULTILINE
)
_RELEASED = re.compile(
    r"^Helm (?:install|upgrade|rollback)\b.* release (?:(?P<space>[\w-]+)/)?(?P<name>[\w.-]+?)(?:\.v\d+)? with chart \S+@(?P<version>[^\s:]+)"
)
_SYNCED = re.compile(r"[Ss]ync operation to (?P<revision>\S+) succeeded")
_BRANCH = re.compile(r"^.*(?:@sha\d+:|/)(?=[0-9a-f]{7,64}$)")


def applies(row: Mapping[str, Any], about: Mapping[str, Any], time: int) -> Iterator[Row]:
    """A deploy for each thing that this event says was applied; none for any other event.

    `row` is the event, `about` the object that it is about, `time` its last one in nanoseconds since the epoch.
    """
    words = str(row.get("message") or row.get("note") or "")
    group, name = str(about.get("apiVersion") or ""), str(about.get("name") or "")
    kind = str(about.get("kind") or "").lower()
    printed = kind if not group else ""
    if kind == "helmrelease" and (_FLUX in group or printed) and (one := _RELEASED.search(words)):
        if str(row.get("reason") or "").endswith("Succeeded"):
            yield _apply(one["name"], words, one["version"].partition("+")[0], time, one["space"])
    elif _FLUX in group or printed == "kustomization":
        revision = _flux_revision(row)
        found = (
            {one["name"]: one for one in reversed(list(_OBJECT.finditer(words)))}
            if revision or printed
            else {}
        )
        for service, one in sorted(found.items()):
            yield _apply(service, f"{name}: {one[0]}", revision, time, one["space"])
    elif (
        group.startswith("argoproj.io/")
        and about.get("kind") == "Application"
        and (synced := _SYNCED.search(words))
    ):
        yield _apply(name, words, synced["revision"], time, str(about.get("namespace") or ""))


def _flux_revision(row: Mapping[str, Any]) -> str:
    notes = inside(row, "metadata", "annotations") or {}
    said = next(
        (str(value) for key, value in notes.items() if _FLUX in key and key.endswith("/revision")), ""
    )
    return _BRANCH.sub("", said)


def _apply(service: str, title: str, revision: str, time: int, space: str | None) -> Row:
    return change(
        "deploy", time, id=f"{revision}/{service}/{time}", service=service, version=revision, title=title, source="kubernetes",
        attributes={"k8s.namespace.name": space or ""},
    )  # fmt: skip
