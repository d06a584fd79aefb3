"""A world that goes on."""

from datetime import UTC, datetime, timedelta

from lastgood.decoding.scenario.course import stretch, world_until
from lastgood.telemetry.tables import CHANGES, SPANS

PAGED = datetime(2026, 12, 1, 23, 50, tzinfo=UTC)
TEN = timedelta(minutes=10)
TEXT = """
time      2026-11-20 10:00 .. END
seed      5
service   stock version=v1 then version=v2 at 10:02 until FIXED
spans     web "GET /" rate=1/s user.id={user:50}
call      web "GET /" -> stock Count errors=1% then errors=60% at 10:02 until FIXED
change    deploy stock v1 -> v2 id=d at 10:02
"""


def test_the_past_stays_when_the_world_goes_on() -> None:
    """Rows of before do not change, nor by the mitigation; after it nothing fails; midnight is passed."""
    early, shift = world_until(TEXT, "10:05", PAGED, PAGED, None)
    late, _ = world_until(TEXT, "10:05", PAGED, PAGED + TEN, PAGED + timedelta(minutes=2))
    before, after = stretch(early, shift, None, PAGED), stretch(late, shift, None, PAGED)
    rest = stretch(late, shift, PAGED + timedelta(minutes=3), PAGED + TEN)

    assert before[SPANS.name] == after[SPANS.name]
    assert 1 == len(before[CHANGES.name])
    assert any(row["StatusCode"] == "Error" for row in before[SPANS.name])
    assert 0.05 > sum(row["StatusCode"] == "Error" for row in rest[SPANS.name]) / len(rest[SPANS.name])
    assert (
        PAGED + TEN > max(row["Timestamp"] for row in rest[SPANS.name]) > PAGED + TEN - timedelta(minutes=1)
    )
