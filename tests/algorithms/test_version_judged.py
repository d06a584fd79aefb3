"""What counts by version come to: a step is an answer only where nothing else explains it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lastgood.algorithms.version_judged import (
    ALONE,
    FEWEST_BESIDE,
    FEWEST_OF_VERSION,
    START_PART,
    judged,
)
from lastgood.model.bisection import VersionBisection, VersionCounts

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
BLOCK = 60


def rows(version: str, *shares: float, first: int = 0, requests: int = 1000) -> list[VersionCounts]:
    """A block of requests for each share of failures."""
    at = int(START.timestamp()) + first * BLOCK
    return [
        VersionCounts(version, "GET /", at + n * BLOCK, requests, round(share * requests))
        for n, share in enumerate(shares)
    ]


def found(*counts: list[VersionCounts]) -> VersionBisection:
    """Of versions in the order in which they were first seen."""
    each = [row for version in counts for row in version]
    seen = {row.version: datetime.fromtimestamp(row.block, UTC) for row in reversed(each)}
    return judged("shop", list(dict.fromkeys(row.version for row in each)), seen, each)


def test_a_step_between_versions_is_an_answer_with_its_caveat() -> None:
    """Nothing else served at that time, so something else may have changed."""
    one = found(rows("1", 0.01, 0.01), rows("2", 0.1, 0.1, first=2))

    assert (True, "2", "1", ALONE) == (one.found, one.first_bad, one.last_good, one.caveat)
    assert START + timedelta(minutes=2) == one.versions[1].first


def test_no_step_is_no_answer() -> None:
    """The counts are given all the same."""
    one = found(rows("1", 0.05, 0.05), rows("2", 0.05, 0.05, first=2))

    assert (False, "") == (one.found, one.first_bad)
    assert "200 of 4" in one.because


def test_a_fix_after_the_bad_version_is_named() -> None:
    """As with the many requests since a roll-forward; the bad version is still visible."""
    versions = rows("1", 0.01, 0.01), rows("2", 0.06, 0.06, first=2), rows("3", *[0.01] * 40, first=4)

    one = found(*versions)

    assert (False, "") == (one.found, one.first_bad)
    assert "2 fails more than those before it, and 3 works again; leave that out: --bad 2" == one.problem
    assert "2" == found(*versions[:2]).first_bad


@pytest.mark.parametrize(("fewer", "caveat"), [(0, ""), (1, ALONE)])
def test_older_versions_beside_it_are_compared_from_a_number_on(fewer: int, caveat: str) -> None:
    """One request too few, and the caveat stays."""
    beside = rows("1", 0.0, first=2, requests=int(FEWEST_BESIDE - fewer))
    one = found([*rows("1", 0.01, 0.01), *beside], rows("2", 0.1, 0.1, first=2))

    assert (True, caveat) == (one.found, one.caveat)


def test_older_versions_that_fail_as_well_rule_it_out() -> None:
    """Not the version alone."""
    one = found(
        [*rows("1", 0.01, 0.01, 0.01, 0.01), *rows("1", 0.1, first=4, requests=100)],
        rows("2", 0.1, 0.1, first=4),
    )

    assert "older versions fail as well" in one.problem


@pytest.mark.parametrize(("requests", "fits"), [(FEWEST_OF_VERSION, False), (FEWEST_OF_VERSION - 1, True)])
def test_a_version_that_does_not_fit_counts_from_a_number_on(requests: int, fits: bool) -> None:
    """A version after the step that works."""
    one = found(
        rows("1", 0.001, 0.001),
        rows("2", 0.2, 0.2, first=2),
        rows("3", 0.0, first=4, requests=int(requests)),
        rows("4", 0.2, 0.2, first=5),
    )

    assert fits is ("3 does not fit" not in one.problem), one


@pytest.mark.parametrize("late", [True, False])
def test_a_version_that_worked_at_first_is_not_to_blame(late: bool) -> None:
    """Its first part decides, and not what comes after it."""
    blocks = 20
    well = round(blocks * START_PART) if late else 0
    one = found(rows("1", *[0.01] * 9), rows("2", *[0.001] * well, *[0.2] * (blocks - well), first=9))

    assert late is ("worked at first" in one.problem), one


def test_operations_of_its_first_minute_count_together() -> None:
    """One that works is listed before one that fails, and has enough requests by itself."""
    many = 2 * int(FEWEST_OF_VERSION)
    reads = rows("2", 0.0, 0.0, first=2, requests=many)
    writes = [
        replace(one, operation="POST /", failures=many // 4)
        for one in rows("2", 0.0, 0.0, first=2, requests=many)
    ]
    older = [*rows("1", 0.0, 0.0), *(replace(one, operation="POST /") for one in rows("1", 0.0, 0.0))]
    one = found(older, sorted([*reads, *writes], key=lambda one: one.block))

    assert START_PART * 4 * many <= many
    assert (True, "2", "") == (one.found, one.first_bad, one.problem)
