"""Reach: what a change could do to where it breaks."""

import pytest

from inspections.scenes import SCENE, change, scene, segment
from lastgood.algorithms.change_lineage import origins
from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.inspections.what_changed.scene import Scene, reach
from lastgood.model.change import Change

NOTHING = frozenset[EffectKind]()


def near(one: Change, where: Scene = SCENE, effects: frozenset[EffectKind] = NOTHING) -> float:
    """How near a change is."""
    (origin,) = origins([one], where.services)
    return reach(one, origin, where, effects).ratio


def test_the_place_where_it_breaks_is_nearest() -> None:
    """Then other suspects, callees and callers, victims, and last those off the path."""
    order = [
        near(change("c", "deploy", 1, name)) for name in ("cart", "rates", "cart-db", "web", "mail", "search")
    ]

    assert order == sorted(order, reverse=True)
    assert (1.0, 0.05) == (order[0], order[-1])


def test_a_caller_is_near_when_its_change_does_that_to_whom_it_calls() -> None:
    """A call for each of several things, rather than a colour."""
    assert (
        near(change("c", "deploy", 1, "web"))
        < 0.5
        < near(change("c", "deploy", 1, "web"), effects=frozenset({EffectKind.CALLS_IN_LOOP}))
    )


def test_what_names_the_part_that_is_hit_is_near() -> None:
    """A zone in the title of an event of no service."""
    hit = scene(segment=segment({"cloud.availability_zone": "eu-1b"}))

    assert 1.0 == near(change("c", "infrastructure", 1, "", title="power event in eu-1b"), hit)
    assert near(change("c", "infrastructure", 1, "", title="power event in eu-1c"), hit) < 0.5


def test_the_name_of_a_service_is_no_part() -> None:
    """It is reach, not a segment."""
    hit = scene(segment=segment({"service.name": "web"}))

    assert near(change("c", "deploy", 1, "web"), hit) < 0.5


@pytest.mark.parametrize(
    ("service", "least", "most"), [("cart-db", 0.5, 1.0), ("github.example", 0.0, 0.1), ("", 0.2, 0.4)]
)
def test_what_lies_under_services_reaches_those_who_use_it(service: str, least: float, most: float) -> None:
    """A database that the suspect calls, a third party that nobody does, and one without a name."""
    assert least <= near(change("c", "infrastructure", 1, service)) <= most


def test_while_nobody_is_at_fault_those_with_symptoms_come_first() -> None:
    """And nobody is sure."""
    unknown = scene(suspects={}, callers=frozenset(), below=frozenset())
    order = [near(change("c", "deploy", 1, name), unknown) for name in ("mail", "search")]

    assert order == sorted(order, reverse=True)
    assert max(order) <= 0.5


def test_paths_of_a_commit_are_its_place() -> None:
    """A repository of many services; and what they share is nearer than what is off the path."""
    mine = change("c", "commit", 1, "mono", files=("services/cart/app.py",))
    shared = change("c", "commit", 1, "mono", files=("libs/http/client.py",))
    other = change("c", "commit", 1, "mono", files=("services/search/app.py",))

    assert 1.0 == near(mine) > near(shared) > near(other)


def test_a_caller_whose_calls_alone_fail_is_near_and_one_that_is_served_is_not() -> None:
    """The callee refuses one of two."""
    sided = scene(
        refused=frozenset({"web"}),
        served=frozenset({"kiosk"}),
        callers=frozenset({"web", "kiosk"}),
        services=SCENE.services | {"kiosk"},
    )

    assert near(change("c", "deploy", 1, "web"), sided) > 0.5
    assert near(change("c", "deploy", 1, "kiosk"), sided) < 0.1


def test_what_names_the_machine_at_fault_is_near() -> None:
    """A job that was placed on it, and one on another."""
    ill = scene(hosts=frozenset({"node-7"}))

    assert 1.0 == near(change("c", "infrastructure", 1, "batch", title="transcode placed on node-7"), ill)
    assert near(change("c", "infrastructure", 1, "batch", title="transcode placed on node-71"), ill) < 0.1


def test_the_surer_the_culprit_the_less_its_neighbours_explain() -> None:
    """A deploy of its caller; but not where its diff does such a thing."""
    sure, deploy = scene(doubt=0.35), change("c", "deploy", 1, "web")
    loops = frozenset({EffectKind.CALLS_IN_LOOP})

    assert near(deploy, sure) < 0.5 * near(deploy)
    assert near(deploy, sure, loops) == near(deploy, effects=loops)
