"""Machines whose network loses packets, and their peers do not."""

from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import pytest

from cases import case_of
from lastgood.model.window import Comparison, Window
from lastgood.readings.lossy_links import (
    LINK_LEAST,
    LINK_PEERS,
    LINK_TIMES,
    LINK_VALUES,
    LossyLink,
    lossy_links,
)
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.store import Store
from readings.exporters import gauge
from worlds import START, nanoseconds, put

MIDDLE = START + timedelta(minutes=10)
WINDOWS = Comparison(Window(START, MIDDLE), Window(MIDDLE, MIDDLE + timedelta(minutes=10)), given=True)
METRIC = "tcp_retransmits"
PEERS = {f"db-{n + 1}": (1.0, 1.0) for n in range(LINK_PEERS)}


def put_levels(
    store: Store,
    levels: Mapping[str, tuple[float, float]],
    metric: str = METRIC,
    values: tuple[int, int] = (9, 9),
) -> None:
    """By machine what it loses while good and while bad, so many values of each, a minute apart."""
    for machine, level in levels.items():
        points = [
            (600.0 * late + 60 * n, level[late]) for late, many in enumerate(values) for n in range(many)
        ]
        gauge(store, "node", metric, {}, points, {"host.name": machine})


def put_writer(store: Store, machine: str) -> None:
    """A service writes a log line on the machine."""
    columns = {
        "Timestamp": nanoseconds(np.array([60.0])), "ServiceName": ["ledger"], "Body": ["ready"],
        "ResourceAttributes": [{"host.name": machine}],
    }  # fmt: skip
    put(store, LOGS, columns, machine)


def links(store: Store) -> list[LossyLink]:
    """Of what the store holds."""
    return lossy_links(case_of(store, WINDOWS))[0]


def test_a_machine_that_loses_what_its_peers_deliver_is_named(store: Store) -> None:
    """With the metric, its usual most, its median now and how many are as usual; the table shows them all."""
    put_levels(store, {"db-0": (1.0, 50.0), **PEERS})

    found, (table,) = lossy_links(case_of(store, WINDOWS))

    assert [LossyLink("db-0", METRIC, 1.0, 50.0, LINK_PEERS)] == found
    assert ("db-0", *PEERS) == tuple(row[1] for row in table.rows)


@pytest.mark.parametrize(
    ("level", "others", "there"),
    [
        ((1.0, 1.0 * LINK_TIMES), 1.0, True),
        ((1.0, 0.99 * LINK_TIMES), 1.0, False),  # than was usual there
        ((0.1, 0.99 * LINK_TIMES), 1.0, False),  # than the others have now
        ((0.0, LINK_LEAST), 0.0, True),
        ((0.0, 0.9 * LINK_LEAST), 0.0, False),
    ],
)
def test_it_loses_many_times_the_usual(
    store: Store, level: tuple[float, float], others: float, *, there: bool
) -> None:
    """Its own and the others', and no less than users notice."""
    put_levels(store, {"db-0": level, **dict.fromkeys(PEERS, (others, others))})

    assert there == bool(links(store))


def test_where_all_lose_more_none_is_named(store: Store) -> None:
    """Everything is slow then."""
    put_levels(store, {"db-0": (1.0, 60.0), **dict.fromkeys(PEERS, (1.0, 50.0))})

    assert ([], ()) == lossy_links(case_of(store, WINDOWS))


@pytest.mark.parametrize("peers", [LINK_PEERS, LINK_PEERS - 1])
def test_so_many_peers_tell_what_is_usual(store: Store, peers: int) -> None:
    """Of fewer it is not known which is."""
    put_levels(store, {"db-0": (1.0, 50.0), **{f"db-{n + 1}": (1.0, 1.0) for n in range(peers)}})

    assert (peers == LINK_PEERS) == bool(links(store))


@pytest.mark.parametrize(
    "values",
    [(LINK_VALUES, LINK_VALUES), (LINK_VALUES - 1, LINK_VALUES), (LINK_VALUES, LINK_VALUES - 1)],
)
def test_so_many_values_tell_a_level(store: Store, values: tuple[int, int]) -> None:
    """In each window."""
    put_levels(store, {"db-0": (1.0, 50.0), **PEERS}, values=values)

    assert (min(values) == LINK_VALUES) == bool(links(store))


def test_a_counter_is_read_as_its_rate(store: Store) -> None:
    """Of all interfaces of a machine, as node_exporter counts; what is lost since its start says nothing."""
    for machine, more in (("db-0", 30.0), *((peer, 0.0) for peer in PEERS)):
        for device, start in (("eth0", 9e6), ("eth1", 0.0)):
            points = [(60.0 * n, start + more * max(0, 60 * (n - 10))) for n in range(20)]
            labels = {"device": device}
            gauge(
                store, "node", "node_network_receive_drop_total", labels, points, {"host.name": machine},
                counter=True,
            )  # fmt: skip

    (found,) = links(store)

    assert ("db-0", 0.0, 60.0) == (found.machine, found.good, found.bad)


def test_the_metric_that_departs_most_stands_for_a_machine(store: Store) -> None:
    """However small its values are."""
    put_levels(store, {"db-0": (1.0, 50.0), **PEERS}, "net_drop_in")
    put_levels(store, {"db-0": (0.02, 5.0), **dict.fromkeys(PEERS, (0.0, 0.0))}, "packet_loss")
    put_levels(store, {"db-0": (2.0, 50.0), **PEERS}, "retransmits")

    assert ["packet_loss"] == [one.metric for one in links(store)]


@pytest.mark.parametrize(
    ("metric", "there"),
    [
        ("node_netstat_Tcp_RetransSegs", True),
        ("system.network.dropped", True),
        ("NetworkPacketsDropped", True),
        ("if_errors", True),
        ("ping_packet_loss", True),
        ("kubernetes_client_errors", False),
        ("payments_tx_error_rate", False),
        ("messages_received_errors", False),
        ("cpu_percent", False),
    ],
)
def test_only_what_networks_lose_counts(store: Store, metric: str, *, there: bool) -> None:
    """Not errors of programs."""
    put_levels(store, {"db-0": (1.0, 50.0), **PEERS}, metric)

    assert there == bool(links(store))


def test_a_machine_that_runs_what_is_observed_serves(store: Store) -> None:
    """Of others it isn't known whether they matter."""
    put_levels(store, {"db-0": (1.0, 50.0), **PEERS})
    before = [one.serves for one in links(store)]
    put_writer(store, "db-0")

    assert ([False], [True]) == (before, [one.serves for one in links(store)])


@pytest.mark.parametrize(
    "metric", ["user_coupon_net_drop", "http_method_errors", "magnetic_drop_total", "ctx_err"]
)
def test_names_of_other_things_are_no_network(store: Store, metric: str) -> None:
    """Words within words."""
    put_levels(store, {"db-0": (1.0, 50.0), **PEERS}, metric)

    assert [] == links(store)
