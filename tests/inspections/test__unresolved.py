"""Names that do not resolve: what resolves them is at fault, and who asks is a victim."""

from lastgood.algorithms.blame import Suspicion, suspects
from lastgood.algorithms.unresolved_names import DNS
from lastgood.inspections._unresolved import unresolved


def asking(service: str, name: str, strength: float = 0.6) -> Suspicion:
    """A service that cannot look a name up."""
    return Suspicion(
        service, DNS, strength, f"9 errors “lookup {name} on 10.0.0.2:53: no such host”", caught=True
    )


def first(*found: Suspicion) -> str:
    """Who is suspected most."""
    callees: dict[str, set[str]] = {}
    return suspects(unresolved(found, callees, {}), callees)[0].service


def test_one_name_is_at_fault_before_those_who_ask_for_it() -> None:
    """However many they are."""
    assert "a.example" == first(asking("web", "a.example"), asking("pay", "a.example"))


def test_several_names_blame_what_resolves_them() -> None:
    """They have nothing else in common."""
    assert DNS == first(asking("web", "a.example"), asking("pay", "b.test"))


def test_other_evidence_stays_as_it_is() -> None:
    """A processor that is busy is no matter of names."""
    busy = Suspicion("web", "cpu", 0.9, "cpu 0.3 → 0.9")

    assert busy in unresolved([busy, asking("pay", "a.example")], {}, {})
    assert [busy] == unresolved([busy], {}, {})


def test_who_asks_keeps_what_is_left() -> None:
    """A caller may have the wrong name: it comes next, with less."""
    callees: dict[str, set[str]] = {}
    found = suspects(unresolved([asking("pay", "a.example")], callees, {}), callees)

    assert ["a.example", "pay"] == [one.service for one in found]
    assert found[1].strength < found[0].strength


def test_a_name_that_others_look_up_is_not_at_fault() -> None:
    """Who cannot has a trouble of its own."""
    alone = asking("pay", "a.example")

    assert [alone] == unresolved([alone], {}, {"a.example": {"pay", "web"}})
