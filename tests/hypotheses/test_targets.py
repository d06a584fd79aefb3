"""What a declared target says of an action, beside those who were affected."""

from datetime import timedelta
from pathlib import Path

import pytest

from lastgood.hypotheses.effect_times import Times
from lastgood.hypotheses.targets import against, target
from lastgood.model.action import Credit, Effect, EffectMeasured
from lastgood.model.prediction import VALUE, Checked, Outcome
from lastgood.model.window import Window
from lastgood.workbench.store import Store
from workbench.test_verify import ACT, BAD, acted, at, hurting
from worlds import START

NOW = at(3600)


def checked(outcome: Outcome) -> Checked:
    """A target with an outcome."""
    return Checked("fails() < 0.01", outcome, "it is so", VALUE)


@pytest.mark.parametrize(
    ("outcome", "seen", "credit", "effect"),
    [
        (Outcome.SUPPORTED, Effect.RECOVERED, Credit.THIS, Effect.RECOVERED),
        (Outcome.REFUTED, Effect.RECOVERED, Credit.THIS, Effect.IMPROVING),
        (Outcome.UNTESTABLE, Effect.RECOVERED, Credit.THIS, Effect.IMPROVING),
        (Outcome.SUPPORTED, Effect.NO_EFFECT, Credit.BEFORE, Effect.IMPROVING_UNCREDITED),
        (Outcome.REFUTED, Effect.NO_EFFECT, Credit.THIS, Effect.NO_EFFECT),
    ],
)
def test_the_target_decides_unless_users_speak_against_it(
    outcome: Outcome, seen: Effect, credit: Credit, effect: Effect
) -> None:
    """A return of users is no proof of a target that is missed; a target that was reached before is not credited."""
    measured = EffectMeasured(1, seen, "users", after=object())  # type: ignore[arg-type] # that there is one is all that is asked

    found = against(measured, checked(outcome), credit, NOW)

    assert effect is found.effect
    assert found.because.startswith(f"target {outcome.value}: fails() < 0.01: it is so")


def test_where_nobody_can_be_counted_the_target_is_all_there_is() -> None:
    """Not reached is no effect, untestable is no data."""
    nobody = EffectMeasured(1, Effect.NO_DATA, "nobody is counted")

    found = [against(nobody, checked(one), Credit.THIS, NOW).effect for one in Outcome]

    assert [Effect.RECOVERED, Effect.NO_EFFECT, Effect.TOO_EARLY, Effect.NO_DATA] == found


@pytest.mark.parametrize(
    ("text", "credit"), [("fails() < 0.05", Credit.THIS), ("fails() < 0.9", Credit.BEFORE)]
)
def test_the_credit_is_for_what_was_not_reached_before(
    text: str, credit: Credit, store: Store, tmp_path: Path
) -> None:
    """Reached just before the action already, a target says nothing of it."""
    hurting(0.005).store_spans(store)
    after = Window(at(ACT + 120), at(3600))
    times = Times(Window(START, at(BAD)), Window(at(BAD), at(ACT)), after, after)
    measured = EffectMeasured(1, Effect.NO_DATA, "")

    with acted(tmp_path, effect=text, now=3600) as (_, action):
        reached, evidence, credited = target(action, store.measuring, times, measured)

    assert (Outcome.SUPPORTED, credit) == (reached.outcome, credited)
    assert evidence
    assert timedelta(0) < after.length
