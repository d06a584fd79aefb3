"""Identity: names that stay, names that mean another, and names that mean the same."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.identity import (
    NAME_FORMS,
    SIDECARS,
    Role,
    called,
    joined,
    object_of,
    only_like,
    party,
    words,
    workload_beside,
    workload_of,
)
from lastgood.model.signal import Signal

KEPT = """
orders orders-v2 orders_v2 auth0 s3 web3 api-7 web-1 web-7d orders-12ab3 svc-eu-west-1 eu-central-1 shop-prod-2 orders-green
orders-canary api-2024 OrderService checkout-service ResultsGateway Timetable.Web email.svc svc.orders k8s.io api.stripe.com
unknown_service:java acme/orders rabbit@mq-1 10.2.3.1:8080 ip-10-0-3-14 v1.2 python3.11 php-fpm8.2 node.js worker.py
redis-master-0 cart-redis order-db-1 kafka-1 zookeeper-3 pg-14 redis-7 db-portal-1 mysql my-mssql edge-https front-html5
orders-http2 gateway-grpc2 x264-encoder h2o-ai 3scale c4-engine b2b-portal mobile-bff payments-gw user-service-v3
k8s-dashboard node-exporter postgres-exporter systemd-exporter kube-state-metrics prometheus-server cert-manager coredns
ingress-nginx ingress-nginx-controller istio-ingressgateway argocd-application-controller envoy nginx haproxy traefik
keycloak-x fluent-bit grafana docker-registry cron-runner sshd-bastion kernel-ci ping-service journal free-tier top-sellers
docker-events-exporter aws-events kubectl-proxy helm-status audit watchdog log4j-collector spring-boot-admin main-menu rds-proxy rds-exporter p99 Maximum checkout-sum threadpool class-booking session-store run-tracker
""".split()
UUID = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
TASK = UUID.replace("-", "")
MEANT = {
    # Kubernetes
    "tracking-consumer-6d9b7f8c4d-pz6lm": "tracking-consumer", "tracking-consumer-58c4f9d7b6-d8wkr": "tracking-consumer",
    "web-7d-6d9b7f8c4d-pz6lm": "web-7d", "orders-1564180365-khku8": "orders", "cart-5f66d8c6b9-x7k2p": "cart",
    "orders-6d9b7f8c4d": "orders", "ingress-nginx-controller-bk2lq": "ingress-nginx-controller", "geo-import-29281-p9xkd": "geo-import",
    "session-rollup-29680140": "session-rollup", "session-rollup-29680140-x7k2p": "session-rollup", "pod/orders-6d9b7f8c4d-pz6lm": "orders",
    "deployment/orders": "orders", "deployment.apps/orders": "orders", "svc/orders": "orders", "sts/orders-db": "orders-db",
    f"k8s_orders_orders-6d9b7f8c4d-pz6lm_shop_{UUID}_0": "orders",
    # systemd, Docker, ECS, Nomad, Heroku, Cloud Run, AWS, PM2, Windows, Java
    "orders.service": "orders", "orders@2.service": "orders", "orders@2": "orders", "backup.timer": "backup", "/orders": "orders",
    "shop_orders.1.abcdefghijklmnopqrstuvwxy": "shop_orders", f"prod-cluster/orders/{TASK}": "orders", "metrics-agent-4kq8s": "metrics-agent", "outbound_.8080_._.ledger.bank.svc.cluster.local": "ledger", "inbound|8080||orders.shop.svc.cluster.local": "orders", f"service/orders/{TASK}": "orders",
    f"orders-{UUID}": "orders", f"_nomad-task-{UUID}-group-api-orders-http": "orders", "web.1": "web", "worker.12": "worker",
    "orders-00042-abc": "orders", "/aws/lambda/orders": "orders", "/ecs/orders": "orders", "/aws/ecs/prod/orders": "orders",
    "/aws/rds/instance/shop-db/postgresql": "shop-db", "0|orders": "orders", "Orders.exe": "Orders", "orders.jar": "orders",
    "rds-seats-db": "seats-db", "elasticache-seat-cache": "seat-cache", "seat-finder Maximum": "seat-finder", "seat-finder p99.9": "seat-finder",
    # proxies, meshes and DNS
    "telemetry@file": "telemetry", "registry@docker": "registry", "prod-orders-8080@kubernetes": "prod-orders",
    "outbound|8080||ledger.bank.svc.cluster.local": "ledger", "outbound|443|v2|api.stripe.com": "api.stripe.com",
    "ledger.bank.svc.cluster.local": "ledger", "ledger.bank.svc": "ledger", "ledger.bank.svc.cluster.local:8080": "ledger",
    "orders-0.orders.bank.svc.cluster.local": "orders", "orders.service.consul": "orders", "v2.orders.service.dc1.consul": "orders",
    "orders:8080": "orders", "api.stripe.com:443": "api.stripe.com", "db-1.prod.example.internal": "db-1", "orders.lan": "orders",
    "ip-10-40-17-131.eu-west-1.compute.internal": "ip-10-40-17-131", '"orders"': "orders",
    # sidecars
    "payments-gw-istio-proxy": "payments-gw", "orders-linkerd-proxy": "orders", "orders-daprd": "orders", "orders.vault-agent": "orders",
}  # fmt: skip
NOBODY = """
qtp1204167249-89|http-nio-8080-exec-3|https-jsse-nio-8443-exec-10|pool-3-thread-1|Thread-12|Thread-12 (worker)|MainThread|main
ThreadPoolExecutor-0_1|ForkJoinPool.commonPool-worker-3|reactor-http-epoll-3|nioEventLoopGroup-2-1|XNIO-1 task-3|default task-7
vert.x-eventloop-thread-0|application-akka.actor.default-dispatcher-5|scheduling-1|ntainer#0-3-C-1|HikariPool-1 housekeeper
c.b.payments.ledger.LedgerClient|com.acme.orders.OrderService|github.com/traefik/traefik/v3/pkg/config.go|worker/run.go:118
main.py:42|kubectl-get-events|kubectl-describe-pod|kubectl_get_pods|docker-ps|docker-stats-2026-11-22|kubectl|top|dmesg|session-4.scope
user@1000.service
"""
MESSENGERS = (
    "kernel systemd systemd-logind kubelet dockerd containerd sshd CRON cron sudo auditd smartd chronyd"
)


@pytest.mark.parametrize("name", KEPT)
def test_a_name_that_is_a_service_stays(name: str) -> None:
    """Versions, regions, numbers, words of five letters, public hosts, other programs' names."""
    assert (name, Role.SERVICE, "") == (party(name).name, party(name).role, party(name).instance)
    assert name == called(name) == workload_beside(name)


@pytest.mark.parametrize(("name", "expected"), MEANT.items())
def test_a_name_that_means_a_service(name: str, expected: str) -> None:
    """Processes, units, containers, functions, upstreams, addresses and sidecars."""
    assert expected == party(name).name


@pytest.mark.parametrize("name", NOBODY.strip().replace("\n", "|").split("|"))
def test_a_name_that_means_nobody(name: str) -> None:
    """Threads, classes, source files and saved output of commands."""
    assert ("", Role.NOBODY) == (party(name).name, party(name).role)
    assert name == called(name)


@pytest.mark.parametrize("name", MESSENGERS.split())
def test_who_reports_on_a_machine(name: str) -> None:
    """They are no service themselves."""
    assert ("", Role.HOST) == (party(name).name, party(name).role)


def test_the_lists_are_long_enough_to_measure_precision() -> None:
    """Sixty names each at least that stay, and that are mapped; every form has a name that it fits first."""
    assert len(set(KEPT)) >= 60
    assert len(MEANT) >= 60
    every = [*MEANT, *NOBODY.strip().replace("\n", "|").split("|"), *MESSENGERS.split()]
    fitting = {next((f.about for f in NAME_FORMS if f.pattern.match(name)), "") for name in every}
    assert {form.about for form in NAME_FORMS} <= fitting


def test_which_process_it_is_stays_known() -> None:
    """The whole name, where it is that of one process of several."""
    assert "tracking-consumer-6d9b7f8c4d-pz6lm" == party("tracking-consumer-6d9b7f8c4d-pz6lm").instance
    assert "orders-6d9b7f8c4d-pz6lm" == party("pod/orders-6d9b7f8c4d-pz6lm").instance
    assert not party("orders.service").instance
    assert Role.SIDECAR is party("payments-gw-istio-proxy").role
    assert Role.UPSTREAM is party("registry@file").role
    assert all(party(name).role is Role.SERVICE for name in SIDECARS)


@pytest.mark.parametrize(
    ("pod", "expected"),
    [
        ("cart-5f66d8c6b9-x7k2p", "cart"), ("order-db-0", "order-db"), ("redis-master-0", "redis-master"), ("agent-x7k2p", "agent"),
        ("node-exporter-bkqlw", "node-exporter"), ("cart", "cart"), ("cart-redis", "cart-redis"), ("api-5b6f9d8c74-zzzzz", "api"),
        ("geo-import-29281-p9xkd", "geo-import"),
    ],
)  # fmt: skip
def test_the_workload_of_a_pod(pod: str, expected: str) -> None:
    """Where it is known to be a pod an ordinal, and any five letters that spell no word, are cut."""
    assert expected == workload_of(pod)


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("Node", "ip-10-0-3-14", ""), ("Pod", "shop-pg-0", "shop-pg"), ("ReplicaSet", "orders-6d9b7f8c4d", "orders"),
        ("Job", "session-rollup-29280", "session-rollup"), ("Job", "orders-db-migrate-6-20-0", "orders-db-migrate-6-20-0"),
        ("Deployment", "web-1", "web-1"), ("Kustomization", "prod-payments", "prod-payments"),
    ],
)  # fmt: skip
def test_the_owner_of_an_object(kind: str, name: str, expected: str) -> None:
    """Events are about their involved object."""
    assert expected == object_of(kind, name)


@given(st.text(max_size=40))
def test_every_text_means_someone_and_no_name_is_lost(text: str) -> None:
    """What is meant by what is meant is the same; a service is never left without a name."""
    found = party(text)
    assert called(called(text)) == called(text)
    assert (
        found.name or found.role in {Role.HOST, Role.NOBODY} or not re.search(r"[^\s'\"\u201c\u201d]", text)
    )


LOGS, SPANS, METRICS, CHANGES = (
    frozenset({one}) for one in (Signal.LOGS, Signal.SPANS, Signal.METRICS, Signal.CHANGES)
)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"portal": LOGS, "booking-portal": CHANGES}, {"booking-portal": "portal"}),
        ({"booking-portal": LOGS, "portal": CHANGES}, {"portal": "booking-portal"}),
        ({"results-gateway": LOGS, "ResultsGateway": METRICS}, {"ResultsGateway": "results-gateway"}),
        ({"orders": SPANS, "orders-service": LOGS}, {"orders-service": "orders"}),
        ({"orders": SPANS, "Orders": LOGS, "ORDERS": METRICS}, {"Orders": "orders", "ORDERS": "orders"}),
        ({"orders": SPANS | CHANGES, "orders_svc": LOGS}, {"orders_svc": "orders"}),
        ({"api-a": LOGS, "api-b": LOGS, "api": CHANGES}, {"api-a": "api", "api-b": "api"}),
        ({"api-1": LOGS, "api-02": LOGS, "api": METRICS}, {"api-1": "api", "api-02": "api"}),
    ],
)
def test_names_that_mean_the_same(named: dict[str, frozenset[Signal]], expected: dict[str, str]) -> None:
    """The spelling apart, an ending that says nothing, a product in front of what only changes name."""
    assert expected == joined(named)


@pytest.mark.parametrize(
    "named",
    [
        {"portal": LOGS, "booking-portal": CHANGES, "staff-portal": CHANGES},  # which one?
        {"portal": LOGS, "booking-portal": METRICS},  # telemetry of both
        {"orders": SPANS, "orders-service": SPANS},  # one sender tells them apart
        {"orders": SPANS, "orders-db": CHANGES},  # another part
        {"orders": SPANS, "orders-worker": CHANGES},
        {"gateway": LOGS, "mobile-gateway": CHANGES},  # a word that many names have
        {"quotes": SPANS, "pricing": SPANS, "quotes-pricing": CHANGES},  # of both
        {"orders": SPANS, "Orders": SPANS, "ORDERS": LOGS},
        {"web-1": LOGS, "web-2": METRICS, "": CHANGES},
        {"web-1": LOGS, "web": CHANGES},  # one alone may be a name
        {"web-1": LOGS, "web-2": LOGS, "web": LOGS},  # the service logs by itself
        {"web-a": LOGS, "web-z": LOGS, "web": CHANGES},
    ],
)  # fmt: skip
def test_names_that_may_mean_something_else_stay_apart(named: dict[str, frozenset[Signal]]) -> None:
    """What is unclear is not joined."""
    assert not joined(named)


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("registry", ["device-registry", "telemetry-gw"], "device-registry"),
        ("telemetry", ["device-registry", "telemetry-gw"], "telemetry-gw"),
        ("registry", ["device-registry", "image-registry"], ""),
        ("orders", ["orders-db"], ""),
        ("api", ["shop-api"], ""),
        ("", ["shop"], ""),
    ],
)
def test_the_only_service_like_an_upstream(name: str, known: list[str], expected: str) -> None:
    """A second one that shares a word, or a word that names another part, leaves it open."""
    assert expected == only_like(name, known)


@given(
    st.lists(
        st.sampled_from(["portal", "booking-portal", "Portal", "shop", "shop-service", "api", "my-api"]),
        unique=True,
        min_size=2,
    )
)
def test_nobody_is_joined_with_who_is_joined_with_another(names: list[str]) -> None:
    """The name that is shown is shown as it is."""
    signals = [SPANS, LOGS, METRICS, CHANGES]
    named = {name: signals[at % len(signals)] for at, name in enumerate(names)}
    found = joined(named)
    assert not set(found) & set(found.values())


def test_words_are_those_of_any_spelling() -> None:
    """Case, hyphens and underscores make no difference."""
    assert all(
        a == b for a, b in pairwise(map(words, ["ResultsGateway", "results-gateway", "RESULTS_gateway"]))
    )


def test_blanks_and_marks_around_a_name_are_none_of_it() -> None:
    """However they follow each other."""
    assert "till 1" == party(" ' \"till 1\u201d\r\n ").name
    assert "" == party("\r").name
