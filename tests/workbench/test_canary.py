"""The verb about a canary. What it finds: inspections/test_canary."""

from datetime import timedelta

import pytest

from inspections.test_canary import WHOLE, requests
from lastgood.errors import NoDataError, UsageError
from lastgood.model.canary import CanaryAsked, CanaryVerdict, Outcome, Selector
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.workbench.canary import canary, selector
from lastgood.workbench.store import Store
from worlds import START


def test_a_selector_is_a_version_or_an_attribute() -> None:
    """`KEY=VALUE`, the last sign counts; half of one selects nothing."""
    assert (None, Selector("version", "1.1"), Selector("track", "canary")) == tuple(
        map(selector, (None, "1.1", "track=canary"))
    )
    for text in ("", "track=", "=x"):
        with pytest.raises(UsageError, match="selects nothing"):
            selector(text)


def test_only_the_window_and_service_that_are_named_count(store: Store) -> None:
    """Where there is nothing, it is said, and nothing passes."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, seed=2)

    def outcome(window: Window | None, service: str) -> Outcome:
        found = canary(store, CanaryAsked(), WHOLE.end, window, Scope((service,)))
        assert isinstance(found.answer, CanaryVerdict)
        return found.answer.outcome

    early = Window(START, START + timedelta(minutes=10))
    assert [Outcome.PASS, Outcome.INCONCLUSIVE, Outcome.INCONCLUSIVE] == [
        outcome(None, "shop"), outcome(early, "shop"), outcome(None, "cart"),
    ]  # fmt: skip


def test_what_cannot_be_compared_is_said(store: Store) -> None:
    """The same twice; a store without data."""
    same = Selector("version", "1")
    with pytest.raises(UsageError, match="are the same"):
        canary(store, CanaryAsked(same, same), WHOLE.end, None, Scope())
    with pytest.raises(NoDataError):
        canary(store, CanaryAsked(), WHOLE.end, None, Scope())
