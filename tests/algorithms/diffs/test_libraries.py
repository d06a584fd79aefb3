"""Libraries are named with their versions before and after."""

import pytest

from lastgood.algorithms.diffs.libraries import library_effects
from lastgood.algorithms.diffs.syntax import read
from lastgood.algorithms.diffs.unified import hunks


@pytest.mark.parametrize(
    ("path", "diff", "subject", "what"),
    [
        ("requirements.txt", "-shop-http==1.4\n+shop-http==1.5\n", "shop-http", "shop-http 1.4 → 1.5"),
        ("Gemfile", '-gem "pg", "1.4"\n+gem "pg", "1.5"\n', "pg", "pg 1.4 → 1.5"),
        ("build.gradle", "-  implementation 'org.a:b:1.0'\n+  implementation 'org.a:b:2.0'\n", "org.a:b", "org.a:b 1.0 → 2.0"),
        ("Cargo.toml", '-serde = "1.0"\n+serde = "1.1"\n', "serde", "serde 1.0 → 1.1"),
        ("a.csproj", '-<PackageReference Include="Dapper" Version="2.0" />\n+<PackageReference Include="Dapper" Version="2.1" />\n', "Dapper", "Dapper 2.0 → 2.1"),
        ("requirements.txt", "+redis==5.0\n", "redis", "redis 5.0 is new"),
        ("requirements.txt", "-redis==5.0\n", "redis", "redis 5.0 is gone"),
    ],
)  # fmt: skip
def test_a_library_has_another_version(path: str, diff: str, subject: str, what: str) -> None:
    """In the manifest of every language."""
    (hunk,) = hunks(diff, path)

    assert [(subject, what)] == [(effect.subject, effect.what) for effect in library_effects(read(hunk))]


def test_the_same_version_on_another_line_is_no_change() -> None:
    """Only its place is another."""
    (hunk,) = hunks("-a==1\n-b==1\n+b==1\n+a==1\n", "requirements.txt")

    assert [] == list(library_effects(read(hunk)))
