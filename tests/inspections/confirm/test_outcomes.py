"""Outcomes that a metric counts apart confirm harm that no failed request shows."""

from pathlib import Path

import pytest

from cases import case_of, reported
from lastgood.inspections.confirm.outcomes import REFUSAL_WORDS, _Key, _reported, by_outcomes
from lastgood.inspections.confirm.weights import OUTCOMES_SURE, OUTCOMES_WITHIN
from lastgood.model.answers import Confirmation
from lastgood.model.finding import Finding, Verdict
from lastgood.readings.compared import Compared, Counted
from lastgood.workbench.store import Store

SERIES = """scenario  orders are rejected
time      2026-11-20 10:00 .. 11:00
seed      4

metric    till orders_per_minute level=40 noise=5% every=60s lane=a {label}={served}
metric    till orders_per_minute level=2 noise=5% every=60s lane=a {label}={bad}
metric    till orders_per_minute level=30 noise=5% every=60s lane=b {label}={served} then level={well} at 10:30
metric    till orders_per_minute level=2 noise=5% every=60s lane=b {label}={bad} then level={ill} at 10:30
"""


def found(
    store: Store,
    folder: Path,
    label: str = "result",
    bad: str = "rejected",
    ill: int = 18,
    served: str = "accepted",
) -> Finding | None:
    """What the outcomes confirm, where lane b goes from 2 to so many a minute."""
    text = SERIES.format(label=label, bad=bad, ill=ill, well=32 - ill, served=served)
    return by_outcomes(case_of(store, reported(store, folder, text, 30)))


def test_a_larger_share_of_refusals_is_harm_and_its_part_is_named(store: Store, tmp_path: Path) -> None:
    """Half of what one lane is asked is refused, a sixteenth before; the other lane is as it was."""
    finding = found(store, tmp_path)

    assert finding is not None
    assert (Verdict.YES, OUTCOMES_SURE) == (finding.verdict, finding.confidence)
    assert isinstance(finding.answer, Confirmation)
    assert finding.answer.part is not None
    assert {"lane": "b"} == finding.answer.part.where
    assert finding.answer.impact.failure_share == pytest.approx(18 / 32, abs=0.05)
    assert finding.answer.impact.requests == pytest.approx(32 * 30, rel=0.1)


@pytest.mark.parametrize(
    ("label", "bad", "ill"), [("result", "rejected", 2), ("result", "slow", 18), ("shelf", "rejected", 18)]
)
def test_as_many_other_words_and_other_labels_are_none(
    store: Store, tmp_path: Path, label: str, bad: str, ill: int
) -> None:
    """The share is as before, it is no refusal, or the label is no outcome."""
    assert None is found(store, tmp_path, label, bad, ill)


def test_without_a_word_for_success_it_is_no_outcome(store: Store, tmp_path: Path) -> None:
    """What else the label says may come before the outcome is known."""
    assert None is found(store, tmp_path, served="queued")


@pytest.mark.parametrize("fewer", [0, 1])
def test_a_part_is_named_that_has_nearly_all_of_them(fewer: int) -> None:
    """OUTCOMES_WITHIN of what is refused beyond the usual; one fewer is the whole."""

    def refused(more: float) -> Compared:
        return Compared((), Counted(10_000, 0), Counted(10_000, more))

    whole, part = ("till", "orders", "", ""), ("till", "orders", "lane", "b")
    parts: dict[_Key, Compared] = {whole: refused(1000), part: refused(1000 * OUTCOMES_WITHIN - fewer)}

    assert (whole if fewer else part) == _reported(parts, parts)


MAILS = """scenario  mails bounce
time      2026-11-20 10:00 .. 11:00
seed      4

logs      mta info "{{int}}: relay=mx.a.example, delay=1.2, {word}=sent (250 OK)" rate=0.5/s
logs      mta info "{{int}}: relay=mx.b.example, delay=1.2, {word}=sent (250 OK)" rate=0.3/s
logs      mta info "{{int}}: relay=mx.b.example, delay=1.1, {word}={bad} (550 said no)" rate=0.01/s then rate={ill}/s at 10:30
"""


@pytest.mark.parametrize(
    ("word", "bad", "ill", "harm"),
    [
        ("status", "bounced", 0.3, True),
        ("result", "rejected", 0.3, True),
        ("status", "bounced", 0.01, False),
        ("status", "queued", 0.3, False),  # no refusal
        ("colour", "bounced", 0.3, False),  # no word for an outcome
    ],
)
def test_log_lines_that_state_an_outcome_count_too(
    store: Store, tmp_path: Path, word: str, bad: str, ill: float, *, harm: bool
) -> None:
    """The part is named that a pair in the line names."""
    text = MAILS.format(word=word, bad=bad, ill=ill)
    finding = by_outcomes(case_of(store, reported(store, tmp_path, text, 30)))

    assert harm is (finding is not None)
    if finding is not None:
        assert isinstance(finding.answer, Confirmation)
        assert finding.answer.part is not None
        assert {"relay": "mx.b.example"} == finding.answer.part.where
        assert finding.answer.impact.failed == pytest.approx(ill * 1800, rel=0.2)


def test_log_lines_of_refusals_alone_are_no_outcome(store: Store, tmp_path: Path) -> None:
    """Nothing says how many were served."""
    text = MAILS.format(word="status", bad="bounced", ill=0.3).replace("=sent", "=queued")

    assert by_outcomes(case_of(store, reported(store, tmp_path, text, 30))) is None


def test_each_word_of_a_refusal_is_looked_for_first() -> None:
    """Else its lines would not be read."""
    assert all(
        any(word in text for word in REFUSAL_WORDS)
        for text in (
            "declined",
            "rejected",
            "refused",
            "denied",
            "unsuccessful",
            "bounced",
            "abandoned",
            "unpaid",
            "undeliverable",
        )
    )
