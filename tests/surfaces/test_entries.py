"""Entries in words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hypotheses import checked, hypothesis
from incidents.test_state import entries
from lastgood.model.action import Recovery
from lastgood.model.answers import ChangeVerdict, SeverityLevel, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.entry import (
    Acknowledged,
    Frozen,
    Mitigated,
    Noted,
    Payload,
    Resolved,
    SeveritySet,
    Triaged,
    Unread,
)
from lastgood.model.finding import Verdict
from lastgood.model.follow_up import FollowUpAdded, FollowUpMoved, FollowUpType, Stage
from lastgood.model.hypothesis import HypothesisReopened, HypothesisRuledOut
from lastgood.model.message import Audience, Delivered, Message, Updated, UpdateStatus
from lastgood.model.postmortem import Accepted, Closed, Part, Written
from lastgood.model.prediction import Outcome
from lastgood.surfaces.entries import entry_line, timeline_lines
from records import START

SENT = Message(UpdateStatus.INVESTIGATING, Audience.PUBLIC)
CHANGE = WeighedChange("d1", ChangeKind.THIRD_PARTY, None, START, "3DS", ChangeVerdict.LIKELY, 0.8, (), ())


@pytest.mark.parametrize(
    ("payload", "line"),
    [
        (Noted("ANZ confirmed"), "ANZ confirmed"),
        (Acknowledged("lee"), "acknowledged by lee"),
        (SeveritySet(SeverityLevel.SEV1, "all fail"), "severity SEV1: all fail"),
        (Mitigated("flag off"), "mitigated: flag off"),
        (Resolved("fixed"), "resolved: fixed; recovery not measured"),
        (
            Resolved("fixed", Recovery.RECOVERED, "2 of 900 fail"),
            "resolved: fixed; recovery measured: 2 of 900 fail",
        ),
        (
            Resolved("fixed", Recovery.FAILING, "300 of 900 fail", "the log is late"),
            "resolved: fixed; users were still affected: 300 of 900 fail; recorded because the log is late",
        ),
        (Written(Part.WENT_WELL, "The flag\nworked."), "postmortem, went well: The flag worked."),
        (Accepted("hash"), "the postmortem is accepted"),
        (Closed("all said"), "closed: all said"),
        (
            Closed("nobody was affected", without_postmortem=True),
            "closed without a postmortem: nobody was affected",
        ),
        (
            FollowUpAdded("Alert per issuer", "kim", date(2026, 12, 1), FollowUpType.DETECT, "refusals"),
            "follow-up for kim by 2026-12-01: Alert per issuer",
        ),
        (FollowUpMoved(34, Stage.DONE, "merged"), "follow-up 34 done: merged"),
        (
            Updated(SENT, "Investigating · x\n\nImpact: …\n", ("vague: hm",), "first minute"),
            "update to public: Investigating · x; sent against the check, because first minute",
        ),
        (
            Delivered(9, "hook", arrived=True, detail="answered 204"),
            "update 9 delivered to hook: answered 204",
        ),
        (Unread("danced", {}), "danced: written by a newer version"),
        (hypothesis("fails() rises"), "hypothesis added: stripe changed 3DS (1 prediction)"),
        (
            checked(2, Outcome.SUPPORTED, Outcome.UNTESTABLE, Outcome.SUPPORTED),
            "hypothesis H2 checked: 2 supported, 1 untestable",
        ),
        (HypothesisRuledOut(2, "never deployed"), "hypothesis H2 ruled out: never deployed"),
        (HypothesisReopened(2, "it was"), "hypothesis H2 taken up again: it was"),
        (
            Frozen("5 % fail", "?", "", {}, None, 1, cut_off=False, content=""),
            "evidence E2 kept, 1 row: 5 % fail",
        ),
        (Triaged("", Verdict.UNKNOWN, "no data"), "the telemetry does not decide: no data"),
        (
            Triaged("", Verdict.YES, "5 % fail", changes=(CHANGE,)),
            "the telemetry confirms it: 5 % fail; suspected: likely: third party 3DS",
        ),
    ],
)
def test_each_kind_has_its_line(payload: Payload, line: str) -> None:
    """What happened, with its reason."""
    assert line == entry_line(entries(payload)[-1])


def test_a_change_says_once_whose_it_is() -> None:
    """In its title, or before it."""
    named = replace(CHANGE, service="Stripe", title="Stripe: 3DS")

    assert "third party Stripe: 3DS" == named.name
    assert "third party payments Stripe: 3DS" == replace(named, service="payments").name


def test_a_line_of_the_timeline_says_when_it_was_written_late() -> None:
    """Only then."""
    opened, note = entries(Noted("saw it on the dashboard"))
    late = replace(note, written_at=note.at + timedelta(minutes=10))

    assert [
        "entry 1    2026-11-22T14:45:00Z  kim: opened: Checkout failing",
        "entry 2    2026-11-22T14:46:00Z  kim: saw it on the dashboard (written 2026-11-22T14:56:00Z)",
    ] == list(timeline_lines([opened, late]))
