"""Errors carry their message, their next step and their place."""

from lastgood.errors import MOST_LISTED, NoDataError, QuerySyntaxError, instead


def test_without_a_message_the_docstring_speaks() -> None:
    """Every class says something by itself."""
    assert "There is no data to answer from." == NoDataError().message


def test_a_query_that_cannot_be_parsed_shows_where() -> None:
    """The marker stands under the character, the position counts from one."""
    error = QuerySyntaxError("level:", 6, "A value is missing", hint="Write level:error.")

    assert "A value is missing at position 7:\nlevel:\n      ^" == error.message
    assert "Write level:error." == error.hint


def test_a_slip_of_the_keyboard_is_named() -> None:
    """Whatever its case; with all names where they are few, and without a guess where nothing is alike."""
    many = [f"service{number}" for number in range(MOST_LISTED)] + ["checkout"]

    assert "Did you mean 'viewer'? There are: viewer, admin." == instead("Vewer", ["viewer", "admin"])
    assert "There are: viewer, admin." == instead("xyz", ["viewer", "admin"])
    assert "Did you mean 'checkout'?" == instead("chekout", many)
    assert "There are: service0, …." == instead("xyz", many, most=1)
    assert "" == instead("xyz", [])
