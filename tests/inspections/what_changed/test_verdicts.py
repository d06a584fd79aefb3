"""Shares of weights become verdicts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inspections.scenes import CONTENT, ORIGIN, SCENE, case, change, scene, segment
from inspections.what_changed.test_weighing import weighed
from lastgood.algorithms.causation import TIMELY
from lastgood.algorithms.change_timing import Timing
from lastgood.algorithms.rivals import UNKNOWN, belief
from lastgood.inspections.what_changed import weights
from lastgood.inspections.what_changed.suspects import Suspect
from lastgood.inspections.what_changed.verdicts import _at_fault, _level, _of_commit, _whole, judged
from lastgood.inspections.what_changed.weights import (
    AT_FAULT,
    CLOSE_TIMES,
    COMMIT_TOUCHES,
    DEPLOY_INSIDE,
    HALF_CONFIRMED,
    IDLE_COMMIT,
    MAY_BE_UNNAMED,
    NAMES_FILE,
    SILENT_COMMIT,
    TIED_TO,
    TYPICAL,
    UNCONFIRMED,
    UNTIED_MOST,
)
from lastgood.model.answers import (
    ChangesWeighed,
    ChangeVerdict,
    Confirmation,
    GoldenSignals,
    Impact,
    Shape,
    WeighedChange,
)
from lastgood.model.judgement import Reason, Weight
from lastgood.readings.case import UNDECIDED

LIKELY, POSSIBLE, UNLIKELY, OUT = (
    ChangeVerdict.LIKELY,
    ChangeVerdict.POSSIBLE,
    ChangeVerdict.UNLIKELY,
    ChangeVerdict.RULED_OUT,
)


def test_a_share_of_all_weight_has_a_name() -> None:
    """From weights.LIKELY and from weights.POSSIBLE on, whatever its share unless it is ruled out."""
    shares = (weights.LIKELY, weights.LIKELY - 0.01, weights.POSSIBLE, weights.POSSIBLE - 0.01)

    assert [LIKELY, POSSIBLE, POSSIBLE, UNLIKELY] == [_level(share, out=False) for share in shares]
    assert OUT is _level(weights.LIKELY, out=True)


def test_a_name_without_telemetry_is_a_tie_only_at_a_close_time() -> None:
    """TIMELY; any other tie holds whenever it was."""

    def tied(row: Weight, close: float) -> bool:
        timed = Timing(close, timedelta(minutes=1), after=False, during=False)
        reached = [Reason(AT_FAULT), Reason(row, name="cart")]
        return _at_fault(
            Suspect(change("c", "deploy", 1), ORIGIN, CONTENT, 0, timed=timed, circumstances=reached), SCENE
        )

    assert tied(MAY_BE_UNNAMED, TIMELY)
    assert not tied(MAY_BE_UNNAMED, TIMELY - 0.01)
    assert tied(AT_FAULT, TIMELY - 0.01)


def share_of(value: float, rival: float) -> float:
    """The share of one weight beside another and what is not known."""
    return value / (value + rival + UNKNOWN)


def confidences(found: ChangesWeighed) -> dict[str, float]:
    """By id."""
    return {one.change_id: one.confidence for one in found.ranked}


def test_what_is_not_confirmed_weighs_less() -> None:
    """A change that fits in all has a part of its weight."""
    calm = Confirmation(Impact(100, 0, 0.0, 0.0, None, None), 0.0, 0.1)

    found = confidences(weighed(change("c", "deploy", 0), answers=(calm,)))

    assert pytest.approx(belief(share_of(UNCONFIRMED * CLOSE_TIMES, 0)), abs=1e-3) == found["c"]


def test_while_the_impact_is_open_no_change_is_likely() -> None:
    """More of its weight counts than where requests are well, and less than where they are affected."""
    open_ = Confirmation(Impact(20, 2, 0.1, 0.0, None, None), -0.1, 0.3, decided=False)

    (found,) = weighed(change("c", "deploy", 0), answers=(open_,)).ranked

    assert pytest.approx(belief(share_of(HALF_CONFIRMED * CLOSE_TIMES, 0)), abs=1e-3) == found.confidence
    assert share_of(HALF_CONFIRMED * CLOSE_TIMES, 0) >= weights.LIKELY
    assert (POSSIBLE, UNDECIDED) == (found.verdict, found.against_it[-1])


def test_a_commit_that_shows_the_effect_takes_its_share_of_the_deploy() -> None:
    """What no commit shows keeps a part; a silent one beside it counts less."""
    slow = GoldenSignals(Shape.UP, None, None, None)
    loop, silent = "+for i in items:\n+    db.query(i)\n", "+colour = blue\n"
    deploy = change("d", "deploy", 0)
    fits, other = (change(n, "commit", 190, within="d", files=("a.py",)) for n in ("fits", "other"))
    both = confidences(weighed(fits, other, deploy, answers=(slow,), diffs={"fits": loop, "other": silent}))
    alone = confidences(weighed(fits, deploy, answers=(slow,), diffs={"fits": loop}))
    whole = share_of(TYPICAL, 0)

    assert pytest.approx(belief(whole * TYPICAL / (TYPICAL + DEPLOY_INSIDE)), abs=1e-3) == alone["fits"]
    assert (
        pytest.approx(belief(whole * SILENT_COMMIT / (TYPICAL + SILENT_COMMIT + DEPLOY_INSIDE)), abs=1e-3)
        == both["other"]
    )


def test_idle_commits_leave_their_deploy_what_none_shows() -> None:
    """Tests and prose do not clear it."""
    prose = change("prose", "commit", 190, within="d", files=("README.md",))
    found = confidences(weighed(prose, change("d", "deploy", 0), diffs={"prose": "-a\n+b\n"}))

    assert pytest.approx(belief(share_of(DEPLOY_INSIDE * CLOSE_TIMES, 0)), abs=1e-3) == found["d"]


def held(
    *rows: float | Weight, name: str = "c", kind: str = "deploy", own: tuple[Weight, ...] = (), head: int = 0
) -> Suspect:
    """A change with such circumstances: its time, its place, and others."""
    reasons = [
        Reason(row if isinstance(row, Weight) else Weight(row, f"reason {n}", ""))
        for n, row in enumerate(rows)
    ]
    return Suspect(
        change(name, kind, 1), ORIGIN, CONTENT, head, alone=head == 0, own=[Reason(row) for row in own],
        circumstances=reasons,
    )  # fmt: skip


def judged_alone(*suspects: Suspect) -> WeighedChange:
    """The first of them beside nothing else."""
    return judged(case(), SCENE, list(suspects), (), {}).ranked[0]


def test_what_nothing_ties_to_where_it_breaks_is_not_likely() -> None:
    """However heavy it is."""
    tied, untied = judged_alone(held(9.0, 1.0)), judged_alone(held(9.0 / 0.9, 0.9))

    assert (LIKELY, POSSIBLE) == (tied.verdict, untied.verdict)
    shares = (share_of(9.0, 0), UNTIED_MOST)
    assert pytest.approx(tuple(map(belief, shares)), abs=1e-3) == (tied.confidence, untied.confidence)


def test_a_change_that_names_the_affected_part_is_tied_by_whose_it_is() -> None:
    """TIED_TO: as far as its service is suspected."""

    def tied(strength: float) -> bool:
        hit = scene(segment=segment({"tenant.id": "north"}), suspects={"cart": 1.0, "mail": strength})
        one = replace(held(1.0, 1.0), change=change("c", "deploy", 1, "mail", title="for north"))
        return _at_fault(one, hit)

    assert (True, False) == (tied(TIED_TO), tied(TIED_TO - 0.01))


def test_where_all_commits_are_idle_the_deploy_counts_for_what_none_shows() -> None:
    """Up to IDLE_COMMIT each; a commit above it counts for itself."""

    def whole(content: float) -> float:
        commit = held(1.0, 1.0, name="x", kind="commit", own=(Weight(content, "", ""),))
        return _whole([held(1.0, 1.0), commit], 0, [1], SCENE)

    assert DEPLOY_INSIDE == whole(IDLE_COMMIT)
    assert pytest.approx(IDLE_COMMIT + 0.001) == whole(IDLE_COMMIT + 0.001)


def test_a_commit_whose_paths_are_elsewhere_keeps_a_part_of_its_content() -> None:
    """COMMIT_TOUCHES at least."""
    content = (Weight(2.0, "", ""),)
    far, near = (
        held(1.0, reach, kind="commit", own=content) for reach in (COMMIT_TOUCHES / 2, COMMIT_TOUCHES + 0.3)
    )

    assert pytest.approx(2 * COMMIT_TOUCHES) == _of_commit(far, shown=False)
    assert pytest.approx(2 * (COMMIT_TOUCHES + 0.3)) == _of_commit(near, shown=False)


@pytest.mark.parametrize(("less", "place"), [(0.0, 1), (0.1, 2)])
def test_a_reason_as_good_as_a_named_file_is_said_second(less: float, place: int) -> None:
    """After the time; others keep their order."""
    one = judged_alone(held(1.0, 1.0, own=(Weight(NAMES_FILE - less, "named", ""),)))

    assert place == one.for_it.index("named")


@pytest.mark.parametrize(
    "title", ["Merge pull request #7 from x", "merged in hotfix", "Merge branch 'a' into b"]
)
def test_a_merge_brings_nothing_of_its_own(title: str) -> None:
    """Beside a commit that is none; alone it stands for what it brought."""
    head = held(3.0, 1.0)
    merge = replace(held(1.0, 1.0, kind="commit"), change=change("m", "commit", 1, title=title))
    other = held(1.0, 1.0, name="x", kind="commit")

    def confidence(*commits: Suspect) -> float:
        found = judged(case(), SCENE, [head, *commits], (), {}).ranked
        return next(one.confidence for one in found if one.change_id == "m")

    assert confidence(merge) > 0 == confidence(merge, other)
