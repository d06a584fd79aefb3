"""Settings within connection strings and URLs of databases."""

import pytest

from lastgood.algorithms.diffs.effects import effects
from lastgood.algorithms.diffs.kinds import EffectKind as K


def found(path: str, old: str, new: str) -> list[tuple[K, str]]:
    """The effects of a line that changed."""
    diff = f"--- a/{path}\n+++ b/{path}\n@@ -1,1 +1,1 @@\n-{old}\n+{new}\n"
    return [(one.kind, one.what) for one in effects(diff, (path,))]


@pytest.mark.parametrize(
    ("path", "line", "old", "new", "effect"),
    [
        ("a.json", '"Main": "Server=sql-1;Max Pool Size={};Trusted_Connection=True"', "100", "10", (K.POOL_LOWERED, "Max_Pool_Size 100 → 10")),
        ("a.yaml", "URL: postgresql://db/app?connection_limit={}&pool_timeout=9", "20", "5", (K.POOL_LOWERED, "connection_limit 20 → 5")),
        (".env", "DATABASE_URL=postgresql://db/app?pool_size={}", "20", "2", (K.POOL_LOWERED, "pool_size 20 → 2")),
        ("a.properties", "db.url=jdbc:mysql://db/app?connectTimeout={}", "5000", "100", (K.TIMEOUT_SHORTENED, "connectTimeout 5000 → 100")),
    ],
)  # fmt: skip
def test_a_pair_is_a_setting(path: str, line: str, old: str, new: str, effect: tuple[K, str]) -> None:
    """By its own name."""
    assert [effect] == found(path, line.format(old), line.format(new))


def test_who_connects_is_not_told() -> None:
    """A secret is no judgement."""
    line = '"Main": "Server=sql-1;Password={};Pooling=true"'

    assert [] == found("a.json", line.format("one"), line.format("two"))


def test_another_database_is_another_place() -> None:
    """Before the parameters."""
    ((kind, _),) = found("a.yaml", "URL: postgresql://db1/app?x=1", "URL: postgresql://db2/app?x=1")

    assert K.ENDPOINT_CHANGED is kind
