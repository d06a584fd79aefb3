"""`git log` as text: commits with files, sizes and diffs as far as they were asked for."""

import pytest

from outcomes import outcome

LOG = """commit 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d (HEAD -> main, tag: v2)
Author: A Dev <dev@shop.example>
Date:   {date}

    checkout: shorten the timeout

    It was too long.
{more}
commit 2a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d
Merge: 1a2b3c4 3a2b3c4
Author:     B Dev <bev@shop.example>
AuthorDate: 2026-11-22 08:00:00 +0000
Commit:     B Dev <bev@shop.example>
CommitDate: 2026-11-22 09:00:00 +0000

    cart: new button
"""
STAT = "\n pay/config.py | 4 ++--\n 1 file changed, 2 insertions(+), 1 deletion(-)\n"
NUMSTAT = "\n2\t1\tpay/config.py\n"
PATCH = "\ndiff --git a/pay/config.py b/pay/config.py\n--- a/pay/config.py\n+++ b/pay/config.py\n@@ -1 +1,2 @@\n-a = 5\n+a = 1\n+b = 2\n"


@pytest.mark.parametrize(
    "date", ["Sun Nov 22 14:35:00 2026 +0000", "2026-11-22 15:35:00 +0100", "2026-11-22T14:35:00Z"]
)
def test_a_commit_has_its_author_time_and_subject(date: str) -> None:
    """In any of git's forms of dates; the time is that of the commit where it is another than the author's."""
    first, second = outcome(LOG.format(date=date, more="").encode(), "log.txt").rows["lg_changes"]

    assert ("commit", "checkout: shorten the timeout", "A Dev") == (
        first["Kind"],
        first["Title"],
        first["Actor"],
    )
    assert "2026-11-22T14:35:00+00:00" == first["Timestamp"].isoformat()
    assert "2026-11-22T09:00:00+00:00" == second["Timestamp"].isoformat()


@pytest.mark.parametrize("more", [STAT, NUMSTAT, PATCH])
def test_files_and_sizes_are_read(more: str) -> None:
    """With --stat, --numstat and -p."""
    found = outcome(LOG.format(date="2026-11-22T14:35:00Z", more=more).encode(), "log.txt")
    first = found.rows["lg_changes"][0]

    assert found.balanced
    assert (["pay/config.py"], 2, 1) == (first["Files"], first["Additions"], first["Deletions"])
    assert ("diff --git" in first["Diff"]) == (more is PATCH)


def test_a_commit_without_a_time_that_can_be_read_is_a_reject() -> None:
    """A relative date says nothing once it is a file."""
    found = outcome(LOG.format(date="3 hours ago", more="").encode(), "log.txt")
    assert found.balanced
    assert ["no commit: '3 hours ago' is not a time"] == [reject.reason for reject in found.rejects]
