"""The score of a drill, and its times by the clock of the player."""

from datetime import UTC, datetime

import pytest

from lastgood.model.drill import ChatLine, Criterion, Drill, DrillScore, GoodStep, Truth


def test_the_score_is_of_the_points_that_can_be_had() -> None:
    """As a percentage; of nothing, nothing."""
    parts = (Criterion("a", 5, 10, "", ""), Criterion("b", 5, 5, "", ""))

    assert 66 < DrillScore("x", parts).percent < 67
    assert 0 == DrillScore("x", ()).percent


@pytest.mark.parametrize(
    ("page_at", "text", "expected"),
    [
        ("16:26", "the provider changed at 16:19", "the provider changed at 23:53"),
        ("16:26", "out at 16:30, 3:1 for it", "out at 00:04, 3:1 for it"),
        (
            "16:26",
            "2026-11-20 16:19:40 is no clock of a minute",
            "2026-11-20 16:19:40 is no clock of a minute",
        ),
        ("", "the provider changed at 16:19", "the provider changed at 16:19"),
    ],
)
def test_times_that_people_name_are_of_the_players_clock(page_at: str, text: str, expected: str) -> None:
    """Past midnight too; where it is not known when the page came, they are as they were."""
    truth = Truth(True, (), "", (), (), 1, text)
    drill = Drill("x", "", 1, page_at, "", (ChatLine(1, "a", text),), truth, (GoodStep(1, text),), "")
    played = drill.played_at(datetime(2026, 12, 1, 0, 0, 30, tzinfo=UTC))

    assert [expected] * 3 == [played.chat[0].text, played.truth.explanation, played.good[0].text]
    assert page_at == played.page_at
