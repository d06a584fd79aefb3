"""Histories of what was deployed, as their programs print them: `helm history`, `helm list`, `argocd app history`, `argocd app get`.

Also Nomad's deployments and `gcloud run revisions list`. Tables for people, and helm's JSON. Each revision is a deploy; the version before it is the one that the row above names.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from lastgood.algorithms.timestamps import Reference
from lastgood.decoding.change import Row, at_first, change, glimpses, inside
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.moments import moment
from lastgood.decoding.rows import BAD, Rows, shown
from lastgood.decoding.tables.aligned import headings, rows
from lastgood.decoding.tables.dated import names_zone, not_after_now
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.model.attributes import CHANGE_ZONE, NOT_PRODUCTION, NOT_STATED
from lastgood.model.signal import Signal

_HELM = frozenset(["REVISION", "UPDATED", "STATUS", "CHART"])
_ARGO = frozenset(["ID", "DATE", "REVISION"])
_ARGO_JSON = frozenset(["id", "revision", "deployedAt"])
_NOMAD = frozenset(["Job ID", "Job Version", "Status", "Created At"])
_RUN = frozenset(["REVISION", "SERVICE", "DEPLOYED", "DEPLOYED BY"])
_TABLES = {"helm history": _HELM, "nomad deployments": _NOMAD, "gcloud run revisions": _RUN}
_PLACES = NOT_PRODUCTION | {"prod", "production", "live", "overlays", "base", "deploy", "chart", "charts", "helm", "k8s", "manifests"}  # fmt: skip
_ARROW = re.compile(r"(?P<old>v?\d[\w.+-]*) (?:->|→) (?P<new>v?\d[\w.+-]*)")
_TAG = re.compile(r"v?\d+(?:\.\d+)+[\w.+-]*")
_JSON = frozenset(["revision", "updated", "status", "chart"])
_CHART = re.compile(r"(?P<name>.+?)-(?P<version>v?\d+\.\d+.*)")
# Helm's words for a revision that never came into force.
_STATES = {
    "failed": "failed",
    "pending-install": "pending",
    "pending-upgrade": "pending",
    "pending-rollback": "pending",
}


Numbered = list[tuple[int, Mapping[str, Any]]]


def recognise(given: Input) -> Claim | None:
    """The headings of one of these tables, or helm's JSON."""
    first = {name.removesuffix(" (UTC)") for name in headings(_first(given.head.decode("utf-8", "replace")))}
    form = next((form for form, wanted in _TABLES.items() if wanted.issubset(first)), "")
    if form:
        return Claim(form, 0.97, f"it has the headings of {form}")
    if first in (_ARGO, {*_ARGO, "SOURCE"}):
        return Claim("argocd app history", 0.97, "it has the headings of argocd app history")
    bare = given.head.lstrip()[:1] == b"["  # lists under names are of the applications so named
    if any(_is_application(row) or (bare and _is_bare(row)) for row in _items(glimpses(given, 3))):
        return Claim("Argo CD application", 0.97, "it is an Application of argoproj.io with a history")
    if any(row.keys() >= _JSON for row in glimpses(given, 2)):
        return Claim("helm history", 0.97, "its first object has revision, updated, status and chart")
    return None


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A deploy for each revision."""
    with given.open() as stream:
        content, problem = read_whole(stream)
    reference = reference_for(given, settings)
    table = Rows()
    previous: dict[str, str] = {}
    try:
        rows = _oldest_first(list(_rows(content)), claim.format)
    except ValueError as wrong:  # JSON that ends or breaks within itself
        yield Reject(1, f"not JSON: {wrong}", content[:REJECT_TEXT].decode("utf-8", "replace"))
        yield Tally(lines=1)
        return
    reference, about = not_after_now(reference, (_time(row) for _, row in rows), settings.now)
    for place, row in rows:
        try:
            made = _made(row, claim.format, reference, previous, settings)
            made[1]["Attributes"].update(_about(_time(row), reference, about))
        except BAD as wrong:
            yield Reject(place, f"not understood: {wrong}", shown(row))
            yield Tally(lines=1)
            continue
        table.add(*made, place)
        yield Tally(lines=1, events=1)
    yield from table.rest()
    if problem is not None:
        raise problem


def _oldest_first(rows: Numbered, form: str) -> Numbered:
    """The rows; those of Cloud Run, which lists the newest first, the other way round."""
    return rows[::-1] if form == "gcloud run revisions" else rows


def _first(text: str) -> str:
    return next((line for line in text.lstrip("\ufeff").splitlines() if line.strip()), "")


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    text = content.decode("utf-8-sig", "replace")
    if text.lstrip().startswith(("[", "{")):
        document = orjson.loads(content)
        listed = list(_items(document if isinstance(document, list) else _by_name(document)))
        applied = [revision for row in listed if _is_application(row) for revision in _synced(row)]
        bare = sorted(filter(_is_bare, listed), key=lambda row: str(row["deployedAt"]))
        yield from enumerate(applied or list(map(_bare, bare)) or listed, 1)
        return
    lines: Sequence[str] = text.splitlines()
    header = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    for number, line in enumerate(lines[header + 1 :], header + 2):
        if line.strip():
            yield (
                number,
                {
                    name.removesuffix(" (UTC)").lower().replace(" ", "_"): text
                    for name, text in rows(lines[header], [line])[0].items()
                },
            )


def _by_name(document: Any) -> list[Any]:
    """The revisions of releases in lists under their names; else the document alone."""
    lists = document.items() if isinstance(document, dict) else ()
    named = [
        {"name": name, **row}
        for name, rows in lists
        if isinstance(rows, list)
        for row in rows
        if isinstance(row, dict)
    ]
    return named if named and all(row.keys() >= _JSON for row in named) else [document]


def _made(
    row: Mapping[str, Any], form: str, reference: Reference, previous: dict[str, str], settings: Settings
) -> Row:
    if form == "helm history":
        return _helm(row, reference, previous)
    if form == "Argo CD application":
        return _application(row, previous)
    if form == "nomad deployments":
        return _nomad(row, reference)
    if form == "gcloud run revisions":
        return _run(row, reference, previous)
    return _argo(row, reference, settings)


def _nomad(row: Mapping[str, Any], reference: Reference) -> Row:
    """Nomad counts versions of jobs; where a column tells those of what it runs, they are meant."""
    job, number = str(row["job_id"]), str(row["job_version"])
    stated = next((found for text in row.values() if (found := _ARROW.search(str(text)))), None)
    status = str(row["status"])
    return change(
        "deploy", moment(str(row["created_at"]), reference), id=f"nomad/{row.get('id') or f'{job}/{number}'}", service=job,
        version=stated["new"] if stated else number, previous_version=stated["old"] if stated else "",
        title=f"{job} version {number}: {row.get('description') or status}", source="nomad",
        state=status if status in {"failed", "cancelled", "running"} else "",
    )  # fmt: skip


def _run(row: Mapping[str, Any], reference: Reference, previous: dict[str, str]) -> Row:
    """A revision of Cloud Run: what it runs is not listed, so that its name is its version."""
    service, revision = str(row["service"]), str(row["revision"])
    before, previous[service] = previous.get(service, ""), revision
    return change(
        "deploy", moment(str(row["deployed"]), reference), id=f"cloud-run/{revision}", service=service, version=revision,
        previous_version=before, title=f"revision {revision} of {service}", actor=row["deployed_by"], source="gcloud",
        attributes={"cloud_run.revision.active": row.get("active")},
    )  # fmt: skip


def _is_application(row: Any) -> bool:
    """Whether it is an application of Argo CD (`kubectl get application -o json`, `argocd app get -o json`) that was synced."""
    history = _history(row)
    of = str(inside(row, "apiVersion") or "").startswith("argoproj.io/")
    synced = isinstance(history, list) and any(
        inside(one, "deployedAt") and inside(one, "revision") for one in history
    )
    listed = isinstance(history, list) or _failed(row) is not None
    return listed and ((of and inside(row, "kind") == "Application") or synced)


def _failed(row: Any) -> Mapping[str, Any] | None:
    """The last operation of an application, if it did not come into force: its history has only those that did."""
    state: Mapping[str, Any] | None = inside(row, "status", "operationState")
    return state if inside(state, "phase") in {"Failed", "Error"} and inside(state, "startedAt") else None


def _items(rows: Iterable[Any]) -> Iterator[Any]:
    """The objects, those of a `List` in its place."""
    for row in rows:
        items = inside(row, "items") if isinstance(row, Mapping) else None
        yield from items if isinstance(items, list) else [row]


def _synced(row: Any) -> Iterator[Mapping[str, Any]]:
    """Each revision of its history, oldest first; the images that run now are those of the newest."""
    listed = [one for one in _history(row) or () if isinstance(one, Mapping)]
    history = sorted(listed, key=lambda one: str(one.get("deployedAt") or ""))
    name = inside(row, "metadata", "name") or inside(row, "app") or inside(row, "application") or ""
    for one in history:
        images = one.get("images") or (
            inside(row, "status", "summary", "images") if one is history[-1] else ()
        )
        yield {**one, "app": name, "version": _tag_of(images or ())}
    if failed := _failed(row):
        yield {"failed": failed, "app": name}


def _history(row: Any) -> Any:
    """The revisions of an application: of the object, or beside its name, as scripts collect them."""
    beside = inside(row, "history") if inside(row, "app") or inside(row, "application") else None
    return inside(row, "status", "history") or beside


def _tag_of(images: Iterable[Any]) -> str:
    """The tag that all images with one have; empty where they differ."""
    tags = {str(image).rpartition(":")[2] for image in images if ":" in str(image)}
    return tags.pop() if len(tags) == 1 else ""


def _is_bare(row: Any) -> bool:
    return isinstance(row, Mapping) and row.keys() >= _ARGO_JSON and bool({"source", "sources"} & row.keys())


def _bare(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A revision as `argocd app history -o json` lists it: its application has no name but that of its chart, folder or repository."""
    source: Any = row.get("source") or next(iter(row.get("sources") or ()), {})
    names = str(inside(source, "chart") or inside(source, "path") or "").strip("/").split("/")
    own = next((name for name in reversed(names) if name not in {"", ".", *_PLACES}), "")
    home = str(inside(source, "repoURL") or "").removesuffix(".git").rpartition("/")[2]
    return {**row, "app": own or home, "version": ""}


def _application(row: Mapping[str, Any], previous: dict[str, str]) -> Row:
    if "failed" in row:
        return _not_synced(str(row["app"]), row["failed"], previous)
    end = at_first(row, "deployedAt")
    start = at_first(row, "deployStartedAt", "deployedAt")
    revision, name = str(row.get("revision") or ""), str(row["app"])
    target = str(inside(row, "source", "targetRevision") or "")
    version = str(row["version"] or (target if _TAG.fullmatch(target) else revision))
    before, previous[name] = previous.get(name, ""), version
    return change(
        "deploy", start, until=end, id=f"argocd/{name}/{row.get('id')}", service=name, version=version, previous_version=before,
        title=f"sync {row.get('id')} of {name} to {version}", source="argocd", actor=inside(row, "initiatedBy", "username"),
        attributes={"vcs.ref.head.revision": revision, "argocd.history.id": str(row.get("id") or "")},
    )  # fmt: skip


def _not_synced(name: str, state: Mapping[str, Any], previous: dict[str, str]) -> Row:
    """A sync that failed: parts of it may be in force."""
    revision = str(
        inside(state, "syncResult", "revision") or inside(state, "operation", "sync", "revision") or ""
    )
    start = at_first(state, "startedAt")
    return change(
        "deploy", start, until=at_first(state, "finishedAt", "startedAt"), id=f"argocd/{name}/failed/{start}", service=name,
        version=revision, previous_version=previous.get(name, ""), state="failed", source="argocd",
        title=f"sync of {name} failed: {state.get('message') or state['phase']}",
        actor=inside(state, "operation", "initiatedBy", "username"), attributes={"vcs.ref.head.revision": revision},
    )  # fmt: skip


def _helm(row: Mapping[str, Any], reference: Reference, previous: dict[str, str]) -> Row:
    chart = _CHART.fullmatch(str(row["chart"]))
    release = str(row.get("name") or (chart["name"] if chart else row["chart"]))
    version = str(row.get("app_version") or (chart["version"] if chart else ""))
    reported = str(row.get("description") or "")
    before, previous[release] = previous.get(release, ""), version
    return change(
        "deploy", moment(str(row["updated"]), reference), id=f"helm/{release}/{row['revision']}", service=release,
        version=version, previous_version=before, state=_STATES.get(str(row["status"]).lower(), ""), source="helm",
        title=f"revision {row['revision']} of {release} {version}: {reported or row['status']}",
        attributes={
            "helm.revision": str(row["revision"]), "helm.chart": row["chart"], "helm.status": row["status"],
            "k8s.namespace.name": row.get("namespace"),
        },
    )  # fmt: skip


def _time(row: Any) -> str:
    """The time that a program for people printed; empty where JSON states it with its zone, or is no object."""
    if not isinstance(row, Mapping):
        return ""
    return str(row.get("updated") or row.get("date") or row.get("created_at") or row.get("deployed") or "")


def _about(time: str, reference: Reference, ahead: Mapping[str, str]) -> Mapping[str, str]:
    """That helm and others print times in the zone of whoever runs them, and do not say which."""
    if not time or names_zone(time):
        return {}
    return ahead or ({CHANGE_ZONE: NOT_STATED} if str(reference.zone) == "UTC" else {})


def _argo(row: Mapping[str, Any], reference: Reference, settings: Settings) -> Row:
    revision = str(row["revision"])
    found = re.search(r"\(([0-9a-f]{7,40})\)", revision)
    image = re.match(r"(?P<name>[a-z][\w-]*):(?P<version>v?\d[\w.+-]*)", revision)
    return change(
        "deploy", moment(str(row["date"]), reference), id=f"argocd/{row['id']}/{revision}", service=image["name"] if image else settings.service,
        version=image["version"] if image else found[1] if found else revision, title=f"sync {row['id']} to {' '.join(revision.split())}", source="argocd",
        attributes={"vcs.ref.head.revision": found[1] if found else "", "argocd.history.id": str(row["id"])},
    )  # fmt: skip


SOURCE = Source("revisions", frozenset({Signal.CHANGES}), recognise, decode)
