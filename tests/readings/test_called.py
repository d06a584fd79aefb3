"""Calls by what is called, and the lines that name a host."""

from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.readings.called import (
    CALLED_LEAST,
    CALLED_SLOWER_S,
    CALLED_TIMES,
    Fares,
    hosts_in_lines,
    of_own_zone,
    read_called,
    read_naming,
    read_outside,
    together,
)
from lastgood.readings.case import Case
from lastgood.workbench.store import Store

WORLD = """scenario  who is called
time      2026-11-20 10:00 .. 10:20
seed      3

service   shop instances=shop-1,shop-2 version=v1
service   cart instances=cart-1

spans     shop "POST /pay" rate=2/s latency=7ms
call      shop "POST /pay" -> cart Add latency=9ms
call      shop "POST /pay" -> orders.eu.rds.example "INSERT" external latency=4ms db.system=postgresql
call      shop "POST /pay" -> billing.internal "GET /" external latency=4ms
call      shop "POST /pay" -> api.pay.example "POST /charges" external latency=90ms errors=0% then errors=60% status=503 at 10:10
logs      shop error "Post \\"https://api.pay.example/charges\\": timed out" rate=6/min
logs      shop error "timed out, see https://curl.example/errors for more" rate=6/min
logs      shop error "upstream timed out, host: \\"www.shop.example\\"" rate=6/min
logs      cart info "asked api.pay.example" rate=30/min
logs      cart error "getaddrinfo ENOTFOUND api.mail.example" rate=6/min
"""


def case(store: Store, folder: Path) -> Case:
    """The case of the world."""
    return case_of(store, reported(store, folder, WORLD.replace('\\\\"', '\\"'), 10))


def test_calls_are_counted_by_peer_caller_version_and_instance(store: Store, tmp_path: Path) -> None:
    """With failures, first failure and statuses of the bad window."""
    called = read_called(case(store, tmp_path))
    whole = called.by("peer")["api.pay.example",]

    assert whole.fails
    assert 0 == whole.good_failed < whole.bad_failed < whole.bad
    assert {"503 503": whole.bad_failed} == dict(whole.texts)
    assert whole.first is not None
    assert 10 == whole.first.minute
    assert {("shop", "v1", "shop-1"), ("shop", "v1", "shop-2")} == set(
        called.by("service", "version", "instance", host="api.pay.example")
    )


def test_outside_hosts_are_those_of_others(store: Store, tmp_path: Path) -> None:
    """Not a store, a name of the own network, or a service with spans."""
    of = case(store, tmp_path)

    assert {("api.pay.example",)} == set(read_outside(of, read_called(of)).by("peer"))


def test_a_host_with_spans_of_its_own_is_not_outside(store: Store, tmp_path: Path) -> None:
    """A service may be called by a public name."""
    world = (
        WORLD[: WORLD.index("logs")]
        .replace("-> cart Add", "-> cart.shop.example Add")
        .replace("service   cart", "service   cart.shop.example")
    )
    of = case_of(store, reported(store, tmp_path, world, 10))

    assert ("cart.shop.example",) not in read_outside(of, read_called(of)).by("peer")


def test_hosts_that_errors_name(store: Store, tmp_path: Path) -> None:
    """Those that are called; not pages of explanation, nor the host that a proxy was asked for."""
    found = hosts_in_lines(case(store, tmp_path))

    assert {"", "api.pay.example", "api.mail.example"} == set(found)
    assert found[""][1] >= found["api.pay.example"][1] + found["api.mail.example"][1]


@pytest.mark.parametrize(
    ("own", "name"), [(True, "backend.shop.example"), (True, "www.shop.example"), (False, "api.pay.example")]
)
def test_hosts_of_the_zone_that_users_ask_for_are_own(own: bool, name: str) -> None:
    """A backend may be called by a public name."""
    assert own is of_own_zone(name, {"www.shop.example"})


def test_lines_of_any_level_show_who_else_calls_a_host(store: Store, tmp_path: Path) -> None:
    """The errors failed, the others did not."""
    named = read_naming(case(store, tmp_path), {"api.pay.example"})
    by = named.by("service", host="api.pay.example")

    assert named.of_lines
    assert by["shop",].bad == by["shop",].bad_failed > 0
    assert by["cart",].bad > by["cart",].bad_failed == 0


def test_from_when_on_calls_fail_or_are_slower() -> None:
    """From the rows of the table on."""
    few, enough = Fares(1000, 20, 0, CALLED_LEAST - 1), Fares(1000, 20, 0, CALLED_LEAST)
    usual, slow = CALLED_SLOWER_S * 0.99, CALLED_SLOWER_S * 1.01

    assert (False, True) == (few.fails, enough.fails)
    assert 0.0 == Fares(10, 10, 0, 0, 0.0, usual * 10).slower_by
    assert slow == pytest.approx(Fares(10, 10, 0, 0, 0.0, slow * 10).slower_by)


def test_of_lines_their_number_decides() -> None:
    """All of them may be errors, before as well."""
    before, longer = 10, 2.0
    most = int(CALLED_TIMES * before * longer)

    assert not Fares(before, most - 1, before, most - 1, longer=longer).fails
    assert Fares(before, most, before, most, longer=longer).fails


def test_several_are_one() -> None:
    """Their counts are added."""
    whole = together([Fares(1, 2, 0, 1, 0.5, 1.0), Fares(3, 4, 1, 2, 0.5, 1.0)])

    assert (4, 6, 1, 3, 1.0, 2.0) == (
        whole.good, whole.bad, whole.good_failed, whole.bad_failed, whole.good_s, whole.bad_s,
    )  # fmt: skip
