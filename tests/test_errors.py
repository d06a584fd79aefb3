"""Errors carry their message, their next step and their place."""

from lastgood.errors import NoDataError, QuerySyntaxError


def test_without_a_message_the_docstring_speaks() -> None:
    """Every class says something by itself."""
    assert "There is no data to answer from." == NoDataError().message


def test_a_query_that_cannot_be_parsed_shows_where() -> None:
    """The marker stands under the character, the position counts from one."""
    error = QuerySyntaxError("level:", 6, "A value is missing", hint="Write level:error.")

    assert "A value is missing at position 7:\nlevel:\n      ^" == error.message
    assert "Write level:error." == error.hint
