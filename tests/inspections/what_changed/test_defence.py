"""What clears a change: it went by before, was made elsewhere, was undone, or others are hit alike."""

from datetime import timedelta

from inspections.scenes import CALM, ONSET, SCENE, case, change, scene, segment
from lastgood.algorithms.change_lineage import Origin
from lastgood.algorithms.diffs.kinds import EffectKind, Trouble
from lastgood.inspections.what_changed.defence import exposed, outside, place, recurrence, too_late, undoing
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.weights import AFTER_ONSET_BEFORE_IT, RAN_BEFORE, RAN_OFTEN, REACTION
from lastgood.model.answers import BlastRadius, Confirmation, Impact, ImpactKind, Segment
from lastgood.readings.risen import Risen

NOWHERE = Origin(None, frozenset(), shared=False)


def test_three_times_without_the_effect_clear_it_and_once_does_not() -> None:
    """Runs of a job; but another deploy is another change."""
    runs = [change("r", "cron", minutes, title="report") for minutes in (40, 30, 20, 0)]

    assert [RAN_OFTEN] == [reason.row for reason in recurrence(runs[-1], runs, SCENE)]
    assert [RAN_BEFORE] == [reason.row for reason in recurrence(runs[-1], runs[2:], SCENE)]
    assert [] == recurrence(runs[0], runs, SCENE)
    assert [] == recurrence(change("d", "deploy", 0), [change("d", "deploy", 9)], SCENE)


def test_an_environment_that_is_not_this_one_clears_it() -> None:
    """A deploy in staging, where others are not."""
    staging = change("s", "deploy", 1, attributes={"environment": "staging"})
    here = change("p", "deploy", 1, attributes={"environment": "production"})

    assert place(staging, {"staging", "production"}, SCENE)[0].ratio < 0.05
    assert [] == place(staging, {"staging"}, SCENE)
    assert [] == place(here, {"staging", "production"}, SCENE)


def test_what_the_platform_says_of_a_sick_process_is_a_symptom() -> None:
    """A container that was killed for its memory, against a node that is not ready."""
    killed = change("k", "infrastructure", 0, title="OOMKilling: container cart")

    assert place(killed, set(), SCENE)[0].ratio < 0.5
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
    assert too_late(change("s", "scaling", -2), SCENE) is REACTION
    assert too_late(change("d", "deploy", -2, title="Rollback to v7"), SCENE) is REACTION
    assert too_late(change("d", "deploy", -2), SCENE) is AFTER_ONSET_BEFORE_IT
