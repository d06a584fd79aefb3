"""Similar incidents are found by symptoms and cause, and nothing is similar where nothing is."""

from dataclasses import replace
from pathlib import Path

from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.answers import Culprit, FailureClass
from lastgood.model.entry import Resolved
from lastgood.model.failure import FailureKind, FailurePath
from lastgood.workbench.similar import described, seen_before, similar
from postmortems import ASSESSED, over
from rooms import room_in

# The same provider refuses the same charges again, for other customers, seen in other lines.
AGAIN = replace(
    ASSESSED,
    segments=(),
    symptoms=("Charge refused for <*>: status <*>",),
    services=("payments", "checkout"),
    changes=(),
)
OTHER = replace(
    ASSESSED,
    failure_class=FailureClass(FailureKind.DISK_FULL, "search", 0.9, "98 % full"),
    culprits=(Culprit("search", None, None, "disk", 0.9, "98 % full"),),
    path=FailurePath("search", "search", 3, 3, external=False),
    services=("search",),
    segments=(),
    symptoms=("No space left on device",),
    changes=(),
)


def test_the_same_trouble_is_found_with_what_helped(tmp_path: Path) -> None:
    """Whatever it was called; measured actions come before words."""
    effect = EffectMeasured(11, Effect.RECOVERED, "0.2 % fail again")
    with over(tmp_path, ActionBegun("flag_off", "anz-3ds", "lee"), replace(effect, begun=10)):
        pass
    with room_in(tmp_path, "Cards are declined") as room:
        room.append(AGAIN)
        (found,) = similar(room.record, room.incident)

        assert 1 == found.incident.number
        assert ("flag_off anz-3ds", "the flag anz-3ds is off", "stripe answers as before") == found.helped
        assert "external of api.stripe.com" in found.shared["cause"]
        assert ("breaks at api.stripe.com", "payments") == found.shared["place"]
        assert ("charge",) == found.shared["symptoms"]
        assert [1] == [one.incident.number for one in seen_before(room)]
        room.append(Resolved("over"))
        assert () == seen_before(room)


def test_another_trouble_is_not_similar(tmp_path: Path) -> None:
    """Also under the same title, also if the record is small."""
    with over(tmp_path):
        pass
    with room_in(tmp_path) as room:
        assert () == similar(room.record, room.incident)  # a title alone says nothing
        room.append(OTHER)

        assert () == similar(room.record, room.incident)
        assert () == seen_before(room)


def test_the_same_place_with_another_cause_is_not_similar(tmp_path: Path) -> None:
    """Nor the same kind of cause elsewhere, with other symptoms."""
    elsewhere = replace(OTHER, culprits=ASSESSED.culprits)
    same_place = replace(OTHER, services=ASSESSED.services, path=ASSESSED.path)
    for folder, said in (("a", elsewhere), ("b", same_place)):
        with over(tmp_path / folder):
            pass
        with room_in(tmp_path / folder, "Something else") as room:
            room.append(said)
            assert () == similar(room.record, room.incident)


def test_only_earlier_incidents_are_searched(tmp_path: Path) -> None:
    """One is not similar to itself, nor to what came after it."""
    with room_in(tmp_path) as first:
        first.append(ASSESSED)
        assert () == similar(first.record, first.incident)
        with over(tmp_path):
            pass
        later = first.now.replace(year=2027)
        with room_in(tmp_path, now=later) as third:
            third.append(AGAIN)
            assert 2 == len(similar(third.record, third.incident))


def test_an_incident_is_described_by_what_the_telemetry_says(tmp_path: Path) -> None:
    """And by its title."""
    with room_in(tmp_path, "Checkout is failing") as room:
        assert frozenset({"checkout", "failing"}) == described(room.incident)["title"]
        room.append(ASSESSED)

        words = described(room.incident)
    assert {"external", "external of api.stripe.com", "third_party of Stripe"} <= words["cause"]
    assert frozenset({"card.issuer=ANZ"}) == words["segments"]
