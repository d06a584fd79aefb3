"""Names that a change adds and that new errors quote."""

import pytest

from lastgood.inspections.what_changed.added_names import names_added, quoting
from lastgood.inspections.what_changed.weights import ADDED_NAME_LETTERS, HOLDS_QUOTED, QUOTES_ADDED

DIFF = """--- a/V42.sql
+++ b/V42.sql
@@ -1 +1,3 @@
 ALTER TABLE club_member
-  ADD COLUMN old_name text;
+  ADD COLUMN old_name text,
+  ADD CONSTRAINT ck_member_phone CHECK (phone ~ 'x'), loyaltyTier text, plain text, a_b text;
"""


def test_names_of_several_words_that_nothing_had_before() -> None:
    """Neither what the lines around have, nor what is removed, nor short ones."""
    assert {"ck_member_phone", "loyaltyTier"} == names_added(DIFF)
    short, enough = "a_" + "b" * (ADDED_NAME_LETTERS - 3), "a_" + "b" * (ADDED_NAME_LETTERS - 2)
    assert {enough} == names_added(f"+{short} {enough}\n")


@pytest.mark.parametrize(
    ("error", "quoted"),
    [
        ('new row for relation "member" violates check constraint "ck_member_phone"', True),
        ("KeyError: 'loyaltyTier'", True),
        ('violates check constraint "ck_member_phone_2"', False),
        ("member ck_member_phone was seen", False),  # a word of a sentence
        ('column "old_name" is null', False),
    ],
)
def test_new_errors_quote_it_as_a_whole(error: str, *, quoted: bool) -> None:
    """Between quotes."""
    assert [HOLDS_QUOTED, QUOTES_ADDED] * quoted == [one.row for one in quoting(names_added(DIFF), [error])]
