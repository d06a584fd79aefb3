"""The alert: 5 % of the edge's requests fail over 20 seconds. Sent as Alertmanager does, once and when it is over."""

import json
import os
import time
from datetime import UTC, datetime
from typing import Any
from urllib.request import Request, urlopen

SECONDS, SHARE, FEWEST, EVERY = 20, 0.05, 20, 2.0
OPEN = "0001-01-01T00:00:00Z"


def share(edge: str) -> tuple[int, int]:
    """Requests and failures of the last seconds."""
    with urlopen(f"{edge}/health-share?seconds={SECONDS}", timeout=5) as answer:  # noqa: S310
        found = json.load(answer)
    return found["requests"], found["failed"]


def notice(started: datetime, ended: datetime | None, summary: str) -> dict[str, Any]:
    """The body of Alertmanager's webhook, version 4."""
    labels = {"alertname": "EdgeErrorShare", "service": "edge", "severity": "critical"}
    status = "resolved" if ended else "firing"
    alert = {
        "status": status, "labels": labels, "annotations": {"summary": summary}, "startsAt": started.isoformat(),
        "endsAt": ended.isoformat() if ended else OPEN, "generatorURL": "", "fingerprint": "5e0b5a1d3c9f7a20",
    }  # fmt: skip
    return {
        "version": "4", "status": status, "receiver": "lastgood", "groupKey": '{}:{alertname="EdgeErrorShare"}',
        "groupLabels": {"alertname": "EdgeErrorShare"}, "commonLabels": labels, "commonAnnotations": {},
        "externalURL": "", "truncatedAlerts": 0, "alerts": [alert],
    }  # fmt: skip


def send(body: dict[str, Any]) -> None:
    """To where alerts go."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {os.environ['LASTGOOD_KEY']}"}
    request = Request(f"{os.environ['LASTGOOD_URL']}/api/alerts", json.dumps(body).encode(), headers)  # noqa: S310
    with urlopen(request, timeout=10):  # noqa: S310
        pass


def main() -> None:
    """Look, compare, tell, for ever."""
    firing: datetime | None = None
    while True:
        time.sleep(EVERY)
        try:
            requests, failed = share(os.environ["EDGE_URL"])
            bad = requests >= FEWEST and failed / requests >= SHARE
            now = datetime.now(UTC)  # noqa: TID251
            if bad and not firing:
                send(notice(now, None, f"{failed} of {requests} requests failed in {SECONDS} s"))
                firing = now
            elif firing and requests >= FEWEST and failed / requests < SHARE / 2:
                send(notice(firing, now, "the error share is normal"))
                firing = None
        except OSError as error:
            print(f"alerter: {error}", flush=True)


if __name__ == "__main__":
    main()
