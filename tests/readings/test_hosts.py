"""Which services run on which hosts."""

import numpy as np

from lastgood.readings.hosts import Hosts, nodes_of_pods, own_names, read_hosts, short_of
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from readings.exporters import gauge, line
from worlds import START, nanoseconds, put


def test_ports_and_domains_are_no_part_of_a_host() -> None:
    """Addresses are kept."""
    assert ["db-1", "db-1", "10.0.3.4"] == [
        short_of(one) for one in ("db-1:9100", "DB-1.shop.internal", "10.0.3.4:9100")
    ]


def test_a_consumer_group_is_named_after_its_service() -> None:
    """The longest service whose words are in it; a part of a word is none."""
    hosts = Hosts({}, {}, ("bill", "billing", "billing-mail"))

    assert ["billing", "billing-mail", ""] == [
        hosts.named_in(one) for one in ("billing-consumer", "prod.billing_mail.v2", "billings")
    ]


def test_a_queue_is_known_by_who_consumes_it() -> None:
    """Before a service that it might be named after."""
    hosts = Hosts({}, {}, ("parcels",), {"parcels.ready": "courier"})

    assert ["courier", "parcels"] == [hosts.consumer(one) for one in ("parcels.ready", "parcels.dead")]


def test_hosts_of_lines_and_addresses_of_machines(store: Store) -> None:
    """An exporter at an address is on the machine of that name, and so is who writes lines there."""
    line(store, "orders", {"host.name": "vm-7.shop.internal"})
    gauge(
        store,
        "node",
        "node_uname_info",
        {"nodename": "vm-7"},
        [(0, 1.0)],
        {"service.instance.id": "10.0.0.7:9100"},
    )
    case, _ = investigate(store, now=START, only="onset")

    hosts = read_hosts(case)

    assert "vm-7" == hosts.name("10.0.0.7:9100")
    assert ("orders",) == hosts.services("10.0.0.7:9100")
    assert () == hosts.services("vm-8")


def test_the_names_that_requests_ask_for_are_ones_own(store: Store) -> None:
    """Those of access logs; whom a line is about otherwise may be anyone."""
    asked = {"http.request.method": "GET", "url.path": "/", "http.response.status_code": "200"}
    put(
        store, LOGS,
        {
            "Timestamp": nanoseconds(np.arange(2) * 60.0), "ServiceName": ["gate"] * 2, "Body": ["GET /"] * 2,
            "LogAttributes": [{**asked, "url.domain": "Museum.example"}, {"server.address": "pay.example"}],
        },
        "lines",
    )  # fmt: skip
    case, _ = investigate(store, now=START, only="onset")

    assert {"museum.example"} == own_names(case)


def test_where_a_pod_runs_is_told_by_the_metric_of_placements(store: Store) -> None:
    """Of kube-state-metrics, whatever service its points are of; a pod without a node is nowhere."""
    for pod, node in (("a-1", "n-2"), ("a-2", "")):
        place = {"k8s.pod.name": pod, **({"k8s.node.name": node} if node else {})}
        gauge(store, "kube-state-metrics", "kube_pod_info", {}, [(0, 1.0)], place)

    case, _ = investigate(store, now=START, only="onset")

    assert {"a-1": "n-2"} == nodes_of_pods(case)
