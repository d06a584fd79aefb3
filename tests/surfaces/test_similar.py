"""What incidents teach together, in words."""

from dataclasses import replace

from incidents.test_state import entries
from lastgood.algorithms.trend import Trend
from lastgood.incidents.state import incident_of
from lastgood.model.timeline import Lapse
from lastgood.surfaces.card import Card, Section, Tone
from lastgood.surfaces.similar import (
    similar_card,
    similar_document,
    track_card,
    track_document,
    with_seen_before,
)
from lastgood.surfaces.terminal.text import card_text
from lastgood.workbench.similar import Similar
from lastgood.workbench.track_record import Group, Spread, TrackRecord
from postmortems import ASSESSED

THIS = incident_of(entries(ASSESSED))
FOUND = Similar(
    replace(THIS, number=3),
    0.82,
    {"cause": ("breaks at api.stripe.com",), "place": ("payments",)},
    ("flag off",),
)
SPREAD = Spread(Lapse.TTM, 12, 2640.0, 540.0, 10_800.0, Trend(-120.0, 0.01))
TRACK = TrackRecord(
    whole=Group("all", 12, (SPREAD,)),
    severities=(Group("SEV2", 3, (replace(SPREAD, known=0, median=None, trend=None),)),),
    months=(Group("2026-11", 12, (SPREAD,)),),
    open_follow_ups=2,
    overdue=1,
    unverified=1,
    without_postmortem=(4,),
)


def test_what_is_shared_and_what_helped_is_reported() -> None:
    """In words, with how alike they are."""
    text = card_text(similar_card(THIS, [FOUND]))

    for part in ("1 SIMILAR", "82 % alike", "same cause: breaks at api.stripe.com", "then: flag off"):
        assert part in text
    assert (3, ["flag off"]) == (
        similar_document([FOUND])[0]["incident"],
        similar_document([FOUND])[0]["helped"],
    )


def test_nothing_similar_is_an_answer() -> None:
    """With why, where it is that nothing is known."""
    assert "no earlier incident has" in card_text(similar_card(THIS, []))
    assert "it is not assessed" in card_text(similar_card(incident_of(entries()), []))


def test_the_room_shows_it_before_what_was_last_done() -> None:
    """Nothing where there is nothing."""
    row = similar_card(THIS, []).sections[0].rows
    card = Card("x", "OPEN", Tone.BAD, (Section("CLOCK", row), Section("LATEST", row)))

    assert ["CLOCK", "SEEN", "LATEST"] == [one.label for one in with_seen_before(card, [FOUND]).sections]
    assert "SEEN      #3 Checkout failing" in card_text(with_seen_before(card, [FOUND]))
    assert card == with_seen_before(card, [])


def test_the_track_record_says_how_much_it_rests_on() -> None:
    """Few are called few; a trend is reported where it is one."""
    text = card_text(track_card(TRACK))

    for part in (
        "1 OVERDUE", "TTM 44 min (of 12, 9 min to 3 h)", "TTM not known", "few: a median of so few says little",
        "all: TTM gets shorter by about 2 min a month", "2 follow-ups open, 1 overdue",
        "without an accepted postmortem: #4",
    ):  # fmt: skip
        assert part in text
    assert -120.0 == track_document(TRACK)["whole"]["spreads"][0]["trend"]["slope"]


def test_no_trend_is_reported_as_none() -> None:
    """And too few as too few."""
    chance = replace(SPREAD, trend=Trend(-120.0, 0.4))
    few = replace(SPREAD, trend=None)

    assert "none that chance would not give" in _text(chance)
    assert "too few incidents" in _text(few)


def _text(spread: Spread) -> str:
    return card_text(track_card(replace(TRACK, whole=Group("all", 12, (spread,)), severities=())))
