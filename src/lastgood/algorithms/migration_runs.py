"""Which run of migrations brought a commit into the database: its schema changes when they run, before or after its code goes out."""

from collections.abc import Sequence
from datetime import timedelta

from lastgood.algorithms.diffs.identifiers import words
from lastgood.algorithms.diffs.unified import IDLE, Role, role_of
from lastgood.model.change import Change, ChangeKind

CLOCKS = timedelta(minutes=1)  # that clocks of feeds differ


def migrated_by(commit: Change, changes: Sequence[Change]) -> int | None:
    """The place of the run, of a commit that changes nothing but the schema; None where none is on record.

    The run that has words of its files in its title is the one, else the first after it that may be of its service.
    """
    roles = {role_of(path) for path in commit.files} - IDLE
    if roles != {Role.SQL}:
        return None
    later = [
        place
        for place, change in enumerate(changes)
        if change.kind is ChangeKind.MIGRATION
        and change.at >= commit.at - CLOCKS
        and change.service in {"", commit.service}
    ]
    said = words(" ".join(commit.files))
    return min(
        later, key=lambda place: (-len(said & words(changes[place].title)), changes[place].at), default=None
    )
