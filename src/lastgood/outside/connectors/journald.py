"""The journal of a host: what `journalctl` prints of the window as JSON, on this machine or over ssh.

After the manuals journalctl(1) and ssh(1). ssh asks for no password (BatchMode): a key or an agent has to be there.
"""

import re

from lastgood.errors import UsageError
from lastgood.model.signal import Signal
from lastgood.outside.connectors._programs import printed
from lastgood.outside.connectors._registry import Asking, Connector, Document, Fetched, Held, Limit
from lastgood.outside.connectors.limits import JOURNAL_LINES
from lastgood.outside.connectors.wire import Wire

_HOST = re.compile(r"(?:[A-Za-z0-9_][\w.-]*@)?[A-Za-z0-9][\w.:-]*")  # never an option
_UNIT = re.compile(
    r"[A-Za-z0-9][\w:.@-]*"
)  # no letter that a shell of the host would read as more than a letter
_FIELDS = "MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_SYSTEMD_UNIT,_HOSTNAME,_PID,CONTAINER_NAME"


def fetch(wire: Wire, asking: Asking) -> Fetched:
    """The newest lines; `target` is a host (or user@host), `parts` are units."""
    del wire
    start, end = (int(moment.timestamp()) for moment in (asking.window.start, asking.window.end))
    body = printed(
        [*_where(asking), "--output=json", f"--output-fields={_FIELDS}", f"--since=@{start}", f"--until=@{end}",
         f"--lines={JOURNAL_LINES}"],
        shown="journalctl",
    )  # fmt: skip
    lines = body.count(b"\n")
    if lines:
        yield Document(f"journal-{asking.target.rpartition('@')[2] or 'here'}.json", body)
    if lines >= JOURNAL_LINES:
        yield Limit(f"older lines of the journal were left out: the newest {JOURNAL_LINES} are read")


def _where(asking: Asking) -> list[str]:
    """Journalctl for the units, on the host."""
    for name, form, what in (
        (asking.target, _HOST, "host"),
        *((unit, _UNIT, "unit") for unit in asking.parts),
    ):
        if name and not form.fullmatch(name):
            raise UsageError(
                f"{name!r} is not the name of a {what}.", hint="target is a host, parts are units."
            )
    over = (
        ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=5", "--", asking.target] if asking.target else []
    )
    return [*over, "journalctl", "--no-pager", "--utc", *(f"--unit={unit}" for unit in asking.parts)]


def holds(wire: Wire, asking: Asking) -> Held:
    """Whether the journal of the host can be read, by its last line."""
    del wire
    found = printed([*_where(asking), "--output=json", "--lines=1"], shown="journalctl")
    return Held("the journal can be read", empty=not found.strip())


CONNECTOR = Connector("journald", "log lines of a host", fetch, None, holds, frozenset({Signal.LOGS}))
