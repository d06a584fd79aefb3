"""Predictions as values: how they are written."""

import pytest

from lastgood.algorithms.predictions.expression import Filter, Kind, Limit, Measure, Quantity, quoted


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("ANZ", "ANZ"),
        ("/v1/charges", "/v1/charges"),
        ('"POST /checkout"', "POST /checkout"),
        ('"a\\"b\\\\"', 'a"b\\'),
        ('""', ""),
    ],
)
def test_quotes_only_where_they_are_needed(expected: str, value: str) -> None:
    """White space, quotes, parentheses, commas and signs need them."""
    assert expected == quoted(value)


@pytest.mark.parametrize(
    ("expected", "limit", "kind"),
    [
        (0.5, Limit(">", 50.0, "%"), Kind.SHARE),
        (0.2, Limit(">", 200.0, "ms"), Kind.SECONDS),
        (0.1, Limit(">", 6.0, "/min"), Kind.RATE),
        (5.0, Limit(">", 5.0, ""), Kind.FACTOR),
    ],
)
def test_a_limit_is_a_number_in_base_units(expected: float, limit: Limit, kind: Kind) -> None:
    """Shares, seconds, events a second, and plain numbers."""
    assert expected == pytest.approx(limit.value(kind))


def test_a_ratio_is_a_factor() -> None:
    """Whatever its measures give."""
    errors = Measure("errors", (Filter("version", "v2"),))

    assert Kind.SHARE is Quantity(errors).kind
    assert Kind.FACTOR is Quantity(errors, Measure("errors")).kind
    assert (errors, Measure("errors")) == Quantity(errors, Measure("errors")).measures
    assert "v2" == errors.named("version")
    assert None is errors.named("service")
