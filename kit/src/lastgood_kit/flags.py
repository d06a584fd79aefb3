"""Kill switches over OpenFeature, whichever provider is behind it; flips are put on the change feed."""

import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from openfeature import api
from openfeature.client import OpenFeatureClient
from openfeature.evaluation_context import EvaluationContext
from openfeature.event import EventDetails, ProviderEvent
from openfeature.exception import OpenFeatureError
from openfeature.flag_evaluation import FlagEvaluationDetails
from openfeature.hook import Hook, HookContext, HookHints

from lastgood_kit import context
from lastgood_kit.changes import Change, Reporter, who
from lastgood_kit.clock import Clock, now
from lastgood_kit.verbose import Verbose, Whom

log = logging.getLogger("lastgood_kit.flags")


@dataclass(frozen=True, slots=True)
class KillSwitch:
    """A part of the service that can be turned off while it runs. `unknown` is what holds when the provider is down."""

    flag: str
    unknown: bool = True

    def on(self, key: str = "", **attributes: str) -> bool:
        """Whether this part runs for a user, account or tenant; the fields of the request at hand are its context."""
        request = context.current()
        known = {**(dict(request.fields) if request else {}), **attributes}
        asked = EvaluationContext(key or str(known.get("user.id", "")), {n: str(v) for n, v in known.items()})
        return api.get_client().get_boolean_value(self.flag, self.unknown, asked)


class Flips:
    """Watches flags and reports each whose value changed, with both values.

    One process for each environment should watch: every process sees every flip. A provider that does not say which
    flags changed is asked for all that are watched.
    """

    def __init__(
        self, flags: Iterable[str], reporter: Reporter, *, actor: str = "", clock: Clock = now
    ) -> None:
        self._flags, self._reporter, self._clock, self._actor = tuple(flags), reporter, clock, actor or who()
        self._client: OpenFeatureClient = api.get_client()
        self._lock = Lock()
        self._values = {flag: self._value(flag) for flag in self._flags}
        self._client.add_handler(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED, self._changed)

    def close(self) -> None:
        """Watch no more."""
        with suppress(ValueError):
            self._client.remove_handler(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED, self._changed)

    def _value(self, flag: str) -> str:
        found = self._client.get_boolean_details(flag, default_value=False)
        return "unknown" if found.error_code else "on" if found.value else "off"

    def _changed(self, event: EventDetails) -> None:
        touched = set(event.flags_changed or self._flags)
        with self._lock:
            for flag in touched.intersection(self._flags):
                try:
                    before, after = self._values[flag], self._value(flag)
                except OpenFeatureError as error:
                    log.warning("The flag %s cannot be read: %s", flag, error)
                    continue
                self._values[flag] = after
                self._reporter.report(self._flip(flag, before, after))

    def _flip(self, flag: str, before: str, after: str) -> Change:
        title = f"{flag}: {before} → {after}" if before != after else f"{flag}: its rules changed"
        return Change(
            "flag", self._clock(), title, version=after, previous_version=before, actor=self._actor,
            attributes={"feature_flag.key": flag},
        )  # fmt: skip


class DebugHook(Hook):
    """Debug logging for whom the rules of a boolean flag mean: a hook, for `api.add_hooks([…])`.

    Each time the flag is on for a targeting key, its debug lines are written. It ends after its time or its lines, and
    begins again only once the flag was changed: a flag that was forgotten does not debug for ever.
    """

    def __init__(
        self, flag: str, verbose: Verbose, *, lasting: timedelta = timedelta(minutes=10), lines: int = 10_000
    ) -> None:
        self._flag, self._verbose, self._lasting, self._lines = flag, verbose, lasting, lines
        self._begun, self._lock = False, Lock()
        api.get_client().add_handler(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED, self._changed)

    def after(self, hook_context: HookContext, details: FlagEvaluationDetails[Any], hints: HookHints) -> None:
        """Note the key, if the flag is on for it."""
        del hints
        key = hook_context.evaluation_context.targeting_key
        if hook_context.flag_key != self._flag or details.value is not True or not key:
            return
        with self._lock:
            first, self._begun = not self._begun, True
        if first:
            whom = Whom(frozenset([key]), flag=self._flag)
            self._verbose.begin(whom, lasting=self._lasting, lines=self._lines)
        else:
            self._verbose.also(key)

    def _changed(self, event: EventDetails) -> None:
        if self._flag in (event.flags_changed or [self._flag]):
            self._verbose.end("the flag was changed")
            with self._lock:
                self._begun = False


class DebugFlag:
    """Debug logging that a flag begins: an object with `keys`, `share`, `until` (with zone) and `lines`, or {}.

    The time is in the flag itself, so a flag that was forgotten begins nothing when a process restarts.
    """

    def __init__(self, flag: str, verbose: Verbose, *, clock: Clock = now) -> None:
        self._flag, self._verbose, self._clock = flag, verbose, clock
        self._client = api.get_client()
        self._client.add_handler(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED, self._changed)
        self._follow()

    def _changed(self, event: EventDetails) -> None:
        if self._flag in (event.flags_changed or [self._flag]):
            self._follow()

    def _follow(self) -> None:
        value = self._client.get_object_value(self._flag, {})
        try:
            asked: dict[str, Any] = dict(value) if isinstance(value, Mapping) else {}
            until = datetime.fromisoformat(str(asked.get("until", "1970-01-01T00:00+00:00")))
            whom = Whom(frozenset(map(str, asked.get("keys", ()))), float(asked.get("share", 0)))
            lasting, lines = until - self._clock(), int(asked.get("lines", 10_000))
        except (TypeError, ValueError) as error:
            log.warning("The flag %s does not say whom to debug: %s", self._flag, error)
            return
        if lasting.total_seconds() > 0:
            self._verbose.begin(whom, lasting=lasting, lines=lines)
        else:
            self._verbose.end("the flag is off")
