"""Errors that keep the callee and the error in fields beside a constant text."""

from pathlib import Path

import pytest

from cases import case_of, reported
from inspections.scenes import answering
from lastgood.algorithms.blame import Suspicion
from lastgood.inspections.culprit.fields import about_peers, called_in_fields, peers_in_fields
from lastgood.inspections.culprit.weights import FIELDS_NAME
from lastgood.workbench.store import Store

TEXT = """scenario  errors with fields
time      2026-11-20 10:00 .. 10:20
seed      4

logs      shelf info "served" rate=1/s
logs      shop error "not loaded" rate=0/s server.address=http://shelf:9000 then rate=1/s at 10:10
logs      post error "not sent" rate=0/s exception.message="{text}" then rate=1/s at 10:10
"""
EXPIRED = "Post https://parcels.example.com/labels: x509: certificate has expired"


@pytest.mark.parametrize(
    ("text", "peers"),
    [
        (EXPIRED, {"post": ("parcels.example.com", EXPIRED)}),
        ("dial http://shelf:9000/a: refused", {"post": ("shelf", "dial http://shelf:9000/a: refused")}),
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
    assert peers == peers_in_fields(case, {"shop", "shelf", "post"})


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
        each = [{"service": "post", "text": text, "good": 0, "bad": bad} for text, bad in rows]
        return set(peers_in_fields(answering(*each), {"shelf", "post"}))

    assert {"post"} == named(round(whole * FIELDS_NAME) + 1)
    assert set() == named(round(whole * FIELDS_NAME))
