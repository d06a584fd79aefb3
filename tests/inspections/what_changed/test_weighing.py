"""Weights of changes become verdicts, rivals beside each other."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyarrow as pa

from inspections.scenes import CALM, CONTENT, ONSET, ORIGIN, SCENE, case, change, scene, tips
from lastgood.algorithms.diffs.kinds import Effect, EffectKind
from lastgood.inspections.what_changed import weights
from lastgood.inspections.what_changed.exposure import Exposure
from lastgood.inspections.what_changed.slow_rises import SlowRise
from lastgood.inspections.what_changed.suspects import Suspect
from lastgood.inspections.what_changed.symptoms import Symptoms
from lastgood.inspections.what_changed.weighing import (
    _circumstances,
    _filling,
    _Seen,
    weigh,
)
from lastgood.inspections.what_changed.weights import (
    DIFFS_READ,
    FILLS_UP,
    GOOD_AFTER_IT,
    NOT_DEPLOYED,
    NOT_TAKEN,
    RULED_OUT_BELOW,
    STILL_NEAR,
    WENT_OUT_EARLIER,
)
from lastgood.model.answers import (
    Answer,
    ChangesWeighed,
    ChangeVerdict,
    GoldenSignals,
    Shape,
    WeighedChange,
)
from lastgood.model.change import Change
from lastgood.model.evidence import Provenance
from lastgood.model.judgement import Reason, Weight
from lastgood.model.judgement import rows as rows_of
from lastgood.readings.case import Case
from lastgood.telemetry.reader import Rows

UNSERVED = Exposure({}, ONSET - timedelta(hours=1), ONSET + timedelta(minutes=20), SCENE.low)
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
    reported = [{"id": c.change_id, "ts": c.at, "patch": (diffs or {}).get(c.change_id, "")} for c in changes]
    rows = Rows(pa.Table.from_pylist(reported), Provenance("", {}, None, len(reported), 0.0))
    none = Rows(pa.table({}), rows.provenance)
    asking: Case = replace(case(*answers), ask=lambda sql, *_: rows if "patch" in sql else none)
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


def test_a_commit_of_a_tag_came_with_the_deploy_of_its_version() -> None:
    """The tag names no service; the deploy does, and a roll-back needs it."""
    found = weighed(
        change("loop", "commit", 190, service="", within="tag//v2", files=("cart/a.py",)),
        change("tag//v2", "deploy", 180, service="", version="v2", state="tagged"),
        change("d", "deploy", 1, service="cart", version="2"),
    )
    loop = of(found, "loop")

    assert ("d", "cart") == (loop.within, found.owner(loop))


def test_a_deploy_to_a_machine_is_placed_where_its_commits_are() -> None:
    """The machine is no service; what was brought to it is what the files of the commit name. A service that is known is its own place."""
    slow = GoldenSignals(Shape.UP, None, None, None)
    revision = {"vcs.ref.head.revision": "4be1c0ffee"}
    commit = change("4be1c0ffee", "commit", 30, "machines", files=("cart/limits.conf",))
    found = [
        weighed(commit, change("d", "deploy", 1, where, attributes=revision), answers=(slow,))
        for where in ("vm-7", "search")
    ]

    assert [LIKELY, POSSIBLE] == [verdicts(one)["d"] for one in found]


def test_a_tag_that_a_later_deploy_has_passed_took_effect_by_then() -> None:
    """Else it may have been applied at any time since; its age is then no reason against it."""
    tag = change("tag", "deploy", 600, version="v2", state="tagged")
    known = [weighed(tag), weighed(tag, change("next", "deploy", 300, version="v3"))]

    assert [False, True] == [
        any("before the onset" in reason for reason in of(one, "tag").against_it) for one in known
    ]


def test_nothing_changed() -> None:
    """All of it is unexplained."""
    assert 1.0 == weighed().unexplained


def test_ids_may_come_again() -> None:
    """Runs of one job have one id: each is weighed for itself."""
    runs: list[Any] = [change("job", "cron", minutes, title="job") for minutes in (60, 45, 30, 15, 0)]

    assert [OUT] == list({one.verdict for one in weighed(*runs).ranked if one.at == runs[-1].at})


def test_a_single_reason_clears_a_change_from_its_row_on() -> None:
    """The reasons below it do, those above it do not."""
    rows = [row for _, row in rows_of(vars(weights)) if isinstance(row, Weight) and 0 < row < 0.1]
    clears = [
        Suspect(change("c", "deploy", 1), ORIGIN, CONTENT, 0, circumstances=[Reason(row)]).out for row in rows
    ]
    edge = [Weight(RULED_OUT_BELOW + more, "", "") for more in (0.0, 0.001)]

    assert [row <= RULED_OUT_BELOW for row in rows] == clears
    assert [True, False] == [
        Suspect(change("c", "deploy", 1), ORIGIN, CONTENT, 0, circumstances=[Reason(row)]).out for row in edge
    ]


def circumstances(**origin: Any) -> list[Reason]:
    """Of a deploy whose commit went no way that is known."""
    found = replace(ORIGIN, **origin)
    suspect = Suspect(change("c", "commit", 1), found, CONTENT, 0)
    seen = _Seen(
        case(),
        SCENE,
        CALM,
        Symptoms(frozenset(), {}),
        [],
        UNSERVED,
        {("commit", "cart", ""): []},
        frozenset(),
        [],
    )
    return _circumstances(seen, suspect, [])[2:]


def test_a_commit_that_did_not_go_out_is_cleared_by_how() -> None:
    """It waits, no one took it, or it went with an older deploy."""
    assert tips(circumstances(waiting=True), NOT_DEPLOYED)
    assert tips(circumstances(untaken=True), NOT_TAKEN)
    assert tips(circumstances(earlier=True), WENT_OUT_EARLIER)


def test_near_and_far_are_said_for_and_against() -> None:
    """From the least reach on."""
    near = [
        scene(suspects={"other": 1.0, "cart": STILL_NEAR + more}) for more in (0.0, -0.01)
    ]  # fmt: skip
    seen = [
        _Seen(
            case(),
            one,
            CALM,
            Symptoms(frozenset(), {}),
            [],
            UNSERVED,
            {("deploy", "cart", ""): []},
            frozenset(),
            [],
        )
        for one in near
    ]
    said = [
        _circumstances(one, Suspect(change("c", "deploy", 1), ORIGIN, CONTENT, 0), [])[1].against
        for one in seen
    ]

    assert [False, True] == said


def test_what_fills_up_what_rises_weighs_more() -> None:
    """A cache without a bound, beside memory that climbs."""
    rise = SlowRise("cart", "memory", "memory", ONSET - timedelta(hours=1), ONSET - timedelta(hours=1))
    seen = _Seen(case(), SCENE, CALM, Symptoms(frozenset(), {}), [rise], UNSERVED, {}, frozenset(), [])
    content = replace(CONTENT, effects=(Effect(EffectKind.CACHE_UNBOUNDED, "a.py", "x"),))

    assert tips(_filling(seen, content), FILLS_UP)
    assert [] == _filling(seen, CONTENT)


def test_a_whole_good_window_after_it_speaks_against_it() -> None:
    """It came before that window, and nothing happened."""
    old = change("c", "config", (ONSET - case().window.start) / timedelta(minutes=1) + 1)
    seen = _Seen(
        case(),
        SCENE,
        CALM,
        Symptoms(frozenset(), {}),
        [],
        UNSERVED,
        {("config", "cart", ""): []},
        frozenset(),
        [],
    )

    assert tips(_circumstances(seen, Suspect(old, ORIGIN, CONTENT, 0), [])[2:], GOOD_AFTER_IT)


def test_so_many_diffs_are_read() -> None:
    """The most suspect ones."""
    many = [change(f"c{n:03}", "config", 1) for n in range(DIFFS_READ + 1)]
    asked: list[int] = []
    rows = Rows(pa.Table.from_pylist([]), Provenance("", {}, None, 0, 0.0))

    def ask(_sql: str, bound: Mapping[str, Any], *_: object) -> Rows:
        asked.extend(len(value) for value in bound.values() if isinstance(value, list))
        return rows

    weigh(replace(case(), ask=ask), many, SCENE, CALM)

    assert DIFFS_READ == max(asked)
