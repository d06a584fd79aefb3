"""How the likeliest change and the first suspect go together."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.algorithms.unresolved_names import DNS
from lastgood.inspections.joined import APART_SURE, JOINED_SURE, joined
from lastgood.model.answers import (
    Answer,
    ChangesWeighed,
    ChangeVerdict,
    Culprit,
    Culprits,
    FailureClass,
    Joined,
    WeighedChange,
)
from lastgood.model.change import ChangeKind
from lastgood.model.failure import FailureKind
from lastgood.model.finding import Finding, Section, Verdict
from lastgood.workbench.store import Store

WORLD = """scenario  a chain of services and one apart
time      2026-11-20 10:00 .. 10:40
seed      3

service   web instances=web-1
service   orders instances=orders-1
service   payments instances=payments-1
service   catalog instances=catalog-1

change    deploy payments v1 -> v2 id=d-1 at 10:18
"""
SPANS = """
spans     web "POST /order" rate=1/s latency=7ms
call      web "POST /order" -> orders Place latency=9ms
call      orders Place -> payments Charge latency=9ms errors=0% then errors=60% at 10:20
spans     catalog "GET /items" rate=1/s latency=5ms
"""
LINES = """
logs      orders error "POST http://payments/charge failed: 503" rate=1/s
logs      orders error "cannot place order" rate=1/s
logs      catalog error "cannot list payments-archive" rate=1/s
"""
AT = datetime(2026, 11, 20, 10, 18, tzinfo=UTC)
LIKELY, POSSIBLE, UNLIKELY = ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE, ChangeVerdict.UNLIKELY


def change(
    service: str | None, verdict: ChangeVerdict = LIKELY, kind: ChangeKind = ChangeKind.DEPLOY
) -> WeighedChange:
    """A change, weighed."""
    return WeighedChange("d-1", kind, service, AT, "v2", verdict, 0.9, (), ())


def suspect(service: str, component: str | None = None, kind: str = "code") -> Culprits:
    """The first suspect."""
    return Culprits((Culprit(service, None, component, kind, 0.8, "it fails"),))


def found(store: Store, folder: Path, said: str, *answers: Answer) -> Sequence[Finding]:
    """What the question finds in a world."""
    comparison = reported(store, folder, WORLD + said, 20)
    return [joined.signed(one) for one in joined.run(case_of(store, comparison, *answers))]


@pytest.mark.parametrize("said", [SPANS, LINES])
@pytest.mark.parametrize(
    ("ends", "how", "words"),
    [
        (
            ("payments", "orders"),
            "called",
            "payments was changed, and the failure shows at orders, because orders calls payments",
        ),
        (("orders", "payments"), "calls", "orders was changed, and payments fails: orders calls payments"),
        (
            ("catalog", "payments"),
            "apart",
            "no call between catalog and payments is recorded; check whether payments recovers",
        ),
        (("payments", "catalog"), "apart", "two explanations: the deploy payments v2, or catalog itself"),
    ],
)
def test_two_services_are_joined_by_calls(
    store: Store, tmp_path: Path, said: str, ends: tuple[str, str], how: str, words: str
) -> None:
    """By spans, or by error lines that name the other as a word; else there are two explanations and a check."""
    changed, suspected = ends
    (one,) = found(store, tmp_path, said, ChangesWeighed((change(changed),)), suspect(suspected))

    assert words in one.because
    assert Joined("d-1", changed, suspected, how) == one.answer
    sure = APART_SURE if how == "apart" else JOINED_SURE
    assert (sure, Section.SUSPECTS) == (one.confidence, one.section)
    assert (Verdict.NO if how == "apart" else Verdict.YES) is one.verdict


def test_a_service_between_joins_them_too(store: Store, tmp_path: Path) -> None:
    """The suspect calls it, and it calls what was changed."""
    (one,) = found(store, tmp_path, SPANS, ChangesWeighed((change("payments"),)), suspect("web"))

    assert "because web calls orders, and orders calls payments" in one.because


def test_an_outside_party_of_the_changed_service_is_another_explanation(store: Store, tmp_path: Path) -> None:
    """A change and a party that fails are two causes, although they stand at one service."""
    party = suspect("payments", "vault.internal", "external")
    (one,) = found(store, tmp_path, LINES, ChangesWeighed((change("payments"),)), party)

    assert "two explanations: the deploy payments v2, or vault.internal itself" in one.because
    assert "check whether others that call vault.internal fail too" in one.because


def test_a_party_that_was_changed_is_what_its_caller_fails_at(store: Store, tmp_path: Path) -> None:
    """One explanation: the suspect is the caller's call to it."""
    of_party = ChangesWeighed((change("vault.internal", kind=ChangeKind.THIRD_PARTY),))
    (one,) = found(store, tmp_path, LINES, of_party, suspect("payments", "vault.internal", "external"))

    assert "vault.internal was changed, and the failure shows at payments" in one.because
    assert Verdict.YES is one.verdict


def test_a_class_of_a_third_is_named(store: Store, tmp_path: Path) -> None:
    """Whom it is about; of one of the two it need not be said."""
    changes, culprits = ChangesWeighed((change("payments"),)), suspect("orders")
    third = FailureClass(FailureKind.DEPENDENCY_DOWN, "catalog", 0.8, "x")
    (one,) = found(store, tmp_path, SPANS, changes, culprits, third)

    assert one.because.endswith("; the class of failure, dependency down, is about catalog")


@pytest.mark.parametrize(
    "answers",
    [
        (ChangesWeighed((change("payments"),)), suspect("payments")),
        (ChangesWeighed((change("payments", UNLIKELY),)), suspect("orders")),
        (ChangesWeighed(()), suspect("orders")),
        (ChangesWeighed((change("coredns"),)), suspect(DNS, kind="dns")),
        (ChangesWeighed((change("payments"),)), suspect("")),
        (ChangesWeighed((change(None),)), suspect("orders")),
        (ChangesWeighed((change("payments"),)),),
        (
            ChangesWeighed((change("payments", LIKELY, ChangeKind.THIRD_PARTY),)),
            suspect("payments", "x.test", "external"),
        ),
    ],
)
def test_one_explanation_needs_no_sentence(store: Store, tmp_path: Path, answers: tuple[Answer, ...]) -> None:
    """The same service, no suspected change, no suspect."""
    assert [] == list(found(store, tmp_path, LINES, *answers))


def test_a_likely_change_comes_before_a_possible_one(store: Store, tmp_path: Path) -> None:
    """Whatever the order in which they were weighed."""
    ranked = ChangesWeighed((change("catalog", POSSIBLE), change("payments")))
    (one,) = found(store, tmp_path, SPANS, ranked, suspect("orders"))

    assert "payments was changed" in one.because
