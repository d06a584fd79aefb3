"""The error boundary."""

import logging

import pytest

from lastgood_kit import context
from lastgood_kit.boundary import boundary, is_logged


def test_an_error_is_logged_once_with_its_context(caplog: pytest.LogCaptureFixture) -> None:
    """By the innermost boundary; it goes on, and carries what was being done."""
    with (
        pytest.raises(KeyError) as caught,
        boundary("place order", order=7),
        boundary("charge", issuer="anz"),
    ):
        raise KeyError("amount")

    assert is_logged(caught.value)
    assert ["charge failed"] == [record.message for record in caplog.records]
    assert ["while: charge", "while: place order"] == [
        note for note in caught.value.__notes__ if note.startswith("while")
    ]


def test_the_context_is_on_lines_inside() -> None:
    """And gone afterwards."""
    with boundary("charge", issuer="anz"):
        request = context.current()
        assert request is not None
        assert {"issuer": "anz"} == request.fields

    assert context.current() is None


def test_what_works_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """No line."""
    with caplog.at_level(logging.DEBUG), boundary("charge"):
        pass

    assert [] == caplog.records
