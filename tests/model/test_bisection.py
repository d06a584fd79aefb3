"""When a bisection has found something."""

from dataclasses import replace

from lastgood.model.bisection import Bisection, Commit


def test_it_is_found_when_it_is_sure_and_nothing_was_wrong() -> None:
    """Both are needed."""
    ends = (Commit("a", "good"), Commit("b", "bad"))
    sure = Bisection(ends, (), ends[1:], 0.99, 0.98, 0.0, 0.0, 0)

    assert [True, False, False] == [
        one.found for one in (sure, replace(sure, certainty=0.9), replace(sure, problem="used up"))
    ]
