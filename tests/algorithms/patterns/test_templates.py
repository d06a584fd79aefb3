"""Templates: what samples have in common, in their own words."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.patterns.templates import folded, joined, template


def test_values_are_wildcards_even_in_a_single_sample() -> None:
    """A number is a value whether or not it was ever seen to vary."""
    assert "took <*> ms for <*>" == template(["took 17 ms for /a/b"])


def test_words_with_digits_stay_until_they_vary() -> None:
    """ssh2 is a name; eth0 beside eth1 is not."""
    assert "session over ssh2 began" == template(["session over ssh2 began"])
    assert "link <*> up" == template(["link eth0 up", "link eth1 up"])


def test_samples_of_different_lengths_are_aligned() -> None:
    """The gap is one wildcard, with the spaces that both have."""
    assert "read <*> now" == template(["read 1 now", "read 1, 2 and 3 now"])


def test_signs_belong_to_numbers() -> None:
    """A sign is not left standing before a wildcard."""
    assert "moved by <*> rows" == template(["moved by -3 rows"])


def test_no_sample_is_an_empty_template() -> None:
    """Nothing in, nothing out."""
    assert "" == template([])
    assert ([], False) == folded([])


@given(st.text(max_size=60))
def test_joining_again_changes_nothing(text: str) -> None:
    """A template in its final form stays as it is."""
    once = joined(text, ragged=True)
    assert once == joined(once, ragged=True)


@given(st.lists(st.text(max_size=60), max_size=6))
def test_no_samples_stop_the_folding(samples: list[str]) -> None:
    """Any texts have a template, and repeated ones change nothing."""
    assert template(samples) == template(samples * 2)
