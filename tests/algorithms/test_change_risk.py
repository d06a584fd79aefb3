"""Commits by risk."""

import pytest

from lastgood.algorithms.change_risk import ranked, same_file
from lastgood.model.release import CarriedCommit
from records import START


def commit(name: str, *files: str, lines: int = 10, diff: str = "") -> CarriedCommit:
    """A commit of these files."""
    return CarriedCommit(name, START, "web", name, "", files, lines, 0, diff)


def test_kinds_of_files_make_the_order() -> None:
    """A migration before configuration before code before looks."""
    looks, code = commit("looks", "web/a.css", "README.md"), commit("code", "web/a.py")
    config, schema = commit("config", "web/a.toml"), commit("schema", "migrations/3.sql")

    assert ["schema", "config", "code", "looks"] == [
        one.commit.commit_id for one in ranked([looks, code, config, schema])
    ]


def test_the_failing_code_comes_first() -> None:
    """Whatever else is in a commit; with the file that says so."""
    harmless, risky = (
        commit("fix", "src/shop/orders.py", "tests/test_orders.py"),
        commit("big", "db/1.sql", lines=900),
    )

    found = ranked([risky, harmless], ["/app/src/shop/orders.py", "/usr/lib/python3/json.py"])

    assert (
        "fix"
        == ranked([harmless, commit("plain", "a.py", "test_a.py")], ["/app/src/shop/orders.py"])[
            0
        ].commit.commit_id
    )
    assert ("src/shop/orders.py",) == next(one.failing for one in found if one.commit.commit_id == "fix")


def test_what_a_diff_does_counts() -> None:
    """Its effects are reasons; a diff without effect is not one."""
    diff = "--- a/web/a.toml\n+++ b/web/a.toml\n@@ -1 +1 @@\n-read_timeout_ms = 2000\n+read_timeout_ms = 20\n"
    found = ranked([commit("cut", "web/a.toml", diff=diff)])[0]

    assert "shortens a timeout" in [why.text for why in found.reasons]
    assert found.risk > ranked([commit("cut", "web/a.toml")])[0].risk
    assert sorted((why.points for why in found.reasons), reverse=True) == [
        why.points for why in found.reasons
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("src/shop/orders.py", "/app/src/shop/orders.py", True),
        ("shop/orders.py", "/usr/src/app/shop/orders.py", True),
        ("repo/src/shop/orders.py", "/srv/shop/orders.py", True),
        ("src/shop/orders.py", "/app/src/stock/orders.py", False),
        ("Orders.java", "src/main/java/com/shop/Orders.java", True),
        ("orders.py", "reorders.py", False),
    ],
)
def test_paths_of_a_repository_and_of_a_machine(one: str, other: str, same: bool) -> None:
    """They share their end: name and folder, or the name where there is no more."""
    assert same == same_file(one, other) == same_file(other, one)
