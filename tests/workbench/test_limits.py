"""What an answer lacks, the most limiting first."""

from itertools import product

import pytest

from lastgood.inspections._registry import inspections
from lastgood.model.finding import Finding, Verdict
from lastgood.workbench.limits import (
    _BY_QUESTION,
    LIMITS_CAUSE,
    LIMITS_DETAIL,
    LIMITS_IMPACT,
    LIMITS_PARTLY,
    LIMITS_SCOPE,
    limits_of,
)


def finding(name: str, *limits: str, because: str = "") -> Finding:
    """A finding of a question; one that only limits its answer has no open question."""
    return Finding(Verdict.UNKNOWN, because or "x", limits=limits, name=name, question=f"{name}?")


@pytest.mark.parametrize(("light", "heavy"), list(product(_BY_QUESTION, _BY_QUESTION)))
def test_the_strongest_is_first(light: str, heavy: str) -> None:
    """Whatever comes first in the method."""
    if _BY_QUESTION[light] < _BY_QUESTION[heavy]:
        found = limits_of([finding(light, "little"), finding(heavy, "much")], moot=True)
        assert ("much", "little") == found


def test_an_open_question_limits_more_than_its_limits() -> None:
    """By the rows of the table: an open question of a light kind may be below a limit of a heavy one."""
    found = limits_of([finding("log_patterns", "few lines"), finding("culprit", "no spans")], moot=False)

    weights = {
        "log_patterns? x": LIMITS_DETAIL,
        "few lines": LIMITS_DETAIL * LIMITS_PARTLY,
        "culprit? x": LIMITS_CAUSE,
        "no spans": LIMITS_CAUSE * LIMITS_PARTLY,
    }
    assert sorted(weights, key=lambda one: -weights[one]) == list(found)
    assert LIMITS_IMPACT > LIMITS_CAUSE > LIMITS_SCOPE > LIMITS_DETAIL > 0
    assert 0 < LIMITS_PARTLY < 1


def test_the_same_limit_is_stated_once_with_the_most_that_is_known_of_it() -> None:
    """Of two questions with one limit the heavier counts; a shorter form of another is left out."""
    found = limits_of(
        [
            finding("log_patterns", "no spans"),
            finding("severity", "users"),
            finding("path", "no spans: by clocks"),
        ],
        moot=True,
    )

    assert ("no spans: by clocks", "users") == found
    assert ("a", "b") == limits_of(
        [finding("severity", "b"), finding("log_patterns", "a"), finding("path", "a")], moot=True
    )


def test_every_row_is_of_a_question() -> None:
    """A question that is renamed takes its row with it."""
    assert _BY_QUESTION.keys() <= {one.name for one in inspections()}
