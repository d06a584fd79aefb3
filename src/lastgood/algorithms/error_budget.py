"""The share of an error budget that an incident burnt.

A target of 99.9 % over 30 days allows a thousandth of 30 days' requests to fail. With traffic taken to be as it
was while it was measured, that needs no count of 30 days: failing share times time, over allowed share times period.
B. Beyer et al., The Site Reliability Workbook (2018), ch. 5.
"""


def burnt(failure_share: float, seconds: float, target: float, period_seconds: float) -> float:
    """The share of the budget, 1 for all of it; target is the share of requests that must succeed, under 1."""
    return failure_share * seconds / ((1 - target) * period_seconds)
