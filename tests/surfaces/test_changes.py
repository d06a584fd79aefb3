"""The change feed in words."""

from dataclasses import replace

from lastgood.surfaces.changes import change_document, feed_text
from lastgood.workbench.changes import Feed, FeedChange
from sitreps import WINDOW, at, broken

DEPLOY = FeedChange(
    "d-46", at("14:41:00"), at("14:41:00"), "deploy", "payments", "charge in one step", "ana", "v2.46.0", "v2.45.1",
    "success", "", "", "ci", 3, 40, 12,
)  # fmt: skip
FLAG = replace(
    DEPLOY, change_id="f-1", at=at("14:50:00"), kind="flag", version="", title="anz-3ds on", files=0
)


def test_the_onset_stands_where_it_falls() -> None:
    """Changes before it, the onset, changes after it, each with its distance."""
    lines = feed_text(Feed((DEPLOY, FLAG), WINDOW, broken().onset, cut_off=False)).splitlines()

    assert 3 == len(lines)
    assert "payments       v2.45.1 → v2.46.0 charge in one step (3 files +40 -12) by ana [d-46]" in lines[0]
    assert lines[0].endswith("4 min 20 s before the onset")
    assert "onset: checkout errors" in lines[1]
    assert lines[2].endswith("4 min 40 s after the onset")


def test_without_an_onset_none_is_drawn() -> None:
    """The feed alone."""
    assert "onset" not in feed_text(Feed((DEPLOY,), WINDOW, None, cut_off=False))


def test_a_change_as_json() -> None:
    """Empty values are null."""
    document = change_document(FLAG)

    assert ("f-1", None, "2026-11-22T14:50:00Z") == (document["id"], document["version"], document["at"])


def test_a_version_is_written_once() -> None:
    """Not again in the title, and not of a commit, whose version is its id."""
    release = replace(DEPLOY, title="v2.46.0: Release v2.46.0")
    commit = replace(DEPLOY, change_id="ab" * 20, kind="commit", version="ab" * 6, previous_version="cd" * 6)
    lines = feed_text(Feed((release, commit), WINDOW, None, cut_off=False)).splitlines()

    assert "payments       v2.45.1 → v2.46.0 Release v2.46.0 (3 files" in lines[0]
    assert "payments       charge in one step (3 files +40 -12) by ana [abababababab]" in lines[1]
