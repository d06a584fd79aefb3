"""Trouble: the runbooks of known troubles, over the telemetry and the databases that are named, on the record."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lastgood.config import Config
from lastgood.errors import NoDataError, UsageError
from lastgood.inspections.trouble import live_questions_of, runbooks
from lastgood.inspections.trouble import trouble as question
from lastgood.model.failure import FAILURES, FailureKind
from lastgood.model.finding import Finding
from lastgood.model.scope import Scope
from lastgood.model.trouble import (
    System,
    Trouble,
    TroublesAsked,
)
from lastgood.model.window import Comparison, Window
from lastgood.outside.database.limits import Limits
from lastgood.outside.live import Asked, ask_live, live_address, system_of
from lastgood.workbench.ask import ask
from lastgood.workbench.evidence import Seen
from lastgood.workbench.room import Room
from lastgood.workbench.store import Store
from lastgood.workbench.trouble_record import record


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runbooks (none named: all), and the databases to ask: names of the settings, or addresses."""

    troubles: tuple[Trouble, ...] = ()
    databases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """When and about what the telemetry is asked."""

    now: datetime
    window: Window | None = None
    comparison: Comparison | None = None
    scope: Scope = Scope()  # noqa: RUF009 - frozen


def trouble_named(text: str) -> Trouble:
    """The kind of trouble of a name, or of the class of failure that it checks.

    Raises:
        UsageError: there is none.
    """
    if text in {*FailureKind} and (found := FAILURES[FailureKind(text)].trouble):
        return found
    if text in {*Trouble}:
        return Trouble(text)
    raise UsageError(f"There is no runbook {text!r}.", hint=f"There are: {', '.join(Trouble)}.")


def asked_of(config: Config, wanted: Wanted, environment: Mapping[str, str]) -> TroublesAsked:
    """What the databases that are named answer now, and how those of the settings are called.

    Raises:
        UsageError: a name or address is none of a database that can be asked; nothing was sent.
    """
    addresses = {name: _address(config, name, environment) for name in wanted.databases}
    questions = sorted(live_questions_of(wanted.troubles))
    live = [
        replace(answer, given=name)
        for name, address in addresses.items()
        for answer in ask_live(address, questions, Limits())
    ]
    return TroublesAsked(wanted.troubles, tuple(live), _named(config, environment))


def troubles(
    store: Store | None, asked: TroublesAsked, how: Asking, room: Room | None = None
) -> tuple[Finding, ...]:
    """A finding for each runbook; what says yes goes on the record, with its evidence, where there is a room.

    Raises:
        NoDataError: there is no telemetry, and no database was asked.
    """
    seen = Seen()
    try:
        findings = _over(store, asked, how, seen)
    except NoDataError:
        if not asked.live:
            raise
        findings = tuple(question.signed(one) for one in runbooks(None, asked))
    if room is not None:
        record(room, asked, findings, seen)
    return findings


def _over(store: Store | None, asked: TroublesAsked, how: Asking, seen: Seen) -> tuple[Finding, ...]:
    if store is None:
        raise NoDataError
    return ask(
        replace(store, watch=seen), question.name, now=how.now, window=how.window, comparison=how.comparison, scope=how.scope,
        handed=(asked,),
    )  # fmt: skip


def _address(config: Config, name: str, environment: Mapping[str, str]) -> Asked:
    for one in config.settings.database:
        if one.name == name:
            password = environment.get(one.password[1:], "") if one.password else ""
            if one.password and not password:
                raise UsageError(
                    f"The environment variable {one.password[1:]} of [[database]] {name} is empty or not set."
                )
            return live_address(one.address, environment, password=password)
    if "://" in name or name.startswith("env:"):
        return live_address(name, environment)
    known = ", ".join(one.name for one in config.settings.database) or "none"
    raise UsageError(
        f"There is no [[database]] {name!r} in lastgood.toml.",
        hint=f"There are: {known}. An address or env:NAME is taken as well.",
    )


def _named(config: Config, environment: Mapping[str, str]) -> dict[System, str]:
    """The first database of each system in the settings; one that cannot be read is left to who asks it."""
    found: dict[System, str] = {}
    for one in config.settings.database:
        try:
            found.setdefault(system_of(live_address(one.address, environment)), one.name)
        except UsageError:
            continue
    return found
