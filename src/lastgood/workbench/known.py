"""Known names: a service, a field or a path that is not there is a slip of the keyboard, and the nearest one is named."""

from collections.abc import Iterable
from pathlib import Path

from lastgood.errors import QuerySyntaxError, UsageError, instead, nearest
from lastgood.model.signal import Holdings, Signal
from lastgood.readings.views.fields import carried, names_carried
from lastgood.telemetry.logfilter import FIELDS, LogFilter
from lastgood.telemetry.reader import Reader

KNOWN_MOST = 500  # services that holdings name of one signal; beyond it they cannot tell that there is none
MOST_NAMED = 8


def check_services(asked: Iterable[str], holdings: Holdings) -> None:
    """Nothing, if there is something of every service asked about.

    Raises:
        UsageError: there is nothing of one; names the nearest that there is.
    """
    known = _services(holdings)
    for name in asked:
        if known and name not in known:
            raise UsageError(
                f"There is no service {name!r} in the data.",
                hint=instead(name, sorted(known), most=MOST_NAMED),
            )


def check_query(query: str, chosen: LogFilter, holdings: Holdings, reader: Reader) -> None:
    """Nothing, if lines have every field that a log query names, and there is something of every service.

    Raises:
        QuerySyntaxError: they have not; says where, and names the nearest.
    """
    services, held = _services(holdings), holdings.of(Signal.LOGS)
    for name, position in chosen.services:
        if services and name not in services:
            problem = f"Unknown service {name!r}"
            raise QuerySyntaxError(
                query, position, problem, hint=instead(name, sorted(services), most=MOST_NAMED)
            )
    for name, position in chosen.attributes if held and held.window else ():
        if held and held.window and not carried(reader, name, held.window):
            near = nearest(name, [*FIELDS, *names_carried(reader, held.window)])
            hint = f"Did you mean {near!r}? " if near else ""
            hint += f"To search the text for it, quote it: '\"{name}:…\"'."
            raise QuerySyntaxError(query, position, f"Unknown field {name!r}", hint=hint)


def check_paths(paths: Iterable[Path]) -> None:
    """Nothing, if every file and folder is there; `-` is standard input.

    Raises:
        UsageError: one is not; names the nearest beside it.
    """
    for path in paths:
        if str(path) == "-" or path.exists():
            continue
        if path.is_symlink():
            raise UsageError(
                f"{path} is a link that leads nowhere, or to itself.",
                hint="Name the file that it should lead to.",
            )
        beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        near = nearest(path.name, beside)
        raise UsageError(
            f"There is no {path}.",
            hint=f"Did you mean {path.parent / near}?"
            if near
            else "Name files or folders that exist, or - for standard input.",
        )


def _services(holdings: Holdings) -> frozenset[str]:
    """Every service that there is something of; none where there are too many to know."""
    if any(len(held.services) >= KNOWN_MOST for held in holdings.items):
        return frozenset()
    return frozenset(name for held in holdings.items for name in held.services)
