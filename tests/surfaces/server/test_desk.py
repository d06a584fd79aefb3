"""What routes work with."""

import pytest
from starlette.requests import Request

from lastgood.errors import UsageError
from lastgood.model.access import NOBODY, Caller
from lastgood.surfaces.server.desk import caller_of, number_in


def asked(number: str = "1", **state: object) -> Request:
    return Request({"type": "http", "path_params": {"number": number}, "state": state, "headers": []})


def test_a_caller_that_the_guard_did_not_see_is_nobody() -> None:
    """What is forgotten does not open a door."""
    assert NOBODY == caller_of(asked())
    assert "kim" == caller_of(asked(caller=Caller("kim"))).name


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "٣", "9" * 10])
def test_a_number_that_is_none_is_refused(text: str) -> None:
    """Or larger than any that is kept."""
    assert 12 == number_in(asked("12"))
    with pytest.raises(UsageError):
        number_in(asked(text))
