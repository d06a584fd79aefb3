"""Where a roll-back goes: past what came since the likely deploy, to the newest version that was good."""

from typing import Any

import pytest

from inspections.scenes import change
from lastgood.algorithms.change_lineage import TAGGED
from lastgood.model.change import Change
from lastgood.model.rollback import RollBackOf
from lastgood.readings.way_back import (
    VERSION_QUICKER,
    VERSION_SPANS,
    VERSION_WELL,
    Way,
    _before,
    _fared,
    deployed_last,
    way_back,
)

V43, V42, V41, V40 = (
    change(f"d{n}", "deploy", 60 - n, version=f"v{n}", service="orders") for n in (43, 42, 41, 40)
)
DEPLOYS = [V43, V42, V41, V40]
LIKELY = RollBackOf("orders", ("d42",), V42.at)
ENOUGH = 10 * VERSION_SPANS


def row(version: str, good: float = 0.0, bad: float = 0.0, of: tuple[int, int] = (0, 0)) -> dict[str, Any]:
    """How a version fared: the shares that failed, of so many calls in the good and in the bad window."""
    return {
        "version": version, "good": of[0], "good_failed": good * of[0], "bad": of[1], "bad_failed": bad * of[1],
        "good_ms": 10.0, "bad_ms": 10.0,
    }  # fmt: skip


BEFORE, SINCE = (ENOUGH, 0), (0, ENOUGH)
BOTH_FAIL = [row("v42", bad=0.4, of=SINCE), row("v43", bad=0.4, of=SINCE)]


def to(way: Way) -> tuple[str, bool | None, list[str], str]:
    """Where it goes, whether that was good, what it takes back, and where one deploy back ends."""
    return way.to, way.fared.holds, [one.change_id for one in way.undone], way.one_back


def test_a_roll_back_goes_to_before_the_likely_deploy_not_to_it() -> None:
    """A later deploy that fails as well is taken back with it; without a likely one it is the version before."""
    rows = [row("v41", of=BEFORE), *BOTH_FAIL]

    assert ("v41", True, ["d43", "d42"], "v42") == to(way_back(DEPLOYS, LIKELY, rows, None))
    assert ("v42", False, ["d43"], "") == to(way_back(DEPLOYS, RollBackOf("orders"), rows, None))
    assert ("v42", False, ["d43"], "") == to(way_back(DEPLOYS, RollBackOf("orders", ("x",)), rows, None))


@pytest.mark.parametrize(
    ("v41", "v40", "expected"),
    [
        ([row("v41", good=0.4, of=BEFORE)], [row("v40", of=BEFORE)], ("v40", True, ["d43", "d42", "d41"], "v42")),
        ([row("v41", good=0.4, of=BEFORE)], [], ("v41", False, ["d43", "d42"], "v42")),
        ([], [row("v40", of=BEFORE)], ("v40", True, ["d43", "d42", "d41"], "v42")),
        ([], [], ("v41", None, ["d43", "d42"], "v42")),
        ([row("v41", good=0.4, of=BEFORE)], [row("v40", good=0.4, of=BEFORE)], ("v41", False, ["d43", "d42"], "v42")),
    ],
)  # fmt: skip
def test_older_versions_are_tried_in_turn(
    v41: list[dict[str, Any]], v40: list[dict[str, Any]], expected: tuple[str, bool | None, list[str], str]
) -> None:
    """The newest that was good; where none is known to be, the newest, with what is known of it."""
    assert expected == to(way_back(DEPLOYS, LIKELY, [*v41, *v40, *BOTH_FAIL], None))


def test_a_version_that_mended_it_is_not_taken_back() -> None:
    """The later deploy works: what was before the likely one is no better."""
    rows = [row("v41", of=BEFORE), row("v42", bad=0.4, of=SINCE), row("v43", of=SINCE)]

    assert way_back(DEPLOYS, LIKELY, rows, None).fared.holds is False


def test_what_was_rolled_back_is_not_rolled_back_again() -> None:
    """The version before the likely deploy serves again."""
    again = change("d44", "deploy", -10, version="41", service="orders")
    way = way_back([again, *DEPLOYS[1:]], LIKELY, [row("v41", of=BEFORE), *BOTH_FAIL], None)

    assert ("", False, ["d44"], "") == to(way)
    assert "v41 is deployed again since" in way.fared.because


def test_an_id_that_comes_again_means_the_first_deploy_since_the_change() -> None:
    """A commit is older than the deploy that carried it."""
    again = change("d42", "deploy", -10, version="v44", service="orders")
    deploys = [again, V43, V42]

    assert "" == way_back(deploys, LIKELY, [], None).to
    assert "v43" == way_back(deploys, RollBackOf("orders", ("c1", "d42"), V43.at), [], None).to


@pytest.mark.parametrize(
    ("version", "previous"),
    [
        ("v2", "v1"),
        ("v1", None),
        ("v3", "v2"),
        ("", None),
    ],  # without one it may be of any tag, the newest too
)
def test_a_tag_is_what_was_there_before_only_if_it_is_older_than_that_of_the_deploy(
    version: str, previous: str | None
) -> None:
    """What is tagged need not be deployed yet."""
    tags = [change(f"tag {n}", "deploy", 10 - n, version=f"v{n}", state=TAGGED) for n in (3, 2, 1)]
    last = change("d", "deploy", 1, version=version)

    assert previous == next(_before(last, [last, *tags]), None)


@pytest.mark.parametrize(("seen", "last"), [({"v1", "v2"}, "d"), ({"v1", "3"}, "tag 3"), (set(), "d")])
def test_a_tag_was_deployed_only_if_it_served(seen: set[str], last: str) -> None:
    """Branches have tags too; where tags are all there is, the newest is taken."""
    tags = [change(f"tag {n}", "deploy", 10 - n, version=f"v{n}", state=TAGGED) for n in (4, 3)]

    assert last == deployed_last([*tags, change("d", "deploy", 8, version="v2")], seen).change_id
    assert "tag 4" == deployed_last(tags, set()).change_id


def test_what_it_takes_back_has_no_tag_of_it() -> None:
    """A tag is older than its deploy: what was changed between is known to the version before."""
    tag = change("tag 42", "deploy", 18.5, version="v42", state=TAGGED, service="orders")
    deploys: list[Change] = [V43, V42, tag, V41]

    assert ["d43", "d42"] == [
        one.change_id for one in way_back(deploys, LIKELY, [row("v41", of=BEFORE), *BOTH_FAIL], None).undone
    ]


@pytest.mark.parametrize(("less", "holds"), [(0.0, True), (0.01, False)])
def test_good_is_a_third_of_the_failures_or_a_fifth_quicker(less: float, holds: bool) -> None:
    """By the rows of the table."""
    new = row("v42", bad=0.3, of=(0, 10_000))
    old = row("v41", good=0.3 * VERSION_WELL + less, of=(10_000, 0))
    slow = {**row("v42", of=(0, 10_000)), "bad_ms": 100.0}
    quick = {**row("v41", of=(10_000, 0)), "good_ms": 100 * (VERSION_QUICKER + less)}

    assert holds is _fared("v41", old, new, "good").holds
    assert holds is _fared("v41", quick, slow, "good").holds
