"""Half a page for whoever takes over."""

from dataclasses import replace
from datetime import timedelta

from lastgood.incidents.board import board_of
from lastgood.incidents.state import incident_of
from lastgood.model.action import ActionBegun, Effect, EffectMeasured
from lastgood.model.entry import Entry, Opened, Payload
from lastgood.model.hypothesis import HypothesisAdded, HypothesisRuledOut, Predicted, Search
from lastgood.model.message import Audience, Due, Recipient
from lastgood.surfaces.briefing import briefing, briefing_text
from lastgood.workbench.assess import triaged
from lastgood.workbench.handover import Known
from records import START
from sitreps import broken

NOW = START + timedelta(minutes=40)


def known(*payloads: Payload) -> Known:
    every = (Opened("Checkout failing"), *payloads)
    entries = [
        Entry(7, n, "kim", START + n * timedelta(minutes=1), START, one, "", "")
        for n, one in enumerate(every, 1)
    ]
    due = Due(Audience.TEAM, NOW + timedelta(minutes=5), None)
    return Known(incident_of(entries), Search(board_of(entries)), (due,), NOW)


def test_it_says_what_is_known_ruled_out_tried_and_next() -> None:
    """Each by its numbers, in at most a screen."""
    predicted = (Predicted("fails(a=b) > 50%", "fails(a=b) > 50%"),)
    found = known(
        triaged(broken(), ""),
        HypothesisAdded("a deploy", predicted),
        HypothesisAdded("the provider", predicted),
        HypothesisRuledOut(1, "no deploy matches"),
        ActionBegun("failover", "stripe", "kim"),
        EffectMeasured(6, Effect.NO_EFFECT, "still 5 % fail"),
    )
    reported = dict(briefing(found))
    text = briefing_text(found)

    assert any("4.9" in line and " fail " in line for line in reported["Known"])
    assert any("ongoing" in line for line in reported["Known"])
    assert "H1 a deploy: no deploy matches" == reported["Ruled out"][0]
    assert "failover stripe" in reported["Tried"][0]
    assert "no effect" in reported["Tried"][0]
    assert any("fails(a=b) > 50%" in line for line in reported["Next check"])
    assert "team: first update due" in reported["Next update"][0]
    assert len(text.splitlines()) <= 35


def test_what_has_ended_is_stated_as_past() -> None:
    """By the effect of an action, before anyone records it."""
    well = EffectMeasured(3, Effect.RECOVERED, "0 of 90", back=NOW)
    reported = dict(briefing(known(triaged(broken(), ""), ActionBegun("failover", "stripe", "kim"), well)))

    assert any("4.9" in line and " failed " in line for line in reported["Known"])
    assert any("until" in line for line in reported["Known"])


def test_what_is_not_known_is_said() -> None:
    """Every section is there."""
    assert "Nothing is measured yet." in briefing_text(known())
    assert ["Known", "Ruled out", "Tried", "Next check", "Next update"] == [
        label for label, _ in briefing(known())
    ]


def test_it_says_who_was_notified() -> None:
    """Where anyone is to be."""
    found = known()
    assert "Notified" not in dict(briefing(found))
    recipients = (
        Recipient("engineering lead", at=START + timedelta(minutes=3), how="by duty"),
        Recipient("CTO", due=NOW - timedelta(minutes=6)),
        Recipient("support"),
    )
    assert (
        "engineering lead: ✓ 14:48:00 by duty",
        "CTO: not yet, overdue since 15:19 UTC, 6 min",
        "support: not yet",
    ) == tuple(
        line.replace("\N{NO-BREAK SPACE}", " ")
        for line in dict(briefing(replace(found, recipients=recipients)))["Notified"]
    )
