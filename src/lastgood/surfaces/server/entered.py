"""Entered: who has an incident's page open; their pages are woken as soon as this process has written an entry of it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Watching:
    """One page that is open."""

    name: str  # of its reader
    woken: asyncio.Event = field(
        default_factory=asyncio.Event
    )  # cleared before reading, so that no entry is missed


@dataclass(slots=True)
class Entered:
    """To be waited for in one event loop; entries are reported from any thread."""

    _loop: asyncio.AbstractEventLoop | None = None
    _open: dict[int, list[Watching]] = field(default_factory=dict)

    def tell(self, incident: int) -> None:
        """An entry of this incident was written."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, incident)

    def here(self, incident: int) -> list[str]:
        """The names of those who have the page open, each once."""
        return sorted({one.name for one in self._open.get(incident, ())})

    @contextmanager
    def watching(self, incident: int, name: str) -> Iterator[Watching]:
        """A page that is open; the others are woken when it comes and goes."""
        self._loop, page = asyncio.get_running_loop(), Watching(name)
        self._open.setdefault(incident, []).append(page)
        self._wake(incident)
        try:
            yield page
        finally:
            self._open[incident].remove(page)
            self._wake(incident)

    def _wake(self, incident: int) -> None:
        for one in self._open.get(incident, ()):
            one.woken.set()
