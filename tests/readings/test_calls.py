"""Time is charged to the one who spends it: a gap to the callee, all edges of one service to its network."""

from typing import Any

from lastgood.readings.calls import _origins, _rises, _shared_ends


def row(service: str, callee: str, phase: str, own_ms: float, **other: Any) -> dict[str, Any]:
    """One line of the query's answer."""
    return {
        "service": service, "callee": callee, "name": f"call {callee}", "kind": "Client", "peer": "", "phase": phase,
        "calls": 100, "entry_s": 0.0, "entries": 0, "own_ms": own_ms, "origins": 0, "refused": 0, "lengths": {}, "error": "", "buckets": [],
        "slow_buckets": [], **other,
    }  # fmt: skip


def test_a_gap_is_charged_to_the_callee() -> None:
    """200 ms more between web and cart, over a hundred calls, are 20 s of cart."""
    (rise,) = _rises([row("web", "cart", "good", 5), row("web", "cart", "bad", 205)])

    assert ("cart", "web", 20.0) == (rise.target, rise.source, rise.seconds)


def test_less_than_the_floor_is_nothing() -> None:
    """15 ms more, and 40 % more, are no one's incident."""
    assert [] == _rises([row("web", "cart", "good", 5), row("web", "cart", "bad", 20)])
    assert [] == _rises([row("web", "cart", "good", 500), row("web", "cart", "bad", 700)])


def test_an_edge_without_a_past_is_held_against_its_peers() -> None:
    """No one saw the edge before; the caller's other edges take 4 ms."""
    others = [row("web", name, "bad", 4) for name in ("ads", "users", "stock")]
    (rise,) = _rises([row("web", "cart", "bad", 250), *others])

    assert ("cart", None) == (rise.target, rise.good_ms)


def test_edges_in_and_out_that_are_all_slower_are_ones_own_network() -> None:
    """Checkout's answers and its calls come late: it is checkout, not those it calls."""
    edges = [("web", "checkout"), ("checkout", "payments"), ("checkout", "mail")]
    rows = [row(*edge, phase, ms) for edge in edges for phase, ms in (("good", 5.0), ("bad", 305.0))]

    assert {"checkout"} == {rise.target for rise in _shared_ends(_rises(rows), rows)}


def test_a_refusing_peer_is_a_component_of_its_caller() -> None:
    """The client span fails with nothing below it: external, named with its share before and now."""
    (found,) = _origins(
        [row("payments", "", "good", 5, peer="bank.example"),
         row("payments", "", "bad", 5, peer="bank.example", origins=30, error="402", buckets=[1, 2])], [], ()
    )  # fmt: skip

    assert ("payments", "external", "bank.example") == (found.service, found.kind, found.component)
    assert "30 of 100" in found.because
    assert frozenset({1, 2}) == found.traces


def test_a_peer_that_speaks_by_itself_is_named_itself() -> None:
    """It sends no spans, but metrics or lines: it is a service, not a component of its caller."""
    rows = [row("payments", "", "bad", 5, peer="ledger", origins=30, error="reset", buckets=[1])]

    (found,) = _origins(rows, [], {"ledger", "payments"})

    assert ("ledger", "code") == (found.service, found.kind)


def test_the_error_tells_the_kind_of_what_fails() -> None:
    """A name that is not resolved is DNS, whoever was to be called."""
    rows = [row("payments", "", "bad", 5, peer="bank.example", origins=30, error="no such host", buckets=[1])]

    (found,) = _origins(rows, [], ())

    assert ("payments", "dns", "bank.example") == (found.service, found.kind, found.component)
