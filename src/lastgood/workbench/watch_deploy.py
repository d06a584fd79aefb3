"""Watch a deploy: the canary's question asked again and again, until it fails or the time is over."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lastgood.config import Config, WebhookSink
from lastgood.errors import CannotRunError, NoDataError, UsageError
from lastgood.model.canary import CanaryVerdict, Outcome
from lastgood.model.clock import Clock
from lastgood.model.entry import Noted
from lastgood.model.finding import Finding
from lastgood.outside.sinks.failure import NotSentError
from lastgood.outside.sinks.made import ByWebhook
from lastgood.outside.sinks.wire import Wire
from lastgood.workbench.room import Room

Look = Callable[[datetime], Finding]  # the canary's finding as of a time


@dataclass(frozen=True, slots=True)
class Watched:
    """One look: when, what it came to, and why."""

    at: datetime
    outcome: Outcome
    because: str
    finding: Finding | None = None  # None where there was no data yet


def watch_deploy(
    look: Look, clock: Clock, sleep: Callable[[float], None], *, lasts: timedelta, every: timedelta
) -> Iterator[Watched]:
    """A look at each interval. The first that fails is the last; at the end the last look is the answer.

    The tests behind it hold for any number of looks (lastgood.algorithms.always_valid).
    """
    end, begun = clock() + lasts, False
    while True:
        now = clock()
        one = looked(look, now, again=begun)
        begun = True
        yield one
        if one.outcome is Outcome.FAIL or now >= end:
            return
        sleep(min(every, max(end - now, timedelta(seconds=0.1))).total_seconds())


def looked(look: Look, now: datetime, *, again: bool = False) -> Watched:
    """One look; without data it is inconclusive. So is a later one where a source or store does not answer.

    Raises:
        CannotRunError: at the first look: then it is more likely to be the address than a moment.
    """
    try:
        found = look(now)
    except NoDataError as nothing:
        return Watched(now, Outcome.INCONCLUSIVE, nothing.message)
    except CannotRunError as problem:
        if not again:
            raise
        return Watched(now, Outcome.INCONCLUSIVE, problem.message)
    verdict = found.answer
    outcome = verdict.outcome if isinstance(verdict, CanaryVerdict) else Outcome.INCONCLUSIVE
    return Watched(now, outcome, found.because, found)


def hook(config: Config, name: str, clock: Clock) -> ByWebhook:
    """The webhook sink of a name.

    Raises:
        UsageError: the settings have none.
    """
    named = [sink for sink in config.settings.sink if isinstance(sink, WebhookSink)]
    for sink in named:
        if sink.name == name:
            return ByWebhook(sink.name, sink.url, sink.secret, clock, Wire(sink.allow))
    known = ", ".join(sink.name for sink in named)
    raise UsageError(
        f"There is no webhook {name!r} in lastgood.toml.",
        hint=f"Webhooks: {known}." if known else "Add a [[sink]] of kind webhook.",
    )


def warned(failed: Watched, service: str, room: Room | None, webhook: ByWebhook | None) -> str:
    """Put a failure on the record of the incident, and post it; what came of the post, empty without one."""
    text = f"Deploy of {service or 'a service'} fails its check: {failed.because}"
    if room is not None:
        room.append(Noted(text), at=failed.at)
    if webhook is None:
        return ""
    body = {
        "type": "lastgood.deploy.failed", "timestamp": failed.at.isoformat(),
        "data": {"service": service, "outcome": failed.outcome.value, "because": failed.because},
    }  # fmt: skip
    try:
        return webhook.post(f"deploy_{failed.at:%Y%m%dT%H%M%S}", json.dumps(body).encode())
    except NotSentError as problem:
        return f"not sent: {problem}"
