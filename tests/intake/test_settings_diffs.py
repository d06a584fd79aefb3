"""Diffs of settings files."""

from lastgood.decoding.input import Input
from lastgood.intake._registry import best_claim
from outcomes import outcome

ONE = b"--- /etc/a~\t2026-11-20 10:00:00.0 +0100\n+++ /etc/a\t2026-11-22 15:09:00.0 +0100\n@@ -1 +1 @@\n-timeout 30s\n+timeout 3s\n"
TWO = b"--- /etc/b~\t2026-11-20 10:00:00.0 +0100\n+++ /etc/b\t2026-11-22 15:10:00.0 +0100\n@@ -0,0 +1,2 @@\n+x\n+y\n"


def test_a_file_is_a_change_at_the_time_of_the_newer_one() -> None:
    """With its diff and the lines that it adds and removes."""
    found = outcome(ONE + TWO, "a.diff")
    first, second = found.rows["lg_changes"]
    assert ("14:09", 1, 1, ["/etc/a"]) == (f"{first['Timestamp']:%H:%M}", first["Additions"], first["Deletions"], list(first["Files"]))  # fmt: skip
    assert (2, 0) == (second["Additions"], second["Deletions"])
    assert first["Diff"].endswith("+timeout 3s")
    assert found.balanced


def test_without_a_time_it_is_not_read() -> None:
    """As git writes them."""
    assert best_claim(Input(None, "a.diff", b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n")) is None


def test_what_is_not_read_is_a_reject() -> None:
    """A file of no time, and what is behind the longest diff."""
    odd = outcome(ONE + TWO.replace(b"2026-11-22 15:10", b"2026-13-45 15:10"), "a.diff")
    assert (True, 1, 1) == (odd.balanced, len(odd.rejects), len(odd.rows["lg_changes"]))
    long = outcome(ONE + b"+x\n" * 500_000, "a.diff")
    assert (True, 1) == (long.balanced, len(long.rejects))
