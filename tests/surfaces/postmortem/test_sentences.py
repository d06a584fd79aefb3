"""Sentences of a postmortem."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from incidents.test_state import entries
from lastgood.incidents.state import incident_of
from lastgood.incidents.timeline import timeline_of
from lastgood.model.action import Action, ActionBegun, Recovery
from lastgood.model.entry import Mitigated, Noted, Payload, Resolved
from lastgood.model.figures import NBSP
from lastgood.model.hypothesis import Hypothesis, HypothesisAdded
from lastgood.model.lesson import Lesson, Topic
from lastgood.model.postmortem import Part
from lastgood.model.timeline import Counted, Lapse, Uncounted
from lastgood.surfaces.postmortem import sentences as say
from lastgood.workbench.mechanism import Found, Link, Role
from lastgood.workbench.postmortem import Budget
from lastgood.workbench.postmortem_check import Gap, Lack
from postmortems import ASSESSED, BAD, ONSET
from records import START


def plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("payloads", "words"),
    [
        ((), "since 2026-11-22 14:25:00 UTC, end unknown"),
        (
            (Mitigated("flag off"),),
            (
                "mitigated by hand at 2026-11-22 14:47:00 UTC, recovery not measured "
                "(to measure it: lastgood incident assess --incident 7)"
            ),
        ),
        ((Resolved("fine"),), "resolved by hand at 2026-11-22 14:47:00 UTC, recovery not measured"),
        (
            (Resolved("fine", Recovery.FAILING, "300 of 900 fail", "the log is late"),),
            "resolved by hand at 2026-11-22 14:47:00 UTC, while 300 of 900 fail (the log is late)",
        ),
    ],
)
def test_an_end_that_nobody_measured_is_no_recovery(payloads: tuple[Payload, ...], words: str) -> None:
    """Who recorded it when, and the command that measures it."""
    assert words in say.since_line(incident_of(entries(ASSESSED, *payloads)))


def test_a_measured_end_needs_no_such_words() -> None:
    """By the latest data, when it was resolved."""
    measured = Resolved("fine", Recovery.RECOVERED, "2 of 900 fail")

    assert "" == say.unmeasured_end(incident_of(entries(ASSESSED, measured)))


def test_every_event_says_what_happened_and_who_says_so() -> None:
    """The moment stands beside it, so its word is not repeated."""
    timeline = timeline_of(entries(ASSESSED, Noted("ANZ confirmed"), Mitigated("flag off")))

    assert [
        ("third party Stripe 3DS <b>response</b> format (stripe-1)", "telemetry"),
        ("users start to be affected (between 14:24:00 and 14:26:00)", "telemetry"),
        ("alert HighErrors of web", "telemetry"),
        ("Checkout failing", "kim"),
        ("ANZ confirmed", "kim"),
        ("flag off", "kim"),
    ] == [
        (say.event_line(event), say.event_who(event))
        for event in timeline.events
        if event.entry.sequence != 2 or say.event_who(event) == "telemetry"
    ]


def test_a_duration_that_is_not_known_says_why() -> None:
    """One that is, is a number with its unit."""
    unknown = [say.counted(Counted(Lapse.TTM, None, None, None, why)) for why in Uncounted]

    assert "30 min" == plain(say.counted(Counted(Lapse.TTM, ONSET, START, 1800.0)))
    assert len(Uncounted) == len(set(unknown))
    assert all(text.startswith("not ") for text in unknown)


def test_times_that_contradict_each_other_are_named() -> None:
    """Both, with their entries."""
    opened, seen, mitigated = entries(ASSESSED, Mitigated("flag off"))
    early = replace(mitigated, at=ONSET - timedelta(minutes=5))
    ahead = replace(mitigated, at=mitigated.written_at + timedelta(hours=1))
    reported = [say.backwards_line(timeline_of([opened, seen, one]).backwards[0]) for one in (early, ahead)]

    assert [
        "mitigated is dated 2026-11-22 14:20:00 UTC, before onset, 2026-11-22 14:25:00 UTC (entries 3 and 2)",
        "mitigated is dated 2026-11-22 15:47:00 UTC, later than it was written, 2026-11-22 14:47:00 UTC (entry 3)",
    ] == reported


CHANGE = "third party Stripe 3DS <b>response</b> format (stripe-1), 2026-11-22 14:21:00 UTC: 4 min before the onset"
HARM = "5.5 % of requests to web POST /checkout failed (baseline 0.2 %) · 112 of 2 017 requests in 29 min · 110 users"


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (ASSESSED.changes[0], CHANGE),
        (
            ASSESSED.culprits[0],
            "payments/api.stripe.com (external, 82 % confidence): 110 of 1601 charges fail",
        ),
        (ASSESSED.failure_class, "dependency contract change: all are 402"),
        (ASSESSED.path, "payments → api.stripe.com: 110 of 112 failing traces agree"),
        (ASSESSED.segments[0], "card.issuer=ANZ: 93 % of failures, 3 % of traffic"),
        (ASSESSED.impact, HARM),
        ("Charge failed for <*>", "Charge failed for <*>"),
        (
            Hypothesis(1, 4, HypothesisAdded("the format", ()), "kim", START),
            "the format: 0 of 0 checks support it",
        ),
        (
            Action(9, ActionBegun("flag_off", "anz", "lee"), START),
            "flag off anz, 2026-11-22 14:45:00 UTC: not measured",
        ),
    ],
)
def test_every_link_of_the_mechanism_has_its_numbers(found: Found, line: str) -> None:
    """As they were measured."""
    assert line == plain(say.link_line(Link(Role.CAUSE, found, (2,)), BAD))


@pytest.mark.parametrize(
    ("burnt", "said"),
    [
        (0.0385, "3.9 % of the error budget of 30 days at 99.9 %"),
        (2.5, "2.5 times the error budget of 30 days at 99.9 %"),
    ],
)
def test_a_budget_is_a_share_of_itself(burnt: float, said: str) -> None:
    """Or so many times of it."""
    assert plain(say.budget_line(Budget(None, 99.9, 30, burnt))).startswith(said)


def test_every_lesson_can_be_reported() -> None:
    """Whatever is known of it."""
    possible = {(topic, good) for topic, good, _ in say._LESSONS} - {(Topic.ALERT, True)}
    reported = [
        say.lesson_line(Lesson(topic, good, seconds, 60.0, ONSET, START, what, (2, 3)))
        for (topic, good), seconds, what in product(possible, (None, 0.0, 90.0), ("", "v2"))
    ]
    reported.append(say.lesson_line(Lesson(Topic.ALERT, good=True, seconds=90.0, what="HighErrors")))

    assert set(Topic) == {topic for topic, _, _ in say._LESSONS}
    assert all("{" not in line and "None" not in line for line in reported)
    assert any("(1 min wanted)" in plain(line) for line in reported)


@pytest.mark.parametrize("gap", Gap)
def test_every_lack_comes_with_a_question(gap: Gap) -> None:
    """Blame brings its own."""
    what, question = say.lack_lines(
        Lack(gap, Part.SUMMARY, "Tom broke it.", "What allowed it?" if gap is Gap.BLAME else "")
    )

    assert what
    assert question
    assert (gap is Gap.BLAME) == ("in “Summary”" in what)
    assert gap.value == say.lack_document(Lack(gap))["gap"]
