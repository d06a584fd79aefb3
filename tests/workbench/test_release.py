"""The commits of a deploy."""

import subprocess
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from lastgood.algorithms.change_lineage import TAGGED
from lastgood.algorithms.change_risk import FEWEST_EARLIER
from lastgood.errors import NoDataError, UsageError
from lastgood.telemetry.tables import CHANGES, LOGS
from lastgood.workbench.load import load
from lastgood.workbench.release import release
from lastgood.workbench.store import Store
from records import START

STACK = (
    'Traceback (most recent call last):\n  File "/app/shop/orders.py", line 3, in place\n    x\nKeyError: 1\n'
)


def put(store: Store, *rows: tuple[str, str, int, str, str, str, list[str]]) -> None:
    """Changes: id, kind, minutes, service, version, within, files; a deploy whose id begins with tag/ is a tag."""
    columns = {
        "Id": [row[0] for row in rows],
        "Kind": [row[1] for row in rows],
        "Timestamp": [START + timedelta(minutes=row[2]) for row in rows],
        "EndTimestamp": [START + timedelta(minutes=row[2]) for row in rows],
        "Service": [row[3] for row in rows],
        "Version": [row[4] for row in rows],
        "Within": [row[5] for row in rows],
        "Files": [row[6] for row in rows],
        "State": [TAGGED if row[0].startswith("tag/") else "" for row in rows],
        "PreviousVersion": ["v1" if row[0].startswith("on-v1/") else "" for row in rows],
    }
    store.engine.insert("lg_changes", CHANGES.rows(columns), token=repr(rows)).result()


def test_commits_that_the_feed_puts_into_the_deploy(store: Store) -> None:
    """With the one that touches the failing code first; the deploy by id, version or both."""
    put(
        store,
        ("c1", "commit", 1, "shop", "", "d2", ["shop/orders.py"]),
        ("c2", "commit", 2, "shop", "", "d2", ["deploy/app.toml"]),
        ("c3", "commit", 3, "shop", "", "other", ["a.py"]),
        ("d2", "deploy", 5, "shop", "v2", "", []),
    )
    line = {
        "Timestamp": [START + timedelta(minutes=6)],
        "ServiceName": ["shop"],
        "SeverityNumber": [17],
        "Body": [STACK],
    }
    store.engine.insert("otel_logs", LOGS.rows(line), token="x").result()  # noqa: S106

    found = release(store, "v2")

    assert ["c1", "c2"] == [one.commit.commit_id for one in found.commits]
    assert (True, 1, ("shop/orders.py",)) == (found.reported, found.traces, found.commits[0].failing)
    assert found.commits == release(store, "d2").commits == release(store, "shop v2").commits
    assert any("no diff of 2 of 2" in one for one in found.unknown)


def test_commits_between_two_deploys(store: Store) -> None:
    """Where the feed does not say; that is said, and that there are no stack traces."""
    put(
        store,
        ("c0", "commit", 0, "shop", "", "", ["z.py"]),
        ("d1", "deploy", 1, "shop", "v1", "", []),
        ("c1", "commit", 2, "shop", "", "", ["a.py"]),
        ("c2", "commit", 3, "cart", "", "", ["b.py"]),
        ("d2", "deploy", 5, "shop", "v2", "", []),
        ("d3", "deploy", 6, "cart", "v2", "", []),
    )
    found = release(store, "shop v2")

    assert (["c1"], False) == ([one.commit.commit_id for one in found.commits], found.reported)
    assert any("since the version before" in one for one in found.unknown)
    assert any("no stack trace" in one for one in found.unknown)
    with pytest.raises(UsageError, match="Several"):
        release(store, "v2")
    with pytest.raises(UsageError, match="No deploy"):
        release(store, "v9")


def test_a_repository_says_whose_code_it_is_and_how_old(store: Store, tmp_path: Path) -> None:
    """Of earlier commits to the same files; where none is loaded, that is said. A commit of documents has no code."""

    def commit(who: str, day: int, name: str, text: str) -> None:
        (tmp_path / name).write_text(text)
        git(tmp_path, who, day, "add", ".")
        git(tmp_path, who, day, "commit", "-qm", f"{name} of {who}")

    git(tmp_path, "kim", 0, "init", "-q", "-b", "main")
    for day in range(FEWEST_EARLIER):
        commit("kim", day, "a.py", f"first = 1\nsecond = {day}\n")
    git(tmp_path, "kim", 9, "tag", "v1")
    commit("eve", 30, "a.py", f"first = 2\nsecond = {day}\n")
    commit("kim", 31, "b.py", "new = 1\n")
    commit("kim", 32, "README.md", "text\n")
    git(tmp_path, "kim", 33, "tag", "v2")
    load(store, [tmp_path], now=START + timedelta(days=40), zone=UTC)
    found = {one.commit.title: one for one in release(store, "v2").commits}
    changed = found["a.py of eve"].history

    assert changed
    assert (30.0, ("kim",), FEWEST_EARLIER, 0) == (
        changed.age_days,
        changed.writers,
        changed.earlier,
        changed.own,
    )
    assert any("eve made none of" in why.text for why in found["a.py of eve"].reasons)
    assert found["README.md of kim"].history is None
    assert any("1 of 2 commits is loaded" in one for one in release(store, "v2").unknown)


def git(folder: Path, who: str, day: int, *words: str) -> None:
    """Run git as a person, on a day."""
    when = (START + timedelta(days=day)).isoformat()
    environment = {
        "PATH": "/usr/bin:/bin",
        "GIT_AUTHOR_DATE": when,
        "GIT_COMMITTER_DATE": when,
        "HOME": str(folder),
    }
    command = ["git", "-c", f"user.name={who}", "-c", f"user.email={who}@shop.example", *words]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("others", "expected"), [(("shop-backend",), ["c1"]), (("shop-backend", "docs"), [])]
)
def test_commits_of_the_tag_of_its_version_in_a_repository_of_another_name(
    store: Store, others: tuple[str, ...], expected: list[str]
) -> None:
    """It is the only one with a tag of this version, which is said; of two, neither is taken."""
    put(store, ("d2", "deploy", 5, "orders", "2.0", "", []))
    for n, other in enumerate(others):
        put(
            store,
            (f"c{n + 1}", "commit", 1, other, "", f"{other}-2", ["a.py"]),
            (f"{other}-2", "deploy", 2, other, "v2.0", "", []),
        )
    found = release(store, "orders 2.0")

    assert expected == [one.commit.commit_id for one in found.commits]
    assert not found.reported
    assert bool(expected) == any("tag 2.0 of shop-backend" in one for one in found.unknown)


def test_what_is_tagged_and_not_yet_deployed_is_no_version_before(store: Store) -> None:
    """The commits of a deploy are those between the tags of its version and of the one it took the place of."""
    put(
        store,
        ("c1", "commit", 1, "shop", "", "tag/1", ["a.py"]),
        ("tag/1", "deploy", 1, "shop", "v1", "", []),
        ("c2", "commit", 2, "shop", "", "tag/2", ["a.py"]),
        ("tag/2", "deploy", 2, "shop", "v2", "", []),
        ("c3", "commit", 3, "shop", "", "tag/3", ["a.py"]),
        ("tag/3", "deploy", 3, "shop", "v3", "", []),
        ("on-v1/2", "deploy", 5, "shop", "v2", "", []),
    )

    assert ["c2"] == [one.commit.commit_id for one in release(store, "on-v1/2").commits]


def test_nothing_recorded(store: Store) -> None:
    """No changes at all."""
    with pytest.raises(NoDataError):
        release(store, "v1")


def test_a_tag_and_a_deploy_of_one_version_are_one_deploy(store: Store) -> None:
    """The deploy before is of another version; its own commit was in production before."""
    put(
        store,
        ("c1", "commit", 1, "shop", "", "", ["a.py"]),
        ("tag/1", "deploy", 1, "shop", "v1", "", []),
        ("c2", "commit", 2, "shop", "", "", ["b.py"]),
        ("c3", "commit", 3, "shop", "", "", ["c.py"]),
        ("tag/2", "deploy", 3, "shop", "v2", "", []),
        ("d2", "deploy", 5, "shop", "2", "", []),
    )

    found = release(store, "d2")

    assert {"c2", "c3"} == {one.commit.commit_id for one in found.commits}


def test_a_stack_trace_that_names_no_service_is_of_the_code_it_names(store: Store) -> None:
    """Of two such traces one is of a file that a commit touches."""
    put(
        store,
        ("c1", "commit", 1, "shop", "", "d2", ["shop/orders.py"]),
        ("d2", "deploy", 5, "shop", "v2", "", []),
    )
    line = {
        "Timestamp": [START + timedelta(minutes=6)] * 2,
        "ServiceName": [""] * 2,
        "SeverityNumber": [17] * 2,
        "Body": [STACK, STACK.replace("shop/orders", "mail/letters")],
    }
    store.engine.insert("otel_logs", LOGS.rows(line), token="x").result()  # noqa: S106

    found = release(store, "v2")

    assert (1, ("shop/orders.py",)) == (found.traces, found.commits[0].failing)
