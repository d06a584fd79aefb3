"""Hosts that a change was not made on speak for it or against it."""

from dataclasses import replace

from inspections.scenes import change
from lastgood.inspections.what_changed.hosts import Host, made_on
from lastgood.inspections.what_changed.weights import (
    HOST_ERRORS,
    HOST_TIMES,
    ONLY_ITS_HOSTS,
    OTHER_HOSTS_TOO,
)
from lastgood.model.judgement import Weight

ILL, WELL = Host(100, HOST_ERRORS, 0), Host(100, HOST_ERRORS - 1, 0)
ON_ONE = change("d", "deploy", 1, "cart", attributes={"hosts": "c1"})


def judged(**hosts: Host) -> list[Weight]:
    """The rows of a deploy to c1."""
    return [one.row for one in made_on(ON_ONE, {("cart", name): host for name, host in hosts.items()})]


def test_a_host_without_it_that_fails_acquits_it() -> None:
    """From so many errors on, and so many times those before."""
    usual = Host(100, HOST_ERRORS, HOST_ERRORS)

    assert [OTHER_HOSTS_TOO] == judged(c1=ILL, c2=ILL)
    assert [OTHER_HOSTS_TOO] == judged(c1=WELL, c2=Host(100, int(HOST_TIMES * HOST_ERRORS), HOST_ERRORS))
    assert [ONLY_ITS_HOSTS] == judged(c1=ILL, c2=usual)


def test_its_hosts_alone_stand_for_it() -> None:
    """Where the others have work and are well."""
    assert [ONLY_ITS_HOSTS] == judged(c1=ILL, c2=WELL)
    assert [] == judged(c1=ILL, c2=Host(0, 0, 0))


def test_without_other_hosts_nothing_is_known() -> None:
    """It was made on all of them, or on none that writes lines."""
    assert [] == judged(c1=ILL)
    assert [] == judged(c8=ILL, c9=ILL)


def test_one_roll_out_over_several_hosts_is_one_change() -> None:
    """Each host has a record of its own; a host without any of them speaks against it."""
    second = change("e", "deploy", 3, "cart", attributes={"hosts": "c2"}, version="9")
    first = change("d", "deploy", 1, "cart", attributes={"hosts": "c1"}, version="9")
    hosts = {("cart", name): ILL for name in ("c1", "c2")}

    assert [] == made_on(first, hosts, [first, second])
    assert [OTHER_HOSTS_TOO] == [one.row for one in made_on(first, hosts, [first])]
    assert [OTHER_HOSTS_TOO] == [
        one.row for one in made_on(first, hosts | {("cart", "c3"): ILL}, [first, second])
    ]
    assert [OTHER_HOSTS_TOO] == [
        one.row for one in made_on(first, hosts, [first, replace(second, version="8")])
    ]
