"""The places that log requests, by their layer."""

from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.inspections.layers.places import Place, Tally, read_places
from lastgood.inspections.layers.weights import LAYER_FAILED
from lastgood.model.boundary import Layer
from lastgood.workbench.store import Store

WORLD = """scenario  places
time      2026-11-20 10:00 .. 10:20
seed      5

service   d1
service   nginx
service   gate
service   web
service   cards

logs      d1 info "GET a page" rate=1/s url.path=/ http.response.status_code=200 x-edge-location=FRA56-P1
logs      nginx info "GET a page" rate=1/s url.path=/ http.response.status_code=200
logs      gate info "GET a page" rate=1/s url.path=/ http.response.status_code=200 service.peer.name=web
logs      web info "GET a page" rate=1/s url.path=/ http.response.status_code=200:90%,503:10%
logs      web info "no request" rate=1/s
logs      cards info "GET a page" rate=1/s url.path=/ http.response.status_code=200 latencies.kong=2
"""


@pytest.mark.parametrize(
    ("layer", "place"),
    [
        (Layer.EDGE, "d1"),
        (Layer.BALANCER, "nginx"),
        (Layer.BALANCER, "gate"),
        (Layer.BALANCER, "cards"),
        (Layer.APPLICATION, "web"),
        (None, "db"),
    ],
)
def test_a_place_is_of_the_layer_that_its_lines_show(
    layer: Layer | None, place: str, store: Store, tmp_path: Path
) -> None:
    """By marks of an edge, by its name, by the upstreams that it names."""
    assert layer is read_places(case_of(store, reported(store, tmp_path, WORLD, 10))).layer_of(place)


def test_how_requests_end_is_counted(store: Store, tmp_path: Path) -> None:
    """Failures before and now."""
    (web,) = read_places(case_of(store, reported(store, tmp_path, WORLD, 10))).of(Layer.APPLICATION)

    assert 0 < web.broken.failed < web.broken.of
    assert 0 < web.broken.failed_before < web.broken.of_before
    assert not web.broken.fails


def test_a_few_failures_are_no_trouble() -> None:
    """From the least number on."""
    fewer, enough = Tally(LAYER_FAILED - 1, 20, 0, 2000), Tally(LAYER_FAILED, 20, 0, 2000)

    assert (False, True) == (fewer.fails, enough.fails)


def test_a_place_counts_what_clients_cancel_and_what_is_stale() -> None:
    """499 is left by clients, 400 refused, a stale copy is an answer."""
    place = Place("cdn")
    for status, cache in ((499, ""), (400, ""), (200, "stale"), (403, "")):
        place.take(
            {"requests": 2, "status": status, "phase": "bad", "marked": True, "handed": False, "cache": cache, "origin": ""}
        )  # fmt: skip

    assert [2, 2, 2, 2] == [one.failed for one in (place.left, place.refused, place.stale, place.at_edge)]
    assert {"": 2} == place.origins
