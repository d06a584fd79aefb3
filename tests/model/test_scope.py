"""What is being looked at."""

import pytest

from lastgood.model.scope import Scope


@pytest.mark.parametrize(
    ("everything", "scope"),
    [(True, Scope()), (False, Scope(("orders",))), (False, Scope(attributes=(("plan", "free"),)))],
)
def test_everything_is_what_nothing_filters(everything: bool, scope: Scope) -> None:
    """A service or an attribute is enough to leave something out."""
    assert everything == scope.everything
