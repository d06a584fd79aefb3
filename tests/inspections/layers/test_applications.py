"""What is seen of applications that report no spans and no access log."""

from pathlib import Path

import pytest

from cases import FAILING, case_of, reported
from lastgood.inspections.layers import layers
from lastgood.inspections.layers.applications import UNSEEN, application, applications
from lastgood.inspections.layers.places import read_places
from lastgood.inspections.layers.weights import BELOW_UNSEEN, LAYER_SURE
from lastgood.model.answers import Culprit, Culprits
from lastgood.model.boundary import Layer, Layers, LayerSeen, LayerState
from lastgood.model.finding import Finding, Verdict
from lastgood.workbench.store import Store

HEAD = """scenario  answers
time      2026-11-20 10:00 .. 10:40
seed      5

service   gate
service   quote
service   orders-db

"""
GATE = 'logs      gate info "GET" rate=2/s url.path=/ http.response.status_code=200 service.peer.name={peer} lg.upstream_status=200{then}\n'
FAILED = " then http.response.status_code=200:50%,{0}:50% lg.upstream_status={1} at 10:20"
LINES = 'logs      quote info "quoted" rate=1/s\nlogs      quote error "panic serving POST /v1/quote" rate={0}/min then rate=30/min at 10:20\n'


def seen(store: Store, folder: Path, world: str) -> LayerSeen:
    """What is known of applications in a world."""
    case = case_of(store, reported(store, folder, HEAD + world, 20), FAILING)
    return application(tuple(applications(case, read_places(case), None)))


def test_by_what_the_balancer_logs_of_its_answers(store: Store, tmp_path: Path) -> None:
    """500 of the upstream is the upstream's."""
    found = seen(store, tmp_path, GATE.format(peer="quote", then=FAILED.format(500, 500)))

    assert LayerState.FAILS is found.state
    assert found.because.startswith("by the balancer's log of its answers, quote: ")


def test_no_answer_shows_nothing_of_the_application(store: Store, tmp_path: Path) -> None:
    """The balancer may fail, or the network between them."""
    found = seen(store, tmp_path, GATE.format(peer="quote", then=FAILED.format(502, "-")))

    assert LayerState.FAILS is not found.state


def test_answers_of_stores_and_outside_hosts_are_not_of_applications(store: Store, tmp_path: Path) -> None:
    """A balancer may be in front of either."""
    world = "".join(
        GATE.format(peer=peer, then=FAILED.format(500, 500)) for peer in ("redis", "api.pay.example.com")
    )

    assert LayerSeen(Layer.APPLICATION, LayerState.NOT_SEEN, UNSEEN) == seen(store, tmp_path, world)


def test_slow_answers(store: Store, tmp_path: Path) -> None:
    """None of them fails."""
    then = " then lg.upstream_ns=2000000000 at 10:20"
    world = GATE.format(peer="quote", then=" lg.upstream_ns=20000000" + then)
    found = seen(store, tmp_path, world)

    assert (LayerState.FAILS, 0) == (found.state, found.failed)
    assert " for each answer (" in found.because


def test_by_its_own_error_lines(store: Store, tmp_path: Path) -> None:
    """Many more than before; as many as before show nothing."""
    found = seen(store, tmp_path, LINES.format(0))

    assert LayerState.FAILS is found.state
    assert found.because.startswith("by its own error lines, quote: ")


def test_as_many_error_lines_as_before_do_not_show_that_it_is_well(store: Store, tmp_path: Path) -> None:
    """Slow requests log no error."""
    assert LayerState.NOT_SEEN is seen(store, tmp_path, LINES.format(30)).state


def judged(store: Store, folder: Path, world: str, *suspects: Culprit) -> Finding:
    """What is said of the layers of a world."""
    answers = (FAILING, Culprits(suspects)) if suspects else (FAILING,)
    (finding,) = layers.run(case_of(store, reported(store, folder, HEAD + world, 20), *answers))
    return finding


def test_the_layer_that_is_named_is_one_that_was_seen_to_fail(store: Store, tmp_path: Path) -> None:
    """The verdict and the table agree; the sentence says what was seen."""
    suspect = Culprit("quote", None, None, "code", 0.8, "it fails")
    finding = judged(store, tmp_path, GATE.format(peer="quote", then=FAILED.format(500, 500)), suspect)

    assert isinstance(finding.answer, Layers)
    (named,) = [one for one in finding.answer.seen if one.layer is finding.answer.verdict]
    assert (Layer.APPLICATION, LayerState.FAILS) == (named.layer, named.state)
    assert named.because in finding.because
    assert round(0.8 * LAYER_SURE * BELOW_UNSEEN, 3) == finding.confidence
    assert finding.limits


@pytest.mark.parametrize(
    ("status", "upstream", "layer"), [(500, 500, Layer.APPLICATION), (502, "-", Layer.BALANCER)]
)
def test_a_balancer_that_hands_on_errors_is_not_at_fault(
    status: int, upstream: object, layer: Layer, store: Store, tmp_path: Path
) -> None:
    """It is the suspect, and what it hands on is another's."""
    suspect = Culprit("gate", None, None, "code", 0.8, "it fails")
    finding = judged(
        store, tmp_path, GATE.format(peer="quote", then=FAILED.format(status, upstream)), suspect
    )

    assert isinstance(finding.answer, Layers)
    assert layer is finding.answer.verdict


def test_error_lines_alone_name_no_layer(store: Store, tmp_path: Path) -> None:
    """What the service calls may fail: a check would tell."""
    finding = judged(store, tmp_path, LINES.format(0))

    assert isinstance(finding.answer, Layers)
    assert (Verdict.UNKNOWN, None) == (finding.verdict, finding.answer.verdict)
    assert finding.because.startswith("inconclusive: ")
    assert ("load spans of the calls that services make, or logs of what they call",) == finding.limits
