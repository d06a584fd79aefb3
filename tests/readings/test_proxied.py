"""Access logs of proxies: which upstream fails or is slow, when it is the proxy, and when no one can tell."""

from datetime import timedelta
from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.model.answers import Culprit, Culprits, FailureClass
from lastgood.model.failure import FailurePath
from lastgood.model.finding import Finding, Verdict
from lastgood.model.window import Comparison, Window
from lastgood.readings.case import Case
from lastgood.readings.proxied import UNREPORTED, _named, _on_hosts, read_proxied
from lastgood.workbench.store import Store
from readings.exporters import line
from reported import asked
from tiers import Request, Tier
from worlds import START

FINE = "http.response.status_code=200 lg.duration_ns=41000000,52000000,63000000"
HEAD = """
scenario  a proxy before three services
seed      9
time      2026-11-20 10:00 .. 10:30
change    deploy nginx v1 -> v2 id=n at 10:01
"""


def upstream(name: str, fault: str = "", settings: str = "lg.upstream_ns=40000000,50000000,61000000") -> str:
    """The lines of the requests to one upstream, with what becomes of them at 10:20."""
    then = f"then {fault} at 10:20" if fault else ""
    return f'logs "" info "GET /{name} {{int}}" rate=1.5/s url.path=/{name} service.peer.name={name} {FINE} {settings} {then}\n'


def ranked(finding: Finding) -> list[Culprit]:
    """Who is named, in order."""
    return list(finding.answer.ranked) if isinstance(finding.answer, Culprits) else []


def world(*lines: str) -> str:
    """The proxy's log."""
    return HEAD + "".join(lines)


LATE = "http.response.status_code=200:40%,504:60% lg.duration_ns=15000000000 lg.upstream_ns=14999000000"
REFUSED = "http.response.status_code=200:50%,502:50%"
LIMITED = "http.response.status_code=200:50%,429:50% lg.upstream_ns=-"


@pytest.mark.parametrize(("fault", "said"), [(LATE, "timed out"), (REFUSED, "bad gateway")])
def test_the_upstream_whose_requests_fail_is_named(
    store: Store, tmp_path: Path, fault: str, said: str
) -> None:
    """The others behind the same proxy are as before."""
    text = world(upstream("cart"), upstream("billing", fault), upstream("search"))

    (first,) = ranked(asked(store, tmp_path, text, "culprit", 20))

    assert "billing" == first.service
    assert said in first.because


def test_late_answers_are_a_slow_dependency(store: Store, tmp_path: Path) -> None:
    """A 504 says so, and the path ends at the upstream."""
    text = world(upstream("cart"), upstream("billing", LATE), upstream("search"))

    path = asked(store, tmp_path, text, "path", 20).answer
    reported = asked(store, tmp_path, text, "failure_class", 20).answer

    assert isinstance(path, FailurePath)
    assert ("nginx", "billing") == (path.last_good, path.first_bad)
    assert isinstance(reported, FailureClass)
    assert ("dependency_slow", "billing") == (reported.name, reported.subject)


def test_what_the_proxy_hands_to_nobody_is_its_own(store: Store, tmp_path: Path) -> None:
    """A 429 without an upstream's status; the proxy is called as the one that changes are on record of."""
    text = world(upstream("cart"), upstream("billing", LIMITED), upstream("search"))

    first = ranked(asked(store, tmp_path, text, "culprit", 20))[0]
    reported = asked(store, tmp_path, text, "failure_class", 20).answer

    assert ("nginx", "what it hands to billing") == (first.service, first.component)
    assert isinstance(reported, FailureClass)
    assert "rate_limit" == reported.name


def test_all_upstreams_alike_are_not_at_fault(store: Store, tmp_path: Path) -> None:
    """What they share is in front of them."""
    text = world(*(upstream(name, REFUSED) for name in ("cart", "billing", "search")))

    assert ["nginx"] == [one.service for one in ranked(asked(store, tmp_path, text, "culprit", 20))]


@pytest.mark.parametrize(
    ("expected", "fault"),
    [
        ("billing", "lg.duration_ns=941000000 lg.upstream_ns=940000000"),
        ("nginx", "lg.duration_ns=941000000"),
    ],
)
def test_who_takes_the_time(store: Store, tmp_path: Path, expected: str, fault: str) -> None:
    """The upstream's time is its own; what the request takes beside it is the proxy's."""
    text = world(upstream("cart"), upstream("billing", fault), upstream("search"))

    first = ranked(asked(store, tmp_path, text, "culprit", 20))[0]

    assert expected == first.service


def test_a_queue_before_a_quick_upstream_is_rather_the_proxys(store: Store, tmp_path: Path) -> None:
    """Both are named; neither is sure."""
    text = world(upstream("cart"), upstream("billing", "lg.duration_ns=941000000 lg.queued_ns=880000000"))

    found = ranked(asked(store, tmp_path, text, "culprit", 20))

    assert ["nginx", "billing"] == [one.service for one in found]
    assert found[0].confidence < 0.7


def test_without_an_upstream_nobody_is_named(store: Store, tmp_path: Path) -> None:
    """And it is said what would tell."""
    lines = (
        upstream(name, fault).replace(f" service.peer.name={name}", "")
        for name, fault in (("cart", ""), ("billing", LATE))
    )

    finding = asked(store, tmp_path, world(*lines), "culprit", 20)

    assert (Verdict.UNKNOWN, UNREPORTED) == (finding.verdict, finding.because)


def test_a_line_that_names_but_a_part_is_of_the_one_proxy_on_record(store: Store, tmp_path: Path) -> None:
    """As a file's name does; and where all upstreams fail alike, the path ends at the proxy."""
    lines = "".join(upstream(name, REFUSED) for name in ("cart", "billing", "search")).replace(
        'logs ""', "logs ingress"
    )
    text = HEAD.replace("deploy nginx", "deploy ingress-nginx") + lines

    first = ranked(asked(store, tmp_path, text, "culprit", 20))[0]
    path = asked(store, tmp_path, text, "path", 20).answer

    assert "ingress-nginx" == first.service
    assert isinstance(path, FailurePath)
    assert (None, "ingress-nginx") == (path.last_good, path.first_bad)


def test_an_upstreams_time_alone_is_enough(store: Store, tmp_path: Path) -> None:
    """Balancers that tell no time of the whole request."""
    slow = upstream("billing", "lg.upstream_ns=940000000").replace(
        "lg.duration_ns=41000000,52000000,63000000", ""
    )

    assert (
        "billing" == ranked(asked(store, tmp_path, world(upstream("cart"), slow), "culprit", 20))[0].service
    )


SERVERS = "server.address=w1,w2"


def pool(more: str, mark: str) -> str:
    """The lines of a pool of servers; from 10:20 on others find none."""
    line = f'logs "" info "GET /wares {{int}}" rate=RATE/s url.path=/wares service.peer.name=wares {FINE} '
    served = f"{line}lg.upstream_ns=40000000,50000000,61000000 {SERVERS} {more}\n".replace("RATE", "1.5")
    none = f'logs "" info "GET /wares {{int}}" rate=0/s url.path=/wares service.peer.name=wares http.response.status_code=503 {mark} then rate=3/s at 10:20\n'
    return served + none


@pytest.mark.parametrize(
    "mark",
    ["haproxy.termination_state=SC--", "envoy.response_flags=UH", ""],
    ids=["HAProxy", "Envoy", "no address"],
)
@pytest.mark.parametrize(
    ("more", "first"),
    [("", "nginx"), ("then http.response.status_code=500 at 10:20", "wares")],
    ids=["servers well", "servers ill"],
)
def test_a_pool_without_servers_is_its_health_checks_while_they_serve(
    store: Store, tmp_path: Path, more: str, first: str, mark: str
) -> None:
    """Servers that fail for who reaches them are taken out with reason."""
    text = world(upstream("cart"), pool(more, mark), upstream("search"))

    found = ranked(asked(store, tmp_path, text, "culprit", 20))[0]

    assert first == found.service
    assert (found.component == "health check of wares") == (first == "nginx")


def test_one_server_of_an_upstream_that_alone_is_slow_is_named(store: Store, tmp_path: Path) -> None:
    """Three serve alike, and one takes seconds; the others are as before."""
    slow = "lg.duration_ns=2500000000,3600000000 lg.upstream_ns=2490000000,3590000000"
    usual = "lg.upstream_ns=40000000,50000000,61000000"
    lines = [upstream("video", slow if n == 2 else "", f"{usual} server.address=v-{n}") for n in (1, 2, 3)]

    first = ranked(asked(store, tmp_path, world(upstream("cart"), *lines), "culprit", 20))[0]

    assert ("video", "v-2") == (first.service, first.instance)
    assert "all but little at v-2" in first.because


def on_hosts(store: Store) -> Case:
    """Requests to two machines; on each writes one service, on a third two."""
    hosts = (("gate", "edge-1"), ("gate", "web-1"), ("cart", "web-1.shop.internal"), ("cart", "web-2"), ("tax", "web-3"),
             ("mail", "web-3"), ("jobs", "cart"))  # fmt: skip
    for service, host in hosts:
        line(store, service, {"host.name": host})
    requests = [Request(n, float(n), 0.01, "/", 200, n, "free") for n in range(60)]
    Tier("gate", says=lambda one: {"service.peer.name": f"web-{one.number % 3 + 1}:8080"}).put(
        store, requests
    )
    begin, middle = START - timedelta(seconds=1), START + timedelta(seconds=30)
    return case_of(store, Comparison(Window(begin, middle), Window(middle, middle + timedelta(seconds=31))))


def test_a_host_means_the_service_that_alone_writes_there(store: Store) -> None:
    """Beside the proxy; not a host with several, nor one that is called like who writes elsewhere."""
    case = on_hosts(store)

    assert {"web-1": "cart", "web-2": "cart"} == _on_hosts(case, {"gate"})
    found = read_proxied(case)
    assert found is not None
    assert {"cart", "web-3"} == {one.upstream for one in found.ends}
    assert {"web-2:8080": "cart"} == found.named([{"upstream": "web-2:8080"}])


def test_an_upstream_that_is_a_service_is_no_host() -> None:
    """Whatever writes on the machine of that name."""
    hosts = {"pay": "worker", "web-1": "cart"}

    assert {"pay": "pay", "web-1.shop.internal:80": "cart", "web-9": "web-9"} == _named(
        {"pay", "web-1.shop.internal:80", "web-9"}, {"pay"}, hosts
    )


@pytest.mark.parametrize(
    ("beside", "named"),
    [
        ("user.id=u7", []),
        ("client.address=198.51.100.7", []),
        ("client.address=198.51.100.7 lg.upstream_status=502", ["api.example.com"]),
        ("http.request.method=GET", ["api.example.com"]),
    ],
)
def test_the_address_that_users_ask_for_is_no_upstream(
    store: Store, tmp_path: Path, beside: str, named: list[str]
) -> None:
    """A service that logs its own requests names itself; whoever took them from a proxy has a status or a time."""
    asking = f"url.path=/price server.address=api.example.com {beside} {FINE}"
    text = world(f'logs cart info "price {{int}}" rate=1.5/s {asking} then {REFUSED} at 10:20\n')

    case = case_of(store, reported(store, tmp_path, text, 20))
    found = read_proxied(case)

    assert found is not None
    assert named == [one.upstream for one in found.ends if one.upstream]


@pytest.mark.parametrize(("beside", "named"), [("sc-win32-status=0", []), ("sc-substatus=0", ["10.0.0.4"])])
def test_the_address_that_iis_writes_is_its_own(
    store: Store, tmp_path: Path, beside: str, named: list[str]
) -> None:
    """Others write an address that is a number where they write whom they called."""
    asking = f"url.path=/price server.address=10.0.0.4 client.address=198.51.100.7 {beside} {FINE}"
    text = world(f'logs cart info "price {{int}}" rate=1.5/s {asking} then {REFUSED} at 10:20\n')

    found = read_proxied(case_of(store, reported(store, tmp_path, text, 20)))

    assert found is not None
    assert named == [one.upstream for one in found.ends if one.upstream]
