"""Argo CD: its applications, with the history of what was synced when and by whom (its REST API, v1).

After argo-cd.readthedocs.io (API docs, swagger): version, applications, account/can-i. All applications come in one answer.
"""

from typing import Any

import orjson

from lastgood.errors import NotFetchedError
from lastgood.model.figures import counted
from lastgood.model.signal import Signal
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.wire import Wire

_TYPE = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"}  # which a list leaves out
_KEPT = 10  # revisions of an application that Argo CD remembers, unless revisionHistoryLimit says more


def detect(wire: Wire) -> bool:
    """Whether it names its version as Argo CD does."""
    try:
        answer = wire.get_json("api/version")
    except NotFetchedError:
        return False
    return isinstance(answer, dict) and str(answer.get("Version", "")).startswith("v")


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """The applications: `target` is one's name, `parts` are projects, `select` is a selector of labels."""
    found = [_TYPE | one for one in _applications(wire, asking)]
    if found:
        yield Document("applications.json", orjson.dumps({"items": found}))
    start = f"{asking.window.start:%Y-%m-%dT%H:%M:%SZ}"
    for one in found:
        history = (one.get("status") or {}).get("history") or []
        oldest = min((str(each.get("deployedAt")) for each in history), default="")
        if len(history) >= _KEPT and oldest > start:
            name = one["metadata"]["name"]
            yield Limit(f"syncs of {name} before {oldest} are not kept by Argo CD (revisionHistoryLimit)")


def _applications(wire: Wire, asking: Asking) -> list[dict[str, Any]]:
    answer = wire.get_json(
        "api/v1/applications", name=asking.target, projects=list(asking.parts) or None, selector=asking.select
    )
    return list(answer.get("items") or ())


def holds(wire: Wire, asking: Asking) -> Held:
    """How many applications the token sees, and whether it may sync them too."""
    found = _applications(wire, asking)
    may = wire.get_json("api/v1/account/can-i/applications/sync/*").get("value") == "yes"
    return Held(
        counted(len(found), "application"), empty=not found, excess="sync applications" if may else ""
    )


CONNECTOR = Connector("argocd", "what was synced", fetch, detect, holds, frozenset({Signal.CHANGES}))
