"""From which version on a service fails, by requests in a store."""

from datetime import timedelta

import pytest

from inspections.test_canary import WHOLE, requests
from lastgood.algorithms.version_judged import FEWEST_BESIDE, START_PART
from lastgood.errors import NoDataError, UsageError
from lastgood.model.bisection import VersionBisection
from lastgood.model.window import Window
from lastgood.workbench.bisect_versions import bisect_versions
from lastgood.workbench.store import Store
from readings.test_unversioned import behind_a_proxy
from worlds import START


def asked(store: Store, ends: tuple[str, str] = ("", ""), minutes: float = 20) -> VersionBisection:
    """About the shop."""
    return bisect_versions(store, "", WHOLE.end, Window(START, START + timedelta(minutes=minutes)), ends)


def rolled(store: Store, *failing: float) -> None:
    """One version after the other, each a quarter of the time at most."""
    part = 1200 / len(failing)
    for n, bad in enumerate(failing):
        requests(store, f"1.{n}", since=n * part, until=(n + 1) * part, bad=bad, seed=n)


def test_the_first_bad_version_of_several(store: Store) -> None:
    """With the one before it, both shares, and that nothing served beside it."""
    rolled(store, 0.01, 0.01, 0.08, 0.08)
    found = asked(store)

    assert found.found
    assert ("shop", "1.2", "1.1") == (found.service, found.first_bad, found.last_good)
    assert "another change at that time is possible" in found.caveat
    assert ["1.0", "1.1", "1.2", "1.3"] == [one.version for one in found.versions]


def test_older_versions_beside_it_work_or_fail_too(store: Store) -> None:
    """The first confirms it; the second rules it out: all fail from then on, whatever their version."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, bad=0.1, seed=2)
    alone = asked(store)
    requests(store, "1.0", since=600, rate=40, bad=0.1, seed=3)
    all_of_them = asked(store)

    assert (True, "1.1") == (alone.found, alone.first_bad)
    assert "of older versions beside it" in alone.because
    assert not all_of_them.found
    assert (
        "older versions fail as well" in all_of_them.problem
        or "no version fails clearly" in all_of_them.problem
    )


def test_a_version_that_worked_at_first_is_not_to_blame_alone(store: Store) -> None:
    """Something later made it fail."""
    requests(store, "1.0", until=300)
    requests(store, "1.1", since=300, until=300 + 900 * (START_PART + 0.1), seed=2)
    requests(store, "1.1", since=300 + 900 * (START_PART + 0.1), bad=0.3, seed=3)
    found = asked(store)

    assert not found.found
    assert "worked at first" in found.problem or "too few" in found.problem


def test_what_does_not_fit_one_step_is_inconclusive(store: Store) -> None:
    """A version between works again; equal versions; few requests."""
    rolled(store, 0.01, 0.1, 0.01, 0.1)
    assert not asked(store).found


def test_equal_versions_have_no_first_bad_one(store: Store) -> None:
    """That is said with the counts."""
    rolled(store, 0.01, 0.01, 0.01)
    found = asked(store)

    assert ("", False) == (found.first_bad, found.found)
    assert "no version fails clearly more" in found.problem
    assert "requests fail" in found.because


def test_ends_may_be_named(store: Store) -> None:
    """What is outside of them is not looked at; unknown ones and swapped ones are refused."""
    rolled(store, 0.2, 0.01, 0.08, 0.01)
    found = asked(store, ("1.1", "1.2"))

    assert (True, "1.2", 2) == (found.found, found.first_bad, len(found.versions))
    with pytest.raises(UsageError, match="No request has the version '9'"):
        asked(store, ("9", ""))
    with pytest.raises(UsageError, match="was not seen before"):
        asked(store, ("1.2", "1.1"))


def test_without_two_versions_there_is_nothing_to_compare(store: Store) -> None:
    """And few requests beside are not compared."""
    with pytest.raises(NoDataError):
        asked(store)
    requests(store, "1.0")
    with pytest.raises(NoDataError, match="no two versions"):
        asked(store)
    requests(store, "1.1", since=1200 - (FEWEST_BESIDE - 5) / 10, bad=1, seed=2)
    assert "no older version served beside" in asked(store).caveat


def test_failures_without_a_version_blame_and_clear_none(store: Store) -> None:
    """Both versions answer well, as far as they write; a proxy saw more requests fail."""
    behind_a_proxy(store, 20)

    found = asked(store)

    assert not found.found
    assert "cannot be attributed" in found.problem
