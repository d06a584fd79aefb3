"""Those who were exposed to a change against those who were not."""

from datetime import timedelta

from inspections.scenes import ONSET, change
from lastgood.inspections.what_changed.exposure import Exposure, Served, of_deploy

START, END = ONSET - timedelta(hours=1), ONSET + timedelta(minutes=20)
DEPLOY = change("d", "deploy", 2, version="v8", previous="v7")


def served(first: float, last: float, before: tuple[int, int], bad: tuple[int, int]) -> Served:
    """A version from so many minutes before the onset until so many after."""
    return Served(ONSET - timedelta(minutes=first), ONSET + timedelta(minutes=last), *before, *bad, *bad)


def ratios(new: Served | None, old: Served, *, slow: bool = False) -> list[float]:
    """What is said for and against the deploy of version 8."""
    told = {("cart", "7"): old, **({("cart", "8"): new} if new else {})}
    return [reason.ratio for reason in of_deploy(DEPLOY, Exposure(told, START, END, ONSET), slow=slow)]


def test_the_new_version_fails_and_the_old_one_beside_it_does_not() -> None:
    """The effect follows the version; where both are hit alike, it does not; where only the old is, neither."""
    spared, hit, worse = ((2, 200), (80, 200), (150, 200))

    def old(hurt: int, spans: int) -> Served:
        return served(60, 20, (10, 2000), (hurt, spans)[::-1])

    def new(hurt: int, spans: int) -> Served:
        return served(0, 20, (0, 0), (spans, hurt))

    assert ratios(new(*hit), old(*spared))[0] > 1
    assert ratios(new(*hit), old(*hit))[0] < 0.05
    assert ratios(new(*spared), old(*worse))[0] < 0.05


def test_a_version_that_served_well_for_minutes_is_doubted_unless_it_takes_its_time() -> None:
    """Ten minutes before, and six hundred requests without the effect."""
    new, old = served(10, 20, (600, 3), (1000, 400)), served(60, -10, (2000, 10), (0, 0))

    assert ratios(new, old)[0] < 1
    assert [] == ratios(new, old, slow=True)


def test_a_version_that_never_served_is_doubted() -> None:
    """Others did, and the one before it among them."""
    assert ratios(None, served(60, 20, (2000, 10), (1000, 400)))[0] < 1


def test_a_deploy_is_when_its_version_first_served() -> None:
    """Whatever the feed says; and its roll-out ends with the last request of the old one."""
    told = {("cart", "7"): served(60, 3, (1, 0), (1, 0)), ("cart", "8"): served(1, 20, (1, 0), (1, 0))}

    assert (ONSET - timedelta(minutes=1), ONSET + timedelta(minutes=3)) == Exposure(
        told, START, END, ONSET
    ).times(DEPLOY)
    assert None is Exposure({}, START, END, ONSET).times(DEPLOY)


def test_what_counts_as_hurt_is_said() -> None:
    """The limit, and how it was found; without one, failures alone."""
    told = {
        ("cart", "7"): served(60, 20, (2000, 10), (200, 2)),
        ("cart", "8"): served(0, 20, (0, 0), (200, 80)),
    }
    limits = {"cart": 340_000_000, "stock": 10**15}
    exposure = Exposure(told, START, END, ONSET, limits, 3)

    (reason,) = of_deploy(DEPLOY, exposure, slow=False)

    assert "hurt: failed, or over 340 ms, 1.5 times the p98 of one trace in 3 while good" in reason.told
    assert "hurt: failed" == exposure.harm("stock")
