"""Other causes beside changes that stand for them, bring them about, or waited for them."""

from dataclasses import replace

import pytest

from inspections.scenes import change
from lastgood.algorithms.change_lineage import Origin
from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.inspections.what_changed.content import read_content
from lastgood.inspections.what_changed.rivalry import heaviest_rival
from lastgood.inspections.what_changed.suspects import Suspect
from lastgood.inspections.what_changed.weights import (
    ASKS_MORE,
    CERTIFICATE_KIND,
    LIMIT_MET,
    MOVES_TRAFFIC,
    REPRESENTED,
)
from lastgood.model.answers import OtherCause
from lastgood.model.failure import Cause
from lastgood.model.judgement import Reason

BUSY = OtherCause(Cause.TRAFFIC, 2.0, "busy", shown=True)
WRONG = OtherCause(Cause.CERTIFICATE, 1.0, "expired", shown=True)


def suspect(kind: str = "deploy", *effects: EffectKind, reasons: tuple[Reason, ...] = ()) -> Suspect:
    """A change that does such things, with reasons for it."""
    one = change("c", kind, 1)
    content = replace(
        read_content(one, ""), effects=tuple(Effect(does, "a", "b", what="b") for does in effects)
    )
    return Suspect(
        one, Origin(None, frozenset(), shared=False), content, 0, alone=True, circumstances=list(reasons)
    )


@pytest.mark.parametrize(
    ("one", "left"),
    [
        (suspect(), 2.0),
        (suspect("deploy", EffectKind.RATE_RAISED), 1.0),
        (suspect("certificate"), 2.0),
        (suspect("deploy", EffectKind.CERTIFICATE_CHANGED), 2.0),
        (suspect(reasons=(Reason(LIMIT_MET, when="1 h before"),)), 2.0),
        (suspect(reasons=(Reason(MOVES_TRAFFIC, to="a", source="b", more=2.0, left=0.1),)), 1.0),
        (suspect("commit", reasons=(Reason(CERTIFICATE_KIND, troubles="certificate"),)), 2.0),
        (suspect(reasons=(Reason(ASKS_MORE, name="GET /poll", times=9.0),)), 1.0),
    ],
)
def test_what_a_change_stands_for_is_no_rival_of_it(one: Suspect, left: float) -> None:
    """The heaviest that is left counts; a change that weighs little stands for nothing."""
    assert left == heaviest_rival([one], {0: float(REPRESENTED)}, [BUSY, WRONG])
    assert heaviest_rival([one], {0: REPRESENTED - 0.01}, [BUSY, WRONG]) == BUSY.weight


def test_a_morning_is_no_rival_of_the_limit_that_it_meets() -> None:
    """A surge is, for it asks for more than any day does."""
    met = suspect(reasons=(Reason(LIMIT_MET, when="1 h before"),))

    assert 1.0 == heaviest_rival([met], {0: 1.0}, [replace(BUSY, shown=False), WRONG])


@pytest.mark.parametrize(
    "one",
    [suspect("certificate"), suspect("commit", reasons=(Reason(CERTIFICATE_KIND, troubles="certificate"),))],
)
def test_a_certificate_that_was_changed_is_one_with_the_expired_one(one: Suspect) -> None:
    """By its kind or by its files, so nothing is left."""
    assert 0 == heaviest_rival([one], {0: 1.0}, [WRONG])
    assert 0 == heaviest_rival([], {}, [])
