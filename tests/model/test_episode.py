"""Episodes besides the trouble that is reported."""

from dataclasses import replace

from sitreps import OTHERS, at


def test_it_goes_on_while_no_end_is_known() -> None:
    """An end makes it over."""
    _, going = OTHERS

    assert going.ongoing
    assert not replace(going, ended=at("15:10")).ongoing
