"""A health check that tests what the service depends on: 200 when all of it works, 503 when degraded.

Each check runs in a thread of its own, is given up after its time-out, and its outcome is kept for some seconds, so a
busy prober costs nothing and a dependency that hangs holds up neither the answer nor the next check.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from inspect import iscoroutine
from time import monotonic
from typing import Any

from lastgood_kit.edge import Receive, Scope, Send, StartResponse
from lastgood_kit.logs import without_secrets

HEALTHY, DEGRADED = 200, 503


@dataclass(frozen=True, slots=True)
class Check:
    """One dependency: `test` raises, or gives back False, when it does not work. Secrets in its error are not shown."""

    name: str
    test: Callable[[], object]
    timeout: float = 1.0
    keep: float = 5.0
    required: bool = True  # without it the service cannot do its work


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found; `reason` is empty when it works."""

    works: bool
    reason: str
    seconds: float
    at: float


class _Running:
    """The check of one dependency: at most one at a time."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._done.set()
        self._started = 0.0
        self._last: Outcome | None = None

    def begin(self) -> None:
        """Start the check, unless its last outcome is fresh or it has not ended yet."""
        with self._lock:
            fresh = self._last and monotonic() - self._last.at < self.check.keep
            if fresh or not self._done.is_set():
                return
            self._done.clear()
            self._started = monotonic()
            threading.Thread(target=self._run, name=f"health {self.check.name}", daemon=True).start()

    def outcome(self) -> Outcome:
        """The outcome, waited for as long as the check may take."""
        left = self._started + self.check.timeout - monotonic()
        if self._done.wait(max(0.0, left)) and self._last:
            return self._last
        taken = monotonic() - self._started
        return Outcome(works=False, reason=f"no answer after {taken:.1f} s", seconds=taken, at=monotonic())

    def _run(self) -> None:
        reason = ""
        try:
            found = self.check.test()
            if found is False:
                reason = "the check says no"
            elif iscoroutine(found):
                found.close()
                reason = "the check is a coroutine, which nothing awaits: give a function"
        except Exception as error:  # noqa: BLE001 - whatever it raises is the outcome
            reason = without_secrets(f"{type(error).__name__}: {error}")
        now = monotonic()
        self._last = Outcome(works=not reason, reason=reason, seconds=now - self._started, at=now)
        self._done.set()


class Health:
    """All checks of a service; it is an ASGI application, `wsgi` a WSGI one."""

    def __init__(self, checks: Iterable[Check], *, service: str = "", version: str = "") -> None:
        self._checks = [_Running(check) for check in checks]
        self._who = {"service": service, "version": version}

    def report(self) -> tuple[int, dict[str, Any]]:
        """Status code and document, after at most the longest time-out."""
        for running in self._checks:
            running.begin()
        found = {running.check: running.outcome() for running in self._checks}
        broken = [check for check, outcome in found.items() if not outcome.works]
        status = "fail" if any(check.required for check in broken) else "warn" if broken else "pass"
        checks = {
            check.name: {
                "status": "pass" if outcome.works else "fail",
                "required": check.required,
                "seconds": round(outcome.seconds, 4),
                **({"reason": outcome.reason} if outcome.reason else {}),
            }
            for check, outcome in found.items()
        }
        return DEGRADED if broken else HEALTHY, {"status": status, **self._who, "checks": checks}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del scope, receive
        status, document = await asyncio.to_thread(self.report)
        head = [(b"content-type", b"application/health+json"), (b"cache-control", b"no-store")]
        start: MutableMapping[str, Any] = {"type": "http.response.start", "status": status, "headers": head}
        await send(start)
        await send({"type": "http.response.body", "body": json.dumps(document).encode()})

    def wsgi(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        """Answer one request."""
        del environ
        status, document = self.report()
        line = "200 OK" if status == HEALTHY else "503 Service Unavailable"
        start_response(line, [("content-type", "application/health+json"), ("cache-control", "no-store")])
        return [json.dumps(document).encode()]
