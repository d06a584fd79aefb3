"""Kubernetes through kubectl: objects, events, and the lines of pods in trouble. Only `get` and `logs` are run."""

import re
import subprocess
from typing import Any

import orjson

from lastgood.algorithms.secrets import without_secrets
from lastgood.errors import NotFetchedError
from lastgood.model.signal import Signal
from lastgood.outside.connectors._programs import printed
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.limits import LOG_PODS
from lastgood.outside.connectors.wire import Wire

_OBJECTS = "deployments.apps,replicasets.apps,pods,horizontalpodautoscalers.autoscaling"
_SECONDS = 20
_ASKING_SECONDS = 5
_NEEDED = (("list", "pods"), ("list", "deployments.apps"), ("list", "events"), ("get", "pods/log"))
_NAME = re.compile(r"[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?")  # RFC 1123, as Kubernetes checks names
_LOG_BYTES = 2_000_000  # of one pod


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """`target` is the context of kubectl, `parts` are the namespaces; all without."""
    del wire
    base = [
        "kubectl",
        f"--request-timeout={_SECONDS}s",
        *([f"--context={asking.target}"] if asking.target else []),
    ]
    pods: list[Any] = []
    for place in asking.parts or ("",):
        where = [f"--namespace={place}"] if place else ["--all-namespaces"]
        for name, kinds in (("objects", _OBJECTS), ("events", "events")):
            body = _run([*base, "get", kinds, *where, "-o", "json"])
            yield Document(f"{name}{'-' + place if place else ''}.json", body)
            if name == "objects":
                pods += [one for one in orjson.loads(body).get("items", ()) if one.get("kind") == "Pod"]
    chosen = sorted(filter(_troubled, pods), key=_restarts, reverse=True)
    if len(chosen) > LOG_PODS:
        yield Limit(
            f"the lines of {len(chosen) - LOG_PODS} pods in trouble were left out: {LOG_PODS} are read"
        )
    for pod in chosen[:LOG_PODS]:
        yield from _lines(base, pod, asking)


def _troubled(pod: Any) -> bool:
    """Not ready, or restarted: what works is not asked for its lines."""
    conditions = {one["type"]: one["status"] for one in pod["status"].get("conditions", ())}
    ended = pod["status"].get("phase") == "Succeeded"
    return not ended and (conditions.get("Ready") != "True" or _restarts(pod) > 0)


def _restarts(pod: Any) -> int:
    return sum(one.get("restartCount", 0) for one in pod["status"].get("containerStatuses", ()))


def _lines(base: list[str], pod: Any, asking: Asking) -> Fetched:
    name, place = str(pod["metadata"]["name"]), str(pod["metadata"]["namespace"])
    if not (_NAME.fullmatch(name) and _NAME.fullmatch(place)):
        yield Limit("the lines of a pod did not come: its name is none that Kubernetes allows")
        return
    since = asking.window.start.isoformat()
    for which, more in (("", []), ("-previous", ["--previous"])):
        if more and not _restarts(pod):
            continue
        try:
            body = _run(
                [*base, "logs", name, f"--namespace={place}", "--all-containers", "--timestamps", "--prefix",
                 f"--since-time={since}", f"--limit-bytes={_LOG_BYTES}", *more]
            )  # fmt: skip
        except NotFetchedError as problem:
            yield Limit(f"the lines of pod {name} did not come: {problem.message}")
            continue
        if body.strip():
            yield Document(f"{place}_{name}{which}.log", body)


def _run(command: list[str]) -> bytes:
    return printed(command, shown=f"kubectl {command[command.index('get' if 'get' in command else 'logs')]}")


def holds(wire: Wire, asking: Asking) -> Held:
    """What the context may read, and whether it may delete pods too; nothing is read but the answers to that."""
    del wire
    context = [f"--context={asking.target}"] if asking.target else []
    where = [f"--namespace={asking.parts[0]}"] if asking.parts else ["--all-namespaces"]
    base = ["kubectl", f"--request-timeout={_ASKING_SECONDS}s", *context, "auth", "can-i"]
    lacking = [f"{verb} {what}" for verb, what in _NEEDED if not _allowed([*base, verb, what, *where])]
    if lacking:
        raise NotFetchedError(f"The context may not {', '.join(lacking)}.", status=403)
    excess = "delete pods" if _allowed([*base, "delete", "pods", *where]) else ""
    return Held("objects, events and lines of pods may be read", excess=excess)


def _allowed(command: list[str]) -> bool:
    """The answer of `kubectl auth can-i`, which ends with 1 for no; what else went wrong is an error."""
    try:
        ended = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except FileNotFoundError as problem:
        raise NotFetchedError("There is no kubectl here.") from problem
    except subprocess.TimeoutExpired as problem:
        raise NotFetchedError(f"kubectl gave no answer within {_SECONDS} s.") from problem
    said = ended.stdout.decode("utf-8", "replace").strip().lower()
    if said.startswith(("yes", "no")):
        return said.startswith("yes")
    reported = " ".join(ended.stderr.decode("utf-8", "replace").split())[:200]
    raise NotFetchedError(f"kubectl: {without_secrets(reported)}")


CONNECTOR = Connector(
    "kubernetes",
    "objects, events and lines of pods in trouble",
    fetch,
    None,
    holds,
    frozenset({Signal.LOGS, Signal.CHANGES}),
)
