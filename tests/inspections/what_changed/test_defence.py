"""What clears a change: it went by before, was made elsewhere, was undone, or others are hit alike."""

from dataclasses import replace
from datetime import timedelta

from inspections.scenes import CALM, ONSET, SCENE, case, change, scene, segment, tips
from lastgood.algorithms.causation import (
    DOSE,
    OVEREXPOSED_BY,
    OVEREXPOSED_TIMES,
    RUNS_OFTEN,
    UNDONE_EARLY,
    UNDONE_LONG,
    UNDONE_SOON,
)
from lastgood.algorithms.change_lineage import Origin
from lastgood.algorithms.diffs.kinds import EffectKind, Trouble
from lastgood.algorithms.rivals import weight
from lastgood.inspections.what_changed.defence import exposed, outside, place, ran_before, too_late, undoing
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.weights import (
    AFTER_ONSET_BEFORE_IT,
    BY_ITSELF,
    DOSED,
    FAILS_ANEW,
    MADE_FOR_PART,
    NO_EFFECT,
    OTHER_ENVIRONMENT,
    OTHER_PART,
    OTHERS_ALIKE,
    OVEREXPOSED,
    PART_OF_TRAFFIC,
    PART_ONLY,
    RAN_BEFORE,
    REACTION,
    RULED_OUT_BELOW,
    SAME_PART,
    SEGMENT_VERSION,
    TELLS_SYMPTOM,
    UNDONE_ENDED,
    UNDONE_IN_VAIN,
)
from lastgood.model.answers import BlastRadius, Confirmation, Impact, ImpactKind, Segment
from lastgood.model.judgement import Reason, Weight
from lastgood.readings.risen import Risen

NOWHERE = Origin(None, frozenset(), shared=False)


def test_three_times_without_the_effect_clear_it_and_once_does_not() -> None:
    """Runs of a job; but another deploy is another change."""
    runs = [change("r", "cron", minutes, title="report") for minutes in (40, 30, 20, 0)]

    assert weight(ran_before(runs[-1], runs, SCENE)) < weight(ran_before(runs[-1], runs[2:], SCENE))
    assert [] == ran_before(runs[0], runs, SCENE)
    assert [] == ran_before(change("d", "deploy", 0), [change("d", "deploy", 9)], SCENE)


def test_an_environment_that_is_not_this_one_clears_it() -> None:
    """A deploy in staging, where others are not."""
    staging = change("s", "deploy", 1, attributes={"environment": "staging"})
    here = change("p", "deploy", 1, attributes={"environment": "production"})

    assert place(staging, {"staging", "production"}, SCENE)[0].ratio < 0.05
    assert [] == place(staging, {"staging"}, SCENE)
    assert [] == place(here, {"staging", "production"}, SCENE)


def test_what_the_platform_says_of_a_sick_process_is_a_symptom() -> None:
    """A container that was killed for its memory, against a node that is not ready."""
    for title in (
        "OOMKilling: container cart",
        "Error: container app of cart-1, exit code 1",
        "restart 6 of cart-1 on node-2, then Running",
    ):
        assert place(change("k", "infrastructure", 0, title=title), set(), SCENE)[0].ratio < 0.5
    assert [] == place(change("n", "infrastructure", 0, title="NodeNotReady: node-7"), set(), SCENE)


def test_a_region_that_is_not_hit_clears_it() -> None:
    """It was made in eu, and us is hit; one made in us is confirmed."""
    hit = scene(segment=segment({"cloud.region": "us"}))
    ratios = [
        place(change("c", "config", 1, attributes={"region": region}), set(), hit)[0].ratio
        for region in ("eu", "us")
    ]

    assert ratios[0] < 0.05
    assert ratios[1] > 1


def test_a_change_for_all_is_doubted_where_one_instance_is_hit() -> None:
    """And believed where what is hit is its own version."""
    one = scene(segment=segment({"service.instance.id": "cart-2"}))
    version = scene(segment=segment({"service.version": "v8"}))

    assert place(change("d", "deploy", 1, version="v8"), set(), one)[0].ratio < 0.5
    assert place(change("d", "deploy", 1, version="v8"), set(), version)[0].ratio > 1
    tenant = scene(segment=segment({"tenant.id": "north"}))
    assert [] == place(change("d", "deploy", 1, version="v8"), set(), tenant)


def test_others_that_call_the_failing_party_and_were_not_changed() -> None:
    """Two services fail at one host outside: the deploy of one of them is no reason for the other."""
    failing = [
        ({"service": name, "peer": "api.pay.example", "status": 502, "text": ""}, 40.0)
        for name in ("cart", "invoices")
    ]
    seen = Symptoms(frozenset({Trouble.REFUSED}), {})
    out = scene(external=True, suspects={"cart": 1.0, "api.pay.example": 1.0})
    deploy = change("d", "deploy", 1)

    def ratio(rows: int, *kinds: EffectKind) -> list[float]:
        risen = Risen(failing[:rows], [], [], None, None, 1)
        return [reason.ratio for reason in outside(deploy, NOWHERE, out, (risen, seen), kinds)]

    assert ratio(2)[0] < ratio(1)[0] < 1
    assert [] == ratio(1, EffectKind.ENDPOINT_CHANGED)
    assert [] == outside(deploy, NOWHERE, SCENE, (CALM, seen), ())


def test_undoing_it_ended_the_trouble_or_did_not() -> None:
    """A roll-back a minute before the end; one after which it goes on."""
    bad = change("bad", "deploy", 1, version="v8", previous="v7")
    back = change("back", "deploy", -5, version="v7")
    ended = scene(ended=ONSET + timedelta(minutes=6))

    assert undoing(bad, [bad, back], case(), ended)[0].ratio > 1
    assert undoing(bad, [bad, back], case(), SCENE)[0].ratio < 1
    assert [] == undoing(bad, [bad], case(), SCENE)


def test_more_fail_than_are_exposed() -> None:
    """Five in a hundred have the flag, forty fail; twenty have it, eighteen fail."""
    failing = Confirmation(Impact(100, 40, 0.4, 0.0, None, ImpactKind.ERRORS), 0.3, 0.5)

    assert exposed(change("f", "flag", 1, title="rollout to 5%"), case(failing))[0].ratio < 0.5
    assert [] == exposed(change("f", "flag", 1, attributes={"rollout": "50"}), case(failing))
    assert [] == exposed(change("d", "deploy", 1, title="5% faster"), case(failing))


def test_as_many_fail_as_are_exposed() -> None:
    """The dose fits: of all, or of the operation that is hit; the last share of a roll-out holds."""
    failing = Confirmation(Impact(100, 5, 0.05, 0.0, None, ImpactKind.ERRORS), 0.03, 0.07)
    quote = Segment({"operation": "GET /quote"}, 0.95, 0.2, 95, 460, 0.206)
    part = BlastRadius((), (quote,), (), everyone=False)

    fifth, half = (
        exposed(change("f", "flag", 1, title=f"rollout 0% to {share}%"), case(failing, part))
        for share in (20, 50)
    )
    assert fifth[0].ratio > 1
    assert [] == half


def test_a_reaction_is_called_one() -> None:
    """Scaling and roll-backs after the onset."""
    assert REACTION.sentence == too_late(change("s", "scaling", -2), SCENE).sentence
    assert REACTION.sentence == too_late(change("d", "deploy", -2, title="Rollback to v7"), SCENE).sentence
    assert AFTER_ONSET_BEFORE_IT.sentence == too_late(change("d", "deploy", -2), SCENE).sentence


def test_each_defence_weighs_what_its_row_says() -> None:
    """The verdict tips at the row's worth: of a version, a part, an environment, a state, a platform's word."""
    v8 = change("d", "deploy", 1, version="v8")
    version = scene(segment=segment({"service.version": "v8"}))
    one = scene(segment=segment({"service.instance.id": "cart-2"}))
    us = scene(segment=segment({"cloud.region": "us"}))
    host = scene(segment=segment({"host.name": "h-9"}))
    named = change("n", "config", 1, title="restart h-9")
    regions = [change("c", "config", 1, attributes={"region": region}) for region in ("us", "eu")]
    staging = change("s", "deploy", 1, attributes={"environment": "staging"})
    failed = change("x", "deploy", 1, state="failed")
    killed = change("k", "infrastructure", 0, title="OOMKilling: container cart")

    assert tips(place(v8, set(), version), SEGMENT_VERSION)
    assert tips(place(v8, set(), one), PART_ONLY)
    assert tips(place(named, set(), host), MADE_FOR_PART)
    assert tips(place(regions[0], set(), us), SAME_PART)
    assert tips(place(regions[1], set(), us), OTHER_PART)
    assert tips(place(staging, {"staging", "production"}, SCENE), OTHER_ENVIRONMENT)
    assert tips(place(failed, set(), SCENE), NO_EFFECT)
    assert tips(place(killed, set(), SCENE), TELLS_SYMPTOM)


def test_a_part_is_one_with_less_than_nearly_all_of_the_traffic() -> None:
    """At that share it is everybody."""
    v8 = change("d", "deploy", 1, version="v8")
    part, whole = (
        scene(segment=segment({"host.name": "h-1"}, traffic=PART_OF_TRAFFIC - less)) for less in (0.001, 0.0)
    )

    assert place(v8, set(), part)
    assert [] == place(v8, set(), whole)


def test_runs_without_the_effect_weigh_by_their_number() -> None:
    """So many rule it out; one fewer lessens it."""
    runs = [change("r", "cron", minutes, title="report") for minutes in range(RUNS_OFTEN * 10, -1, -10)]

    assert weight(ran_before(runs[-1], runs, SCENE)) <= RULED_OUT_BELOW
    assert tips(ran_before(runs[-1], runs[1:], SCENE), RAN_BEFORE)


def test_undoing_counts_when_the_end_follows_it() -> None:
    """Soon after, or a little before the feed tells; and against it when the trouble goes on for long."""
    bad = change("bad", "deploy", 1, version="v8", previous="v7")
    second = timedelta(seconds=1)

    def undone(end: timedelta) -> list[Reason]:
        back = change("back", "deploy", -2, version="v7")
        return undoing(bad, [bad, back], case(), scene(ended=back.at + end))

    def in_vain(lasting: timedelta) -> list[Reason]:
        back = replace(change("back", "deploy", -2, version="v7"), at=case().window.end - lasting)
        return undoing(bad, [bad, back], case(), SCENE)

    assert tips(undone(UNDONE_SOON), UNDONE_ENDED)
    assert tips(undone(-UNDONE_EARLY), UNDONE_ENDED)
    assert [] == undone(UNDONE_SOON + second) == undone(-UNDONE_EARLY - second)
    assert tips(in_vain(UNDONE_LONG), UNDONE_IN_VAIN)
    assert [] == in_vain(UNDONE_LONG - second)


def flagged(exposed_share: float, failing: float) -> list[Reason]:
    """What it says of a flag that so many fail."""
    found = Confirmation(Impact(1000, 0, failing, 0.0, None, ImpactKind.ERRORS), 0.0, 1.0)
    return exposed(change("f", "flag", 1, title=f"rollout to {100 * exposed_share:g}%"), case(found))


def test_who_fails_is_held_against_who_is_exposed() -> None:
    """As many as are exposed, within a share of it, speak for a flag; clearly more against it."""
    edge = DOSE * 0.4
    over = OVEREXPOSED_TIMES * 0.4 + OVEREXPOSED_BY

    assert tips(flagged(0.4, 0.4 + edge - 0.001), DOSED)
    assert [] == flagged(0.4, 0.4 + edge + 0.001) == flagged(0.4, over - 0.001)
    assert tips(flagged(0.4, over + 0.001), OVEREXPOSED)


def test_others_at_a_party_outside_weigh_by_their_errors() -> None:
    """Enough of them acquit the changed one; one error fewer, and only the party itself does."""
    out = scene(external=True, suspects={"cart": 1.0, "api.pay.example": 1.0})
    seen = Symptoms(frozenset({Trouble.REFUSED}), {})

    def of(more: float) -> list[Reason]:
        rows = [({"service": name, "peer": "api.pay.example", "status": 502, "text": ""}, much)
                for name, much in (("cart", 40.0), ("invoices", more))]  # fmt: skip
        return outside(change("d", "deploy", 1), NOWHERE, out, (Risen(rows, [], [], None, None, 1), seen), ())

    assert tips(of(FAILS_ANEW), OTHERS_ALIKE)
    assert tips(of(FAILS_ANEW - 1), BY_ITSELF)


def test_the_name_of_a_pod_is_no_environment() -> None:
    """Names of different things are not compared; those of one thing are."""
    hit = scene(segment=segment({"k8s.pod.name": "web-7f9c-abcde"}))
    made = change("d", "deploy", 1, attributes={"deployment.environment.name": "production"})
    of_pod = change("d", "config", 1, attributes={"pod": "web-7f9c-zzzzz"})

    assert [PART_ONLY] == [one.row for one in place(made, {"production"}, hit)]
    assert [OTHER_PART] == [one.row for one in place(of_pod, set(), hit)]


def test_a_store_is_ours() -> None:
    """One caller can overload it, and all fail: no one is acquitted by the others, unless its change does another thing."""
    own = scene(external=True, suspects={"cart": 1.0, "pg": 1.0})
    seen = Symptoms(frozenset({Trouble.REFUSED}), {})

    def of(*kinds: EffectKind, callers: tuple[str, ...] = ("cart", "invoices")) -> list[Weight]:
        rows = [({"service": name, "peer": "pg", "status": 502, "text": ""}, 40.0) for name in callers]
        risen = Risen(rows, [], [], None, None, 1)
        return [one.row for one in outside(change("d", "deploy", 1), NOWHERE, own, (risen, seen), kinds)]

    assert [] == of()
    assert [] == of(EffectKind.CALLS_IN_LOOP) == of(EffectKind.INDEX_DROPPED, EffectKind.LOG_LEVEL_RAISED)
    assert [OTHERS_ALIKE] == of(EffectKind.LOG_LEVEL_RAISED)
    assert [BY_ITSELF] == of(EffectKind.LOG_LEVEL_RAISED, callers=("cart",))
