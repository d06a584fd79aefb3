"""What a record taught, in words."""

from dataclasses import replace

from lastgood.algorithms.trend import Trend
from lastgood.model.learning import SMALL_SAMPLE, Case, Learning, MonthIncident, ServiceMemory, Tried
from lastgood.model.timeline import Lapse
from lastgood.surfaces.learning import case_lines, interval, learning_document, learning_text
from lastgood.workbench.track_record import Group, Spread, TrackRecord


def track(trend: Trend | None) -> TrackRecord:
    """A track record of twelve incidents."""
    spread = Spread(Lapse.TTM, 12, 1800.0, 60.0, 3600.0, trend)
    return TrackRecord(Group("all", 12, (spread,)), (), (), 0, 0, 0, ())


FOUND = Learning(
    12,
    (
        ServiceMemory(
            "payments", (1, 2), (), (Tried("flag_off", 2, 3, 0.2, 0.94),), (Tried("Slow", 0, 4, 0.0, 0.49),),
            Tried("without confirmed impact", 1, 2, 0.1, 0.9), (), ("1.7 Alert per issuer",),
        ),
    ),
)  # fmt: skip


def test_each_count_has_its_interval() -> None:
    """And says what it is of; few incidents are said to be few."""
    text = learning_text(FOUND, track(Trend(-300.0, 0.01, -600.0, 30.0))).replace("\u00a0", " ")

    assert "payments: 2 incidents (#1, #2)" in text
    assert "FIXED BY  flag off: 2 of 3 measured actions (20 % to 94 %)" in text
    assert "ALERTS    Slow: 0 of 4 with confirmed impact (0 % to 49 %)" in text
    assert "OPEN      1.7 Alert per issuer" in text
    assert "small sample: it shows what happened, not what is usual" in text
    assert "TREND     TTM: -5 min a month (-10 min to 0 min), of 12" in text
    assert "takes ten" in learning_text(FOUND, track(None))


def test_a_program_gets_the_same() -> None:
    """Numbers stay numbers."""
    document = learning_document(FOUND, track(None))

    assert 2 == document["services"][0]["fixes"][0]["true"]
    assert 12 == document["times"]["incidents"]


ONE = Case(
    MonthIncident(
        1, "Pay fails", "SEV2", "payments", "bad_deploy", "", confirmed=True, over=True, detect=120.0, mitigate=None,
        fixed_by=("rollback payments",),
    ),
    ("scale web",), ("restart payments",), "well again", ("1.7 Alert per issuer (open)", "1.8 Add a canary (done)"),
)  # fmt: skip
ALONE = Learning(
    1,
    (
        ServiceMemory(
            "payments", (1,), (Tried("bad_deploy", 1, 1, 0.2, 1.0),), (Tried("rollback", 1, 1, 0.2, 1.0),), (),
            Tried("without confirmed impact", 0, 1, 0.0, 0.8), (), (),
        ),
    ),
    (ONE,),
)  # fmt: skip


def test_one_incident_is_shown_and_counts_for_no_share() -> None:
    """Nothing recurs, and no interval is drawn from it."""
    text = learning_text(ALONE, track(None)).replace("\u00a0", " ")

    for words in (
        "#1 Pay fails · SEV2 · payments · bad deploy", "detected after 2 min, mitigated after not known", "FIXED BY  rollback payments",
        "IN VAIN   restart payments", "TAKEN     scale web, not measured", "RESOLVED  well again",
        "PROMISED  1.7 Alert per issuer (open)", "CLASS     bad deploy: 1 of 1 incidents with a failure class (too few for a share)",
    ):  # fmt: skip
        assert words in text
    assert "RECURS" not in text
    assert "%" not in text
    bare = replace(ONE, unmeasured=(), in_vain=(), because="", follow_ups=())
    text = "\n".join(case_lines(bare))
    assert "PROMISED  no follow-up" in text
    assert "RESOLVED  not yet" in text
    assert "IN VAIN" not in text


def test_a_share_takes_more_than_a_small_sample() -> None:
    """Its interval is shown from three on."""
    few, enough = (Tried("x", 1, of, 0.1, 0.9) for of in (SMALL_SAMPLE, SMALL_SAMPLE + 1))

    assert ["too few for a share", "10 % to 90 %"] == [
        interval(one).replace("\u00a0", " ") for one in (few, enough)
    ]
