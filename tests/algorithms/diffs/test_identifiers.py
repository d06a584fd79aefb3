"""Words of identifiers are found however they are spelt, and weigh what they tell."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.diffs.identifiers import rarity, shared, words


def test_one_name_in_three_spellings_is_one_name() -> None:
    """Dotted, camel case, snake case; its parts and its whole."""
    assert (
        {"card", "issuer", "cardissuer"}
        == words("card.issuer")
        == words("cardIssuer")
        == words("card_issuer")
    )


def test_plain_words_and_plurals_tell_nothing_of_their_own() -> None:
    """Every code base has services, errors and requests."""
    assert set() == words("the service request failed with an error")
    assert {"order"} == words("orders") == words("order")


def test_a_word_of_every_change_weighs_nothing_and_that_of_one_all() -> None:
    """Four changes: all of a shop, one of them about tax."""
    weights = rarity([{"shop", "tax"}, {"shop"}, {"shop"}, {"shop", "cart"}])

    assert (0.0, 1.0) == (weights["shop"], weights["tax"])
    assert [("tax", 0.5)] == shared({"shop", "tax"}, {"shop": 1.0, "tax": 0.5}, weights)


def test_a_single_change_has_nobody_to_be_reported_from() -> None:
    """All of its words count."""
    assert {"tax": 1.0} == rarity([{"tax"}])


@given(st.lists(st.sets(st.text(min_size=1), max_size=5), max_size=8))
def test_weights_are_shares(documents: list[set[str]]) -> None:
    """Between 0 and 1, one for each word."""
    weights = rarity(documents)

    assert set().union(*documents) == set(weights)
    assert all(0 <= weight <= 1 for weight in weights.values())
