"""What kubectl prints for people: events and pods, with ages that count back from now."""

from datetime import timedelta

import pytest

from outcomes import NOW, outcome

EVENTS = b"""LAST SEEN             TYPE      REASON      OBJECT                          MESSAGE
12m                   Warning   BackOff     pod/checkout-7d9f8b6c5-x2x9z    Back-off restarting failed container
2m (x20 over 1h30m)   Warning   Unhealthy   pod/cart-7d9f8b6c5-kk2kk        Readiness probe failed
14m                   Normal    Pulled      pod/checkout-7d9f8b6c5-x2x9z    Container image already present
<unknown>             Normal    Pulled      pod/checkout-7d9f8b6c5-x2x9z    Container image already present
"""
POD = b"""Name:             checkout-7d9f8b6c5-x2x9z
Namespace:        shop
Status:           Running
Containers:
  app:
    Image:          registry.example/checkout:v2.46.0
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Sun, 22 Nov 2026 14:40:00 +0000
      Finished:     Sun, 22 Nov 2026 14:41:00 +0000
    Restart Count:  6
Events:
  Type     Reason   Age                From     Message
  ----     ------   ----               ----     -------
  Warning  BackOff  1m (x20 over 10m)  kubelet  Back-off restarting failed container
"""


def test_the_table_of_events_is_read() -> None:
    """What went wrong is a change of its service, the routine a line; a row without an age is a reject."""
    found = outcome(EVENTS, "events.txt")
    back_off, unhealthy = found.rows["lg_changes"]

    assert found.balanced
    assert 1 == len(found.rejects)
    assert 1 == len(found.rows["otel_logs"])
    assert ("checkout", NOW - timedelta(minutes=12)) == (
        back_off["Service"],
        back_off["Timestamp"].to_pydatetime(),
    )
    assert ("cart", "20") == (unhealthy["Service"], dict(unhealthy["Attributes"])["k8s.event.count"])
    assert NOW - timedelta(minutes=90) == unhealthy["Timestamp"].to_pydatetime()


TIMED = b"""LAST                   FIRST                  COUNT   NAMESPACE   TYPE      REASON    OBJECT                          FROM      MESSAGE
2026-11-22T14:30:00Z   2026-11-21T14:30:00Z   388     batch       Warning   BackOff   pod/geo-import-29281-p9xkd      kubelet   Back-off restarting
"""


def test_columns_with_times_are_read_too() -> None:
    """As people choose them; each event is its object's."""
    (event,) = outcome(TIMED, "kubectl-get-events.txt").rows["lg_changes"]

    assert ("geo-import", "388") == (event["Service"], dict(event["Attributes"])["k8s.event.count"])
    assert "2026-11-21T14:30:00+00:00" == event["Timestamp"].isoformat()
    assert "2026-11-22T14:30:00+00:00" == event["EndTimestamp"].isoformat()


def test_a_described_pod_tells_how_its_container_ended() -> None:
    """And its events."""
    ended, event = outcome(POD, "pod.txt").rows["lg_changes"]

    assert ("OOMKilled", "checkout", "v2.46.0") == (ended["State"], ended["Service"], ended["Version"])
    assert "2026-11-22T14:41:00+00:00" == ended["Timestamp"].isoformat()
    assert ("137", "6") == tuple(
        dict(ended["Attributes"])[n] for n in ("process.exit.code", "k8s.container.restart_count")
    )
    assert ("checkout", "BackOff") == (event["Service"], event["State"])


@pytest.mark.parametrize("cut", range(0, len(POD), 97))
def test_a_text_that_is_cut_off_does_not_fail(cut: int) -> None:
    """Wherever it ends."""
    if b"Containers:" in POD[:cut]:
        assert outcome(POD[:cut], "pod.txt").balanced


NODES = b"""Name:               node-2
Roles:              <none>
Annotations:        node.alpha.kubernetes.io/ttl: 0
CreationTimestamp:  Sun, 01 Nov 2026 10:00:00 +0000
Taints:             node.kubernetes.io/unreachable:NoExecute
                    node.kubernetes.io/memory-pressure:NoSchedule
Unschedulable:      false
Lease:
  HolderIdentity:  node-2
  AcquireTime:     <unset>
  RenewTime:       Sun, 22 Nov 2026 14:55:00 +0000
Conditions:
  Type             Status    LastHeartbeatTime                 LastTransitionTime                Reason                         Message
  ----             ------    -----------------                 ------------------                ------                         -------
  MemoryPressure   True      Sun, 22 Nov 2026 14:55:00 +0000   Sun, 22 Nov 2026 14:41:00 +0000   KubeletHasInsufficientMemory   kubelet has insufficient memory available
  DiskPressure     False     Sun, 22 Nov 2026 14:55:00 +0000   Sun, 01 Nov 2026 10:00:00 +0000   KubeletHasNoDiskPressure       kubelet has no disk pressure
  Ready            Unknown   Sun, 22 Nov 2026 14:50:00 +0000   Sun, 22 Nov 2026 14:51:00 +0000   NodeStatusUnknown              Kubelet stopped posting node status.
Addresses:
  InternalIP:  10.0.0.5
Capacity:
  cpu:                4
Non-terminated Pods:          (1 in total)
  Namespace                   Name                          CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----                          ------------  ----------  ---------------  -------------  ---
  shop                        checkout-7d9f8b6c5-x2x9z      100m (5%)     0 (0%)      128Mi (1%)       256Mi (3%)     12m
Events:
  Type     Reason         Age                  From             Message
  ----     ------         ----                 ----             -------
  Warning  SystemOOM      19m                  kubelet          System OOM encountered, victim process: java, pid: 5633
  Normal   NodeNotReady   9m (x2 over 40m)     node-controller  Node node-2 status is now: NodeNotReady


Name:               node-1
Roles:              <none>
Taints:             <none>
Unschedulable:      false
Conditions:
  Type             Status    LastHeartbeatTime                 LastTransitionTime                Reason                         Message
  ----             ------    -----------------                 ------------------                ------                         -------
  Ready            True      Sun, 22 Nov 2026 14:50:00 +0000   Sun, 01 Nov 2026 10:51:00 +0000   KubeletReady                   kubelet is posting ready status
Events:              <none>
"""


def test_described_nodes_tell_what_they_lack_and_their_events() -> None:
    """Since the last transition; a node that is well tells nothing."""
    found = outcome(NODES, "nodes.txt")

    assert found.balanced
    assert [
        ("MemoryPressure", 19), ("NotReady", 9), ("SystemOOM", 19), ("NodeNotReady", 40),
    ] == [(row["State"], (NOW - row["Timestamp"].to_pydatetime()) // timedelta(minutes=1)) for row in found.rows["lg_changes"]]  # fmt: skip
    assert {"node-2"} == {dict(row["Attributes"])["k8s.node.name"] for row in found.rows["lg_changes"]}
    assert "NoExecute, node.kubernetes.io/memory-pressure:NoSchedule" in dict(found.rows["lg_changes"][0]["Attributes"])["k8s.node.taints"]  # fmt: skip


def test_several_described_pods_are_each_their_own() -> None:
    """With the node that each runs on, and a container that ended just now."""
    other = POD.replace(b"x2x9z", b"abcde").partition(b"  Type ")[0].replace(b"Events:", b"Events:  <none>")
    other = other.replace(b"Status:  ", b"Node:             node-2/10.0.0.5\nStatus:  ")
    now = other.replace(
        b"State:          Waiting\n      Reason:       CrashLoopBackOff",
        b"State:          Terminated\n      Reason:       Error\n      Finished:     Sun, 22 Nov 2026 14:59:00 +0000",
    )
    found = outcome(POD + b"\n\n" + now, "pods.txt").rows["lg_changes"]

    assert ["OOMKilled", "BackOff", "OOMKilled", "Error"] == [row["State"] for row in found]
    assert ["", "", "node-2", "node-2"] == [dict(row["Attributes"]).get("k8s.node.name", "") for row in found]
    assert NOW - timedelta(minutes=1) == found[-1]["Timestamp"].to_pydatetime()
