"""The feed is read from a day before, with the diffs of those that are wanted."""

from datetime import timedelta

from lastgood.model.scope import Scope
from lastgood.model.window import Window
from lastgood.readings.case import Case
from lastgood.readings.feed import read_changes, read_diffs
from lastgood.telemetry.tables import CHANGES
from lastgood.workbench.store import Store
from worlds import START, World, put


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
    holdings, reader = store.survey()
    window = Window(START, START + timedelta(minutes=1))
    case = Case(
        window, None, Scope(), holdings, window.end,
        lambda sql, bound, within, comparison, scope: reader.query(sql, bound, within, comparison=comparison, scope=scope),
    )  # fmt: skip

    changes, rows = read_changes(case)

    assert (["b", "a", "old"], 3) == ([change.change_id for change in changes], len(rows))
    assert (("a.py",), {"region": "eu"}) == (changes[1].files, changes[1].attributes)
    assert {("a", changes[1].at): "-y"} == read_diffs(case, {"a"})
    assert {} == read_diffs(case, set())


def test_a_deploy_of_nobody_is_of_the_repository_whose_commit_it_names(store: Store) -> None:
    """One that names a commit which is not known stays no one's."""
    World(seconds=60, rate=1).store_spans(store)
    sha = "4fa0183c33572c8bb4af65e43b03ab0ad6360c87"
    put(
        store, CHANGES,
        {
            "Id": [sha, "known", "other"], "Timestamp": [START - timedelta(hours=h) for h in (3, 2, 1)],
            "Kind": ["commit", "deploy", "deploy"], "Service": ["seats", "", ""], "Files": [[], [], []],
            "Attributes": [[], [("vcs.ref.head.revision", sha[:12])], [("vcs.ref.head.revision", "9c1e5d2")]],
        },
        "changes",
    )  # fmt: skip
    holdings, reader = store.survey()
    window = Window(START, START + timedelta(minutes=1))
    case = Case(
        window, None, Scope(), holdings, window.end,
        lambda sql, bound, within, comparison, scope: reader.query(sql, bound, within, comparison=comparison, scope=scope),
    )  # fmt: skip

    assert {sha: "seats", "known": "seats", "other": ""} == {
        c.change_id: c.service for c in read_changes(case)[0]
    }
