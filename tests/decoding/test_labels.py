"""Whose a series is, from its labels."""

import pytest

from lastgood.decoding.labels import resource_of, service_of


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"job": "scrape", "app": "cart"}, "cart"),
        ({"job": "scrape", "pod": "cart-5f66d8c6b9-x7k2p"}, "cart"),
        ({"job": "node"}, "node"),
        ({"service": "registry@docker"}, "registry"),
        ({"app": "cart-5f66d8c6b9-x7k2p"}, "cart"),
        ({"job": "orders-istio-proxy"}, "orders-istio-proxy"),
        ({"job": "node", "instance": "db1:9100"}, "db1"),
        (
            {"job": "kubelet", "service": "kubelet", "pod": "cart-5f66d8c6b9-x7k2p", "container": "app"},
            "cart",
        ),
        (
            {
                "job": "kube-state-metrics",
                "pod": "kube-state-metrics-0",
                "exported_pod": "cart-5f66d8c6b9-x7k2p",
            },
            "cart",
        ),
        ({"instance": "db1:9100"}, "db1"),
        ({"instance": "10.0.3.14:9100"}, "10.0.3.14"),
        ({"instance": "db1.prod.internal:9100"}, "db1"),
        ({"job": "blackbox-https", "instance": "https://seats.example/health"}, "seats.example"),
        (
            {"job": "probes", "target": "http://Seats.example:8080/", "instance": "prober:9115"},
            "seats.example",
        ),
        ({}, "nobody"),
    ],
)
def test_the_most_telling_label_wins(labels: dict[str, str], expected: str) -> None:
    """An application's label before a pod's owner, that before the job, that before the host."""
    assert expected == service_of(labels, "nobody")


def test_resource_labels_get_opentelemetrys_names() -> None:
    """What says where a series comes from, and nothing else."""
    assert {"service.name": "a", "k8s.namespace.name": "shop"} == resource_of(
        {"service": "a", "namespace": "shop", "code": "5"}
    )
