"""Failures: the closed lists, and that each table has a row for every member."""

from lastgood.algorithms.failure_classes import CLASS_OF_ERRORS as CLASSES_OF_ERRORS
from lastgood.algorithms.trouble_words import WORDS
from lastgood.inspections.mitigation.catalogue import AGAINST, CATALOGUE
from lastgood.inspections.what_changed.symptoms import OF_ERRORS
from lastgood.model.change import OUTSIDE, ChangeKind
from lastgood.model.failure import FAILURES, Cause, ErrorKind, FailureKind, cause_of

# Undone as the change that they are, and not by a remedy of their class.
OF_CHANGES = {FailureKind.BAD_DEPLOY, FailureKind.CONFIG_ERROR, FailureKind.SCHEDULED_JOB}


def test_every_class_is_described() -> None:
    """Its words for people, none twice; and a remedy, or the change that it is."""
    assert set(FailureKind) == set(FAILURES)
    assert len(FAILURES) == len({failure.words for failure in FAILURES.values()})
    assert set(FailureKind) - OF_CHANGES == set(AGAINST)
    assert set() == {action for helps in AGAINST.values() for action, _, _ in helps} - set(CATALOGUE)


def test_every_kind_of_error_has_its_words_and_its_symptom() -> None:
    """What a text reports is never dropped on the way to a suspect."""
    assert set(ErrorKind) == set(WORDS) == set(OF_ERRORS)
    assert {ErrorKind.REFUSED, ErrorKind.TIMEOUT, ErrorKind.DENIED} == set(ErrorKind) - set(CLASSES_OF_ERRORS)


def test_a_change_from_outside_is_its_own_cause() -> None:
    """And none of a team's is."""
    assert {kind: Cause(kind.value) for kind in OUTSIDE} == {kind: cause_of(kind) for kind in OUTSIDE}
    assert {None} == {cause_of(kind) for kind in ChangeKind if kind not in OUTSIDE}
