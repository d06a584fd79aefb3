"""Rows under the names of whom they are about."""

from typing import Any

import pyarrow as pa
import pytest

from lastgood.algorithms.identity import SIDECARS
from lastgood.decoding.change import alert, change
from lastgood.decoding.identified import TRAEFIK, identified
from lastgood.decoding.input import Batch
from lastgood.decoding.rows import Rows
from lastgood.model.attributes import HOST_NAME, INSTANCE_ID, NAMED, PEER_SERVICES, POD, SERVICE_NAME
from lastgood.telemetry.tables import CHANGES, GAUGES, LOGS, StoreTable

POD_NAME = "orders-6d9b7f8c4d-pz6lm"


def line(service: str, body: str = "failed", scope: str = "", **resource: str) -> dict[str, Any]:
    """A log line; of the resource `host`, `pod` and `own`, the name that it was given."""
    names = {"host": HOST_NAME, "pod": POD, "own": SERVICE_NAME}
    return {
        "Timestamp": 1, "ServiceName": service, "Body": body, "ScopeName": scope, "LogAttributes": {},
        "ResourceAttributes": {names[key]: value for key, value in resource.items()},
    }  # fmt: skip


def taken(*lines: dict[str, Any], owner: str = "") -> list[dict[str, Any]]:
    """The same lines identified, maps as dictionaries."""
    rows = Rows()
    for one in lines:
        rows.add(LOGS, one)
    (batch,) = (item for item in rows.rest() if isinstance(item, Batch))
    return [
        {key: dict(value) if isinstance(value, list) else value for key, value in row.items()}
        for row in identified(batch, owner).rows.to_pylist()
    ]


def test_a_line_of_a_pod_is_its_workloads_and_says_which_pod() -> None:
    """What was given is kept."""
    (row,) = taken(line(POD_NAME))

    assert "orders" == row["ServiceName"]
    assert {NAMED: POD_NAME} == row["LogAttributes"]
    assert {INSTANCE_ID: POD_NAME} == row["ResourceAttributes"]


def test_lines_beside_stay_as_they_are() -> None:
    """Only what means another is renamed; without any the rows are the same object."""
    rows = taken(line("cart"), line(POD_NAME), line(POD_NAME, own=POD_NAME))

    assert ["cart", "orders", POD_NAME] == [row["ServiceName"] for row in rows]
    assert [{}, {NAMED: POD_NAME}, {}] == [row["LogAttributes"] for row in rows]
    whole = LOGS.rows({"Timestamp": pa.array([1]).cast(LOGS.columns["Timestamp"]), "ServiceName": ["cart"]})
    assert identified(Batch(LOGS, whole)).rows is whole


def test_what_a_source_leaves_out_is_empty() -> None:
    """Tables need not have every column."""
    bare = identified(Batch(LOGS, LOGS.rows({"ServiceName": [POD_NAME, "kernel", None]}))).rows.to_pylist()
    assert ["orders", "kernel", ""] == [row["ServiceName"] for row in bare]
    assert [(NAMED, POD_NAME)] == bare[0]["LogAttributes"]
    nobody = LOGS.rows({"Body": ["x"]})
    assert identified(Batch(LOGS, nobody)).rows is nobody


@pytest.mark.parametrize(
    ("given", "body", "expected"),
    [
        ("kernel", "ata3.00: failed command: READ FPDMA QUEUED", "origin-2"),
        ("systemd", "rewards-worker@a.service: Main process exited, code=exited, status=1/FAILURE", "rewards-worker"),
        ("systemd", "Started prometheus.service - Prometheus.", "prometheus"),
        ("systemd", "Failed to start orders.service - Orders.", "orders"),
        ("systemd", "Started session-4.scope - Session of User deploy.", "origin-2"),
        ("systemd", "cron.service: Deactivated successfully.", "origin-2"),
        ("kernel", "oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=/system.slice/orders.service,task=java", "orders"),
        ("kubelet", f'"Probe failed" probeType="Readiness" pod="shop/{POD_NAME}" podUID="1"', "orders"),
        ("CRON", "(root) CMD (/usr/local/sbin/cache-stats > /dev/null)", "origin-2"),
    ],
)  # fmt: skip
def test_who_reports_on_a_machine_speaks_of_a_unit_or_of_the_host(
    given: str, body: str, expected: str
) -> None:
    """The host without its domain; the reporter becomes the scope."""
    (row,) = taken(line(given, body, host="origin-2.cdn.example"))

    assert (expected, given) == (row["ServiceName"], row["ScopeName"])
    assert given == row["LogAttributes"][NAMED]


def test_a_reporter_on_no_known_machine_stays() -> None:
    """Better its name than none; an address of a host is one word."""
    assert ["kernel"] == [row["ServiceName"] for row in taken(line("kernel"))]
    assert ["10.0.3.14"] == [row["ServiceName"] for row in taken(line("kernel", host="10.0.3.14"))]


def test_a_thread_leaves_it_to_the_pod_in_front_of_the_message_then_to_the_resource_then_to_the_file() -> (
    None
):
    """And else no one is named."""
    thread = "qtp1204167249-89"
    rows = taken(
        line(thread, f"{POD_NAME} platform.proxy.Upstreams - 429"),
        line(thread, "429", pod="cart-x7k2p"),
        line(thread, "429"),
        owner="shop",
    )

    assert ["orders", "cart", "shop"] == [row["ServiceName"] for row in rows]
    assert POD_NAME == rows[0]["ResourceAttributes"][INSTANCE_ID]
    assert [""] == [row["ServiceName"] for row in taken(line(thread, "429"))]
    assert [""] == [row["ServiceName"] for row in taken(line(thread, "could-not-reach-upstream-later : no"))]


def test_what_a_proxy_calls_the_service_behind_it_is_its_upstream() -> None:
    """The line is the proxy's."""
    (row,) = taken(line("registry@file"))
    assert (TRAEFIK, "registry") == (row["ServiceName"], row["LogAttributes"][PEER_SERVICES[0]])
    assert "edge" == taken(line("registry@file"), owner="edge")[0]["ServiceName"]


def test_a_sidecar_keeps_a_place_of_its_own() -> None:
    """Named after the workload of its pod, where only the container is named."""
    container = min(SIDECARS)
    rows = taken(line("orders-istio-proxy"), line(container, pod=POD_NAME), line(container))

    assert ["orders-istio-proxy", f"orders-{container}", container] == [row["ServiceName"] for row in rows]


@pytest.mark.parametrize(
    ("row", "attributes"),
    [
        (change("deploy", 1, service=f"pod/{POD_NAME}"), "Attributes"),
        (alert("Down", 1, service=POD_NAME), "Labels"),
    ],
)
def test_changes_and_alerts_are_of_the_same_services(
    row: tuple[StoreTable, dict[str, Any]], attributes: str
) -> None:
    """A cluster's objects and pods are workloads."""
    rows = Rows()
    rows.add(*row)
    (batch,) = (item for item in rows.rest() if isinstance(item, Batch))
    (found,) = identified(batch).rows.to_pylist()

    assert "orders" == found["Service"]
    assert dict(found[attributes])[NAMED].endswith(POD_NAME)


def test_a_change_of_nobody_known_keeps_its_name() -> None:
    """A thread's name may be that of a team's script."""
    rows = Rows()
    rows.add(*change("deploy", 1, service="main"))
    (batch,) = (item for item in rows.rest() if isinstance(item, Batch))

    assert batch.table is CHANGES
    assert ["main"] == identified(batch).rows["Service"].to_pylist()


def test_metrics_are_as_they_are() -> None:
    """Their labels were read by the same law."""
    batch = Batch(GAUGES, GAUGES.rows({"ServiceName": [POD_NAME]}))
    assert identified(batch) is batch


def test_a_runtime_is_whose_unit_it_is_of() -> None:
    """The journal names the program; without a unit it keeps its name."""
    own = line("java") | {"LogAttributes": {"_SYSTEMD_UNIT": "invoices.service"}}
    assert ["invoices", "java"] == [row["ServiceName"] for row in taken(own, line("java"), owner="shop")]
