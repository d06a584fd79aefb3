"""What nodes lack, and which taints they have."""

import pytest

from lastgood.intake.kubernetes.nodes import node

SINCE = "2026-11-22T14:41:00Z"


def condition(kind: str, status: str, since: str = SINCE) -> dict[str, object]:
    """A condition of a node, with a reason and a message."""
    return {"type": kind, "status": status, "reason": "Because", "message": "it is so", "lastTransitionTime": since}  # fmt: skip


def titles(*conditions: dict[str, object], taints: object = ()) -> list[str]:
    """The changes that a node tells."""
    row = {
        "metadata": {"name": "node-2"},
        "spec": {"taints": taints},
        "status": {"conditions": list(conditions)},
    }
    return [change["Title"] for _, change in node(row)]


def test_what_is_not_well_is_told_since_its_transition() -> None:
    """To be ready is well, to have pressure is not; one without a time is of none."""
    assert ["node node-2: Ready is False, Because: it is so"] == titles(
        condition("Ready", "False"), condition("DiskPressure", "False")
    )
    assert ["node node-2: DiskPressure is True, Because: it is so"] == titles(
        condition("Ready", "True"), condition("DiskPressure", "True")
    )
    assert [] == titles(condition("Ready", "Unknown", ""))
    with pytest.raises(ValueError, match="is not a time"):
        titles(condition("Ready", "False", "soon"))


def test_a_taint_with_a_time_is_an_event() -> None:
    """The others stand beside what is not well."""
    taints = [
        {"key": "a/b", "value": "c", "effect": "NoExecute", "timeAdded": SINCE},
        {"key": "d", "effect": "NoSchedule"},
    ]
    row = {
        "metadata": {"name": "node-2"},
        "spec": {"taints": taints},
        "status": {"conditions": [condition("Ready", "False")]},
    }

    (_, lacks), (_, tainted) = node(row)

    assert "node node-2 was tainted: a/b=c:NoExecute" == tainted["Title"]
    assert "a/b=c:NoExecute, d:NoSchedule" == lacks["Attributes"]["k8s.node.taints"]
    assert ("infrastructure", "NotReady", "node-2") == (
        lacks["Kind"],
        lacks["State"],
        lacks["Attributes"]["k8s.node.name"],
    )
