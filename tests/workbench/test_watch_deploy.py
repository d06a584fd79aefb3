"""A deploy is watched: a real store that goes bad, and what is done then."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from inspections.test_canary import WHOLE, requests
from lastgood.config import Settings, WebhookSink
from lastgood.errors import NoDataError, NotFetchedError, UsageError
from lastgood.model.canary import CanaryAsked, Outcome
from lastgood.model.entry import Noted
from lastgood.model.finding import Finding
from lastgood.model.scope import Scope
from lastgood.outside.sinks.made import ByWebhook
from lastgood.outside.sinks.wire import Wire
from lastgood.workbench.canary import canary
from lastgood.workbench.store import Store
from lastgood.workbench.watch_deploy import Watched, hook, warned, watch_deploy
from records import START, ticking
from rooms import config_in, room_in
from webhooks import SECRET, receiver

LATER = WHOLE.end + timedelta(minutes=1)
FIVE = timedelta(minutes=5)


def watched(look: Callable[[datetime], Finding]) -> tuple[list[Watched], list[float]]:
    """Looks over five minutes by a clock that moves on by a minute at each look, and pauses."""
    pauses = list[float]()
    clock = ticking(WHOLE.end, timedelta(seconds=30))
    return [*watch_deploy(look, clock, pauses.append, lasts=FIVE, every=timedelta(minutes=1))], pauses


def test_a_good_deploy_is_watched_to_the_end_and_a_bad_one_is_not(store: Store) -> None:
    """The same store, once the bad version has come."""
    requests(store, "1.0")
    requests(store, "1.1", since=600, seed=2)

    def look(now: datetime) -> Finding:
        return canary(store, CanaryAsked(), WHOLE.end, None, Scope(("shop",)))

    good, pauses = watched(look)
    requests(store, "1.2", since=600, seed=3, bad=0.3)
    bad, _ = watched(look)

    assert {Outcome.PASS} == {one.outcome for one in good}
    assert len(good) - 1 == len(pauses) > 3
    assert [Outcome.FAIL] == [one.outcome for one in bad]


def test_no_data_is_inconclusive_until_there_is_some() -> None:
    """It goes on looking."""

    def nothing(now: datetime) -> Finding:
        raise NoDataError("nothing yet")

    looks, _ = watched(nothing)

    assert {(Outcome.INCONCLUSIVE, "nothing yet", None)} == {
        (one.outcome, one.because, one.finding) for one in looks
    }
    assert len(looks) > 3


def test_a_source_that_fails_once_does_not_end_the_watch(store: Store) -> None:
    """A failure that comes afterwards is seen. At the first look it is an error: the address is wrong."""
    requests(store, "1.0")
    requests(store, "1.2", since=600, seed=3, bad=0.3)
    looks = iter([None, NotFetchedError("it does not answer"), None])

    def look(now: datetime) -> Finding:
        if problem := next(looks):
            raise problem
        return canary(store, CanaryAsked(), WHOLE.end, None, Scope(("other" if now < LATER else "shop",)))

    seen, _ = watched(look)

    assert "it does not answer" == seen[1].because
    assert [Outcome.INCONCLUSIVE, Outcome.INCONCLUSIVE, Outcome.FAIL] == [one.outcome for one in seen]
    looks = iter([NotFetchedError("it does not answer")])
    with pytest.raises(NotFetchedError):
        watched(look)


def hooked(url: str, secret: str) -> ByWebhook:
    """A webhook on this machine."""
    return ByWebhook("hook", url, secret, ticking(), Wire(("127.0.0.1",)))


def test_a_failure_is_noted_and_posted(tmp_path: Path) -> None:
    """On the record of the incident, and signed to the webhook; one that does not arrive is said."""
    failed = Watched(START, Outcome.FAIL, "30 % of 200 requests fail")
    with receiver() as other, room_in(tmp_path) as room:
        came = warned(failed, "shop", room, hooked(other.url, SECRET))
        notes = [entry.payload for entry in room.entries if isinstance(entry.payload, Noted)]
    gone = warned(failed, "shop", None, hooked(other.url, "bad"))

    assert came.startswith("answered 2")
    assert "30 % of 200 requests fail" in notes[0].text
    assert b'"lastgood.deploy.failed"' in other.got[0].body
    assert "webhook-signature" in other.got[0].headers
    assert gone.startswith("not sent: ")
    assert "" == warned(failed, "", None, None)


def test_the_webhook_is_one_of_the_settings(tmp_path: Path) -> None:
    """By its name."""
    sink = WebhookSink(name="deploys", url="https://h/x", secret=SECRET)
    config = replace(config_in(tmp_path), settings=Settings(sink=(sink,)))

    assert "https://h/x" == hook(config, "deploys", ticking()).url
    with pytest.raises(UsageError, match="no webhook 'x'"):
        hook(config, "x", ticking())
