"""Chance in texts."""

import random

from lastgood.decoding.scenario.text import Words


def test_placeholders_are_filled_and_options_drawn() -> None:
    """Of the same chance the same; a value that is carried is itself."""
    first, second = (
        Words(random.Random(1)).fill("{hex8} {user:4} {card}", {"card": "visa"}) for _ in range(2)
    )

    assert first == second
    assert first.endswith(" visa")
    assert {"a", "b"} == {Words(random.Random(n)).choose("a:50%,b:50%") for n in range(20)}
