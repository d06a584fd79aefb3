"""An amount without a name of its own is for what its line, or the word before it, says."""

import pytest

from lastgood.algorithms.diffs.kinds import EffectKind
from lastgood.algorithms.diffs.lone_amounts import lone_amount_effects
from lastgood.algorithms.diffs.unified import edits


def kinds(before: str, after: str, path: str) -> list[EffectKind]:
    """The kinds of the effects of one line that became another."""
    return [e.kind for edit in edits(f"-{before}\n+{after}\n", path) for e in lone_amount_effects(edit)]


@pytest.mark.parametrize(
    ("before", "after", "path", "wanted"),
    [
        ("rdb.Set(ctx, k, v, 24*time.Hour)", "rdb.Set(ctx, k, v, 5*time.Minute)", "a.go", EffectKind.TTL_SHORTENED),
        ("stub.wait(Duration::from_secs(9))", "stub.wait(Duration::from_secs(1))", "a.rs", None),
        (" server c1 10.2.2.1:80 check maxconn 200", " server c1 10.2.2.1:80 check maxconn 8", "haproxy.cfg", EffectKind.POOL_LOWERED),
        ("one two 3", "one two 4", "a.py", None),
        ("set x 5*time.Second", "put x 6*time.Second", "a.go", None),
    ],
)  # fmt: skip
def test_what_the_line_says_it_is_for(before: str, after: str, path: str, wanted: EffectKind | None) -> None:
    """A lifetime, a number of connections; nothing where no word tells, or more than the amount is another."""
    assert ([wanted] if wanted else []) == kinds(before, after, path)
