"""Which run of migrations brought a commit into the database."""

import pytest

from inspections.scenes import change
from lastgood.algorithms.migration_runs import migrated_by

SQL = "db/migration/V42__member_phone.sql"


@pytest.mark.parametrize(
    ("files", "ran"),
    [
        ((SQL,), True),
        ((SQL, "README.md"), True),
        ((SQL, "src/member.py"), False),  # its code goes out with a deploy
        (("src/member.py",), False),
        ((), False),
    ],
)
def test_only_what_changes_the_schema_alone_takes_effect_with_it(
    files: tuple[str, ...], *, ran: bool
) -> None:
    """The code of others goes out with a deploy."""
    run = change("m", "migration", 10)

    assert (0 if ran else None) == migrated_by(change("c", "commit", 180, files=files), [run])


def test_it_is_the_first_after_the_commit_that_may_be_of_its_service() -> None:
    """Before those that come later; one that is called like the file before all others."""
    made = change("c", "commit", 180, files=(SQL,))
    before, other = change("b", "migration", 200), change("o", "migration", 170, "till")
    first, last = change("f", "migration", 20, ""), change("l", "migration", 10)
    named = change("n", "migration", 5, title="42 member phone")

    assert 2 == migrated_by(made, [before, other, first, last])
    assert 4 == migrated_by(made, [before, other, first, last, named])
    assert None is migrated_by(made, [before, other])
