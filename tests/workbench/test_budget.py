"""How long questions may take, from the settings and from the command line."""

import pytest

from lastgood.config import Budgets
from lastgood.errors import OutOfTimeError, UsageError
from lastgood.workbench.budget import Deadline, TimeBudget, budget_of


def test_the_settings_are_the_defaults() -> None:
    """Twenty seconds for a question, a minute for all; one may have a time of its own."""
    assert TimeBudget() == budget_of(Budgets())
    reported = budget_of(Budgets(question="5s", triage="1m30s", questions={"culprit": "40s"}))

    assert (40.0, 5.0, 90.0) == (reported.of("culprit"), reported.of("onset"), reported.whole)


def test_one_given_for_a_run_goes_before_the_settings() -> None:
    """It is for every question, and three times that for all of them."""
    given = budget_of(Budgets(questions={"culprit": "40s"}), "2m")

    assert (120.0, 360.0) == (given.of("culprit"), given.whole)


@pytest.mark.parametrize(
    ("text", "said"), [("0s", "--budget: 0s leaves no time"), ("soon", "--budget: A duration")]
)
def test_no_time_at_all_is_refused(text: str, said: str) -> None:
    """And so is what is no duration."""
    with pytest.raises(UsageError, match=said):
        budget_of(Budgets(), text)


def test_a_deadline_is_not_later_than_the_latest() -> None:
    """Of two the earlier counts, with the seconds that it had; what is over raises."""
    whole = Deadline.after(1)

    assert whole == Deadline.after(20, latest=whole)
    assert 0.5 == Deadline.after(0.5, latest=whole).seconds
    whole.check()
    with pytest.raises(OutOfTimeError):
        Deadline.after(0).check()
