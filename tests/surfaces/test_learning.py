"""What a record taught, in words."""

from lastgood.algorithms.trend import Trend
from lastgood.model.learning import Learning, ServiceMemory, Tried
from lastgood.model.timeline import Lapse
from lastgood.surfaces.learning import learning_document, learning_text
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
    assert "few incidents" in text
    assert "TREND     TTM: -5 min a month (-10 min to 0 min), of 12" in text
    assert "takes ten" in learning_text(FOUND, track(None))


def test_a_program_gets_the_same() -> None:
    """Numbers stay numbers."""
    document = learning_document(FOUND, track(None))

    assert 2 == document["services"][0]["fixes"][0]["true"]
    assert 12 == document["times"]["incidents"]
