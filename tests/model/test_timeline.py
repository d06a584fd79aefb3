"""A timeline by itself."""

from datetime import timedelta

from incidents.test_state import START, entries
from lastgood.model.entry import Mitigated
from lastgood.model.timeline import Counted, Event, Lapse, Moment, Timeline, Uncounted

FIRST, LAST = entries(Mitigated("flag off"))
TIMELINE = Timeline(
    (Event(FIRST.at, Moment.OPENED, FIRST), Event(LAST.at, Moment.MITIGATED, LAST),
     Event(LAST.at + timedelta(hours=1), Moment.MITIGATED, LAST)),
    (Counted(Lapse.TTD, None, START, None, Uncounted.NO_ONSET),
     Counted(Lapse.TTA, START, START + timedelta(minutes=2), 120.0)),
    (),
)  # fmt: skip


def test_a_moment_is_found_by_its_kind() -> None:
    """The last of several; none is None."""
    mitigated = TIMELINE.of(Moment.MITIGATED)

    assert mitigated is TIMELINE.events[2]
    assert None is TIMELINE.of(Moment.ONSET)
    assert mitigated.key


def test_a_duration_is_found_by_its_name() -> None:
    """One that is not known is None."""
    assert (None, 120.0) == (TIMELINE.seconds(Lapse.TTD), TIMELINE.seconds(Lapse.TTA))
