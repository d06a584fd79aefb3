"""Edge against origin, by each of the ways to compare them."""

from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.inspections.layers.edge import EdgeSeen, edge_seen
from lastgood.inspections.layers.places import read_places
from lastgood.model.answers import Answer
from lastgood.model.boundary import ProbeSeen, ProbesSeen
from lastgood.workbench.store import Store

HEAD = """scenario  an edge and its origin
time      2026-11-20 10:00 .. 10:40
seed      5

service   cdn
service   web

"""
EDGE = 'logs      cdn info "GET a page" rate=2/s url.path=/,/a http.response.status_code=200 x-edge-location=FRA56-P1{0}\n'
WEB = 'logs      web info "GET a page" rate=2/s url.path=/,/a http.response.status_code=200 {0}\n'
BAD = " then http.response.status_code=200:50%,403:50%"


def seen(store: Store, folder: Path, world: str, *answers: Answer) -> EdgeSeen | None:
    """What edge and origin show."""
    case = case_of(store, reported(store, folder, HEAD + world, 20), *answers)
    return edge_seen(case, read_places(case))


@pytest.mark.parametrize(
    ("alone", "status"), [(True, "0"), (True, "200"), (False, "500"), (None, "200:50%,500:50%")]
)
def test_by_the_status_that_the_edge_logs_of_its_origin(
    alone: bool | None,
    status: str,
    store: Store,
    tmp_path: Path,
) -> None:
    """Not asked or well: the edge alone. Failing as well: the origin. Of both: open."""
    found = seen(
        store, tmp_path, EDGE.format(f" lg.upstream_status=200{BAD} lg.upstream_status={status} at 10:20")
    )

    assert found is not None
    assert alone is found.alone
    assert "mostly 403 (0 of " in found.what


@pytest.mark.parametrize(("alone", "failing"), [(True, ""), (False, BAD.replace("403", "500") + " at 10:20")])
def test_by_counts_on_the_paths_that_fail(alone: bool, failing: str, store: Store, tmp_path: Path) -> None:
    """The origin logs far fewer failures, or as many."""
    found = seen(store, tmp_path, EDGE.format(f"{BAD} at 10:20") + WEB.format(failing))

    assert found is not None
    assert alone is found.alone
    assert "on these paths the origin logs" in found.how


def test_by_ids_that_both_log(store: Store, tmp_path: Path) -> None:
    """Those that fail at the edge are not among the origin's, whose others are."""
    edge = EDGE.format(" request.id={hex12}")
    world = edge + (
        'logs      web info "GET a page" each=line:cdn url.path=/ http.response.status_code=200 request.id={request.id}\n'
        'logs      cdn info "GET b page" rate=1/h url.path=/b http.response.status_code=403 request.id={hex16} x-edge-location=AMS1 then rate=1/s at 10:20\n'
    )
    found = seen(store, tmp_path, world)

    assert found is not None
    assert found.alone


def test_without_the_log_of_the_origin_it_is_open(store: Store, tmp_path: Path) -> None:
    """What fails is seen, and not whose fault it is."""
    found = seen(store, tmp_path, EDGE.format(f"{BAD} at 10:20"))

    assert found is not None
    assert found.alone is None
    assert "the log of its origin is not loaded" in found.because


def test_stale_copies(store: Store, tmp_path: Path) -> None:
    """More of them than before, while the origin is well."""
    stale = " cache_status=HIT then cache_status=HIT:60%,STALE:40% at 10:20"
    found = seen(store, tmp_path, EDGE.format(stale) + WEB.format(""))

    assert found is not None
    assert found.alone
    assert "are stale copies (0 of " in found.because


def test_an_edge_that_is_well(store: Store, tmp_path: Path) -> None:
    """Nothing to report."""
    assert seen(store, tmp_path, EDGE.format("") + WEB.format("")) is None


@pytest.mark.parametrize(
    ("alone", "place", "compared"), [(True, "edge", True), (False, "origin", True), (None, "edge", False)]
)
def test_a_probe_that_compared_both(
    alone: bool | None,
    place: str,
    compared: bool,
    store: Store,
    tmp_path: Path,
) -> None:
    """Headers and the age of copies are in no log; a probe of another host's address is none of it."""
    probe = ProbeSeen("https://www.shop.example/", place, "the edge serves an older copy", compared)
    found = seen(store, tmp_path, EDGE.format(""), ProbesSeen({"www.shop.example": probe}))

    assert alone is (found.alone if found else None)


@pytest.mark.parametrize("status", ["502", "504", "522"])
def test_an_origin_that_does_not_answer_is_open(status: str, store: Store, tmp_path: Path) -> None:
    """The edge reports no answer: the origin, or the network between them."""
    bad = f" lg.upstream_status=200 then http.response.status_code=200:50%,{status}:50% lg.upstream_status=0 at 10:20"
    found = seen(store, tmp_path, EDGE.format(bad))

    assert found is not None
    assert found.alone is None


def test_an_origin_that_logs_other_paths_is_seen_too(store: Store, tmp_path: Path) -> None:
    """A proxy behind the edge may rewrite them."""
    behind = WEB.replace("url.path=/,/a", "url.path=/internal").format(
        BAD.replace("403", "503") + " at 10:20"
    )
    found = seen(store, tmp_path, EDGE.format(BAD.replace("403", "503") + " at 10:20") + behind)

    assert found is not None
    assert found.alone is False
    assert found.how.startswith("places behind it log ")
