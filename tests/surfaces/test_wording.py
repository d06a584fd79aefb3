"""Values in words."""

import json
import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.model import figures
from lastgood.model.answers import (
    BlastRadius,
    Confirmation,
    GoldenSignals,
    Impact,
    ImpactKind,
    Segment,
    Shape,
)
from lastgood.model.failure import Broken
from lastgood.surfaces import wording
from sitreps import OTHERS, at, broken, moved, nothing, quiet, with_others, without_a_past


def plain(text: str | None) -> str:
    """Text with ordinary spaces."""
    return (text or "").replace(figures.NBSP, " ")


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, "0 %"), (1.0, "100 %"), (0.049, "4.9 %"), (0.002, "0.2 %"), (0.9, "90 %"), (0.00234, "0.23 %"),
        (0.99999, "over 99.99 %"), (0.9996, "99.96 %"), (0.00001, "under 0.01 %"),
    ],
)  # fmt: skip
def test_percent(share: float, expected: str) -> None:
    """What is not everything is never rounded to all, nor what is something to nothing."""
    assert expected == plain(figures.percent(share))


@given(st.floats(1e-9, 1 - 1e-9))
def test_only_all_is_all(share: float) -> None:
    """0 % and 100 % are exact."""
    assert plain(figures.percent(share)) not in {"0 %", "100 %"}


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"), (0.25, "250 ms"), (1.5, "1.5 s"), (15, "15 s"), (260, "4 min 20 s"), (1860, "31 min"),
        (13_380, "3 h 43 min"), (90_000, "1 d 1 h"), (2_000_000, "23 d"), (2e-7, "200 ns"),
    ],
)  # fmt: skip
def test_duration(seconds: float, expected: str) -> None:
    """One or two units, the smaller only where it matters."""
    assert expected == plain(figures.duration(seconds))


def test_counts() -> None:
    """Thousands apart, singular and plural."""
    assert ["17 280 requests", "1 trace", "0 traces"] == [
        plain(figures.counted(17_280, "request")),
        plain(figures.counted(1, "trace")),
        plain(figures.counted(0, "trace")),
    ]


def test_an_onset_that_leans_shows_both_ends() -> None:
    """A lopsided interval is not written as ±."""
    onset = broken().onset
    assert onset is not None

    assert "14:45:20 ±15 s" == plain(wording.onset_time(onset, at("15:00")))
    leaning = replace(onset, low=at("14:44:00"))
    assert "14:45:20 (14:44:00 to 14:45:35)" == wording.onset_time(leaning, at("15:00"))
    assert wording.onset_time(onset, at("15:00") + timedelta(days=1)).startswith("2026-11-22 14:45:20")


def test_what_is_over_says_whether_anything_departs_now() -> None:
    """Nothing, something else, or only that the data end before now."""
    ended, going = OTHERS

    assert "ended at 15:02:00, all within baseline now" == wording.course(with_others(ended, ended="15:02"))
    assert "ended at 15:02:00, another signal deviates now" == wording.course(
        with_others(ended, going, ended="15:02")
    )
    late = replace(with_others(ended="15:02"), asked_at=at("16:00"))
    assert "ended at 15:02:00, all within baseline when the data end, 15:16:00" == wording.course(late)
    assert "ongoing" == wording.course(with_others(ended))


def test_an_episode_has_its_times_and_how_to_ask_about_it() -> None:
    """The end of the command is not before the end of the window."""
    ended, going = OTHERS

    assert "13:05:00 ±10 s to 13:20:00, ended: 8 % of search fail · in search, index" == plain(
        wording.episode_line(ended, at("15:16"))
    )
    assert "since 15:01:00 ±30 s, ongoing: mail: 0 spans per second" == plain(
        wording.episode_line(going, at("15:16"))
    )


def test_what_moved_without_harm_is_no_incident() -> None:
    """The headline says so, and the message has no beginning."""
    assert "No incident, but a signal changed" == wording.headline(moved())
    assert (wording.say(moved()) or "").startswith("No incident confirmed")


def test_the_message_says_what_is_known() -> None:
    """Since when, how much, who, where, and when the next one comes."""
    expected = (
        "Investigating: since 14:45 UTC 4.9 % of requests fail (baseline 0.2 %), 96.8 % of them with "
        "card.issuer=ANZ and payment.provider=stripe. Calls fail after payments, at api.stripe.com "
        "(1 198 of 1 204 traces agree). Next update 15:46 UTC."
    )

    assert expected == plain(wording.say(broken()))
    sitrep = broken()
    assert sitrep.onset is not None
    ended = replace(sitrep, onset=replace(sitrep.onset, ended=at("15:01:00")))
    past = plain(wording.say(ended))
    assert past.startswith("Investigating: from 14:45 UTC 4.9 % of requests failed (baseline 0.2 %)")
    assert "Calls failed after" in past
    assert "It has been back to its usual level since 15:01 UTC." in past


@pytest.mark.parametrize(
    ("kind", "how", "by_requests", "expected"),
    [
        (ImpactKind.LATENCY, Broken.SLOW, False, ("are slower (p95 8 s, 0.3 s before)", "Calls are slow after", "traces agree")),
        (ImpactKind.BOTH, Broken.FAILING, True, ("4.9 % of requests fail (baseline 0.2 %), and others are slower (p95 8 s, 0.3 s before)", "Calls fail after", "requests agree")),
        (ImpactKind.ERRORS, Broken.DIVERTED, False, ("4.9 % of requests fail", "Calls take another path after", "traces agree")),
    ],
)  # fmt: skip
def test_the_message_says_what_calls_do_and_by_how_much(
    kind: ImpactKind, how: Broken, by_requests: bool, expected: tuple[str, ...]
) -> None:
    """Slow calls do not fail, and without spans there are no traces; the line of the impact has the same numbers."""
    sitrep = broken()
    assert sitrep.confirmation is not None
    assert sitrep.path is not None
    impact = replace(
        sitrep.confirmation.impact, kind=kind, slower="p95 8 s, 0.3 s before", others_slower=True
    )
    path = replace(sitrep.path, how=how, by_requests=by_requests)
    said = plain(
        wording.say(replace(sitrep, confirmation=replace(sitrep.confirmation, impact=impact), path=path))
    )

    assert all(part in said for part in expected)
    assert (kind is not ImpactKind.ERRORS) == ("p95 8 s" in wording.impact_line(impact, 60))
    past = wording.impact_line(impact, 60, over=True)
    assert " were slower " in past or " failed " in past
    assert not any(word in past for word in (" are ", " fail "))


def test_the_share_of_some_operations_stands_beside_that_of_all() -> None:
    """100 % of some is not 100 % of all; of one operation its own share is clear."""
    sitrep = broken()
    assert sitrep.confirmation is not None
    assert sitrep.severity is not None
    severity = replace(sitrep.severity, failing_share=0.273)
    said = [
        plain(
            wording.say(
                replace(
                    sitrep,
                    severity=severity,
                    confirmation=replace(
                        sitrep.confirmation, impact=replace(sitrep.confirmation.impact, of=of)
                    ),
                )
            )
        )
        for of in ("shop (/a, /b)", "shop /a")
    ]

    assert "(baseline 0.2 %; 27.3 % of all requests fail)" in said[0]
    assert "all requests" not in said[1]


@pytest.mark.parametrize("method", ["", "POST "])
def test_the_message_does_not_repeat_what_names_the_requests(method: str) -> None:
    """A segment that is the operation itself says nothing further; another one does."""
    impact = Impact(17280, 847, 0.049, 0.002, 412, ImpactKind.ERRORS, f"web {method}/checkout")
    confirmed = Confirmation(impact, 0.04, 0.055)
    own, other = (
        BlastRadius(
            ("web",),
            (Segment({"operation": f"{method}{of}"}, 0.99, 0.051, 820, 881, 0.93),),
            (),
            everyone=False,
        )
        for of in ("/checkout", "/pay")
    )

    said = [wording.say(replace(broken(), confirmation=confirmed, blast_radius=one)) for one in (own, other)]

    assert [False, True] == ["of them with operation=" in plain(one) for one in said]


def test_the_message_is_silent_when_nothing_is_certain() -> None:
    """No message is better than a vague one."""
    assert wording.say(nothing()) is None


def test_a_quiet_system_is_said_to_be_quiet() -> None:
    """The message of a quiet system has its numbers and its times."""
    expected = "No incident confirmed from 13:00 UTC to 15:16 UTC: 0.2 % of requests failed, baseline 0.2 %."

    assert expected == plain(wording.say(quiet()))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ImpactKind.LATENCY, "Investigating: since 14:45 UTC requests to checkout are slower than usual"),
        (ImpactKind.TRAFFIC_LOSS, "Investigating: since 14:45 UTC checkout gets less traffic than usual"),
        (None, "Investigating: since 14:45 UTC checkout deviates from its baseline: failures are 24 times"),
    ],
)
def test_each_kind_of_harm_has_its_words(kind: ImpactKind | None, expected: str) -> None:
    """Slowness, lost traffic and an unnamed harm are not called failures."""
    confirmation = broken().confirmation
    assert confirmation is not None
    changed = replace(confirmation, impact=replace(confirmation.impact, kind=kind))

    radius = broken().blast_radius
    assert radius is not None
    radius = replace(radius, segments=())
    message = plain(wording.say(replace(broken(), confirmation=changed, blast_radius=radius)))

    assert message.startswith(expected)


def test_data_that_ended_long_ago_are_not_called_ongoing() -> None:
    """The end of the data is said instead."""
    late = replace(broken(), asked_at=at("15:16:20") + timedelta(days=2))

    assert "still so when the data end, 15:16:00, steady" == wording.course(late)
    assert "ongoing, steady" == wording.course(broken())


def test_signals_name_what_has_no_data() -> None:
    """Flat and missing are different answers."""
    signals = GoldenSignals(Shape.UP, None, Shape.FLAT, None)

    assert "latency up; errors flat · no data on traffic, saturation" == wording.signals_line(signals)


def test_an_outage_without_a_past_is_announced_as_older_than_the_data() -> None:
    """Before the start of the data, not since then."""
    assert "since before 13:00 UTC 100 % of requests fail" in plain(wording.say(without_a_past()))


STEERING = [chr(code) for code in range(0x2100) if unicodedata.category(chr(code)) in {"Cc", "Zl", "Zp"}]
DIRECTING = [chr(c) for c in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]


def test_plain_text_neither_steers_nor_reorders() -> None:
    """Control characters and those of direction are shown as unknown; lines and tabs stay."""
    for one in (*STEERING, *DIRECTING):
        assert one in "\n\t" or "a\ufffdb" == f"a{one}b".translate(wording.UNSEEN)
    assert "Müller 愛 é" == "Müller 愛 é".translate(wording.UNSEEN)


def test_json_escapes_what_steers_and_keeps_every_value() -> None:
    """Of a terminal that it is printed on."""
    values = {f"k{one}": [f"a{one}b"] for one in (*STEERING, *DIRECTING, "é")}
    text = wording.json_text(values)

    assert values == json.loads(text)
    assert [] == [one for one in (*STEERING, *DIRECTING) if one in text]
    assert "é" in text


def test_users_are_at_least_so_many_where_requests_name_none() -> None:
    """A count of named users is no count of users."""
    impact = Impact(100, 40, 0.4, 0.0, 12, ImpactKind.ERRORS)
    assert "12 users" == plain_of(impact)
    assert "at least 12 users" == plain_of(replace(impact, unnamed=9))


def test_the_headline_is_about_whose_requests_were_counted() -> None:
    """Not about whoever in front of them logs most failures."""
    sitrep = broken()
    assert sitrep.confirmation is not None
    impact = replace(sitrep.confirmation.impact, of="shop (2 operations)")
    radius = BlastRadius(("nginx", "shop"), (), (), everyone=False)
    reported = replace(sitrep, confirmation=replace(sitrep.confirmation, impact=impact), blast_radius=radius)
    assert "shop" == wording.subject(reported)
    assert "nginx" == wording.subject(replace(reported, confirmation=None))


def plain_of(impact: Impact) -> str:
    """The users of an impact, with ordinary spaces."""
    return wording.users_of(impact.users or 0, impact).translate(wording.PLAIN)


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\ufeff", "\u2060", "\u00ad", "\u3164", "\U000e0041", "\U000e0100"]
)
def test_what_takes_no_room_is_shown(hidden: str) -> None:
    """Else two names look alike, or a text carries another one that no one sees; joiners of letters stay."""
    assert "pay\ufffdment" == f"pay{hidden}ment".translate(wording.UNSEEN)
    assert hidden == json.loads(reported := wording.json_text({"a": hidden}))["a"]
    assert hidden not in reported
    assert "\u200d" == "\u200d".translate(wording.UNSEEN)


def test_an_earlier_draft_gets_the_next_time_of_now() -> None:
    """Only its last sentence; a text that promises nothing stays."""
    said = "Investigating: x fails. Next update 15:46 UTC."

    assert "Investigating: x fails. Next update 16:02 UTC." == wording.say_by(said, at("16:02"), at("15:32"))
    assert "" == wording.say_by("", at("16:02"), at("15:32"))
    assert "No incident." == wording.say_by("No incident.", at("16:02"), at("15:32"))
