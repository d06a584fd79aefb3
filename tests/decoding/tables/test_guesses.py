"""What a column may hold is guessed from its name and values."""

import pytest

from lastgood.decoding.tables.guesses import guesses_of, is_read, kind_of_table, layout_of_times

LOGS = {"Zeit": ["22.11.2026 15:03:11"], "Stufe": ["ERROR"], "Hinweis": ["Karte abgelehnt"], "n": ["1"]}


def test_values_say_more_than_names() -> None:
    """A time, a level and the text are known by what they are, and make a table of log lines."""
    found = guesses_of(LOGS)

    assert {"time": "Zeit", "severity": "Stufe", "body": "Hinweis"} == found
    assert "logs" == kind_of_table(LOGS, found)


@pytest.mark.parametrize(
    ("text", "layout"),
    [("22.11.2026 15:03:11", "%d.%m.%Y %H:%M:%S"), ("22/11/2026 15:03", "%d/%m/%Y %H:%M"), ("soon", "")],
)
def test_a_layout_is_found_where_no_time_is_read_without(text: str, layout: str) -> None:
    """As strptime takes it; none for what is no time."""
    assert layout == layout_of_times([text])
    assert not is_read(text)
    assert is_read("2026-11-22T15:03:11Z")
