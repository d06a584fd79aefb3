"""Times in addresses: every view has its window in its address, in absolute times, so that it can be pasted."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastgood.errors import QuerySyntaxError, UsageError
from lastgood.model import figures
from lastgood.model.moments import parse_moment
from lastgood.model.window import Window

# Pages also look at the windows before and after; all of them are times that stores have.
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def window_in(request: Request, now: datetime, start: str = "from", end: str = "to") -> Window | None:
    """The window that an address names; None where it names none.

    Raises:
        UsageError: a time cannot be read or is out of range, or the window ends before it starts.
    """
    given = request.query_params
    return window_between(given.get(start, ""), given.get(end, ""), now)


def window_between(start: str, end: str, now: datetime) -> Window | None:
    """The window between two times as they are written; None where one is empty.

    Raises:
        UsageError: a time cannot be read or is out of range, or the window ends before it starts.
    """
    return Window(moment(start, now), moment(end, now)) if start and end else None


def moment(text: str, now: datetime) -> datetime:
    """A time as it is written.

    Raises:
        UsageError: it cannot be read or is out of range.
    """
    try:
        found = parse_moment(text, now, UTC)
    except QuerySyntaxError as problem:
        raise UsageError(
            f"A time cannot be read: {problem.message}", hint="Write 2026-11-20T15:16:00Z."
        ) from problem
    if not EARLIEST <= found <= LATEST:
        raise UsageError(
            "A time is out of range.", hint=f"Write one from {EARLIEST.year} to {LATEST.year - 1}."
        )
    return found


def span(window: Window, start: str = "from", end: str = "to") -> dict[str, str]:
    """A window as the parameters of an address."""
    return {start: figures.stamp(window.start), end: figures.stamp(window.end)}


def absolute(request: Request, **times: str) -> Response:
    """The same page with times in its address."""
    return RedirectResponse(f"{request.url.path}?{urlencode({**request.query_params, **times})}", 303)


def address(path: str, **parameters: str) -> str:
    """A path with parameters; empty ones are left out."""
    given = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(given)}" if given else path
