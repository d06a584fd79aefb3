"""Whose a series is, from its labels."""

import pytest

from lastgood.decoding.labels import owner_of, resource_of, service_of


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"job": "scrape", "app": "cart"}, "cart"),
        ({"job": "scrape", "pod": "cart-5f66d8c6b9-x7k2p"}, "cart"),
        ({"job": "node"}, "node"),
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
        ({}, "nobody"),
    ],
)
def test_the_most_telling_label_wins(labels: dict[str, str], expected: str) -> None:
    """An application's label before a pod's owner, that before the job, that before the host."""
    assert expected == service_of(labels, "nobody")


@pytest.mark.parametrize(
    ("pod", "expected"),
    [
        ("cart-5f66d8c6b9-x7k2p", "cart"),
        ("order-db-0", "order-db"),
        ("agent-x7k2p", "agent"),
        ("cart", "cart"),
        ("cart-redis", "cart-redis"),
    ],
)
def test_the_owner_of_a_pod(pod: str, expected: str) -> None:
    """Deployments, stateful sets, daemon sets, a pod of its own, and a last word of five letters."""
    assert expected == owner_of(pod)


def test_resource_labels_get_opentelemetrys_names() -> None:
    """What says where a series comes from, and nothing else."""
    assert {"service.name": "a", "k8s.namespace.name": "shop"} == resource_of(
        {"service": "a", "namespace": "shop", "code": "5"}
    )
