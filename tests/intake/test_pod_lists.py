"""`kubectl get pods` as text: where pods run, and when their containers were started again."""

from dataclasses import replace
from datetime import timedelta

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from lastgood.model.window import Window
from outcomes import NOW, SETTINGS, outcome

WIDE = b"""NAME                        READY   STATUS             RESTARTS        AGE    IP            NODE     NOMINATED NODE   READINESS GATES
checkout-7d9f8b6c5-x2x9z    0/1     CrashLoopBackOff   6 (2m10s ago)   12m    10.42.1.17    node-2   <none>           <none>
cart-5c9d8f7b6d-kk2kk       1/1     Running            0               12d    10.42.0.9     node-1   <none>           <none>
db-0                        1/1     Running            1 (3h ago)      90d    10.42.2.4     node-3   <none>           <none>
mail-6f7c9d5b84-2zq4x       0/1     Pending            0               3m5s   <none>        <none>   <none>           <none>
"""
ALL = b"""$ kubectl get pods -A
NAMESPACE   NAME                       READY   STATUS    RESTARTS      AGE
shop        checkout-7d9f8b6c5-x2x9z   1/1     Running   2 (45s ago)   2d3h

shop        checkout-7d9f8b6c5-abcde   1/1     Running   0             soon
"""
COVERED = Window(NOW - timedelta(hours=1), NOW - timedelta(minutes=5))
BESIDE = replace(SETTINGS, telemetry=COVERED)


def test_a_pod_runs_on_its_node() -> None:
    """As kube-state-metrics would say it; one that waits for a node runs on none."""
    found = outcome(WIDE, "pods.txt", settings=BESIDE)
    points = [dict(row["ResourceAttributes"]) for row in found.rows["otel_metrics_gauge"]]

    assert found.balanced
    assert [] == found.rejects
    assert [("checkout", "node-2"), ("cart", "node-1"), ("db", "node-3")] == [
        (one["service.name"], one["k8s.node.name"]) for one in points
    ]
    assert "checkout-7d9f8b6c5-x2x9z" == points[0]["k8s.pod.name"]
    assert {"lg_changes"} == set(outcome(WIDE, "pods.txt").rows), (
        "without telemetry there is nothing to place"
    )


def test_it_is_told_of_a_time_that_telemetry_covers() -> None:
    """So that nothing seems to go on after its end; a pod that is younger ran nowhere then."""
    found = outcome(WIDE, "pods.txt", settings=BESIDE)
    young = outcome(
        WIDE,
        "pods.txt",
        settings=replace(SETTINGS, telemetry=Window(COVERED.start, NOW - timedelta(minutes=20))),
    )

    assert all(
        COVERED.start <= r["TimeUnix"].to_pydatetime() < COVERED.end for r in found.rows["otel_metrics_gauge"]
    )
    assert ["cart", "db"] == [row["ServiceName"] for row in young.rows["otel_metrics_gauge"]]
    (made,) = found.rows["otel_logs"]
    assert "pod checkout-7d9f8b6c5-x2x9z was made on node-2, later CrashLoopBackOff" == made["Body"]
    assert NOW - timedelta(minutes=12) == made["Timestamp"].to_pydatetime()
    assert "otel_logs" not in young.rows


def test_the_last_restart_is_an_event_between_two_times() -> None:
    """An age is ."""
    first, second = outcome(WIDE, "pods.txt").rows["lg_changes"]

    assert ("infrastructure", "checkout") == (first["Kind"], first["Service"])
    assert "restart 6 of checkout-7d9f8b6c5-x2x9z on node-2, then CrashLoopBackOff" == first["Title"]
    assert NOW - timedelta(seconds=130) == first["EndTimestamp"].to_pydatetime()
    assert (NOW - timedelta(hours=4), NOW - timedelta(hours=3)) == (
        second["Timestamp"].to_pydatetime(),
        second["EndTimestamp"].to_pydatetime(),
    )


def test_a_list_without_nodes_tells_of_restarts() -> None:
    """Below its command, of every namespace; without restarts there is nothing to tell."""
    found = outcome(ALL, "pods.txt")
    (restart,) = found.rows["lg_changes"]

    assert found.balanced
    assert "shop" == dict(restart["Attributes"])["k8s.namespace.name"]
    assert ["not understood: 'soon' is not an age"] == [reject.reason for reject in found.rejects]
    assert best_claim(Input(None, "pods.txt", ALL.replace(b"2 (45s ago)", b"0          "))) is None
