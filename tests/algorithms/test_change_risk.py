"""Commits by risk."""

from dataclasses import replace

import pytest

from lastgood.algorithms.change_risk import (
    FEWEST_EARLIER,
    GONE_AUTHORS,
    MANY_OWNERS,
    YOUNG_CODE,
    ranked,
    same_file,
)
from lastgood.model import figures
from lastgood.model.release import CarriedCommit, CodeHistory
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


KNOWN = CodeHistory(YOUNG_CODE, 9, ("kim",), GONE_AUTHORS, FEWEST_EARLIER, 1, MANY_OWNERS - 1, "kim", 3)


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        (replace(KNOWN, age_days=YOUNG_CODE - 0.1), "changes lines that are"),
        (replace(KNOWN, writers_seen_days=GONE_AUTHORS + 0.1), "whoever wrote these lines last committed"),
        (replace(KNOWN, own=0), "eve made none of the 5 earlier commits to these files"),
        (replace(KNOWN, people=MANY_OWNERS, most_commits=2), "4 people made the 5 earlier commits"),
    ],
)
def test_whose_code_it_is_counts(history: CodeHistory, reason: str) -> None:
    """Young lines, lines of people who left, an author new to the files, and files of many: each has points."""
    one = replace(commit("a", "web/a.py", "test_a.py"), actor="eve")
    usual, risky = (ranked([one], (), {"a": known})[0] for known in (KNOWN, history))

    assert [why.text for why in risky.reasons if why.points and why.text.startswith(reason)]
    assert risky.risk > usual.risk == 0
    assert history == risky.history


def test_what_is_usual_of_the_code_is_shown_without_points() -> None:
    """The age of the lines, and the author's part of the commits; of few commits nothing is said."""
    one = replace(commit("a", "web/a.py", "test_a.py"), actor="eve")
    few = replace(KNOWN, earlier=FEWEST_EARLIER - 1, own=0, people=MANY_OWNERS, most_commits=1)

    old = f"changes lines that are {figures.duration(YOUNG_CODE * 86_400)} old"

    assert [old, "eve made 1 of the 5 earlier commits to these files"] == [
        why.text for why in ranked([one], (), {"a": KNOWN})[0].reasons
    ]
    assert [old] == [why.text for why in ranked([one], (), {"a": few})[0].reasons]
