"""What a connector is: it knows one kind of system, and fetches what that holds about a window.

A new connector is one module in this folder with a `CONNECTOR`. The folder is the registry.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from lastgood.model.signal import Signal
from lastgood.model.window import Window
from lastgood.outside.connectors.wire import Wire


@dataclass(frozen=True, slots=True)
class Asking:
    """What to ask a system for."""

    window: Window
    services: tuple[str, ...] = ()  # only these, where the system can tell them apart; all without
    select: str = ""  # the system's own way to choose: label matchers, an index, a query
    target: str = ""  # what of it: "owner/repository", a context of kubectl
    parts: tuple[str, ...] = ()  # namespaces, environments


@dataclass(frozen=True, slots=True)
class Document:
    """One answer, as it came."""

    name: str  # of the file that it becomes: "metrics-01.json"
    content: bytes


@dataclass(frozen=True, slots=True)
class Limit:
    """What was asked for and did not come, as a sentence for the card."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Held:
    """What a system holds, asked with one or two cheap questions, and what more it would let its caller do than read."""

    sentence: str  # "1 204 metrics"
    empty: bool = False
    excess: str = ""  # "push to the repository"


Fetched = Iterator[Document | Limit]


@dataclass(frozen=True, slots=True)
class Connector:
    """One kind of system."""

    kind: str  # as in the settings
    gives: str  # in words: "metrics, alerts"
    fetch: Callable[[Wire, Asking], Fetched]
    detect: Callable[[Wire], bool] | None = None  # whether it answers at an address; None: it has to be named
    holds: Callable[[Wire, Asking], Held] | None = (
        None  # raises as `Wire` does, or KeyError and the like if it is another system
    )
    signals: frozenset[Signal] = frozenset()  # what it gives
    authorization: str = "Bearer {}"  # how its token is sent


@cache
def connectors() -> dict[str, Connector]:
    """Every connector by its kind."""
    package = "lastgood.outside.connectors"
    names = (m.name for m in iter_modules(import_module(package).__path__))
    modules = (import_module(f"{package}.{name}") for name in names if not name.startswith("_"))
    found = [module.CONNECTOR for module in modules if hasattr(module, "CONNECTOR")]
    return {one.kind: one for one in sorted(found, key=lambda one: one.kind)}
