"""Report what is done to the system: deploys, migrations, cron runs, flag flips, as they happen.

A report never breaks what it reports: one that cannot be delivered is a warning and a False.
"""

import getpass
import json
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from threading import Thread
from typing import Literal
from urllib.request import HTTPRedirectHandler, Request, build_opener

from lastgood_kit.clock import Clock, now

Kind = Literal[
    "deploy", "config", "flag", "migration", "cron", "scaling", "certificate", "dns", "infrastructure"
]
KINDS: tuple[Kind, ...] = (
    "deploy", "config", "flag", "migration", "cron", "scaling", "certificate", "dns", "infrastructure",
)  # fmt: skip
TIMEOUT = 5.0


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: the key would travel to another host."""

    def redirect_request(self, *_: object) -> None:
        """None of them: the answer is an error then."""


_OPENER = build_opener(_Stay)
log = logging.getLogger("lastgood_kit.changes")


@dataclass(frozen=True, slots=True)
class Change:
    """One change; texts may be empty. `id` makes a repeated report the same change."""

    kind: Kind
    time: datetime
    title: str = ""
    service: str = ""
    version: str = ""
    previous_version: str = ""
    actor: str = ""
    state: str = ""
    until: datetime | None = None
    url: str = ""
    id: str = ""
    attributes: dict[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, object]:
        """The JSON object that the change feed takes."""
        values = {name: value for name, value in asdict(self).items() if value and name != "attributes"}
        for name in ("time", "until"):
            if name in values:
                values[name] = values[name].isoformat()
        return {**self.attributes, **values}


def who() -> str:
    """Who runs this: the user of a CI job, or of this machine."""
    named = (os.environ.get(name) for name in ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_USER_ID"))
    found = next(filter(None, named), "")
    with suppress(OSError, KeyError):
        found = found or f"{getpass.getuser()}@{socket.gethostname()}"
    return found


@dataclass(frozen=True, slots=True)
class Reporter:
    """Where reports go: a server (`url`, `key`), a file of JSON lines, or both.

    LASTGOOD_URL and LASTGOOD_KEY are read by `from_environment`.
    """

    url: str = ""
    key: str = ""
    file: Path | None = None

    @classmethod
    def from_environment(cls) -> "Reporter":
        """As the settings say."""
        return cls(os.environ.get("LASTGOOD_URL", ""), os.environ.get("LASTGOOD_KEY", ""))

    def report(self, change: Change) -> bool:
        """Whether it was delivered to all that were named, and there was one."""
        line = json.dumps(change.document(), ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
        delivered = [self._post(line)] if self.url else []
        if self.file:
            delivered.append(self._write(self.file, line))
        return bool(delivered) and all(delivered)

    def soon(self, change: Change) -> None:
        """Report it without making the caller wait; the process stays until it is delivered or given up."""
        Thread(target=self.report, args=(change,), name="report a change").start()

    def _write(self, file: Path, line: str) -> bool:
        try:
            with file.open("a", encoding="utf-8") as out:
                out.write(line + "\n")
        except OSError as error:
            log.warning("The change was not written to %s: %s", file, error)
            return False
        return True

    def _post(self, line: str) -> bool:
        headers = {
            "content-type": "application/json",
            **({"authorization": f"Bearer {self.key}"} if self.key else {}),
        }
        try:
            request = Request(f"{self.url.rstrip('/')}/api/changes", line.encode(), headers)  # noqa: S310
            with _OPENER.open(request, timeout=TIMEOUT):
                return True
        except (OSError, ValueError, HTTPException) as error:
            log.warning("The change was not reported to %s: %s", self.url, error)
            return False

    @contextmanager
    def running(self, kind: Kind, title: str, *, service: str = "", clock: Clock = now) -> Iterator[None]:
        """Report a migration or cron run with its start, end and outcome."""
        start, state = clock(), "failed"
        try:
            yield
            state = "succeeded"
        finally:
            self.report(Change(kind, start, title, service, actor=who(), state=state, until=clock()))
