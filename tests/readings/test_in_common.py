"""What failing requests have in common: one rule for those who name it and those who clear attributes."""

from collections.abc import Mapping

import numpy as np
import pytest

from inspections.test_blast_radius import DRAWN, GIVEN, NOW
from lastgood.algorithms.segments import NOT_A_VALUE, Counts
from lastgood.model.answers import BlastRadius, RequestsCompared
from lastgood.model.finding import Finding
from lastgood.readings.carried import Carried, Coded
from lastgood.readings.in_common import (
    LONGEST_NUMBER,
    SIDE_REQUESTS,
    TRAIT_LEAST,
    WORKING_NOW,
    differing,
    trait_interval,
)
from lastgood.workbench.investigate import investigate
from lastgood.workbench.store import Store
from worlds import Times, World

CODES = ("SAVE10", "SPRING20", "VIP30", "save10", "vip30")
Row = tuple[str, str, float, float, float]  # an operation, a value, and what failed, works and worked before


def quotes(store: Store) -> None:
    """Half of all requests ask for quotes; two of five codes fail from the middle on, in three of four."""
    one = World(rate=4)
    late = one.times >= 1800

    def asks(i: int, _times: Times, failed: Times) -> Mapping[str, str]:
        shared = {"http.request.method": "POST", "shop": f"s{int(DRAWN[i, 2] * 3)}"}
        status = {"http.response.status_code": "500" if failed[i] else "200"}
        if DRAWN[i, 0] < 0.5:
            return {**shared, **status, "url.path": "/products"}
        return {**shared, **status, "url.path": "/quote", "code": CODES[int(DRAWN[i, 1] * len(CODES))]}

    hits = [asks(i, one.times, late).get("code", "").islower() for i in range(len(one.times))]
    one.failed = late & np.array(hits) & (DRAWN[: len(hits), 3] < 0.75)
    one.attributes = asks
    one.store_lines(store)


def finding_about(store: Store, question: str) -> Finding:
    """What a question answers."""
    return investigate(store, now=NOW, only=question, comparison=GIVEN)[1][-1]


def test_what_is_named_as_common_is_not_cleared(store: Store) -> None:
    """All failing requests ask for quotes, which is the segment; two codes are on them and on hardly any that works."""
    quotes(store)
    compared, radius = (finding_about(store, one).answer for one in ("compare_requests", "blast_radius"))

    assert isinstance(compared, RequestsCompared)
    assert isinstance(radius, BlastRadius)
    named = {one.key for one in compared.traits}
    assert {"code=save10", "code=vip30"} <= {f"{one.key}={one.value}" for one in compared.traits}
    assert radius.segments
    assert not named & {*radius.exonerated}
    assert "shop" in radius.exonerated


def carried(*rows: Row, key: str = "code") -> Carried:
    """Rows of requests."""
    codes = []
    for words in ([row[0] for row in rows], [row[1] for row in rows]):
        known = sorted({*words} - {""})
        places = [known.index(word) if word else NOT_A_VALUE for word in words]
        codes.append(Coded(np.array(places), tuple(known)))
    fails, works, before = (np.array([row[n] for row in rows], float) for n in (2, 3, 4))
    counts = Counts(fails, fails + works, np.zeros(len(rows)), before)
    return Carried(dict(zip(("operation", key), codes, strict=True)), counts, 1, fails.sum(), 0.0, None)


def test_shares_are_of_the_requests_of_one_operation() -> None:
    """A value that nearly all requests of another operation have does not hide; one that only tells operations apart is none."""
    apart = carried(
        ("/a", "x", 100, 20, 0), ("/a", "y", 0, 80, 0), ("/b", "x", 0, 9000, 0), ("/b", "y", 0, 100, 0)
    )
    alike = carried(("/a", "x", 100, 100, 0), ("/b", "y", 0, 1000, 0))

    assert {"code"} == differing(apart)
    assert not differing(alike)


def test_an_operation_without_enough_that_works_is_compared_with_its_past() -> None:
    """With WORKING_NOW that work it is not."""
    few, enough = (
        differing(carried(("/a", "x", 100, works, 0), ("/a", "y", 0, 0, 1000)))
        for works in (WORKING_NOW - 1, WORKING_NOW)
    )

    assert (["code"], []) == (sorted(few), sorted(enough))


@pytest.mark.parametrize(
    ("key", "long", "found"), [("items", 0, True), ("order.id", 0, False), ("items", LONGEST_NUMBER, False)]
)
def test_a_number_is_also_at_least_a_limit(key: str, long: int, *, found: bool) -> None:
    """No single number of items is on many of the failing requests; ids and long numbers are no amounts."""
    rows: list[Row] = [("", str(16 + n).ljust(long, "0"), 10, 0, 0) for n in range(14)]
    rows += [("", str(2 + n).ljust(long, "0"), 0, 10, 0) for n in range(14)]

    assert found is bool(differing(carried(*rows, key=key)))


def test_few_requests_and_small_distances_have_nothing_in_common() -> None:
    """SIDE_REQUESTS on each side; TRAIT_LEAST apart, whichever side has more."""
    n = int(SIDE_REQUESTS)
    few, enough = (carried(("", "x", size, 0, 0), ("", "y", 0, 100, 0)) for size in (n - 1, n))
    assert ([], ["code"]) == (sorted(differing(few)), sorted(differing(enough)))

    many = 1_000_000
    close, far = (
        trait_interval((many * share, many), (0, many), 1) for share in (TRAIT_LEAST, TRAIT_LEAST + 0.01)
    )
    assert None is close
    assert far
    assert TRAIT_LEAST < far[0] < far[1]
    assert far == pytest.approx(trait_interval((0, many), (many * (TRAIT_LEAST + 0.01), many), 1))
    assert None is trait_interval((9, 10), (1, 10), 10**9)  # of so many things
