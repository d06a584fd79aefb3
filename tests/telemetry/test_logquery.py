"""The log query language: what parses, what is refused and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.errors import QuerySyntaxError
from lastgood.telemetry.logquery import All, AnyOf, Bound, Exists, Literal, Not, Range, Regex, Term, parse

WORDS = st.sampled_from(
    ["level:", "a", '"', "(", ")", "[", "]", "{", "}", " TO ", " AND ", " OR ", "NOT ", "-", "!", "*", "?", "/", "\\",
     ":", ">=", "<", "now-1h", "service:orders ", "500", " ", "\n", "é", "\x00", "&&", "||"]
)  # fmt: skip


def test_the_sentence_that_everybody_knows() -> None:
    """Fields, AND, and a range."""
    expected = All(
        (
            Term("level", Literal("error", 6), 0),
            Term("service", Literal("orders", 24), 16),
            Term(
                "timestamp",
                Range(
                    Bound("now-1h", inclusive=True, position=46),
                    Bound("now", inclusive=True, position=56),
                    45,
                ),
                35,
            ),
        )
    )

    assert expected == parse("level:error AND service:orders AND timestamp:[now-1h TO now]")


def test_and_binds_closer_than_or() -> None:
    """`a b OR NOT c` is (a and b) or (not c)."""
    a, b, c = (Term("", Literal(text, at), at) for text, at in (("a", 0), ("b", 2), ("c", 11)))

    assert AnyOf((All((a, b)), Not(c))) == parse("a b OR NOT c")


def test_a_field_may_have_alternatives() -> None:
    """`service:(a OR b)` names the field for both."""
    expected = AnyOf((Term("service", Literal("a", 9), 9), Term("service", Literal("b", 14), 14)))

    assert expected == parse("service:(a OR b)")


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("message:*", Exists(8)),
        ("message:/a b/", Regex("a b", 8)),
        ("message:/api/orders", Literal("/api/orders", 8)),
        ("http://host/path", Literal("http://host/path", 0)),
        ('"a \\"b\\" (c"', Literal('a "b" (c', 0)),
        ("time?ut*", Literal("time?ut*", 0, like="time_ut%")),
        ("100\\%\\*", Literal("100%*", 0)),
        ("100%*", Literal("100%*", 0, like="100\\%%")),
    ],
)
def test_values(query: str, value: object) -> None:
    """Existence, expressions, paths, addresses, phrases, wildcards and escapes."""
    tree = parse(query)

    assert isinstance(tree, Term)
    assert value == tree.value


@pytest.mark.parametrize(
    ("query", "position", "problem"),
    [
        ("level:", 6, "A value was expected"),
        ("(a OR b", 0, "never closed"),
        ("a)", 1, "without its"),
        ("a AND", 5, "ends where a term"),
        ("AND a", 0, "A term was expected before"),
        ('say "hello', 4, "never closed"),
        ("a:[1 2]", 5, "`TO` was expected"),
        ("a:[1 TO 2", 2, "never closed"),
        ("a:>", 3, "A value was expected"),
        ("()", 0, "These parentheses"),
        ("[main] x", 5, "`TO` was expected"),
        ("(" * 100, 61, "nested too deeply"),
    ],
)
def test_mistakes_say_where(query: str, position: int, problem: str) -> None:
    """The position is that of the mistake, and the message names it."""
    with pytest.raises(QuerySyntaxError) as refused:
        parse(query)

    assert problem in refused.value.problem
    assert position == refused.value.position


@given(st.lists(WORDS, max_size=25).map("".join) | st.text(max_size=60))
def test_any_text_parses_or_is_refused(query: str) -> None:
    """Nothing but a tree or QuerySyntaxError comes out, and the position lies in the query."""
    position = 0
    try:
        parse(query)
    except QuerySyntaxError as refused:
        position = refused.position

    assert 0 <= position <= len(query)


@pytest.mark.parametrize(
    "query", ["/\ud800/", "body:/a\udcff/", "\udcff", "service:\ud83d", '"\udfff"', "a:[\ud800 TO b]"]
)
def test_bytes_that_are_no_text_are_a_usage_error(query: str) -> None:
    """Wherever they stand: nothing that is asked with could hold them."""
    with pytest.raises(QuerySyntaxError, match="not text in UTF-8"):
        parse(query)
