"""User names: what they begin with is taken off, and the same users are known by the rest."""

import pytest

from lastgood.algorithms.user_names import other_names, prefixes, tail


@pytest.mark.parametrize(
    ("name", "short"),
    [("u17", "17"), ("user-17", "17"), ("auth0|17", "17"), ("anna@shop.example", "anna"), ("Anna", "anna")],
)
def test_a_name_without_what_all_begin_with(name: str, short: str) -> None:
    """A number of its own, or the name."""
    assert short == tail(name)


def test_the_same_users_under_other_names() -> None:
    """Those of desk are named as at shop, which is first; those of `api` are others."""
    shop, desk, api = (
        {f"{first}{at}" for at in range(start, start + 90)}
        for first, start in (("u", 1), ("", 1), ("x", 1000))
    )
    assert {"desk": "shop"} == other_names([("shop", shop), ("desk", desk), ("api", api)])
    assert [("u", ""), None] == [prefixes(shop, desk), prefixes(shop, api)]


def test_the_same_names_are_no_other_names() -> None:
    """Nothing to say."""
    assert {} == other_names(
        [("a", {f"u{at}" for at in range(50)}), ("b", {f"u{at}" for at in range(10, 60)})]
    )
