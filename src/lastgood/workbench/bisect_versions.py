"""Bisect by version: from which version on a service fails, by a signal that production already gave. Nothing is run."""

from dataclasses import replace
from datetime import datetime

from lastgood.algorithms.version_judged import judged
from lastgood.errors import NoDataError, UsageError
from lastgood.intake.git import SOURCE as REPOSITORY
from lastgood.model.bisection import VersionBisection
from lastgood.model.figures import counted
from lastgood.model.loading import LoadReport
from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.readings.unversioned import UNVERSIONED_SHARE, unversioned_failures
from lastgood.readings.views.versions import service_with_versions, version_counts, versions_seen
from lastgood.workbench.store import Store
from lastgood.workbench.windows import cut, held_until, held_window


def bisect_versions(
    store: Store, service: str, now: datetime, window: Window | None, ends: tuple[str, str] = ("", "")
) -> VersionBisection:
    """From which version on the service fails more; `ends` name a good and a later bad version, if any.

    Raises:
        NoDataError: there are no requests, or no service has two versions.
        UsageError: a version that is named is not in the telemetry.
    """
    holdings, reader = store.survey()
    held = held_window(holdings)
    looked = cut(window, held, now) if window else held_until(held, now)
    spans = Signal.SPANS in holdings.signals
    chosen = service or service_with_versions(reader, looked, spans=spans)
    seen = versions_seen(reader, looked, chosen, spans=spans) if chosen else ()
    if len(seen) < 2:
        named = f"{chosen}: {counted(len(seen), 'version')}" if chosen else "no service has a version"
        raise NoDataError(
            f"There are no two versions to compare ({named}).",
            hint="Versions come from service.version. Name the service with --service.",
        )
    names = _between([version for version, _, _ in seen], ends)
    rows = [one for one in version_counts(reader, looked, chosen, spans=spans) if one.version in names]
    kept = [name for name in names if any(one.version == name for one in rows)]
    found = judged(chosen, kept, {version: first for version, first, _ in seen}, rows)
    unseen = unversioned_failures(
        lambda sql, bound: reader.query(sql, bound, looked), (chosen,), UNVERSIONED_SHARE
    )
    return replace(found, first_bad="", last_good="", problem=unseen.said) if unseen else found


def repositories(loaded: LoadReport | None, service: str) -> tuple[str, ...]:
    """The git repositories that were given as inputs; those of the service alone, where some are."""
    found = [one for one in loaded.inputs if one.source == REPOSITORY.name] if loaded else []
    return tuple(one.name for one in [one for one in found if service in one.services] or found)


def _between(names: list[str], ends: tuple[str, str]) -> list[str]:
    good, bad = ends
    for one in filter(None, ends):
        if one not in names:
            raise UsageError(
                f"No request has the version {one!r}.", hint=f"Versions: {', '.join(names[-8:])}."
            )
    first, last = names.index(good) if good else 0, names.index(bad) if bad else len(names) - 1
    if first >= last:
        raise UsageError(f"{good} was not seen before {bad}.", hint="They are the wrong way round.")
    return names[first : last + 1]
