"""Doctor, sources: whether each system can be asked tonight, with what rights, and what it holds."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from lastgood.algorithms.secrets import without_secrets
from lastgood.config import SourceOf
from lastgood.errors import UsageError, instead
from lastgood.model.clock import Clock
from lastgood.model.diagnosis import Diagnosis, Health
from lastgood.model.figures import duration
from lastgood.model.judgement import Amount
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.outside.connectors._registry import Asking, Connector, connectors
from lastgood.outside.connectors.ailments import ailment
from lastgood.outside.connectors.wire import Bounds, Wire
from lastgood.workbench.fetch_access import access_of

BOUNDS = Bounds(requests=4, seconds=15, step_seconds=5, tries=1)
CLOCK_OFF = Amount(
    30.0, "s between two clocks", "judgement: an onset would be off by more than its usual interval"
)
AT_ONCE = 8
LOOKED_BACK = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Examined:
    """One source: what was found of it, and the signals that it can be asked for."""

    findings: tuple[Diagnosis, ...]
    gives: frozenset[Signal] = frozenset()


def examine(sources: Sequence[SourceOf], clock: Clock, bounds: Bounds = BOUNDS) -> list[Examined]:
    """Every source, asked with a few cheap questions that only read; several at once, in their order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda one: _examined(one, clock, bounds), sources))


def _examined(source: SourceOf, clock: Clock, bounds: Bounds) -> Examined:
    what = f"source {source.name} ({source.kind})"
    connector = connectors().get(source.kind)
    if connector is None or connector.holds is None:
        hint = instead(source.kind, sorted(connectors()))
        return Examined((Diagnosis(what, Health.BROKEN, f"there is no kind {source.kind!r}", hint),))
    missing = [value[1:] for value in _secrets(source) if not os.environ.get(value[1:])]
    if missing:
        names = ", ".join(missing)
        return Examined(
            (
                Diagnosis(
                    what,
                    Health.BROKEN,
                    f"the environment variable {names} is not set",
                    f"export {missing[0]}=…",
                ),
            )
        )
    try:
        found = tuple(_asked(what, source, connector, clock, bounds))
    except UsageError as problem:
        return Examined((Diagnosis(what, Health.BROKEN, problem.message.rstrip("."), problem.hint),))
    except Exception as problem:  # noqa: BLE001 - whatever it answers, the others are examined
        return Examined((Diagnosis(what, Health.BROKEN, *ailment(source.url, problem)),))
    usable = not any(one.health is Health.BROKEN for one in found)
    return Examined(found, connector.signals if usable else frozenset())


def _secrets(source: SourceOf) -> list[str]:
    values = (source.token, source.user, source.password, *source.headers.values())
    return [value for value in values if value.startswith("$")]


def _asked(
    what: str, source: SourceOf, connector: Connector, clock: Clock, bounds: Bounds
) -> Iterator[Diagnosis]:
    assert connector.holds is not None  # noqa: S101 - the caller has looked
    moment = clock()
    asking = Asking(Window(moment - LOOKED_BACK, moment), (), source.select, source.target, source.parts)
    with Wire(source.url or "http://localhost", access_of(source), bounds) as wire:
        held = connector.holds(wire, asking)
        date = wire.date
    shown = without_secrets(source.url) or source.target
    credential = " with a credential" if _secrets(source) else ""
    if held.empty:
        yield Diagnosis(
            what,
            Health.DOUBTFUL,
            f"{shown} answers, and holds nothing: {held.sentence}",
            "Check that data arrive there, and select and target.",
        )
    else:
        yield Diagnosis(what, Health.GOOD, f"{held.sentence}; {shown}{credential}".rstrip("; "))
    if held.excess:
        yield Diagnosis(
            what,
            Health.DOUBTFUL,
            f"the credential may do more than read: {held.excess}",
            "Use one that may only read.",
        )
    yield from _clock(what, date, clock)


def _clock(what: str, date: str, clock: Callable[[], datetime]) -> Iterator[Diagnosis]:
    try:
        theirs = parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError):
        return
    off = ((theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)) - clock()).total_seconds()
    if abs(off) >= CLOCK_OFF:
        where = "ahead of" if off > 0 else "behind"
        yield Diagnosis(
            what,
            Health.DOUBTFUL,
            f"its clock is {duration(abs(off))} {where} this machine's",
            "Synchronise both with NTP: times of changes and errors would not match.",
        )
