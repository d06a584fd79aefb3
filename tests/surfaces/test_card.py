"""The card: sections that have something to say, and reasons for those that have not."""

from dataclasses import replace
from datetime import timedelta

from lastgood.model.answers import ImpactKind
from lastgood.model.evidence import TraceExcerpt
from lastgood.model.finding import Check, Finding, Verdict
from lastgood.surfaces.card import LONGEST_TEXT, Card, Tone, card_of
from lastgood.surfaces.steps import Ready
from lastgood.surfaces.wording import everyone_line
from sitreps import OTHERS, PROVENANCE, broken, moved, nothing, quiet, ringing, with_others, without_a_past


def rows(card: Card, label: str) -> list[tuple[str, ...]]:
    """The cells of a section's rows."""
    return [row.cells for section in card.sections if section.label == label for row in section.rows]


def commands(card: Card) -> list[str]:
    """The commands on a card."""
    return list(map(str, card.commands()))


def test_nothing_is_advised_when_nothing_is_confirmed() -> None:
    """A quiet system and an undecided one get no steps."""
    assert [] == rows(card_of(quiet()), "DO NOW")
    assert [] == rows(card_of(nothing()), "DO NOW")


def test_options_are_ranked_and_a_roll_back_is_weighed() -> None:
    """What helps comes first, with its time and what it destroys; then why not to roll back, and the way round."""
    shown = [cells[-1] for cells in rows(card_of(broken()), "DO NOW")]

    assert shown[0].startswith("failover api.stripe.com · ~5")
    assert "destroys evidence: memory of the stopped processes" in shown[1]
    assert "no command of your own is set: docs/howto/mitigate.md" == shown[2]
    assert "do not roll back: no deploy matches the onset; the third-party change does" == shown[3]
    assert shown[4].startswith("for users: ")


def test_an_option_has_the_command_that_carries_it_out() -> None:
    """After the one that opens the incident, which is printed once, and not where one is ongoing."""
    key = ("failover", "api.stripe.com")
    act, opening = "lastgood act failover api.stripe.com", "lastgood incident open 'checkout failing'"
    ready = card_of(broken(), Ready({key: ""}))

    runbook = "lastgood ask trouble --class external"
    assert [opening, act, runbook] == [one for one in commands(ready) if "lastgood logs" not in one]
    assert ["2: no command of your own is set: docs/howto/mitigate.md"] == [
        c[0] for c in rows(ready, "DO NOW") if "mitigate.md" in c[0]
    ]
    assert act in commands(card_of(broken(), Ready({key: ""}, (3,))))
    assert opening not in commands(card_of(broken(), Ready({key: ""}, (3,))))
    assert opening in commands(card_of(broken()))


def test_what_to_do_stands_third() -> None:
    """After the verdict, the impact and who is affected; what to say follows."""
    assert ["IMPACT", "WHO", "DO NOW", "SAY"] == [one.label for one in card_of(broken()).sections[:4]]
    assert ["NOT KNOWN", "NEXT"] == [one.label for one in card_of(broken()).sections[-2:]]


def test_other_episodes_are_listed_with_how_to_ask_about_them() -> None:
    """The last ones, and how many there are before."""
    assert "lastgood triage" in commands(card_of(with_others(*OTHERS)))
    shown = [cells[-1] for cells in rows(card_of(with_others(*OTHERS)), "ALSO")]

    assert ["13:05:00", "by itsel", "since 15", "by itsel"] == [text[:8] for text in shown]
    many = [cells[-1] for cells in rows(card_of(with_others(*3 * OTHERS)), "ALSO")]
    assert many[0].replace("\u00a0", " ").startswith("2 earlier episodes")
    assert 9 == len(many)
    assert [] == rows(card_of(broken()), "ALSO")


def test_what_moved_without_harm_is_no_onset() -> None:
    """It is said below what is believed; nothing is said to be before or after it."""
    card = card_of(moved())

    assert rows(card, "MOVED")[0][-1].startswith("since 14:45:20")
    assert not any("first symptom" in cells[-1] for cells in rows(card, "IMPACT"))
    assert not any("onset" in cells[-1] for cells in rows(card, "CHANGED"))
    assert [] == rows(card_of(broken()), "MOVED")


def test_a_service_without_a_name_is_said_to_have_none() -> None:
    """An empty name reads like a fault of the sentence."""
    said = broken()
    assert said.culprits
    assert said.blast_radius
    nameless = replace(
        said,
        culprits=replace(
            said.culprits, ranked=(replace(said.culprits.ranked[0], service="", component=None),)
        ),
        blast_radius=replace(said.blast_radius, services=("web", "")),
    )

    card = card_of(nameless)

    assert rows(card, "SUSPECTS")[0][-1].startswith("an unnamed service (external, ")
    assert "services with symptoms: web, an unnamed service" in [cells[-1] for cells in rows(card, "WHO")]


def test_a_long_first_line_is_shortened() -> None:
    """A stack trace in it would push the rest of the card away."""
    said = broken()
    assert said.first_occurrence
    long = replace(
        said, first_occurrence=replace(said.first_occurrence, text="refused\n\tat a.b.C(C.java:1)" * 40)
    )

    (where,) = [cells[-1] for cells in rows(card_of(long), "WHERE") if "first seen" in cells[-1]]

    assert len(where) < LONGEST_TEXT + 60
    assert "\n" not in where


def test_what_had_been_growing_stands_with_the_first_symptom() -> None:
    """Both times matter: since when users feel it, and since when it had been coming."""
    known = broken()
    assert known.changes is not None
    card = card_of(
        replace(
            known, changes=replace(known.changes, growth="memory of cart had been rising since 13:05 UTC")
        )
    )

    assert ("before that: memory of cart had been rising since 13:05 UTC",) in rows(card, "IMPACT")
    assert not any("before that" in cells[-1] for cells in rows(card_of(known), "IMPACT"))


def test_no_change_on_record_is_said() -> None:
    """An empty feed is an answer of its own."""
    assert [("no change is recorded in this period",)] == rows(card_of(quiet()), "CHANGED")


def test_the_comparison_is_always_printed() -> None:
    """With windows, and without them what was looked at."""
    assert rows(card_of(broken()), "COMPARED")[0][0].startswith("bad 14:45:20 to 15:16:20")
    assert rows(card_of(nothing()), "COMPARED")[0][0].startswith("nothing: looked at")


def test_the_tone_follows_the_verdict() -> None:
    """Red, green and amber, and the word beside it."""
    cards = [card_of(sitrep()) for sitrep in (broken, quiet, nothing)]

    assert [Tone.BAD, Tone.GOOD, Tone.WARN] == [card.tone for card in cards]
    assert ["CONFIRMED", "NOT CONFIRMED", "INCONCLUSIVE"] == [card.state for card in cards]


def test_a_failing_trace_is_named_to_be_followed() -> None:
    """A trace among the evidence becomes a command; without one there is none."""
    sitrep = broken()
    traced = replace(
        sitrep.findings[0],
        evidence=(TraceExcerpt("ab12", ((0, "web", "POST /pay", 9.0, True),), PROVENANCE),),
    )

    assert "lastgood trace ab12" in commands(card_of(replace(sitrep, findings=(traced,))))
    assert not any("trace" in command for command in commands(card_of(sitrep)))


def test_slowness_is_not_called_failure() -> None:
    """A slow system has slow requests, and no share of failures."""
    sitrep = broken()
    assert sitrep.confirmation is not None
    slow = replace(
        sitrep.confirmation, impact=replace(sitrep.confirmation.impact, kind=ImpactKind.LATENCY, failed=0)
    )
    card = card_of(replace(sitrep, confirmation=slow))

    assert "of slow requests" in rows(card, "WHO")[0][0]
    assert "fail" not in rows(card, "IMPACT")[0][0]


def test_alerts_that_fire_stand_on_every_card() -> None:
    """With severity, service, start and summary; one that has recovered is reported as such; none without."""
    for sitrep in (broken(), quiet(), nothing()):
        shown = [cells[-1] for cells in rows(card_of(ringing(sitrep)), "ALERTS")]
        assert ["ErrorRate (page) · checkout · firing since 14:47:00 · errors above 5 %",
                "Slow · firing since 14:50:00 · its metric is back to normal"] == shown  # fmt: skip
        assert [] == rows(card_of(sitrep), "ALERTS")


def test_slowness_is_said_once() -> None:
    """The line of the impact has its numbers; what confirmed it would repeat them."""
    sitrep = broken()
    assert sitrep.confirmation is not None
    slow = replace(sitrep.confirmation.impact, kind=ImpactKind.LATENCY, slower="p95 8 s, 0.3 s before")
    shown = card_of(replace(sitrep, confirmation=replace(sitrep.confirmation, impact=slow)))
    rows = [row.cells[-1] for section in shown.sections if section.label == "IMPACT" for row in section.rows]

    assert rows[0].startswith("requests are slower (p95 8 s, 0.3 s before)")
    assert sitrep.confirmed is not None
    assert sitrep.confirmed.because not in rows


def test_an_outage_without_a_past_says_so() -> None:
    """It started before the data; that nothing is there to compare with stands under its impact."""
    card = card_of(without_a_past())

    assert "before 13:00:00, the start of the data" in card.headline
    assert "no baseline before" in rows(card, "IMPACT")[1][-1]


def test_an_incident_that_has_ended_needs_no_mitigation() -> None:
    """What to check stands there, and one option should it return; no action's command."""
    sitrep = broken()
    assert sitrep.onset is not None
    over = replace(sitrep, onset=replace(sitrep.onset, ended=sitrep.onset.at + timedelta(minutes=9)))
    shown = [
        cells[-1] for cells in rows(card_of(over, Ready({("failover", "api.stripe.com"): ""})), "DO NOW")
    ]

    assert ["nothing to mitigate: the impact ended at", "check that it stays", "if it returns: failover"] == [
        said[: len(start)]
        for said, start in zip(
            shown,
            ("nothing to mitigate: the impact ended at", "check that it stays", "if it returns: failover"),
            strict=True,
        )
    ]


def test_users_that_nobody_names_are_not_alike() -> None:
    """Where no request names a user, the card says what would distinguish them."""
    sitrep = broken()
    assert sitrep.blast_radius is not None
    assert sitrep.confirmation is not None
    radius = replace(sitrep.blast_radius, segments=(), everyone=True)
    named = {n: everyone_line(replace(sitrep.confirmation.impact, users=n)) for n in (None, 7)}

    assert named[7] == "all users alike: no tested attribute stands out"
    assert "user.id" in str(named[None])
    assert (named[sitrep.confirmation.impact.users and 7],) in rows(
        card_of(replace(sitrep, blast_radius=radius)), "WHO"
    )


def test_an_inconclusive_card_says_first_which_check_decides() -> None:
    """Third, in the place of what to do, and not again under what is not known."""
    undecided = replace(
        broken(),
        confirmed=Finding(
            Verdict.UNKNOWN, "an alert fires", limits=("few requests", Check("load its metric"))
        ),
        unknown=("few requests", "load its metric"),
    )
    card = card_of(undecided)

    assert [("check first: load its metric",)] == rows(card, "DO NOW")
    assert ("load its metric",) not in rows(card, "NOT KNOWN")
    assert ("few requests",) in rows(card, "NOT KNOWN")
    assert "Inconclusive: an alert fires" == card.headline
