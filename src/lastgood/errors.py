"""The error tree: what could not be served, with its code, exit status and next step.

LastgoodError
├── UsageError             2  the request itself is wrong
│   ├── QuerySyntaxError      a log query or expression that cannot be parsed; carries the position
│   ├── MappingError          a mapping file that says something impossible
│   ├── NoIncidentError       no such incident in the record
│   ├── RecordMovedError      others have written since the writer looked
│   ├── StillFailingError  1  users are still affected, and the incident was to be recorded as resolved
│   └── UntrustedCaseError    an imported case asks for something that runs only when it is trusted
├── NoDataError            3  there is nothing to answer from
└── CannotRunError         4  the answer could not be computed
    ├── StoreLockedError      another process owns the embedded store
    ├── StoreBrokenError      the store does not open; names the repair
    ├── QueryFailedError      the engine refused or failed a query
    ├── BudgetError           a query hit its time, row or memory limit
    │   └── OutOfTimeError        the time for a query or question is over
    ├── NotSignedOnError      a provider of log-ins did not say who the user is
    ├── RecordFailedError     the record's database cannot be reached or written
    └── RecordBrokenError     the record is not what was written; names the entry

Bad rows in an input are never exceptions: they are rejects, counted and kept.
"""

from collections.abc import Iterable
from typing import ClassVar

ALIKE = 0.6  # difflib's ratio from which a name is taken for a slip of another
MOST_LISTED = 8  # names, in a hint that has a better one to give


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most alike, whatever its case; None when none is alike."""
    from difflib import get_close_matches  # noqa: PLC0415 - for whoever errs, not at every start

    by_lower = {one.lower(): one for one in known}
    found = get_close_matches(name.lower(), by_lower, 1, ALIKE)
    return by_lower[found[0]] if found else None


def instead(name: str, known: Iterable[str], *, most: int | None = None) -> str:
    """The hint for a name that is not known: the one that may be meant, and all of a short list; `most` cuts a long one."""
    names = list(dict.fromkeys(known))
    near = nearest(name, names)
    meant = [f"Did you mean {near!r}?"] if near else []
    if near and len(names) > MOST_LISTED:
        return meant[0]
    more = ", …" if most and len(names) > most else ""
    return " ".join([*meant, f"There are: {', '.join(names[:most])}{more}."]) if names else ""


class LastgoodError(Exception):
    """Something that could not be served. The docstring is the message when none is given."""

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 4

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())
        self.hint = hint

    @property
    def message(self) -> str:
        """What went wrong, one or two sentences."""
        return str(self.args[0])


class UsageError(LastgoodError):
    """The request cannot be understood."""

    code = "usage"
    exit_status = 2


class QuerySyntaxError(UsageError):
    """The query cannot be parsed."""

    code = "query-syntax"

    def __init__(self, query: str, position: int, problem: str, *, hint: str = "") -> None:
        marker = f"{query}\n{' ' * position}^"
        super().__init__(f"{problem} at position {position + 1}:\n{marker}", hint=hint)
        self.query = query
        self.position = position
        self.problem = problem


class MappingError(UsageError):
    """The mapping file asks for something impossible."""

    code = "mapping"


class NoIncidentError(UsageError):
    """There is no such incident."""

    code = "no-incident"


class RecordMovedError(UsageError):
    """Others have written to this incident in the meantime."""

    code = "record-moved"


class StillFailingError(UsageError):
    """Users are still affected by the latest data."""

    code = "still-failing"
    exit_status = 1


class UntrustedCaseError(UsageError):
    """The case was imported and is not trusted: nothing it asks for was run."""

    code = "untrusted-case"


class NoDataError(LastgoodError):
    """There is no data to answer from."""

    code = "no-data"
    exit_status = 3


class CannotRunError(LastgoodError):
    """The answer could not be computed."""

    code = "cannot-run"
    exit_status = 4


class NotFetchedError(CannotRunError):
    """A system that was asked for telemetry gave no answer that can be used."""

    code = "not-fetched"

    def __init__(self, message: str = "", *, hint: str = "", status: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.status = status  # of HTTP, 0 where there was no answer


class StoreLockedError(CannotRunError):
    """Another process owns this store."""

    code = "store-locked"

    def __init__(self, message: str = "", *, hint: str = "", address: str = "") -> None:
        super().__init__(message, hint=hint)
        self.address = address  # of the server that owns it; empty where no server does


class StoreBrokenError(CannotRunError):
    """The store does not open."""

    code = "store-broken"


class QueryFailedError(CannotRunError):
    """The engine could not run the query."""

    code = "query-failed"


class BudgetError(QueryFailedError):
    """The query hit one of its limits."""

    code = "budget"


class OutOfTimeError(BudgetError):
    """The question ran out of time."""

    code = "out-of-time"


class NotSignedOnError(CannotRunError):
    """The provider's answer does not say who the user is."""

    code = "not-signed-on"


class RecordFailedError(CannotRunError):
    """The incident record cannot be reached or written."""

    code = "record-failed"


class RecordBrokenError(CannotRunError):
    """The incident record fails its integrity check."""

    code = "record-broken"


def by_code(code: str) -> type[LastgoodError] | None:
    """The kind of error with a code."""
    waiting = [LastgoodError]
    while waiting:
        kind = waiting.pop()
        if kind.code == code:
            return kind
        waiting += kind.__subclasses__()
    return None
