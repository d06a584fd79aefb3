"""What is missing in what was fetched, and what an address is."""

from datetime import UTC, datetime

from lastgood.model.fetching import Asked, Fetched, is_address, plain
from lastgood.model.window import Window

WINDOW = Window(datetime(2026, 11, 30, 1, tzinfo=UTC), datetime(2026, 11, 30, 3, tzinfo=UTC))


def test_problems_and_limits_are_missing() -> None:
    """In the order in which the systems were asked, each with its kind."""
    asked = (
        Asked("loki", "https://loki.test", ("loki/a.json",), 1, 0.1, ("lines before 01:00 were left out",)),
        Asked("tempo", "https://tempo.test", (), 1, 0.1, problem="no connection"),
        Asked("prometheus", "https://prom.test", ("prometheus/a.json",), 1, 0.1),
    )

    assert ("loki: lines before 01:00 were left out", "tempo: no connection") == Fetched(
        "prod", WINDOW, "/x", asked
    ).missing


def test_an_address_is_a_url_also_with_one_slash() -> None:
    """A path keeps one slash of two."""
    assert [True, True, False, False] == [
        is_address(text) for text in ("https://prom.test", "http:/prom.test", "logs/https", "prod")
    ]


def test_a_plain_name_leads_nowhere() -> None:
    """Letters, digits and what no file system minds."""
    assert ["a-1.json", ".._etc", "x_y_"] == [plain(name) for name in ("a-1.json", "../etc", "x y\0")]
