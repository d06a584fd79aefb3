"""Whose a file is, from its name."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lastgood.decoding.input import Input, Settings
from lastgood.decoding.text.whose import (
    clocks_alone,
    date_of,
    machine,
    reference_for,
    telling,
    whose,
    whose_figures,
)
from lastgood.model.clock import to_nanoseconds


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("checkout.log", "checkout"), ("/var/log/shop/checkout.log.1.gz", "checkout"), ("cart-2026-11-22.log", "cart"),
        ("payments-7f9c6d9f5b-x2x2l.log", "payments"), ("access.log", ""), ("error.log.2.gz", ""), ("<stdin>", ""),
        ("nginx-access.log", "nginx"), ("syslog", ""), ("postgresql-2026-11-22_144100.log", "postgresql"),
        ("aws_lambda_bookings-api.jsonl", "bookings-api"), ("-aws-ecs-till.log", "till"), ("aws_lambda.log", "aws_lambda"),
        ("rails-production.log", "rails"), ("tail.txt", ""), ("journal.txt", ""), ("logs-insights-results.csv", ""), ("indexserver.trc", "indexserver"), ("pay.psv", "pay"),
        ("email.svc.jsonl", "email.svc"), ("2026-11-22.log", ""), ("vault_audit.log", "vault"), ("audit.log.3", ""), ("till.clef", "till"),
        ("123456789012_elasticloadbalancing_us-east-1_app.till-lb.50dc6c495c0c9188_20261122T0815Z_192.0.2.7_2soosksi.log", "till-lb"),
        ("123456789012_elasticloadbalancing_eu-west-1_till-classic_20261122T0815Z_192.0.2.7_20sg8hgm.log.gz", "till-classic"),
        ("123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20261122T1620Z_fe123456.log.gz", "vpcflowlogs"),
        ("depot_10.0.0.4_0123456789abcdef_20261122T0811Z.log", "depot"), ("depot-10.0.0.4.log", "depot"), ("1795594470_41.json", ""),
        ("ip2location.log", "ip2location"), ("deadbeef-service.log", "deadbeef-service"),
        ("kubectl-get-events.txt", ""), ("docker-stats.txt", ""), ("prod.log", ""), ("dev.log", ""), ("pay-prod.log", "pay"),
        ("u_ex261122.log", ""), ("in26112214.log", ""), ("depot/u_ex261122_x.log", "depot"), ("rabbit@mq-1.log", "rabbitmq"), ("rabbit@mq-1_upgrade.log", "rabbitmq"),
    ],
)  # fmt: skip
def test_the_name_says_the_service(name: str, service: str) -> None:
    """Without endings, rotation and dates; some names say only what a file is."""
    assert service == whose(name)[0]


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("/var/log/nginx/access.log", "nginx"), ("shop/access.log", "shop"), ("/srv/shop/logs/error.log", "shop"),
        ("/var/log/access.log", ""), ("access.log-20261120.gz", ""), ("logs/cart/stdout.log.1", "cart"), ("app.log", ""),
        ("/opt/shop/current/log/production.log", "shop"), ("/home/anna/access.log", ""), ("inc-4711/error.log", ""),
        ("2026-11-20/app.log", ""), ("/srv/tmpabcdef/messages-20261120", ""), ("other_vhosts_access.log", ""),
        ("access-ssl.log.old", ""), ("app-Nov.log", ""), ("app-20Nov2026.log", ""), ("warn.log", ""), ("access_log", ""),
        ("error-shop.log", "shop"), ("access-control.log", "access-control"), ("auth-service.log", "auth-service"),
        ("b.tar.gz!/shop/access.log", "shop"), ("shop/b.zip!/access.log", ""), ("http-gateway.log", "http-gateway"),
        ("dump/cart-7f9c6d9f5b-x2x2l/logs.txt", "cart"), ("shop-access-20261120T141500Z.log", "shop"),
        ("cart-0.log", "cart-0"), ("cart/cart-1.log", "cart"), ("cart/cart-b.log", "cart"), ("cart/cart-x.log", "cart-x"),
        ("logs/cart-1.log", "cart-1"), ("shop-access-3.log", "shop"), ("app-2026-11.log", ""),
    ],
)  # fmt: skip
def test_a_name_that_says_no_service_leaves_it_to_the_folder(name: str, service: str) -> None:
    """Unless the folder is one of the system, of a person, of an incident, or a temporary one."""
    assert service == whose(name)[0]


@pytest.mark.parametrize(
    ("name", "folder", "service"),
    [
        ("mine/access.log", "mine", ""), ("mine/checkout/access.log", "mine", "checkout"), ("mine/cart.log", "mine", "cart"),
        ("/home/kim/mine/logs/error.log", "/home/kim/mine/logs", ""), ("mine-2/error.log", "mine-2", ""), ("mine/a1/error.log", "mine", ""),
        ("/srv/logs/a1/error.log", "/srv/logs", "a1"), ("nginx/access.log", "nginx", "nginx"), ("web01/access.log", "web01", "web"),
        ("/var/log/cart/error.log", "/var/log/cart", "cart"), ("cart-7f9c6d9f5b-x2x2l/error.log", "cart-7f9c6d9f5b-x2x2l", "cart"),
        ("mine/access.log", ".", "mine"), ("mine/b.tar.gz!/shop/access.log", "mine", "shop"), ("<stdin>", "", ""),
    ],
)  # fmt: skip
def test_the_folder_that_a_person_named_names_no_service(name: str, folder: str, service: str) -> None:
    """What lies in it does; and it does where servers, pods and programs that log name it."""
    assert service == whose(telling(name, folder))[0]


def test_a_log_in_the_folder_of_its_pod_says_namespace_and_container() -> None:
    """As the kubelet lays them out."""
    name = "/var/log/pods/shop_cart-7f9c6d9f5b-x2x2l_0a1b2c3d-0000-1111-2222-333344445555/main/0.log"
    assert (
        "cart",
        {
            "k8s.namespace.name": "shop",
            "k8s.container.name": "main",
            "k8s.pod.name": "cart-7f9c6d9f5b-x2x2l",
        },
    ) == whose(name)


def test_a_container_log_of_a_node_says_pod_namespace_and_container() -> None:
    """As the kubelet names them."""
    name = f"cart-7f9c6d9f5b-x2x2l_shop_main-{'0a' * 32}.log"
    assert (
        "cart",
        {
            "k8s.namespace.name": "shop",
            "k8s.container.name": "main",
            "k8s.pod.name": "cart-7f9c6d9f5b-x2x2l",
        },
    ) == whose(name)


def test_rabbitmq_names_its_logs_after_its_node() -> None:
    """The host is what stands behind the sign."""
    assert ("rabbitmq", {"host.name": "mq-1"}) == whose("/var/log/rabbitmq/rabbit@mq-1.log.1")


def test_the_date_of_a_name() -> None:
    """For times that have none."""
    assert datetime(2026, 11, 22, tzinfo=UTC) == date_of("a/cart-20261122.log")
    assert date_of("cart-2026-02-31.log") is None
    assert date_of("2026-11-22/cart.log") is None


def test_the_reference_is_the_last_change_of_the_file_but_not_the_future(tmp_path: Path) -> None:
    """A year that is given goes before both."""
    file = tmp_path / "cart.log"
    file.write_text("x")
    long_ago = datetime(2020, 1, 2, tzinfo=UTC)

    given = Input(file, str(file))
    assert to_nanoseconds(long_ago) == reference_for(given, Settings(long_ago, UTC)).latest
    year = reference_for(given, Settings(long_ago, UTC, year=2019)).latest
    assert to_nanoseconds(datetime(2019, 12, 31, tzinfo=UTC)) == year


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sar-db-3.txt", "db-3"), ("cart-cpu.csv", "cart"), ("top.txt", ""), ("ledger-redis-info.txt", "ledger-redis"), ("redis-info.txt", "redis"),
        ("ledger-db/pg_metrics.csv", "ledger-db"), ("kafka/consumer_lag.csv", "kafka"), ("rds-seats-db.csv", "seats-db"), ("metrics/readings_per_minute.csv", ""),
    ],
)  # fmt: skip
def test_whose_figures_are(name: str, expected: str) -> None:
    """Words for programs and for what is measured are no one's names."""
    assert expected == whose_figures(name)


@pytest.mark.parametrize(
    ("name", "service", "host"),
    [
        ("case/store-2/laravel-2026-02-03.log", "store", "store-2"), ("store-2/till.log", "till", "store-2"),
        ("web01/error.log", "web", "web01"), ("db-1/error.log", "db", "db-1"), ("store-2/log/production.log", "store", "store-2"),
        ("auth-2/realms.log", "realms", "auth-2"), ("app-1/error.log", "app-1", "app-1"), ("sample-2/error.log", "", ""), ("db/error.log", "db", ""),
        ("oauth2/error.log", "oauth2", ""), ("day-2/error.log", "", ""), ("node-2/error.log", "", ""), ("lb1/access.log", "lb1", ""),
    ],
)  # fmt: skip
def test_a_numbered_folder_is_one_of_several(name: str, service: str, host: str) -> None:
    """Its number is part of the instance, not of the service; days and nodes are no one's."""
    found, resource = whose(name)
    assert (service, host) == (found, resource.get("host.name", ""))


@pytest.mark.parametrize(
    ("line", "alone"),
    [
        ("14:20:01.125 [info] GET /free", True), ("[14:20:01] GET /free", True), ("14:20:01 2026-11-22 GET", False),
        ("2026-11-22 14:20:01 GET", False), ("14:20 GET", False), ("14:20:01:22 GET", False),
    ],
)  # fmt: skip
def test_a_line_may_begin_with_a_time_of_day_alone(line: str, alone: bool) -> None:
    """A date before or behind it is a date."""
    assert alone == clocks_alone(Input(None, "a.log", f"{line}\n".encode() * 3))


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("app3-dpkg.log", "app3"), ("dump/web-1/var/log/dpkg.log", "web-1"), ("history.log", ""), ("2026/dpkg.log", ""), ("dpkg-db1.log.1", "db1"),
    ],
)  # fmt: skip
def test_the_machine_of_its_own_records(name: str, host: str) -> None:
    """By the file, else by a folder."""
    assert host == machine(name)
