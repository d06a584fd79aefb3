"""Which layer is named when several show something. With real servers: outside/test_probe."""

from datetime import UTC, datetime

from lastgood.model.probe_report import Attempt, Exchange, Place, Resolved
from lastgood.outside.probe.names import SYSTEM
from lastgood.outside.probe.verdict import judged, notes

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
FINE = Attempt("192.0.2.1", exchanges=(Exchange("1.1", 200, 0.1, 0.1, 2, ended=True),))
DOWN = Attempt("192.0.2.2", network_problem="Connection refused")
ANSWERS = Resolved("192.0.2.53", ("192.0.2.1",), 60, "", 0.01)
FAILS = Resolved("192.0.2.54", (), None, "SERVFAIL", 0.01)


def test_what_fails_for_most_users_is_named_first() -> None:
    """An address that is down beside a resolver that fails; no resolver at all; layers that differ."""
    secure = Attempt("192.0.2.3", tls_problem="certificate has expired")

    assert Place.ONE_ADDRESS is judged([ANSWERS, FAILS], [FINE, DOWN], [])[0]
    assert Place.DNS is judged([ANSWERS, FAILS], [FINE], [])[0]
    assert Place.DNS is judged([FAILS], [], [])[0]
    assert Place.INCONCLUSIVE is judged([], [DOWN, secure], [])[0]
    assert Place.INCONCLUSIVE is judged([], [Attempt("192.0.2.1", not_tried="late")], [])[0]


def test_a_name_of_the_own_network_is_no_fault_of_dns() -> None:
    """The hosts file knows it; a public address there is another matter."""
    unknown = Resolved("192.0.2.53", (), None, "NXDOMAIN", 0.01)
    inside, outside = (Resolved(SYSTEM, (one,), None, "", 0.01) for one in ("10.0.0.1", "93.184.216.34"))

    assert Place.NONE is judged([unknown, inside], [FINE], [])[0]
    assert Place.DNS is judged([unknown, outside], [FINE], [])[0]
    assert any("only this machine" in note for note in notes([unknown, inside], [FINE], NOW))
