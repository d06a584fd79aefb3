"""Commands by moment."""

import pytest

from lastgood.surfaces.cli._moments import MOMENTS, few_words


def test_a_command_has_few_words_at_one_moment() -> None:
    """And no full stop."""
    every = [(name, words) for commands in MOMENTS.values() for name, words in commands.items()]

    assert len(every) == len(dict(every))
    assert all(words == few_words(name) and not words.endswith(".") for name, words in every)
    with pytest.raises(StopIteration):
        few_words("nothing")
