"""The incident page."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hypotheses import ANZ, checked, hypothesis
from incidents.test_state import entries
from lastgood.incidents.board import board_of
from lastgood.incidents.state import incident_of
from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.answers import Impact, ImpactKind, Mitigation, SeverityLevel
from lastgood.model.entry import Acknowledged, Frozen, Payload, Resolved, SeveritySet, Triaged
from lastgood.model.figures import NBSP
from lastgood.model.finding import Verdict
from lastgood.model.hypothesis import Search
from lastgood.model.message import Audience, Delivered, Due, Recipient, Reported, UpdateStatus
from lastgood.model.prediction import Outcome
from lastgood.model.window import Window
from lastgood.surfaces.card import Tone
from lastgood.surfaces.incident_page import list_card, room_card, room_document
from lastgood.surfaces.terminal.text import card_text
from records import START

SAID = Triaged(
    "",
    Verdict.YES,
    "5 % fail",
    since=START - timedelta(minutes=5),
    impact=Impact(2000, 100, 0.05, 0.002, 90, ImpactKind.ERRORS),
    severity=SeverityLevel.SEV2,
    severity_because="one in twenty fails",
    mitigations=(Mitigation("rollback", "checkout", 5.0, True, None, "only the new version fails"),),
)

BEFORE = Window(START - timedelta(minutes=5), START)


def shown(*payloads: Payload, zone: str = "UTC") -> str:
    """The room as text, an hour after it was opened."""
    every = entries(*payloads)
    return card_text(room_card(incident_of(every), every, START + timedelta(hours=1), ZoneInfo(zone)))


def test_a_new_room_says_what_comes_next() -> None:
    """It has not been assessed, nor acknowledged."""
    text = shown()

    assert "not assessed yet:\n          lastgood incident assess\n" in text
    assert "not acknowledged" in text


def test_the_room_of_an_assessed_incident() -> None:
    """Impact with its age, the proposed severity, what can be done, the team's own time."""
    text = shown(SAID, Frozen("c", "q", "", {}, None, 1, cut_off=False, content=""), zone="Europe/Berlin")

    for part in (
        "#7 SEV2 proposed · Checkout failing",
        "OPEN",
        "users affected since 14:40:00 UTC (15:40 CET) · 1 h 5 min ago",
        "5 % of requests fail (baseline 0.2 %)",
        "as of 14:46:00, 59 min ago",
        "1 rollback checkout",
        "the evidence E3:\n          lastgood evidence E3\n",
    ):
        assert part in text


def test_the_end_of_the_harm_is_on_the_clock() -> None:
    """Where the telemetry has one."""
    assert "until                14:44:00 UTC" in shown(replace(SAID, ended=START - timedelta(minutes=1)))
    assert "until" not in shown(SAID).partition("IMPACT")[0]


def test_what_has_ended_is_not_to_be_mitigated() -> None:
    """The option stays, should it return."""
    lasting, ended = (shown(replace(SAID, ended=at)) for at in (None, START - timedelta(minutes=1)))

    assert "1 rollback checkout" in lasting
    assert "nothing to mitigate: the impact ended at 14:44:00" in ended
    assert "if it returns: rollback checkout" in ended
    assert "1 rollback checkout" not in ended


def test_a_measured_recovery_is_the_end_on_the_page_and_in_the_list() -> None:
    """Before anyone records it, and after: the impact has ended, and is stated as past."""
    after = Window(START + timedelta(minutes=3), START + timedelta(minutes=4))
    measured = EffectMeasured(3, Effect.RECOVERED, "0 of 90", windows=(BEFORE, BEFORE, after))
    acted = (SAID, ActionBegun("rollback", "checkout", "kim"), measured)

    for payloads in (acted, (*acted, Resolved("rolled back"))):
        text = shown(*payloads)
        assert "until                14:48:00 UTC" in text
        assert "5 % of requests failed (baseline 0.2 %)" in text
        (row,) = list_card([incident_of(entries(*payloads))], START + timedelta(hours=1), {}).sections[0].rows
        assert f"8{NBSP}min" == row.cells[4]
    assert "nothing to mitigate: the impact ended at 14:48:00" in shown(*acted)


@pytest.mark.parametrize(
    ("ended", "over", "length"),
    [(START - timedelta(minutes=1), (Resolved("gone"),), "4 min"), (None, (Resolved("gone"),), "7 min"), (None, (), "")],
)  # fmt: skip
def test_what_is_over_has_a_length_and_no_running_clock(
    ended: datetime | None, over: tuple[Payload, ...], length: str
) -> None:
    """By the telemetry, else as it was recorded."""
    line = next(
        one for one in shown(replace(SAID, ended=ended), *over).splitlines() if "affected since" in one
    )

    assert bool(length) is ("ago" not in line)
    assert not length or line.endswith(f"· for {length}")


def test_what_is_done_is_not_asked_for_again() -> None:
    """Nor is anything to be done about what is over."""
    text = shown(SAID, Acknowledged("lee"), SeveritySet(SeverityLevel.SEV1, "all"), Resolved("rolled back"))

    assert "by lee" in text
    assert "#7 SEV1 · Checkout failing" in text
    assert "SEV1 needs a postmortem before it is closed" in text
    for gone in ("taken it on", "DO NOW", "proposed"):
        assert gone not in text


def test_the_list_has_the_last_one_first() -> None:
    """With how long users were affected."""
    going, over = incident_of(entries(SAID)), incident_of(entries(Resolved("gone")))
    card = list_card([over, going], START + timedelta(hours=1), {})

    assert ("1 ONGOING", Tone.BAD) == (card.state, card.tone)
    assert ["1 min", "1 h 5 min"] == [row.cells[4].replace(NBSP, " ") for row in card.sections[0].rows]


def test_what_is_owed_is_shown_until_it_is_late_and_after() -> None:
    """Who is to be informed by when, and what each was last sent."""
    every = entries(SAID)
    reported = Reported(Audience.TEAM, UpdateStatus.INVESTIGATING, START, None)
    owed = (
        Due(Audience.TEAM, START + timedelta(minutes=50), reported),
        Due(Audience.PUBLIC, START + timedelta(minutes=70), None),
    )
    now = START + timedelta(hours=1)
    text = card_text(room_card(incident_of(every), every, now, ZoneInfo("UTC"), owed), 200)

    assert "team   update overdue since 15:35 UTC, 10 min · last update investigating at 14:45 UTC" in text
    assert "public first update due 15:55 UTC, in 10 min:" in text
    assert "lastgood update --audience public" in map(str.strip, text.splitlines())
    (row,) = list_card([incident_of(every)], now, {7: owed}).sections[0].rows
    assert f"Checkout failing · team: update overdue since 15:35 UTC, 10{NBSP}min" == row.cells[-1]
    assert "team" == room_document(incident_of(every), every, owed)["owed"][0]["audience"]


def test_the_document_has_the_state_and_every_entry() -> None:
    """Times as RFC 3339, in UTC."""
    every = entries(SAID)
    document = room_document(incident_of(every), every)

    assert ("open", "2026-11-22T14:45:00Z", "triaged") == (
        document["status"], document["opened_at"], document["record"][1]["kind"],
    )  # fmt: skip


def test_the_board_stands_for_the_suspects() -> None:
    """Supported ones first, and what to check next."""
    every = entries(
        SAID, hypothesis("fails() rises"), hypothesis(ANZ, text="banner"), checked(2, Outcome.SUPPORTED)
    )
    search = Search(board_of(every), timedelta(minutes=31), "the team lead")
    card = room_card(incident_of(every), every, START, ZoneInfo("UTC"), search=search)
    text = " ".join(card_text(card).split())

    assert "SUSPECTS H2 supported: banner H1 not checked: stripe changed 3DS" in text
    assert "31 min without a supported cause: escalate to the team lead check `fails() rises`" in text


def test_an_incident_that_is_over_asks_for_its_postmortem_and_follow_ups() -> None:
    """No longer for the next check of a hypothesis, nor to escalate."""
    every = entries(SAID, hypothesis("fails() rises"), Resolved("rolled back"))
    search = Search(board_of(every), timedelta(minutes=31), "the team lead")
    text = card_text(room_card(incident_of(every), every, START, ZoneInfo("UTC"), search=search))

    assert "needs a postmortem before it is closed" in text
    assert "lastgood actions add TEXT" in text
    for gone in ("escalate to", "check `fails() rises`"):
        assert gone not in text


def test_who_is_to_be_notified_is_shown_until_they_were() -> None:
    """With the command to record it; an update that arrived is not among the latest, one that failed is."""
    every = entries(
        Delivered(1, "chat", arrived=True, detail="answered 200"),
        Delivered(1, "mail", arrived=False, detail="it cannot be reached"),
    )
    recipients = (
        Recipient("CTO", due=START),
        Recipient("support", at=START, how="by phone, by kim"),
    )
    now = START + timedelta(hours=1)
    card = room_card(incident_of(every), every, now, ZoneInfo("UTC"), recipients=recipients)
    text = card_text(card, 200)

    assert "CTO     not yet, overdue since 14:45 UTC" in text
    assert "lastgood incident told CTO" in text
    assert "support ✓ 14:45:00 by phone, by kim" in text
    assert "delivered to chat" not in text
    assert "not delivered to mail: it cannot be reached" in text
    assert "CTO" == room_document(incident_of(every), every, (), recipients)["recipients"][0]["name"]
