"""Flux: what its Kustomizations and HelmReleases applied, as the history in their status tells, and as scripts keep it.

`status.history` of kustomize-controller has a revision with when it was first reconciled; that of helm-controller a release
with its chart and when it was last deployed (fluxcd.io/flux/components, Status). Others list a `revision` with `lastAppliedTime`
or `appliedAt`. Each is a deploy; the version before it is that of the entry before.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, at, change, decoded, glimpses, inside
from lastgood.decoding.input import Claim, Decoded, Input, Settings
from lastgood.intake._registry import Source
from lastgood.model.attributes import NAMESPACE
from lastgood.model.signal import Signal

_GROUPS = ("kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/")
_TIMES = ("firstReconciled", "lastDeployed", "lastAppliedTime", "lastAppliedAt", "appliedAt")
_NAMES = ("kustomization", "helmRelease", "helmrelease", "release", "object", "name")
# `main@sha1:1f3c…`, of OCI `6.5.0@sha256:…`, before v2 `main/1f3c…`.
_REVISION = re.compile(r"(?:(?P<ref>.+?)(?:@sha\d+:|/))?(?P<hash>[0-9a-f]{7,64})")
_TAG = re.compile(r"v?\d+(?:\.\d+)+[\w.+-]*")


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects are of Flux and have a history, or name a revision and when it was applied."""
    for row in glimpses(given, 4):
        if any(map(_is_object, [row, *_listed(row)])):
            return Claim("Flux objects", 0.97, "it has an object of Flux with a history")
        if any(_revision(one) and _time(one) and _name(one) for one in _entries(row)):
            return Claim("Flux history", 0.97, "an entry names a revision and when it was applied")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A deploy for each entry of a history."""
    del claim, settings
    return decoded(given, ("items",), _rows)


def _is_object(row: Any) -> bool:
    of = str(inside(row, "apiVersion") or "").startswith(_GROUPS)
    return of and isinstance(inside(row, "status", "history"), list)


def _listed(row: Mapping[str, Any]) -> list[Any]:
    items = row.get("items")
    return items if isinstance(items, list) else []


def _entries(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The entries that an object holds, oldest first, with its own name and space; a bare entry is its own."""
    history = inside(row, "status", "history") if "status" in row else row.get("history")
    if not isinstance(history, list):
        return [row]
    around = {**row, **(inside(row, "metadata") or {})}
    own = {key: around[key] for key in (*_NAMES, "namespace", "kind") if around.get(key)}
    entries = [{**own, **one} for one in history if isinstance(one, Mapping)]
    return sorted(entries, key=lambda one: str(_time(one)))


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    if str(row.get("apiVersion") or "").startswith(_GROUPS) and not _is_object(row):
        return  # an object that was never reconciled
    before = ""
    for one in _entries(row):
        if not _time(one) or not _name(one):
            raise ValueError("it has no name and no time of an apply")
        made, before = _deploy(one, before)
        yield made


def _deploy(one: Mapping[str, Any], before: str) -> tuple[Row, str]:
    """A change, and the version that it brought."""
    revision = _revision(one)
    version, found = revision, _REVISION.fullmatch(revision)
    if found:
        tag = found["ref"] and _TAG.fullmatch(found["ref"])
        version = found["ref"] if tag else found["hash"]
    version = version or str(one.get("appVersion") or one.get("chartVersion") or "")
    status = str(one.get("lastReconciledStatus") or one.get("status") or "")
    name, time = _name(one), at(_time(one))
    return change(
        "deploy", time, id=f"flux/{name}/{one.get('version') or one.get('digest') or version}", service=name, version=version,
        previous_version=before if before != version else "", title=f"Flux applied {version} of {name}", source="flux",
        state="failed" if "fail" in status.lower() else "",
        attributes={
            "vcs.ref.head.revision": found["hash"] if found else "", NAMESPACE: one.get("namespace"), "flux.status": status,
            "helm.chart": "-".join(filter(None, (str(one.get("chartName") or ""), str(one.get("chartVersion") or "")))),
        },
    ), version  # fmt: skip


def _revision(one: Mapping[str, Any]) -> str:
    return str(
        inside(one, "metadata", "revision") or one.get("revision") or one.get("lastAppliedRevision") or ""
    )


def _time(one: Mapping[str, Any]) -> Any:
    return next((one[name] for name in _TIMES if one.get(name)), "")


def _name(one: Mapping[str, Any]) -> str:
    """The object that was applied, without its kind and its space."""
    found = next((one[name] for name in _NAMES if isinstance(one.get(name), str) and one[name]), "")
    return found.rpartition("/")[2]


SOURCE = Source("flux", frozenset({Signal.CHANGES}), recognise, decode)
