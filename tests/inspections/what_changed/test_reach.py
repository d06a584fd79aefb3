"""What ties a change to where it breaks; more of it is in test_scene."""

from dataclasses import replace

import pytest

from inspections.scenes import SCENE, change
from lastgood.algorithms.change_lineage import origins
from lastgood.inspections.what_changed.reach import _of_errors, naming, reach
from lastgood.inspections.what_changed.scene import Scene
from lastgood.inspections.what_changed.weights import (
    ERRORS_NAME_PRODUCT,
    MAY_HOLD_LOCKS,
    NAMED_LENGTH,
    NAMES_HOST,
    NAMES_PRODUCT,
    OFF_PATH,
    OUTSIDE_NAMELESS,
    OUTSIDE_SIBLING,
    PRODUCT_ERRORS,
)
from lastgood.model.change import Change, ChangeKind


def near(one: Change, where: Scene) -> float:
    """How near a change without effects is."""
    (origin,) = origins([one], where.services)
    return reach(one, origin, where, frozenset()).ratio


@pytest.mark.parametrize(("title", "named"), [("reboot of rack-7", True), ("reboot of rack-77", False)])
def test_a_host_is_named_as_a_whole_word(title: str, *, named: bool) -> None:
    """It is the place itself."""
    found = naming(
        change("c", "infrastructure", 1, "", title=title), replace(SCENE, hosts=frozenset({"rack-7"}))
    )
    assert named == (found is not None and found.row is NAMES_HOST)


def test_a_machine_numbered_alike_is_another_one() -> None:
    """What names it, and not the one at fault, hardly concerns that."""
    where = replace(SCENE, suspects={"hv-7": 1.0})
    other, own = (
        change("c", "infrastructure", 1, "", title=f"VmMigratedEvent desk {name}")
        for name in ("hv-5", "hv-7")
    )
    nobody = change("c", "infrastructure", 1, "", title="firmware of a switch")
    assert OUTSIDE_SIBLING == near(other, where) < OUTSIDE_NAMELESS == near(nobody, where) < near(own, where)


def test_a_job_may_hold_the_locks_of_which_errors_speak() -> None:
    """Its run, and a change that made it run; other changes there do not."""
    run = change("r", "cron", 1, "db9", title="/opt/reprice --all")
    made = change("c", "commit", 90, "crontabs")
    (origin,) = origins([made], SCENE.services)
    locked = replace(SCENE, locked=True)

    assert [OFF_PATH, MAY_HOLD_LOCKS] == [near(run, where) for where in (SCENE, locked)]
    found = [reach(made, origin, locked, frozenset(), ran).row for ran in (None, run)]
    assert [False, True] == [row is MAY_HOLD_LOCKS for row in found]


def test_a_change_of_what_the_failing_store_runs_is_near() -> None:
    """As far as the store is suspected; one of a service that is known has its place."""
    where = replace(SCENE, suspects={"10.0.0.7": 0.5}, products={"redis": ("10.0.0.7", 0.5)})
    ours = change("c", "config", 1, "cache_hosts", title="redis: one set of defaults")
    known = replace(ours, service=min(where.services))

    assert NAMES_PRODUCT * 0.5 == near(ours, where)
    assert near(replace(ours, title="defaults"), where) <= OFF_PATH
    assert near(known, where) != NAMES_PRODUCT * 0.5


def test_new_errors_speak_of_what_a_change_is_about() -> None:
    """The most frequent ones, of no party that has a place of its own; what no one of the team made reaches in other ways."""
    said = ("NOAUTH at redis-parser/lib/parser.js", *["x"] * (PRODUCT_ERRORS - 1), "kafka is away")
    where = replace(SCENE, errors=said)
    ours = change("c", "config", 1, "cache_hosts", title="redis: require a password")

    assert ERRORS_NAME_PRODUCT == near(ours, where)
    assert near(replace(ours, title="kafka: more partitions"), where) <= OFF_PATH
    assert ERRORS_NAME_PRODUCT != near(replace(ours, kind=ChangeKind.INFRASTRUCTURE), where)


def test_an_error_names_a_party_by_a_name_of_some_length() -> None:
    """NAMED_LENGTH of letters; shorter ones are words of any text."""
    names = ["k" * letters for letters in (NAMED_LENGTH, NAMED_LENGTH - 1)]

    assert [True, False] == [_of_errors([f"no answer of {name}"], [name]) is not None for name in names]
