"""Asked: what a command is asked, with times made absolute, as it goes to a server that runs and comes out there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from lastgood.errors import UsageError
from lastgood.model.window import Comparison, Window
from lastgood.surfaces.invocation import Invocation

LARGEST_NUMBER = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of a command; what was not given is left out."""

    question: str = ""
    release: str = ""
    output: str = "text"
    zone: str = ""
    services: tuple[str, ...] = ()
    brief: bool = False
    limit: int = 100
    width: int = 100
    incident: int | None = None
    now: datetime | None = None
    window: Window | None = None
    good: Window | None = None  # to compare with

    @property
    def comparison(self) -> Comparison | None:
        """Both windows, where a good one was given."""
        return Comparison(self.good, self.window, given=True) if self.good and self.window else None

    @property
    def how(self) -> Invocation:
        """How the command was called, for those that are printed."""
        return Invocation(
            zone=self.zone, now=self.now, window=self.window, baseline=self.good, services=self.services,
            incident=self.incident,
        )  # fmt: skip

    def query(self) -> tuple[tuple[str, str], ...]:
        """As parameters of an address."""
        return tuple(self._parameters())

    def _parameters(self) -> Iterator[tuple[str, str]]:
        for name in NAMES:
            value = getattr(self, name)
            for one in value if isinstance(value, tuple) else (value,):
                if one:
                    yield name, _text(one)


NAMES = tuple(field.name for field in fields(Asked))


def asked_of(query: Sequence[tuple[str, str]]) -> Asked:
    """What the parameters of an address ask.

    Raises:
        UsageError: one is not known, or cannot be read.
    """
    if unknown := {name for name, _ in query} - set(NAMES):
        raise UsageError(
            f"{min(unknown)[:40]!r} is not a parameter.", hint=f"Parameters: {', '.join(NAMES)}."
        )
    found = dict(query)
    times = {name: _moment(found[name]) for name in found if name == "now"}
    windows = {name: _window(found[name]) for name in found if name in _WINDOWS}
    numbers = {name: _number(found[name]) for name in found if name in _NUMBERS}
    texts = {name: found[name] for name in found if name in _TEXTS}
    services = tuple(value for name, value in query if name == "services")
    return Asked(**texts, **times, **windows, **numbers, services=services, brief="brief" in found)  # type: ignore[arg-type]


_TEXTS = frozenset({"question", "release", "output", "zone"})
_NUMBERS = frozenset({"limit", "width", "incident"})
_WINDOWS = frozenset({"window", "good"})


def _text(value: object) -> str:
    if isinstance(value, Window):
        return f"{_text(value.start)}..{_text(value.end)}"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _window(text: str) -> Window:
    start, end = map(_moment, (text.partition("..")[0], text.partition("..")[2]))
    if end <= start:
        raise UsageError("The window ends before it starts.")
    return Window(start, end)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= LARGEST_NUMBER):
        raise UsageError(f"{text[:20]!r} is not a number from 1 to {LARGEST_NUMBER}.")
    return int(text)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise UsageError(f"{text[:40]!r} is not a time with its zone (RFC 3339).")
    return found
