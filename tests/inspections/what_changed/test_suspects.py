"""Which changes are suspects, and with which deploy each stands or falls."""

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa

from inspections.scenes import ONSET, SCENE, case, change
from lastgood.inspections.what_changed.suspects import _lately, read_suspects
from lastgood.model.evidence import Provenance
from lastgood.readings.feed import CHANGES_BEFORE
from lastgood.telemetry.reader import Rows


def test_a_deploy_in_waves_lasts_from_the_first_to_the_last() -> None:
    """One region a quarter of an hour after the other; the second stands for both."""
    waves = [
        change(name, "deploy", lead, "cart", version="1.9") for name, lead in (("east", 20), ("west", 5))
    ]

    no_diffs = Rows(pa.Table.from_pylist([]), Provenance("", {}, None, 0, 0.0))

    found = read_suspects(replace(case(), ask=lambda *_: no_diffs), waves, SCENE)

    (head,) = {one.head for one in found}
    assert (ONSET - timedelta(minutes=20), ONSET - timedelta(minutes=5)) == (
        found[head].change.at,
        found[head].change.until,
    )


def test_what_ended_long_before_the_data_is_no_suspect() -> None:
    """CHANGES_BEFORE the window."""
    asked, moment = case(), timedelta(seconds=1)
    last = asked.window.start - CHANGES_BEFORE
    ended = [replace(change("d", "deploy", 0), at=at, until=at) for at in (last, last - moment)]

    assert [True, False] == [_lately(asked, one) for one in ended]
