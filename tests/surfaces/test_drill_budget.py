"""The budget of a drill in words."""

import pytest

from lastgood.model.drill import Budget, BudgetUsed
from lastgood.surfaces.drill_budget import allows, spent
from lastgood.surfaces.wording import PLAIN

BOTH = Budget(30, 400, "EUR")


@pytest.mark.parametrize(
    ("budget", "allowed", "used"),
    [
        (BOTH, "users give up after 30 min; 400 EUR are lost per minute", "12 min of 30 min used (40 %); 4 800 EUR lost"),
        (Budget(30), "users give up after 30 min", "12 min of 30 min used (40 %)"),
        (Budget(lost_per_minute=400), "400 EUR are lost per minute", "12 min used; 4 800 EUR lost"),
    ],
)  # fmt: skip
def test_minutes_money_or_both(budget: Budget, allowed: str, used: str) -> None:
    """What is not stated is not mentioned."""
    assert allowed == allows(budget).translate(PLAIN)
    assert used == spent(BudgetUsed(budget, 12)).translate(PLAIN)
