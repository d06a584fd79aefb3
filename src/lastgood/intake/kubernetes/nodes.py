"""Nodes: since when they are not ready or lack something, and which taints keep pods away from them.

A condition is well if it is `Ready` and true, or any other and false (kubernetes.io, Node Status). A taint has a time if the node
controller set it; one without a time stands beside the conditions.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lastgood.decoding.change import Row, at, change, inside
from lastgood.model.attributes import NODE


def node(row: Mapping[str, Any]) -> Iterator[Row]:
    """A change for each condition that is not well, from its last transition on, and for each taint with a time.

    `row` is a Node of Kubernetes' API. It raises ValueError where a time is none.
    """
    name = str(inside(row, "metadata", "name") or "")
    taints = [(_named(taint), taint.get("timeAdded")) for taint in inside(row, "spec", "taints") or ()]
    attributes = {NODE: name, "k8s.node.taints": ", ".join(taint for taint, _ in taints)}
    for held in inside(row, "status", "conditions") or ():
        kind, status, since = (str(held.get(key) or "") for key in ("type", "status", "lastTransitionTime"))
        if since and (status != "True" if kind == "Ready" else status == "True"):
            said = ": ".join(filter(None, (str(held.get("reason") or ""), str(held.get("message") or ""))))
            yield change(
                "infrastructure", at(since), id=f"{name}/{kind}/{since}", state=kind if kind != "Ready" else "NotReady",
                title=f"node {name}: {kind} is {status or 'Unknown'}, {said}".rstrip(", "), source="kubernetes", attributes=attributes,
            )  # fmt: skip
    for taint, added in taints:
        if added:
            yield change(
                "infrastructure", at(added), id=f"{name}/{taint}/{added}", title=f"node {name} was tainted: {taint}", source="kubernetes",
                attributes=attributes,
            )  # fmt: skip


def _named(taint: Mapping[str, Any]) -> str:
    value = f"={taint['value']}" if taint.get("value") else ""
    effect = f":{taint['effect']}" if taint.get("effect") else ""
    return f"{taint.get('key')}{value}{effect}"
