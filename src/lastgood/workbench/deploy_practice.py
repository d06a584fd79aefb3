"""Deploy practice: how many deploys had a review, a staging check, a gradual rollout and an automatic roll-back."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from lastgood.algorithms.deploy_practice import in_production, practised
from lastgood.model.answers import ChangeVerdict, WeighedChange
from lastgood.model.change import Change, ChangeKind
from lastgood.model.deploy_practice import Practice, PracticeCount, Practised
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.views.practice import reported_changes
from lastgood.workbench.store import Store

MOST_EXAMPLES = 3
FEED_BEFORE = timedelta(days=14)  # in which a version is on staging, and its commits are made


def practice_counts(store: Store, window: Window) -> tuple[PracticeCount, ...]:
    """Each practice over the deploys to production of a window; nothing where there are none."""
    feed = _feed(store, window)
    deploys = [
        one
        for one in feed
        if one.kind is ChangeKind.DEPLOY and one.at >= window.start and in_production(one) and one.took_effect
    ]
    found = [(one, tuple(practised(one, feed))) for one in deploys]
    return tuple(_counts(found)) if deploys else ()


def at_fault(changes: Sequence[WeighedChange]) -> WeighedChange | None:
    """The change that practice is asked of: the first suspect, unless it is unlikely or ruled out."""
    first = next(iter(changes), None)
    return first if first and first.verdict in {ChangeVerdict.LIKELY, ChangeVerdict.POSSIBLE} else None


def practice_of(store: Store, change: WeighedChange) -> tuple[Practised, ...]:
    """What one change had; of a commit, what the deploy had that carried it. Nothing where the feed has neither."""
    feed = _feed(store, Window(change.at, change.at + timedelta(seconds=1)))
    wanted = change.within or change.change_id
    mine = next((one for one in feed if one.change_id == wanted), None)
    return tuple(practised(mine, feed)) if mine else ()


def _feed(store: Store, window: Window) -> Sequence[Change]:
    holdings, reader = store.survey()
    if Signal.CHANGES not in holdings.signals:
        return ()
    return reported_changes(reader, Window(window.start - FEED_BEFORE, window.end))


def _counts(found: Sequence[tuple[Change, tuple[Practised, ...]]]) -> Iterator[PracticeCount]:
    for place, practice in enumerate(Practice):
        done = [(change, all_of[place].done) for change, all_of in found]
        missing = [change.name for change, answer in done if answer is False]
        yield PracticeCount(
            practice, sum(answer is True for _, answer in done), len(missing),
            sum(answer is None for _, answer in done), tuple(missing[:MOST_EXAMPLES]),
        )  # fmt: skip
