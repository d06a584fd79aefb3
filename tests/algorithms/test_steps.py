"""Broken steps: what is a break, what is only traffic, and how sure."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.steps import END, START, Step, breaks

UNIT = ("checkout", "PlaceOrder")


def test_breaking_off_is_found_with_its_place_and_counts() -> None:
    """After the charge the order used to ship; now most end there."""
    (found,) = breaks([Step(UNIT, "charge", "ship", 40, 6), Step(UNIT, "charge", END, 0, 34)])

    assert ("charge", END, "ship") == (found.after, found.then, found.usual)
    assert (0, 40, 34, 40) == (found.good, found.good_of, found.bad, found.bad_of)
    assert 0.6 < found.lift < 0.85


def test_a_branch_that_is_taken_more_often_is_traffic() -> None:
    """Both ways were usual before: another mix of requests, not a break."""
    assert [] == breaks([Step(UNIT, "quote", "cached", 30, 60), Step(UNIT, "quote", "computed", 30, 20)])


def test_too_few_to_tell() -> None:
    """Two against two is nothing, however different."""
    assert [] == breaks([Step(UNIT, "a", "b", 2, 0), Step(UNIT, "a", END, 0, 2)])


def test_one_failure_in_four_before_hides_little_now() -> None:
    """A way that was taken at times and is total now still counts."""
    (found,) = breaks([Step(UNIT, START, "work", 30, 0), Step(UNIT, START, END, 10, 60)])

    assert END == found.then


@given(
    st.lists(
        st.builds(
            Step, st.just(UNIT), st.sampled_from("ab"), st.sampled_from("abc"), *[st.integers(0, 50)] * 2
        ),
        max_size=8,
    )
)
def test_the_order_of_steps_does_not_matter(steps: list[Step]) -> None:
    """The same counts give the same breaks, all of them rises."""
    assert breaks(steps) == breaks(steps[::-1])
    assert all(0 < item.lift <= 1 for item in breaks(steps))
