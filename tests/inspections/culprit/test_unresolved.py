"""Names that do not resolve: what resolves them is at fault, and who asks is a victim."""

import pytest

from lastgood.algorithms.blame import Suspicion, suspects
from lastgood.algorithms.unresolved_names import DNS
from lastgood.inspections.culprit.unresolved import unresolved
from lastgood.inspections.culprit.weights import NAME_BY_CALLER, NAME_ITSELF
from lastgood.readings.suspicions import Suspicions

BEFORE = Suspicions(before=frozenset({"a.example"}))


def asking(service: str, name: str, strength: float = 0.6) -> Suspicion:
    """A service that cannot look a name up."""
    return Suspicion(
        service, DNS, strength, f"9 errors “lookup {name} on 10.0.0.2:53: no such host”", caught=True
    )


def ranked(*found: Suspicion, calls: Suspicions = BEFORE) -> list[str]:
    """Who is suspected, most first."""
    callees: dict[str, set[str]] = {}
    return [one.service for one in suspects(unresolved(calls, found, callees), callees)]


def test_one_name_is_at_fault_before_those_who_ask_for_it() -> None:
    """However many they are."""
    assert "a.example" == ranked(asking("web", "a.example"), asking("pay", "a.example"))[0]
    assert ["a.example", "pay"] == ranked(asking("pay", "a.example"))


def test_several_names_blame_what_resolves_them() -> None:
    """They have nothing else in common."""
    assert DNS == ranked(asking("web", "a.example"), asking("pay", "b.test"))[0]


def test_a_name_that_was_never_called_may_be_its_callers_mistake() -> None:
    """Both are suspects, and neither is sure; of two callers, both would have had to get it wrong."""
    alone = asking("pay", "new.example")

    assert ["pay", "new.example"] == ranked(alone)
    assert all(one.strength < alone.strength for one in unresolved(BEFORE, [alone], {}))
    assert "new.example" == ranked(alone, asking("web", "new.example"))[0]


def test_who_passes_the_error_on_does_not_ask() -> None:
    """A caller of the one that asks says the same, and makes no second witness."""
    found = [asking("pay", "new.example"), asking("front", "new.example")]

    first, *_ = suspects(unresolved(BEFORE, found, {"front": {"pay"}}), {"front": {"pay"}})

    assert "pay" == first.service


def test_other_evidence_stays_as_it_is() -> None:
    """A processor that is busy is no matter of names."""
    busy = Suspicion("web", "cpu", 0.9, "cpu 0.3 → 0.9")

    assert busy in unresolved(BEFORE, [busy, asking("pay", "a.example")], {})
    assert [busy] == unresolved(BEFORE, [busy], {})


def test_a_name_that_others_look_up_is_not_at_fault() -> None:
    """Who cannot has a trouble of its own."""
    alone = asking("pay", "a.example")

    assert [alone] == unresolved(Suspicions(served={"a.example": {"pay", "web"}}), [alone], {})


def test_a_name_and_its_caller_share_the_suspicion() -> None:
    """Each as its row says."""
    alone = asking("pay", "new.example")
    found = {one.service: one.strength for one in unresolved(BEFORE, [alone], {})}

    assert pytest.approx(NAME_BY_CALLER * alone.strength) == found["pay"]
    assert pytest.approx(NAME_ITSELF * alone.strength) == found["new.example"]
