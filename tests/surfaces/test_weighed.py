"""Changes as suspects: no line contradicts another."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from lastgood.model.answers import ChangesWeighed, ChangeVerdict, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.figures import spaced
from lastgood.surfaces.card import card_of
from lastgood.surfaces.weighed import culprit_name, outside_cause, ranked, reasons_of, title_of
from sitreps import at, broken, moved, quiet

DEPLOY = WeighedChange(
    "d-1", ChangeKind.DEPLOY, "payments", at("14:46:10"), "v3", ChangeVerdict.LIKELY, 0.8,
    ("started 50 s after the onset", "only the new version fails"), ("it ran once before",),
)  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(ChangeVerdict)))
def test_the_likely_ones_stand_first(order: tuple[ChangeVerdict, ...]) -> None:
    """However they were weighed: likely, possible, unlikely, ruled out."""
    changes = ChangesWeighed(tuple(replace(DEPLOY, verdict=verdict) for verdict in order))
    wanted = ["likely", "possible", "unlikely", "ruled out"]

    assert wanted == [change.verdict.value.replace("_", " ") for change in ranked(changes)]
    card = card_of(replace(broken(), changes=changes))
    (rows,) = [section.rows for section in card.sections if section.label == "CHANGED"]
    assert wanted == [row.cells[1] for row in rows if len(row.cells) == 4]


def test_a_likely_change_of_ours_explains_it() -> None:
    """Then it is not said that none does; a third party's is none of ours."""
    assert "none of your changes explains it; likely cause: third party" == outside_cause(broken())
    assert "" == outside_cause(replace(broken(), changes=ChangesWeighed((DEPLOY,))))
    possible = replace(DEPLOY, verdict=ChangeVerdict.POSSIBLE)
    assert outside_cause(replace(broken(), changes=ChangesWeighed((possible,))))
    machine = replace(DEPLOY, kind=ChangeKind.INFRASTRUCTURE)
    assert "" == outside_cause(replace(broken(), changes=ChangesWeighed((machine,))))
    assert "" == outside_cause(quiet())
    assert "" == outside_cause(moved())


def test_a_reason_against_is_none_for() -> None:
    """What is later than the onset does not stand for a likely change, and is the first against another one."""
    began = broken().onset
    unlikely = replace(DEPLOY, verdict=ChangeVerdict.UNLIKELY)

    assert ("only the new version fails", "but 50 s after the onset") == plain(reasons_of(DEPLOY, began))
    assert ("started 50 s after the onset", "it ran once before") == reasons_of(unlikely, began)
    early = replace(DEPLOY, at=at("14:40:20"), for_it=DEPLOY.for_it[1:])
    assert ("5 min before the onset", "only the new version fails") == plain(reasons_of(early, began))
    assert ("only the new version fails",) == reasons_of(early, None)


def test_the_lead_is_reported_once() -> None:
    """A reason that has the onset in it is enough."""
    said = replace(DEPLOY, for_it=("3 min before the onset",), at=at("14:45:20") - timedelta(minutes=3))

    assert ("3 min before the onset",) == reasons_of(said, broken().onset)


def test_a_title_has_its_service() -> None:
    """Once."""
    assert "payments v3" == title_of(DEPLOY)
    assert "payments-v3" == title_of(replace(DEPLOY, title="payments-v3"))
    assert "payments d-1" == title_of(replace(DEPLOY, title=""))


def plain(texts: tuple[str, ...]) -> tuple[str, ...]:
    """With ordinary spaces."""
    return tuple(text.replace("\u00a0", " ") for text in texts)


def test_a_component_of_several_words_stands_apart() -> None:
    """So that it does not read as a path."""
    culprits = broken().culprits
    assert culprits
    one = culprits.ranked[0]

    assert "payments/api.stripe.com (external, 90 % confidence)" == spaced(culprit_name(one))
    apart = replace(one, component="its calls to cart")
    assert "payments, its calls to cart (external, 90 % confidence)" == spaced(culprit_name(apart))
