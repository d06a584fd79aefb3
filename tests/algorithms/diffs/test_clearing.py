"""What clears away what piles up, and edits that left less of it."""

import pytest

from lastgood.algorithms.diffs.effects import effects
from lastgood.algorithms.diffs.kinds import EffectKind

K = EffectKind.CLEARING_REMOVED


@pytest.mark.parametrize(
    ("path", "diff"),
    [
        ("logrotate.d/shop", "-    size 200M\n-    rotate 3\n+    weekly\n+    rotate 8\n"),
        ("cron.d/shop", "-15 * * * * root find /var/spool/shop -mtime +1 -delete\n"),
        ("jobs/crontab", "-0 3 * * * root /usr/bin/docker system prune -f\n+0 4 * * * root /usr/bin/true\n"),
    ],
)
def test_less_is_cleared_away(path: str, diff: str) -> None:
    """Rotation by size, deletion, pruning."""
    assert K in {one.kind for one in effects(f"--- a/{path}\n+++ b/{path}\n@@ -1,4 +1,4 @@\n{diff}", (path,))}


def test_what_only_moved_or_is_a_comment_is_cleared_as_before() -> None:
    """Another hour of the same job; a comment about it."""
    moved = "-0 3 * * * root docker system prune -f\n+0 5 * * * root docker system prune -f\n"
    remark = "-# prune at night\n"

    for diff in (moved, remark):
        found = effects(f"--- a/crontab\n+++ b/crontab\n@@ -1,4 +1,4 @@\n{diff}", ("crontab",))
        assert K not in {one.kind for one in found}
