"""Kubernetes: events, the ends of pods' containers, what nodes lack, and roll-outs as ReplicaSets and Deployments record them.

`kubectl get … -o json`, and what `kubectl get events` and `kubectl describe` of pods and nodes print. What changed or broke the platform is a
change; the routine of pods (pulled, created, started) is a log line.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.algorithms.identity import object_of, workload_of
from lastgood.decoding.change import Row, at, at_first, change, decoded, glimpses, inside, logged, said
from lastgood.decoding.input import REJECT_TEXT, Claim, Decoded, Input, Reject, Settings, Tally
from lastgood.decoding.rows import BAD, Rows
from lastgood.decoding.text.whose import reference_for
from lastgood.decoding.whole import read_whole
from lastgood.intake._registry import Source
from lastgood.intake.kubernetes import text
from lastgood.intake.kubernetes.applied import applies
from lastgood.intake.kubernetes.nodes import node
from lastgood.model.attributes import NODE
from lastgood.model.signal import Signal
from lastgood.telemetry.tables import LOGS

SCALING = frozenset(
    [
        "ScalingReplicaSet",
        "SuccessfulRescale",
        "HorizontalPodAutoscaler",
        "TriggeredScaleUp",
        "ScaleDown",
        "ScaledUpGroup",
    ]
)
# Normal events that are still news for who asks what broke.
NEWS = frozenset(
    [
        "NodeNotReady", "NodeReady", "NodeNotSchedulable", "NodeSchedulable", "RemovingNode", "Rebooted", "Starting",
        "NodeHasDiskPressure", "NodeHasInsufficientMemory", "NodeHasInsufficientPID", "Drain", "TaintManagerEviction",
        "Preempted", "Evicted", "OOMKilling", "SystemOOM", "Killing", "LeaderElection",
    ]
)  # fmt: skip
_CERTIFICATES = frozenset(["certificate", "certificaterequest", "issuer", "clusterissuer"])
RELOADED = "Reloaded"
_SETTINGS = frozenset(
    [
        "configmap",
        "secret",
        "externalsecret",
        "sealedsecret",
        "horizontalpodautoscaler",
        "networkpolicy",
        "ingress",
    ]
)
# Normal events of such objects that say that they are in force now.
_IN_FORCE = re.compile(
    r"successfully issued|\b(updated|applied|configured|issued|synced|created)\b", re.IGNORECASE
)


def recognise(given: Input) -> Claim | None:
    """JSON whose first objects are a list, an Event, a ReplicaSet or a Deployment of Kubernetes."""
    for row in glimpses(given, 40):
        kind, version = str(row.get("kind")), str(row.get("apiVersion") or "")
        if kind in {"ReplicaSet", "Deployment"} and version.startswith("apps/"):
            return Claim("Kubernetes roll-outs", 0.97, f"it has a {kind} of {version}")
        if kind == "HorizontalPodAutoscaler" and version.startswith("autoscaling/"):
            return Claim("Kubernetes autoscaler", 0.97, f"it is a {kind} of {version}")
        if kind in {"Pod", "Node"} and version == "v1":
            return Claim(f"Kubernetes {kind.lower()}s", 0.97, f"it has a {kind} of v1")
        if (kind == "Event" and version in {"v1", "events.k8s.io/v1"}) or _is_event(row):
            return Claim("Kubernetes events", 0.97, "it has events with a reason and an object")
        if str(kind).endswith("List") and isinstance(row.get("items"), list) and version:
            inner = next((item for item in row["items"] if isinstance(item, dict)), {})
            if _is_event(inner) or str(inner.get("kind")) in {
                "Event",
                "ReplicaSet",
                "Deployment",
                "Pod",
                "Node",
            }:
                return Claim("Kubernetes events", 0.97, f"it is a {kind} of {version}")
    found = text.what(given.head[:16384].decode("utf-8", "replace"))
    return Claim(found, 0.97, "it has the headings of its output") if found else None


def _is_event(row: Mapping[str, Any]) -> bool:
    return "reason" in row and ("involvedObject" in row or ("regarding" in row and "metadata" in row))


def decode(given: Input, claim: Claim, settings: Settings) -> Decoded:
    """A change for each roll-out and each event that is news, a log line for the rest."""
    if claim.format in {text.EVENTS, text.DESCRIBED}:
        return _printed(given, settings)
    return decoded(given, ("items",), _rows)


def _printed(given: Input, settings: Settings) -> Decoded:
    """What kubectl printed, an element a row; the headings are continuations."""
    with given.open() as stream:
        content, problem = read_whole(stream)
    whole = content.decode("utf-8", "replace")
    table, events = Rows(), 0
    for number, found in text.objects(whole, reference_for(given, settings)):
        made = _taken(found)
        if isinstance(made, str):
            yield Reject(number, f"not understood: {made}", whole.splitlines()[number - 1][:REJECT_TEXT])
            yield Tally(lines=1)
            continue
        events += 1
        for where, row in made:
            table.add(where, row, number)
    yield from table.rest()
    yield Tally(lines=events, events=events)
    if problem is not None:
        raise problem


def _taken(found: Mapping[str, Any] | str) -> list[Row] | str:
    """What an object becomes, or why it does not."""
    if isinstance(found, str):
        return found
    try:
        return list(_rows(found))
    except BAD as wrong:
        return str(wrong)


def _rows(row: Mapping[str, Any]) -> Iterator[Row]:
    if _is_event(row):
        yield from _event(row)
    elif str(row.get("kind")) in {"ReplicaSet", "Deployment"}:
        yield from _rollout(row)
    elif row.get("kind") == "Pod":
        yield from _pod(row)
    elif row.get("kind") == "Node":
        yield from node(row)
    elif row.get("kind") == "HorizontalPodAutoscaler":
        yield from _autoscaler(row)
    elif str(row.get("kind") or "").endswith("List"):
        return  # an empty list
    else:
        raise ValueError(f"a {row.get('kind') or 'thing'} is neither an event nor a roll-out")


def _event(row: Mapping[str, Any]) -> Iterator[Row]:
    about = row.get("involvedObject") or row.get("regarding") or {}
    name, reason = str(about.get("name") or ""), str(row.get("reason") or "")
    words = str(row.get("message") or row.get("note") or "").strip()
    time = at_first({**row, **_metadata(row)}, "lastTimestamp", "eventTime", "deprecatedLastTimestamp", "firstTimestamp", "creationTimestamp")  # fmt: skip
    first = row.get("firstTimestamp") or row.get("deprecatedFirstTimestamp")
    times = row.get("count") or inside(row, "series", "count") or row.get("deprecatedCount") or 1
    kind = str(about.get("kind") or "")
    service = object_of(kind, name)
    attributes = {
        "k8s.namespace.name": about.get("namespace") or _metadata(row).get("namespace"), f"k8s.{kind.lower()}.name": name,
        "k8s.event.reason": reason, "k8s.event.count": str(times), "k8s.event.type": row.get("type"),
    }  # fmt: skip
    title = f"{reason}: {words}" if words else reason
    if applied := list(applies(row, about, time)):
        yield from applied
        return
    reloaded = reason == RELOADED  # Stakater's Reloader starts a workload again whose settings changed
    set_anew = reloaded or (
        kind.lower() in _CERTIFICATES | _SETTINGS and _IN_FORCE.search(title) and reason != "Requested"
    )
    if row.get("type") != "Warning" and reason not in SCALING | NEWS and not set_anew:
        yield _line(time, service, title, attributes)
        return
    yield change(
        "config" if reloaded else _kind(reason, kind), at(first) if first else time, until=time, source="kubernetes", title=title, service=service,
        id=_metadata(row).get("uid") or f"{_metadata(row).get('name')}/{time}", state=reason, attributes=attributes,
        actor=inside(row, "source", "component") or row.get("reportingController"),
    )  # fmt: skip


def _autoscaler(row: Mapping[str, Any]) -> Iterator[Row]:
    """Its conditions since they last changed; that it may not scale further is a warning."""
    name, spec = str(_metadata(row).get("name") or ""), row.get("spec") or {}
    now = inside(row, "status", "currentReplicas")
    for held in inside(row, "status", "conditions") or ():
        limited = held.get("type") == "ScalingLimited" and held.get("status") == "True"
        failed = held.get("type") in {"ScalingActive", "AbleToScale"} and held.get("status") == "False"
        if held.get("lastTransitionTime"):
            body = f"{held.get('type')} {held.get('status')}: {held.get('reason')}: {held.get('message') or ''}".rstrip(
                ": "
            )
            yield logged(
                f"{body} ({now} replicas, {spec.get('minReplicas', 1)} to {spec.get('maxReplicas')} allowed)",
                at(held["lastTransitionTime"]), "WARN" if limited or failed else "INFO", service=name, source="k8s.autoscaler",
                attributes={"k8s.namespace.name": _metadata(row).get("namespace"), "k8s.hpa.name": name},
            )  # fmt: skip


def _kind(reason: str, about: str) -> str:
    if reason in SCALING:
        return "scaling"
    if about.lower() in _SETTINGS:
        return "config"
    return "certificate" if about.lower() in _CERTIFICATES else "infrastructure"


def _line(time: int, service: str, body: str, attributes: Mapping[str, Any]) -> Row:
    return LOGS, {
        "Timestamp": time, "ServiceName": service, "Body": body, "SeverityNumber": 9, "SeverityText": "Normal",
        "ScopeName": "k8s.events", "LogAttributes": said(attributes),
    }  # fmt: skip


def _pod(row: Mapping[str, Any]) -> Iterator[Row]:
    """The last end of each container, as what broke it; a pod that none ended of tells nothing."""
    name = str(_metadata(row).get("name") or "")
    for container in inside(row, "status", "containerStatuses") or ():
        for state in ("lastState", "state"):
            ended = inside(container, state, "terminated")
            if not ended or not ended.get("finishedAt"):
                continue
            reason, code = str(ended.get("reason") or "Terminated"), str(ended.get("exitCode") or "")
            waiting = str(inside(container, "state", "waiting", "reason") or "")
            reported = (
                f"{reason}: container {container.get('name')} of {name}",
                f"exit code {code}" if code else "",
                waiting,
            )
            yield change(
                "infrastructure", at(ended["finishedAt"]), title=", ".join(filter(None, reported)), state=reason, source="kubernetes",
                service=workload_of(name), version=_tag(str(container.get("image") or "")),
                id=f"{name}/{container.get('name')}/{ended['finishedAt']}",
                attributes={
                    "k8s.namespace.name": _metadata(row).get("namespace"), "k8s.pod.name": name, "process.exit.code": code,
                    NODE: inside(row, "spec", "nodeName"),
                    "k8s.container.restart_count": str(container.get("restartCount") or ""), "started": ended.get("startedAt"),
                    "container.image.name": container.get("image"),
                },
            )  # fmt: skip


def _metadata(row: Mapping[str, Any]) -> Mapping[str, Any]:
    found = row.get("metadata")
    return found if isinstance(found, Mapping) else {}


def _rollout(row: Mapping[str, Any]) -> Iterator[Row]:
    metadata = _metadata(row)
    name = str(metadata.get("name") or "")
    owner = next(
        (str(o.get("name")) for o in metadata.get("ownerReferences") or () if o.get("kind") == "Deployment"),
        "",
    )
    revision = inside(metadata, "annotations", "deployment.kubernetes.io/revision") or ""
    images = [str(c.get("image") or "") for c in inside(row, "spec", "template", "spec", "containers") or ()]
    time = at_first(metadata, "creationTimestamp")
    if row.get("kind") == "Deployment":
        conditions = inside(row, "status", "conditions") or ()
        moved = [c for c in conditions if c.get("type") == "Progressing" and c.get("lastUpdateTime")]
        time = at(moved[0]["lastUpdateTime"]) if moved else time
    service = (
        inside(metadata, "labels", "app.kubernetes.io/name") or owner or object_of(str(row.get("kind")), name)
    )
    version = inside(metadata, "labels", "app.kubernetes.io/version") or (_tag(images[0]) if images else "")
    yield change(
        "deploy", time, id=metadata.get("uid") or f"{name}/{revision}", service=service, version=version,
        title=f"roll-out {revision} of {owner or name}: {', '.join(images)}".strip(), source="kubernetes",
        attributes={
            "k8s.namespace.name": metadata.get("namespace"), "k8s.deployment.revision": revision,
            "change.cause": inside(metadata, "annotations", "kubernetes.io/change-cause"), "images": ", ".join(images),
        },
    )  # fmt: skip


def _tag(image: str) -> str:
    """The tag of an image, or the beginning of its digest: registry:5000/name:v2 → v2."""
    name, _, digest = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    return tag or digest.removeprefix("sha256:")[:12]


SOURCE = Source("kubernetes", frozenset({Signal.CHANGES, Signal.LOGS}), recognise, decode)
