"""The budget of a drill in words: what it allows, and how much of it is used."""

from lastgood.model import figures
from lastgood.model.drill import Budget, BudgetUsed


def allows(budget: Budget) -> str:
    """`users give up after 30 min; 400 EUR are lost per minute`."""
    users = f"users give up after {figures.duration(budget.minutes * 60)}" if budget.minutes else ""
    money = f"{_money(budget.lost_per_minute, budget)} are lost per minute" if budget.lost_per_minute else ""
    return "; ".join(filter(None, (users, money)))


def spent(used: BudgetUsed) -> str:
    """`12 min of 30 min used (40 %); 4 800 EUR lost`."""
    budget, minutes = used.budget, figures.duration(used.minutes * 60)
    share = used.minutes / budget.minutes if budget.minutes else 0.0
    limit = f" of {figures.duration(budget.minutes * 60)}" if budget.minutes else ""
    part = f" ({figures.percent(share)})" if budget.minutes else ""
    money = f"; {_money(used.lost, budget)} lost" if budget.lost_per_minute else ""
    return f"{minutes}{limit} used{part}{money}"


def _money(value: float, budget: Budget) -> str:
    return f"{figures.count(value)} {budget.currency}"
