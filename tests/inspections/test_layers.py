"""Which layer fails: each with what was seen there."""

from pathlib import Path

import pytest

from cases import CALM, FAILING, OPEN, case_of, reported
from lastgood.inspections.layers import layers
from lastgood.inspections.layers.weights import EDGE_SURE, LAYER_SURE
from lastgood.model.answers import Answer, Culprit, Culprits
from lastgood.model.boundary import Layer, Layers, LayerSeen, LayerState, Side, UsOrThem
from lastgood.model.finding import Finding, Verdict
from lastgood.readings.case import UNDECIDED
from lastgood.workbench.store import Store

HEAD = """scenario  layers
time      2026-11-20 10:00 .. 10:40
seed      5

service   shop instances=shop-1
service   cart instances=cart-1
service   cdn
service   web

"""
CALLS = """
spans     shop "POST /pay" rate=1/s latency=7ms
call      shop "POST /pay" -> cart Add latency=9ms{cart}
call      shop "POST /pay" -> orders-db "INSERT" external latency=4ms db.system=postgresql{store}
call      shop "POST /pay" -> api.pay.example "POST /charges" external latency=90ms{host}
"""
BAD = " then errors=50% at 10:20"
FAILS, FINE, NOT_SEEN = LayerState.FAILS, LayerState.FINE, LayerState.NOT_SEEN
EDGE = 'logs      cdn info "GET a page" rate=2/s url.path=/,/a http.response.status_code=200 x-edge-location=FRA56-P1 lg.upstream_status=200{0}\n'


def suspect(kind: str, service: str = "shop") -> Culprits:
    """The first suspect."""
    return Culprits((Culprit(service, None, None, kind, 0.8, "it fails"),))


def found(store: Store, folder: Path, world: str, *answers: Answer) -> Finding:
    """What is said of a world."""
    comparison = reported(store, folder, HEAD + world, 20)
    (finding,) = layers.run(case_of(store, comparison, *(answers or (FAILING,))))
    return finding


def seen(finding: Finding, layer: Layer) -> LayerSeen:
    """What was seen at one layer."""
    assert isinstance(finding.answer, Layers)
    (one,) = [one for one in finding.answer.seen if one.layer is layer]
    return one


@pytest.mark.parametrize(
    ("layer", "where", "kind"),
    [
        (Layer.APPLICATION, "cart", "code"),
        (Layer.STORE, "store", "database"),
        (Layer.EXTERNAL, "host", "external"),
    ],
)
def test_the_layer_that_fails_and_those_that_do_not(
    layer: Layer, where: str, kind: str, store: Store, tmp_path: Path
) -> None:
    """By what begins there; the suspect names the verdict."""
    world = CALLS.format(**({"cart": "", "store": "", "host": ""} | {where: BAD}))
    finding = found(store, tmp_path, world, FAILING, suspect(kind))

    assert isinstance(finding.answer, Layers)
    assert layer is finding.answer.verdict
    assert round(0.8 * LAYER_SURE, 3) == finding.confidence
    states = {one: seen(finding, one).state for one in (Layer.APPLICATION, Layer.STORE, Layer.EXTERNAL)}
    assert dict.fromkeys(states, FINE) | {layer: FAILS} == states
    assert " (0 of " in seen(finding, layer).because


def test_what_no_telemetry_shows_is_not_seen(store: Store, tmp_path: Path) -> None:
    """Each with what is missing."""
    finding = found(store, tmp_path, CALLS.format(cart=BAD, store="", host=""))

    assert [NOT_SEEN] * 3 == [seen(finding, one).state for one in (Layer.CLIENT, Layer.EDGE, Layer.BALANCER)]
    assert "no log of an edge is loaded" == seen(finding, Layer.EDGE).because
    assert "cart: " in seen(finding, Layer.APPLICATION).because


def test_an_outside_host_that_is_not_the_cause_is_not_the_layer(store: Store, tmp_path: Path) -> None:
    """The first suspect is one, and what fails does not call it."""
    world = CALLS.format(cart=BAD, store="", host="")
    answers = (FAILING, suspect("external"), UsOrThem(Side.OURS, "api.pay.example"))
    finding = found(store, tmp_path, world, *answers)

    assert isinstance(finding.answer, Layers)
    assert Layer.APPLICATION is finding.answer.verdict


def test_the_edge_alone_is_above_the_suspects(store: Store, tmp_path: Path) -> None:
    """It answers 403 without asking its origin: the sentence says how often."""
    world = EDGE.format(" then http.response.status_code=200:50%,403:50% lg.upstream_status=0 at 10:20")
    finding = found(store, tmp_path, world, FAILING, suspect("code", "web"))

    assert isinstance(finding.answer, Layers)
    assert (Layer.EDGE, EDGE_SURE) == (finding.answer.verdict, finding.confidence)
    assert "mostly 403" in finding.answer.why
    assert FAILS is seen(finding, Layer.EDGE).state


def test_an_edge_that_hands_on_what_its_origin_answers_is_fine(store: Store, tmp_path: Path) -> None:
    """Where both fail it is the origin."""
    world = EDGE.format(" then http.response.status_code=200:50%,500:50% lg.upstream_status=500 at 10:20")
    finding = found(store, tmp_path, world, FAILING)

    assert FINE is seen(finding, Layer.EDGE).state
    assert "the origin was not asked or answered well in 0" in seen(finding, Layer.EDGE).because


@pytest.mark.parametrize(
    ("place", "layer"), [("cdn", Layer.EDGE), ("nginx", Layer.BALANCER), ("redis", Layer.STORE)]
)
def test_a_suspect_is_in_the_layer_of_its_place(
    place: str, layer: Layer, store: Store, tmp_path: Path
) -> None:
    """By what logs requests under its name, or what its name is of."""
    world = EDGE.format("") + 'logs      nginx info "GET" rate=1/s url.path=/ http.response.status_code=200\n'
    finding = found(store, tmp_path, world, FAILING, suspect("code", place))

    assert isinstance(finding.answer, Layers)
    assert layer is finding.answer.verdict
    assert FAILS is seen(finding, layer).state


@pytest.mark.parametrize(
    ("because", "layer"),
    [
        ("a panic", Layer.APPLICATION),
        ("no free connection in the pool", Layer.APPLICATION),
        ("a deadlock", Layer.STORE),
    ],
)
def test_what_accuses_the_suspect_is_seen_at_its_layer(
    because: str, layer: Layer, store: Store, tmp_path: Path
) -> None:
    """One that logs no request of its own; a pool is the application's."""
    kind = "code" if because == "a panic" else "database"
    culprits = Culprits((Culprit("shop", None, None, kind, 0.8, because),))
    world = 'logs      nginx info "GET" rate=1/s url.path=/ http.response.status_code=200 lg.upstream_status=200\n'
    finding = found(store, tmp_path, world, FAILING, culprits)

    assert isinstance(finding.answer, Layers)
    assert (layer, FAILS) == (finding.answer.verdict, seen(finding, layer).state)
    assert because in seen(finding, layer).because


def test_clients_alone(store: Store, tmp_path: Path) -> None:
    """Browsers report errors and no service fails."""
    browser = 'logs      app error "TypeError: x is undefined" sentry.event_id={hex16} rate=1/h then rate=1/s at 10:20\n'
    finding = found(store, tmp_path, CALLS.format(cart="", store="", host="") + browser)

    assert isinstance(finding.answer, Layers)
    assert Layer.CLIENT is finding.answer.verdict
    assert "browsers and apps" in finding.answer.why


def test_what_clients_cancel(store: Store, tmp_path: Path) -> None:
    """499 at the outermost place."""
    world = EDGE.format(" then http.response.status_code=200:60%,499:40% at 10:20")

    assert "are cancelled" in seen(found(store, tmp_path, world), Layer.CLIENT).because


def test_where_requests_are_well_no_layer_is_named(store: Store, tmp_path: Path) -> None:
    """The table is there, the verdict is not."""
    finding = found(store, tmp_path, CALLS.format(cart="", store="", host=""), CALM, suspect("code"))

    assert (Verdict.NO, None) == (finding.verdict, finding.answer and finding.answer.verdict)  # type: ignore[union-attr]


def test_while_the_impact_is_open_no_suspect_names_a_layer(store: Store, tmp_path: Path) -> None:
    """What was counted there is shown as it is: fine, not failing by what points at the suspect."""
    finding = found(store, tmp_path, CALLS.format(cart="", store="", host=""), OPEN, suspect("code"))

    assert (Verdict.UNKNOWN, None) == (finding.verdict, finding.answer and finding.answer.verdict)  # type: ignore[union-attr]
    assert finding.because.startswith(f"{UNDECIDED}, so no layer is named")
    assert FINE is seen(finding, Layer.APPLICATION).state


def test_nothing_to_compare_or_nothing_seen(store: Store, tmp_path: Path) -> None:
    """Both are said."""
    lines = found(store, tmp_path, 'logs      web info "started" rate=1/s\n')
    (without,) = layers.run(case_of(store, None, FAILING))

    assert [Verdict.UNKNOWN] * 2 == [without.verdict, lines.verdict]
