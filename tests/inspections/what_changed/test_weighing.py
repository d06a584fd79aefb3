"""Weights of changes become verdicts, rivals beside each other."""

from dataclasses import replace
from typing import Any

import pyarrow as pa

from inspections.scenes import CALM, SCENE, case, change
from lastgood.inspections.what_changed.weighing import weigh
from lastgood.model.answers import Answer, ChangesWeighed, ChangeVerdict, GoldenSignals, Shape, WeighedChange
from lastgood.model.change import Change
from lastgood.model.evidence import Provenance
from lastgood.readings.case import Case
from lastgood.telemetry.reader import Rows

LIKELY, POSSIBLE, UNLIKELY, OUT = (
    ChangeVerdict.LIKELY,
    ChangeVerdict.POSSIBLE,
    ChangeVerdict.UNLIKELY,
    ChangeVerdict.RULED_OUT,
)


def weighed(
    *changes: Change, answers: tuple[Answer, ...] = (), diffs: dict[str, str] | None = None
) -> ChangesWeighed:
    """Changes against the scene; the store answers with diffs alone."""
    told = [{"id": c.change_id, "ts": c.at, "patch": (diffs or {}).get(c.change_id, "")} for c in changes]
    rows = Rows(pa.Table.from_pylist(told), Provenance("", {}, None, len(told), 0.0))
    asking: Case = replace(case(*answers), ask=lambda *_: rows)
    return weigh(asking, list(changes), SCENE, CALM)


def verdicts(found: ChangesWeighed) -> dict[str, ChangeVerdict]:
    """By id, most suspect first."""
    return {one.change_id: one.verdict for one in found.ranked}


def of(found: ChangesWeighed, name: str) -> WeighedChange:
    """One of them."""
    return next(one for one in found.ranked if one.change_id == name)


def test_the_one_at_the_time_and_the_place_is_likely() -> None:
    """Another off the path and one of hours ago are not, each with its reasons."""
    found = weighed(
        change("c", "deploy", 1), change("off", "deploy", 1, "search"), change("old", "config", 300)
    )

    assert {"c": LIKELY, "old": UNLIKELY, "off": UNLIKELY} == verdicts(found)
    assert all(one.for_it or one.against_it for one in found.ranked)
    assert 0 < (found.unexplained or 0) < 0.5


def test_two_at_one_time_and_place_are_possible_each() -> None:
    """Nothing tells them apart."""
    assert {"a": POSSIBLE, "b": POSSIBLE} == verdicts(
        weighed(change("a", "deploy", 1), change("b", "config", 1))
    )


def test_a_diff_tells_them_apart() -> None:
    """One makes calls in a loop, where what is slow is slow; the other touches a text."""
    slow = GoldenSignals(Shape.UP, None, None, None)
    changes = (change("a", "config", 1, files=("a.py",)), change("b", "config", 1, files=("README.md",)))
    found = weighed(
        *changes, answers=(slow,), diffs={"a": "+for i in items:\n+    db.query(i)\n", "b": "-x\n+y\n"}
    )

    assert (LIKELY, UNLIKELY) == (verdicts(found)["a"], verdicts(found)["b"])
    assert any("a call for each" in reason for reason in of(found, "a").for_it)


def test_after_the_onset_is_too_late() -> None:
    """Five minutes after is ruled out; a scaling event at once, as a reaction."""
    found = weighed(change("late", "deploy", -5), change("hpa", "scaling", -1))

    assert {"late": OUT, "hpa": OUT} == verdicts(found)
    assert any("reaction" in reason for reason in of(found, "hpa").against_it)


def test_traffic_takes_the_blame_off_a_deploy_of_a_quarter_of_an_hour_ago() -> None:
    """Five times the requests, and whatever was changed is not likely."""
    busy = GoldenSignals(Shape.UP, Shape.UP, None, None, {"requests a second": (10.0, 50.0)})
    found = weighed(change("d", "deploy", 15), answers=(busy,))

    assert UNLIKELY is verdicts(found)["d"]
    assert "traffic" == found.others[0].cause
    assert (found.unexplained or 0) > 0.9


def test_a_commit_is_weighed_with_the_deploy_that_carried_it() -> None:
    """By what it holds: the one that fits stands first, then its deploy; the typo is cleared."""
    slow = GoldenSignals(Shape.UP, None, None, None)
    found = weighed(
        change("typo", "commit", 200, within="d", files=("README.md",)),
        change("loop", "commit", 190, within="d", files=("a.py",)),
        change("d", "deploy", 1),
        answers=(slow,),
        diffs={"typo": "-a\n+b\n", "loop": "+for i in items:\n+    db.query(i)\n"},
    )

    assert ["loop", "d", "typo"] == list(verdicts(found))
    assert (LIKELY, LIKELY, UNLIKELY) == tuple(verdicts(found).values())
    assert ("d", "d", None) == (of(found, "loop").within, of(found, "typo").within, of(found, "d").within)


def test_nothing_changed() -> None:
    """All of it is unexplained."""
    assert 1.0 == weighed().unexplained


def test_ids_may_come_again() -> None:
    """Runs of one job have one id: each is weighed for itself."""
    runs: list[Any] = [change("job", "cron", minutes, title="job") for minutes in (60, 45, 30, 15, 0)]

    assert [OUT] == list({one.verdict for one in weighed(*runs).ranked if one.at == runs[-1].at})
