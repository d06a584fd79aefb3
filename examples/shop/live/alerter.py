"""The alerts: requests fail, requests are slow, orders wait. Sent as Alertmanager does, once and when it is over."""

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.request import Request, urlopen

from shop.places import address

SECONDS, FEWEST, EVERY = 20, 20, 2.0
FAILED, SLOW, WAITED = 0.05, 0.15, 8.0
OPEN = "0001-01-01T00:00:00Z"


@dataclass
class Rule:
    """One alert: fires above a limit, and is over below half of it."""

    name: str
    service: str
    limit: float
    words: str
    firing: datetime | None = None

    def judge(self, value: float, now: datetime) -> None:
        """Send what has changed."""
        if value >= self.limit and not self.firing:
            send(self.notice(now, None, self.words.format(value)))
            self.firing = now
        elif self.firing and value < self.limit / 2:
            send(self.notice(self.firing, now, f"over: {self.words.format(value)}"))
            self.firing = None

    def notice(self, started: datetime, ended: datetime | None, summary: str) -> dict[str, Any]:
        """The body of Alertmanager's webhook, version 4."""
        labels = {"alertname": self.name, "service": self.service, "severity": "critical"}
        status = "resolved" if ended else "firing"
        alert = {
            "status": status, "labels": labels, "annotations": {"summary": summary}, "startsAt": started.isoformat(),
            "endsAt": ended.isoformat() if ended else OPEN, "generatorURL": "", "fingerprint": self.name.encode().hex()[:16],
        }  # fmt: skip
        return {
            "version": "4", "status": status, "receiver": "lastgood", "groupKey": f'{{}}:{{alertname="{self.name}"}}',
            "groupLabels": {"alertname": self.name}, "commonLabels": labels, "commonAnnotations": {},
            "externalURL": "", "truncatedAlerts": 0, "alerts": [alert],
        }  # fmt: skip


def asked(url: str) -> dict[str, Any]:
    """A document of a service."""
    with urlopen(url, timeout=5) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
        return found


def send(body: dict[str, Any]) -> None:
    """To where alerts go."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {os.environ['LASTGOOD_KEY']}"}
    request = Request(f"{os.environ['LASTGOOD_URL']}/api/alerts", json.dumps(body).encode(), headers)  # noqa: S310
    with urlopen(request, timeout=10):  # noqa: S310
        pass


def main() -> None:
    """Look, compare, tell, for ever."""
    failing = Rule("EdgeErrorShare", "edge", FAILED, "{:.0%} of requests failed in " + f"{SECONDS} s")
    slow = Rule("EdgeSlow", "edge", SLOW, "{:.0%} of requests were slow in " + f"{SECONDS} s")
    waiting = Rule("OrdersWait", "worker", WAITED, "the oldest order has waited for {:.0f} s")
    while True:
        time.sleep(EVERY)
        now = datetime.now(UTC)  # noqa: TID251
        try:
            users = asked(address("edge") + f"/health-share?seconds={SECONDS}")
            if users["requests"] >= FEWEST:
                failing.judge(users["failed"] / users["requests"], now)
                slow.judge(users["slow"] / users["requests"], now)
            waiting.judge(asked(address("worker") + "/health-queue")["seconds"], now)
        except OSError as error:
            print(f"alerter: {error}", flush=True)


if __name__ == "__main__":
    main()
