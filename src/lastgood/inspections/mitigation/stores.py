"""What is done about a store: which one it is, whether locks were seen, and the work on it that may be the cause."""

import re
from collections.abc import Iterator

from lastgood.algorithms.change_lineage import same
from lastgood.algorithms.trouble_words import error_kinds, is_store
from lastgood.model.answers import ChangesWeighed, ChangeVerdict, Culprits, FailureClass, WeighedChange
from lastgood.model.change import ChangeKind
from lastgood.model.failure import ErrorKind, FailureKind, FailurePath
from lastgood.readings.case import Case

_LOCK = re.compile(r"(?<![a-z])(?:dead)?lock(?:s|ed|ing)?(?![a-z])", re.IGNORECASE)
# Work on a store that takes its time, and can be ended while it runs.
_WORK = re.compile(r"re-?index|vacuum|analy[sz]e|backup|dump|restor|rebuild|import|export|backfill|batch|\bjob\b", re.IGNORECASE)  # fmt: skip
_RUN = frozenset({ChangeKind.CONFIG, ChangeKind.CRON, ChangeKind.MIGRATION})


def store_of(case: Case, found: FailureClass) -> str:
    """The store that a class is about, never an instance of who calls it; empty where none is known."""
    path, culprits = case.earlier(FailurePath), case.earlier(Culprits)
    first = culprits.ranked[0] if culprits and culprits.ranked else None
    named = (found.subject, path.first_bad if path else None, first.component if first else None)
    known = next((one for one in named if one and is_store(one)), "")
    return known or (found.subject or "" if found.name is FailureKind.SLOW_DATABASE else "")


def locks_seen(case: Case, found: FailureClass) -> bool:
    """Whether anything tells of locks: a statement that ran out of time does not."""
    culprits = case.earlier(Culprits)
    said = (found.because, *(one.because for one in (culprits.ranked if culprits else ())))
    classed = FailureKind.LOCK_CONTENTION in {found.name, *found.also}
    return classed or any(_LOCK.search(text) or ErrorKind.LOCKS in error_kinds(text) for text in said)


def work_on(case: Case, store: str) -> Iterator[WeighedChange]:
    """Changes that may be the cause and are work on this store, such as a rebuilt index."""
    changes = case.earlier(ChangesWeighed)
    host = store.lower().partition(".")[0]
    for one in changes.ranked if changes else ():
        there = same(one.service or "", store) or host in one.title.lower().replace(":", " ").split()
        if one.verdict is ChangeVerdict.POSSIBLE and one.kind in _RUN and there and _WORK.search(one.title):
            yield one
