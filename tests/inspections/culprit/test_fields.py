"""Errors that keep the callee and the error in fields beside a constant text."""

from pathlib import Path

import pytest

from cases import case_of, reported
from inspections.scenes import answering
from lastgood.algorithms.blame import Suspicion
from lastgood.inspections.culprit.fields import (
    _hosts_in_fields,
    about_peers,
    called_in_fields,
    peers_in_fields,
)
from lastgood.inspections.culprit.statements import STATEMENTS
from lastgood.inspections.culprit.weights import FIELDS_NAME
from lastgood.readings.case import Case
from lastgood.workbench.store import Store

TEXT = """scenario  errors with fields
time      2026-11-20 10:00 .. 10:20
seed      4

logs      shelf info "served" rate=1/s
logs      shop error "not loaded" rate=0/s server.address=http://shelf:9000 then rate=1/s at 10:10
logs      post error "not sent" rate=0/s exception.message="{text}" then rate=1/s at 10:10
"""
EXPIRED = "Post https://parcels.example.com/labels: x509: certificate has expired"


def named_in(case: Case, speaking: set[str]) -> dict[str, tuple[str, str]]:
    """Whom the statements of a case name."""
    known = ((row["service"], row) for row in case.query(STATEMENTS).dicts())
    return peers_in_fields(case, speaking, known)


@pytest.mark.parametrize(
    ("text", "peers"),
    [
        (EXPIRED, {"post": ("parcels.example.com", f"not sent: {EXPIRED}")}),
        (
            "dial http://shelf:9000/a: refused",
            {"post": ("shelf", "not sent: dial http://shelf:9000/a: refused")},
        ),
        ("Post https://parcels.example.com/labels: socket: too many open files", {}),
        ("three attempts failed", {}),
    ],
)
def test_fields_name_who_was_called(
    store: Store, tmp_path: Path, text: str, peers: dict[str, tuple[str, str]]
) -> None:
    """By an address of its own, or in the error; what a process runs out of is its own."""
    case = case_of(store, reported(store, tmp_path, TEXT.format(text=text), 10))

    assert [("shop", "shelf")] == list(called_in_fields(case, {"shop", "shelf", "post"}))
    assert peers == named_in(case, {"shop", "shelf", "post"})


@pytest.mark.parametrize("asked", ["user.id=u7", "client.address=198.51.100.7", "user_agent.original=curl/8"])
def test_the_name_that_users_ask_for_is_no_peer(store: Store, tmp_path: Path, asked: str) -> None:
    """A service writes its own address beside who asked it."""
    text = TEXT.format(text="no").replace("http://shelf:9000", f"shop.example.com {asked}")
    case = case_of(store, reported(store, tmp_path, text, 10))

    assert [] == list(called_in_fields(case, {"shop.example.com", "shop", "post"}))
    assert {} == named_in(case, {"shop", "shelf", "post"})


def test_errors_are_about_the_peer_outside_that_fields_name() -> None:
    """Of its kind; not those that say themselves what they are about, nor where the peer reports itself."""
    plain, disk = Suspicion("post", "errors", 0.5, "not sent"), Suspicion("post", "disk", 0.5, "full")
    peers = {"post": ("parcels.example.com", EXPIRED)}

    about, same = about_peers([plain, disk], peers, {"post"})
    assert ("parcels.example.com", "certificate") == (about.component, about.kind)
    assert disk is same
    assert [plain] == about_peers([plain], peers, {"post", "parcels.example.com"})


def test_most_of_the_errors_name_the_peer() -> None:
    """More than FIELDS_NAME of what they grew by."""
    whole = 1000

    def named(many: int) -> set[str]:
        rows = [("GET http://shelf:9000/a: refused", many), ("not sent", whole - many)]
        each = [("post", {"text": text, "good": 0, "bad": bad, "worst": 17}) for text, bad in rows]
        return set(peers_in_fields(answering(), {"shelf", "post"}, each))

    assert {"post"} == named(round(whole * FIELDS_NAME) + 1)
    assert set() == named(round(whole * FIELDS_NAME))


NAMED = """scenario  errors whose fields name hosts
time      2026-11-20 10:00 .. 10:20
seed      4

logs      shelf info "GET /" rate=1/s http.request.method=GET url.path=/ http.response.status_code=200 url.domain=www.books.example
logs      post error "not sent" rate=0.3/s
logs      post {level} "not sent" rate=0/s {field} then rate={rate}/s at 10:10
"""


def hosts(store: Store, folder: Path, field: str, rate: float = 2.0, level: str = "warn") -> dict[str, str]:
    """The hosts that fields of new warnings name, by service."""
    text = NAMED.format(field=field, rate=rate, level=level)
    case = case_of(store, reported(store, folder, text, 10))
    return {service: host for service, (host, _) in named_in(case, {"shelf", "post"}).items()}


@pytest.mark.parametrize(
    ("field", "host"),
    [
        ("adHost=ads.example.com", "ads.example.com"),
        ("target_url=https://API.rates.example:8443/v1?q=1", "api.rates.example"),
        ("providerEndpoint=sms.example.org/send", "sms.example.org"),
        ("adHost=www.books.example", None),  # what users ask for
        ("backend=shelf.shop.internal", None),  # reports itself
        ("backend=10.0.0.7:80", None),
        ("title=ads.example.com", None),
        ("webhook_url=https://api.pay.example/x", None),  # what users give
        ("callback_host=cb.example.com", None),
        ("file.target=/srv/a.b", None),
        ("proxy.host=ads.example.com", "ads.example.com"),
        (
            "proxy.host=ads.example.com http.response.status_code=400 client.address=192.0.2.7",
            None,
        ),  # asked for here
    ],
)
def test_a_host_outside_that_fields_name(store: Store, tmp_path: Path, field: str, host: str | None) -> None:
    """Of fields that are called like hosts, and by values that are."""
    assert ({"post": host} if host else {}) == hosts(store, tmp_path, field)


def test_lines_of_information_name_no_one(store: Store, tmp_path: Path) -> None:
    """Only warnings and errors do."""
    assert {} == hosts(store, tmp_path, "adHost=ads.example.com", level="info")


def test_most_of_what_is_new_names_the_host() -> None:
    """More than FIELDS_NAME of it; and the one that more of them name."""
    whole = 1000

    def named(*many: int) -> dict[str, tuple[str, str]]:
        each = [
            {"service": "post", "host": f"h{n}.example.com", "text": "", "good": 0, "bad": bad}
            for n, bad in enumerate(many)
        ]
        return _hosts_in_fields(answering(*each), set(), {"post": whole})

    least = round(whole * FIELDS_NAME)
    assert {"post": ("h0.example.com", "")} == named(least + 1)
    assert {} == named(least)
    assert {"post": ("h0.example.com", "")} == named(least + 2, least + 1)
