"""The decoder: rejects with place and reason, and what a file's name adds."""

from datetime import UTC, datetime

from lastgood.decoding.input import Batch, Input, Reject, Settings, Tally
from lastgood.decoding.text.decoder import decoder_for
from lastgood.decoding.text.lines import block_of
from lastgood.decoding.text.plan import plan_of
from lastgood.decoding.text.whose import reference_for

SETTINGS = Settings(datetime(2026, 11, 22, 15, 0, tzinfo=UTC), UTC, service="shop")
TEXT = b"""banner without a time
2026-11-22 14:41:00 INFO one
2026-99-22 14:41:00 INFO no such day

2026-11-22 14:41:02 INFO two
"""


def test_what_is_not_taken_says_where_and_why() -> None:
    """A banner and an impossible date; the blank line is counted as such."""
    given = Input(None, "access.log", TEXT)
    block = block_of(TEXT)
    plan = plan_of(block.lines, reference_for(given, SETTINGS))
    assert plan is not None
    decoder = decoder_for(given, plan, SETTINGS)
    items = [*decoder.read(block), *decoder.end()]

    rejects = sorted((r.line, r.reason) for r in items if isinstance(r, Reject))
    assert [1, 3] == [line for line, _ in rejects]
    assert "no event before it" in rejects[0][1]
    assert "no time that can be read" == rejects[1][1]
    assert [Tally(lines=5, events=2, blanks=1)] == [item for item in items if isinstance(item, Tally)]
    rows = [row for item in items if isinstance(item, Batch) for row in item.rows.to_pylist()]
    assert [("one", "shop"), ("two", "shop")] == [(row["Body"], row["ServiceName"]) for row in rows]
