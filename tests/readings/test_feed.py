"""The feed is read from a day before, with the diffs of those that are wanted."""

from datetime import timedelta

from lastgood.model.attributes import HEAD_REVISION
from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.feed import read_changes, read_diffs
from lastgood.telemetry.tables import CHANGES
from lastgood.workbench.store import Store
from worlds import START, World, put


def _first_minute(store: Store) -> Case:
    """The case of all that is held, with the first minute as its window."""
    holdings, reader = store.survey()
    window = Window(START, START + timedelta(minutes=1))
    return Case(
        window, None, Scope(), holdings, window.end,
        lambda sql, bound, within, comparison, scope: reader.query(sql, bound, within, comparison=comparison, scope=scope),
    )  # fmt: skip


def test_changes_of_the_day_before_and_their_diffs(store: Store) -> None:
    """Newest first; of two days ago only a commit, which a deploy of now may carry; a diff only if it is asked for."""
    World(seconds=60, rate=1).store_spans(store)
    put(
        store, CHANGES,
        {
            "Id": ["gone", "old", "a", "b"], "Timestamp": [START - timedelta(hours=h) for h in (50, 49, 20, 1)],
            "Kind": ["flag", "commit", "deploy", "deploy"], "Diff": ["", "-x", "-y", "-z"], "Files": [[], [], ["a.py"], []],
            "Attributes": [[], [], [("region", "eu")], []],
        },
        "changes",
    )  # fmt: skip
    case = _first_minute(store)

    changes, rows = read_changes(case)

    assert (["b", "a", "old"], 3) == ([change.change_id for change in changes], len(rows))
    assert (("a.py",), {"region": "eu"}) == (changes[1].files, changes[1].attributes)
    assert {("a", changes[1].at): "-y"} == read_diffs(case, {"a"})
    assert {} == read_diffs(case, set())


def test_a_deploy_of_nobody_is_of_the_repository_whose_commit_it_names(store: Store) -> None:
    """One that names a commit which is not known stays no one's."""
    World(seconds=60, rate=1).store_spans(store)
    sha = "5893410c33572c8bb4af65e43b03ab0ad6360c87"  # it begins as a number does
    put(
        store, CHANGES,
        {
            "Id": [sha, "known", "other"], "Timestamp": [START - timedelta(hours=h) for h in (3, 2, 1)],
            "Kind": ["commit", "deploy", "deploy"], "Service": ["seats", "", ""], "Files": [[], [], []],
            "Attributes": [[], [("vcs.ref.head.revision", sha[:7])], [("vcs.ref.head.revision", "9c1e5d2")]],
        },
        "changes",
    )  # fmt: skip
    case = _first_minute(store)

    assert {sha: "seats", "known": "seats", "other": ""} == {
        c.change_id: c.service for c in read_changes(case)[0]
    }


def test_a_pipeline_that_is_called_like_one_commit_brought_it(store: Store) -> None:
    """Not one that ran days later, before it, or like two commits."""
    World(seconds=60, rate=1).store_spans(store)
    named = [
        ("4fa0183c", "seats", "seats: rows"),
        ("5fa0183c", "fares", "bump"),
        ("6fa0183c", "seats", "bump"),
        ("7fa0183c", "seats", "late"),
    ]
    runs = [
        ("r1", "seats: rows", 2.9),
        ("r2", "bump", 2.9),
        ("r3", "seats: rows", 3.1),
        ("r4", "seats: rows", 3 - 25),
    ]
    put(
        store, CHANGES,
        {
            "Id": [*(sha for sha, _, _ in named), *(run for run, _, _ in runs)],
            "Timestamp": [*(START - timedelta(hours=30) for _ in named), *(START - timedelta(hours=27 + hours) for _, _, hours in runs)],
            "Kind": ["commit"] * 4 + ["deploy"] * 4, "Service": [*(service for _, service, _ in named), *[""] * 4],
            "Title": [*(title for _, _, title in named), *(title for _, title, _ in runs)], "Files": [[]] * 8, "Attributes": [[]] * 8,
        },
        "changes",
    )  # fmt: skip
    case = _first_minute(store)
    found = {
        one.change_id: (one.service, one.attributes.get(HEAD_REVISION, "")) for one in read_changes(case)[0]
    }

    assert ("seats", "4fa0183c") == found["r1"]
    assert [("", "")] * 3 == [found[run] for run in ("r2", "r3", "r4")]
