"""Each threshold of a severity tips the level exactly where its row says."""

from dataclasses import replace
from datetime import UTC, datetime
from math import log2

import numpy as np
import pytest

from lastgood.algorithms.quantiles import BINS_PER_OCTAVE
from lastgood.inspections.severity import levels
from lastgood.inspections.severity.levels import (
    MEDIAN,
    OPERATION_COUNTS,
    SEV1_SHARE,
    SEV2_OPERATION,
    SEV2_SHARE,
    SEV2_SLOWER,
    SEV2_SLOWER_BY,
    SEV2_USERS,
    SEV3_SLOWER,
    SEV3_SLOWER_BY,
    SEVERITY_LEVEL,
    USERS_LEAST,
    Measured,
    beyond,
    by_share,
    by_slowness,
    failing,
    level_of,
    lost,
    measured_of,
    raised,
    slow,
    without_a_past,
)
from lastgood.model.answers import Confirmation, Impact, ImpactKind, Onset, SeverityLevel, Trend
from lastgood.readings.compared import BINS, Compared, Counted

LITTLE = 1e-6
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEV1, SEV2, SEV3, SEV4 = SeverityLevel
NOTHING = Measured(0.0, 0.0, "shop /", 5, 1000, (0, 0))


def place(nanoseconds: float) -> int:
    """The bin of a duration."""
    return int(1 + log2(nanoseconds) * BINS_PER_OCTAVE)


def timed(nanoseconds: float, requests: int = 10_000) -> Counted:
    """Requests that all take about as long."""
    latency = np.zeros(BINS)
    latency[place(nanoseconds)] = requests
    return Counted(requests, 0, latency)


def slower(ratio: float, by: float) -> Compared:
    """An operation whose median is so many times as long, and so much longer."""
    good = by / (ratio - 1)
    return Compared((("shop", "/"),), timed(good), timed(good * ratio))


def test_the_share_of_all_requests() -> None:
    """Just enough, and just too little."""
    for share, level in (
        (SEV1_SHARE, SEV1),
        (SEV1_SHARE - LITTLE, SEV2),
        (SEV2_SHARE, SEV2),
        (SEV2_SHARE - LITTLE, SEV3),
    ):
        assert level is by_share(share)
        assert level is failing(replace(NOTHING, everything=share)).level
    assert (SEV1, SEV2) == (without_a_past(SEV1_SHARE), without_a_past(SEV1_SHARE - LITTLE))


def test_the_worst_operation() -> None:
    """It counts from its own share on."""
    assert SEV2 is failing(replace(NOTHING, worst=SEV2_OPERATION)).level
    assert SEV3 is failing(replace(NOTHING, worst=SEV2_OPERATION - LITTLE)).level


def test_users_count_from_a_number_on() -> None:
    """A tenth of enough users, and of one too few."""
    many = USERS_LEAST * 1000
    few = int(many * SEV2_USERS)
    for users, level in (
        ((few, many), SEV2), ((few - 1, many), SEV3), ((USERS_LEAST, USERS_LEAST), SEV2),
        ((USERS_LEAST - 1, USERS_LEAST - 1), SEV3),
    ):  # fmt: skip
        assert level is failing(replace(NOTHING, users=users)).level


def test_an_operation_with_too_little_traffic_is_not_the_worst() -> None:
    """A corner that fails wholly is no worst operation; one with its share of the traffic is."""
    whole = 100_000

    def worst(requests: int) -> str:
        rest = Compared((("shop", "/"),), Counted(whole, 0), Counted(whole - requests, 0))
        corner = Compared((("shop", "/corner"),), Counted(requests, 0), Counted(requests, requests))
        return measured_of((rest, corner), (0, 0)).worst_name

    enough = int(whole * OPERATION_COUNTS)
    assert ("shop /corner", "all requests") == (worst(enough), worst(enough - 1))


def test_an_operation_without_a_failure_is_not_the_worst() -> None:
    """Its few requests leave a wide interval; the many that fail are another operation's."""
    failing_one = Compared((("shop", "POST /quotes"),), Counted(2000, 0), Counted(1000, 85))
    calm = Compared((("shop", "GET /quotes/9"),), Counted(25, 0), Counted(25, 0))

    measured = measured_of((failing_one, calm), (0, 0))

    assert beyond(calm) > beyond(failing_one)
    assert "shop POST /quotes" == measured.worst_name


@pytest.mark.parametrize("share", [SEV1_SHARE - 0.01, SEV1_SHARE + 0.01])
def test_lost_traffic(share: float) -> None:
    """Half of it is an outage."""
    confirmed = Confirmation(
        Impact(None, None, None, None, None, ImpactKind.TRAFFIC_LOSS), 1 - share, 1 - share
    )

    assert (SEV1 if share > SEV1_SHARE else SEV2) is lost(confirmed).level
    assert lost(confirmed) == level_of(confirmed, (), NOTHING)


def test_slowness() -> None:
    """By the ratio and by the time, both of which have to be reached; a bin is a fifth wide."""
    step = 1.3
    cases = (
        (SEV2_SLOWER * step, SEV2_SLOWER_BY * step, SEV2), (SEV2_SLOWER / step, SEV2_SLOWER_BY * step * 2, SEV3),
        (SEV2_SLOWER * step * 2, SEV2_SLOWER_BY / step, SEV3), (SEV3_SLOWER * step, SEV3_SLOWER_BY * step * 2, SEV3),
        (SEV3_SLOWER / step, SEV3_SLOWER_BY * step * 2, SEV4), (SEV3_SLOWER * step * 2, SEV3_SLOWER_BY / step, SEV4),
        (SEV3_SLOWER * step * 2, SEV3_SLOWER_BY * step, SEV3),
    )  # fmt: skip
    for ratio, by, level in cases:
        assert level is slow((slower(ratio, by),)).level, (ratio, by)


@pytest.mark.parametrize(
    ("least", "longest", "level", "less"),
    [(SEV2_SLOWER, SEV2_SLOWER_BY, SEV2, SEV3), (SEV3_SLOWER, SEV3_SLOWER_BY, SEV3, SEV4)],
)
def test_slowness_counts_from_both_rows_on(
    least: float, longest: float, level: SeverityLevel, less: SeverityLevel
) -> None:
    """Exactly so much is enough, and a little less of either is not."""
    assert level is by_slowness(least, longest)
    assert less is by_slowness(least - LITTLE, longest)
    assert less is by_slowness(least, longest * (1 - LITTLE))


@pytest.mark.parametrize(("requests", "level"), [(0, SEV2), (1, SEV4)])
def test_a_slow_operation_counts_with_its_share_of_the_traffic(requests: int, level: SeverityLevel) -> None:
    """Exactly its share is enough; a request less is a corner."""
    whole = 100_000
    own = int(whole * OPERATION_COUNTS) - requests
    corner = Compared((("shop", "/corner"),), timed(1e8), timed(1e10, own))
    rest = Compared((("shop", "/"),), timed(1e8), timed(1e8, whole - own))

    assert level is slow((corner, rest)).level


def test_only_the_middle_tells_of_slowness() -> None:
    """A tail that is longer is cosmetic."""
    good, bad = timed(1e8), timed(1e8)
    assert bad.latency is not None
    bad.latency[place(1e10)] = bad.requests * (1 - MEDIAN) * 0.9

    assert SEV4 is slow((Compared((("shop", "/"),), good, bad),)).level


def test_the_interval_of_the_share_counts_by_its_upper_end() -> None:
    """With more confidence the end is further away: few requests leave more open."""
    part = Compared((("shop", "/"),), Counted(1000, 0), Counted(1000, 10))

    low, high = part.errors(SEVERITY_LEVEL)
    assert low < 0.01 < high
    assert high == levels.measured_of((part,), (0, 0)).everything


def test_worsening_raises_by_one() -> None:
    """Not beyond SEV2, and not without an onset."""
    assert SEV3 is raised(levels.Level(SEV3, "x"), None).level
    for trend, level, after in (
        (Trend.WORSE, SEV4, SEV3), (Trend.WORSE, SEV3, SEV2), (Trend.WORSE, SEV2, SEV2), (Trend.WORSE, SEV1, SEV1),
        (Trend.STEADY, SEV3, SEV3), (Trend.BETTER, SEV3, SEV3), (None, SEV3, SEV3),
    ):  # fmt: skip
        onset = Onset(NOON, NOON, NOON, None, trend, "errors", None)
        found = raised(levels.Level(level, "x"), onset)
        assert (after, after is not level) == (found.level, "worsening" in found.because)


def test_the_worst_operation_is_not_better_than_all() -> None:
    """Where many small operations fail, none of those that count is the worst."""
    well = Compared((("shop", "/"),), Counted(4000, 0, None), Counted(4000, 0, None))
    ill = [Compared((("shop", f"/{n}"),), Counted(20, 0, None), Counted(20, 15, None)) for n in range(20)]
    assert "all requests" == measured_of((well, *ill), (0, 0)).worst_name


def test_of_an_operation_as_bad_as_all_the_operation_is_named() -> None:
    """Without a past the share itself counts, so both can be equal."""
    first, second = (Compared((("shop", name),), Counted(0, 0), Counted(100, 50)) for name in ("/a", "/b"))

    assert "shop /b" == measured_of((first, second), (0, 0)).worst_name


def test_half_of_the_traffic_is_no_outage_yet() -> None:
    """The least that may be left decides, and has to be below the half."""
    half = Confirmation(
        Impact(None, None, None, None, None, ImpactKind.TRAFFIC_LOSS), 1 - SEV1_SHARE, 1 - SEV1_SHARE
    )

    assert SEV2 is lost(half).level


@pytest.mark.parametrize(
    ("kind", "level"),
    [(ImpactKind.ERRORS, SEV3), (ImpactKind.LATENCY, SEV2), (ImpactKind.BOTH, SEV2)],
)
def test_what_is_wrong_decides_by_what_it_is_weighed(kind: ImpactKind, level: SeverityLevel) -> None:
    """Failing by the failures, slow by the median, and of both the worse."""
    slow_one = (slower(SEV2_SLOWER * 1.3, SEV2_SLOWER_BY * 1.3),)
    confirmed = Confirmation(Impact(None, None, None, None, None, kind), 0.0, 0.0)

    assert level is level_of(confirmed, slow_one, NOTHING).level
    assert (kind is not ImpactKind.LATENCY) is (
        SEV1 is level_of(confirmed, slow_one, replace(NOTHING, everything=SEV1_SHARE)).level
    )


def test_the_worst_operation_is_named_where_it_is_one() -> None:
    """All requests together are no operation."""
    assert "worst operation: shop /" in failing(NOTHING).because
    assert "worst operation" not in failing(replace(NOTHING, worst_name="all requests")).because


def test_users_are_named_where_any_is_identified() -> None:
    """Without one there is no share."""
    assert "3 of 40 identified users are affected" in failing(replace(NOTHING, users=(3, 40))).because
    assert "identified users" not in failing(NOTHING).because
